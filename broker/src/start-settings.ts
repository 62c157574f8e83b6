// What settings say of EHRs, in the form the OIDC door takes.

import { readFileSync } from 'node:fs'
import type { OidcClient } from './doors/oidc/oidc-needs.ts'
import { Fault } from './platform/fault.ts'
import type { Settings } from './platform/settings.ts'

export function oidcClientsOf(settings: Settings): readonly OidcClient[] {
  return settings['oidc.clients'].map((client) => ({
    clientId: client.clientId,
    clientSecret: client.secret ?? secretIn(client.secretFile ?? ''),
    name: client.name,
    redirectUris: client.redirectUris,
    postLogoutRedirectUris: client.postLogoutRedirectUris,
    idTokenAlg: client.idTokenAlg,
    ...(client.backchannelLogoutUri === undefined
      ? {}
      : { backchannelLogoutUri: client.backchannelLogoutUri }),
  }))
}

function secretIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new Fault('settings-not-valid', 'permanent', { cause })
  }
}
