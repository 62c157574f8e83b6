// The EHRs of settings, in the words of those who use them: the OIDC door and the launch planner.

import type { EhrApp } from '@wardkey/ehr-adapters/contract/ehr-adapter'
import type { OidcClient } from './doors/oidc/oidc-needs.ts'
import { makeHasChart } from './launch/plan-launch.ts'
import { Fault } from './platform/fault.ts'
import type { Settings } from './platform/settings.ts'

export interface Ehrs {
  readonly clients: readonly OidcClient[]
  readonly apps: readonly EhrApp[]
  /** Where each app begins its sign-in, by its id. */
  readonly launchUrls: ReadonlyMap<string, string>
}

export function ehrsOf(settings: Settings): Ehrs {
  const clients = settings['oidc.clients'].map((client): OidcClient => {
    // Settings refuse a client without one; a file that held it was read with them.
    if (client.secret === undefined) throw new Fault('settings-not-valid', 'permanent')
    return {
      clientId: client.clientId,
      clientSecret: client.secret,
      name: client.name,
      redirectUris: client.redirectUris,
      postLogoutRedirectUris: client.postLogoutRedirectUris,
      ...(client.backchannelLogoutUri === undefined
        ? {}
        : { backchannelLogoutUri: client.backchannelLogoutUri }),
      idTokenAlg: client.idTokenAlg,
    }
  })
  const apps = settings['oidc.clients'].flatMap(({ launch }) => (launch ? [launch] : []))
  return { clients, apps, launchUrls: new Map(apps.map(({ id, launchUrl }) => [id, launchUrl])) }
}

/** Zones where a tap opens nothing: no EHR has a launch for places of their kind. */
export function zonesWithoutChart(
  zones: readonly { readonly id: string; readonly kind: string }[],
  { apps }: Pick<Ehrs, 'apps'>,
): readonly string[] {
  const hasChart = makeHasChart(apps)
  // Of an emergency nobody's roles are asked: what is not there then is there for nobody.
  const isEmpty = (zoneKind: string): boolean =>
    !hasChart({ roles: [], isEmergency: true, zoneKind })
  return zones.filter(({ kind }) => isEmpty(kind)).map(({ id }) => id)
}
