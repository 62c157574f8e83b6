// The hospital's own sign-in as settings name it, in the words of those who use it: errands, the
// door that browsers come to, and the console.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { consolePath } from '@wardkey/protocol/console/signed-in'
import type { ConsoleWays } from './flows/console/console-needs.ts'
import { signInPaths } from './flows/errands/sign-in/ask-sign-in.ts'
import type { AccountNeeds } from './flows/errands/sign-in/account-needs.ts'
import { makeAccountProvider } from './identity/account/account-provider.ts'
import type { AccountSettings } from './identity/account/account-settings.ts'
import { Fault } from './platform/fault.ts'
import type { Keys } from './platform/keys/keys.ts'
import type { Settings } from './platform/settings.ts'

/** Nothing where settings name no groups for it: then nobody is offered it at a workstation. */
export function accountsOf(
  settings: Settings,
  keys: Keys,
  webUrl: string,
  nowMs: () => number,
): AccountNeeds | undefined {
  if (settings['account.groups'].length === 0) return undefined
  const provider = makeAccountProvider(accountSettings(settings, settings['account.groups']), {
    redirectUri: `${webUrl}${signInPaths.callback}`,
    nowMs,
  })
  return {
    ...{ provider, webUrl, person: settings['account.person'] },
    ...{ hrKey: keys.hrKey, key: keys.accountKey, random: randomBytes },
  }
}

/** Nothing where no group gives a role: then nobody is offered the console. */
export function consoleOf(
  settings: Settings,
  keys: Keys,
  adminUrl: string,
  nowMs: () => number,
): ConsoleWays | undefined {
  const groups = {
    compliance: settings['console.compliance'],
    privacy: settings['console.privacy'],
    it: settings['console.it'],
    'service-desk': settings['console.serviceDesk'],
    manager: settings['console.manager'],
    administrator: settings['console.administrator'],
  }
  const all = [...new Set(Object.values(groups).flat())]
  if (settings['account.issuer'] === '' || all.length === 0) return undefined
  const redirectUri = `${adminUrl}${consolePath}/callback`
  // Whoever is in none of them comes as far as the console's own rules: they end her tokens.
  const rules = { ...accountSettings(settings, all), takesNoGroup: true }
  return {
    provider: makeAccountProvider(rules, { redirectUri, nowMs }),
    ownRecord: settings['console.ownRecord'],
    ownRecordNames: settings['console.ownRecordNames'],
    ...{ groups, adminUrl, person: settings['account.person'] },
    ...{ hrKey: keys.hrKey, key: keys.accountKey, random: randomBytes },
  }
}

function accountSettings(settings: Settings, groups: readonly string[]): AccountSettings {
  const caPem = certificatesIn(settings['account.caFile'])
  return {
    issuer: settings['account.issuer'],
    clientId: settings['account.clientId'],
    clientSecret: settings['account.secret'],
    acr: settings['account.acr'],
    groups,
    groupsClaim: settings['account.groupsClaim'],
    claim: settings['account.claim'],
    scope: settings['account.scope'],
    origins: settings['account.origins'],
    ...(caPem === undefined ? {} : { caPem }),
  }
}

function certificatesIn(file: string): string | undefined {
  if (file === '') return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Fault('settings-not-valid', 'permanent', { cause })
  }
}
