// The hospital's own sign-in as settings name it, in the words of those who use it: errands and the
// door that browsers come to.

import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { signInPaths } from './flows/errands/sign-in/ask-sign-in.ts'
import type { AccountNeeds } from './flows/errands/sign-in/account-needs.ts'
import { makeAccountProvider } from './identity/account/account-provider.ts'
import { Fault } from './platform/fault.ts'
import type { Keys } from './platform/keys/keys.ts'
import type { Settings } from './platform/settings.ts'

/** Nothing where settings name none: then nobody is offered it. */
export function accountsOf(
  settings: Settings,
  keys: Keys,
  webUrl: string,
  nowMs: () => number,
): AccountNeeds | undefined {
  const issuer = settings['account.issuer']
  if (issuer === '') return undefined
  const caPem = certificatesIn(settings['account.caFile'])
  const provider = makeAccountProvider(
    {
      issuer,
      clientId: settings['account.clientId'],
      clientSecret: settings['account.secret'],
      acr: settings['account.acr'],
      groups: settings['account.groups'],
      groupsClaim: settings['account.groupsClaim'],
      claim: settings['account.claim'],
      scope: settings['account.scope'],
      origins: settings['account.origins'],
      ...(caPem === undefined ? {} : { caPem }),
    },
    { redirectUri: `${webUrl}${signInPaths.callback}`, nowMs },
  )
  return {
    ...{ provider, webUrl, person: settings['account.person'] },
    ...{ hrKey: keys.hrKey, key: keys.accountKey, random: randomBytes },
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
