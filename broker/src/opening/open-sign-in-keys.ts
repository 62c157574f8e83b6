// Opens the keys that sign people in to EHRs, and looks at their schedule while the broker runs:
// what is shown and what signs changes under the door, and no sign-in waits for it.

import type { JWK } from 'jose'
import { shiftSeconds } from '../doors/oidc/provider.ts'
import { keepSignInKeys } from '../flows/keys/change-sign-in-keys.ts'
import type { SignInNeeds } from '../flows/keys/change-sign-in-keys.ts'
import { shownAt } from '../flows/keys/sign-in-schedule.ts'
import type { Base } from '../broker-core.ts'
import { every } from '../platform/every.ts'
import { Fault } from '../platform/fault.ts'
import { findSignInOrder, newGeneration } from '../platform/keys/sign-in-keys.ts'

const lookMs = 2_000
const dayMs = 86_400_000

export interface SignInKeys {
  /** As they are at the start, the one to sign with first of each algorithm. */
  readonly jwks: readonly JWK[]
  /** Called with others from then on, whenever they change. */
  readonly follow: (use: (jwks: readonly JWK[]) => void) => void
}

type SignInBase = Pick<Base, 'shutdown' | 'log'> & {
  readonly keys: Pick<Base['keys'], 'folder' | 'jwks' | 'findJwks' | 'makeJwks'>
  readonly settings: Pick<Base['settings'], 'oidc.keyShownMs' | 'oidc.keyDays'>
}
type SignInCore = Omit<SignInNeeds, 'times' | 'makeKeys' | 'newGeneration'>

interface Looked {
  readonly ids: string
  readonly jwks: readonly JWK[]
  readonly missing: readonly string[]
}

/**
 * Where the folder lacks some, as one that was restored may, it begins with those that are there:
 * an EHR fetches keys that it does not know, and a broker that stays away helps nobody.
 */
export async function openSignInKeys(base: SignInBase, core: SignInCore): Promise<SignInKeys> {
  const { keys, settings, shutdown, log } = base
  const needs = {
    ...core,
    newGeneration,
    makeKeys: keys.makeJwks,
    times: {
      shownMs: settings['oidc.keyShownMs'],
      // What an EHR hands back at the end of a shift was signed at its beginning.
      keepMs: shiftSeconds * 1000,
      periodMs: settings['oidc.keyDays'] * dayMs,
    },
  }
  const look = async (): Promise<Looked> => {
    const schedule = await keepSignInKeys(findSignInOrder(keys.folder), needs)
    const shown = shownAt(schedule, core.nowMs()).map(({ id }) => id)
    const found = await Promise.all(shown.map((id) => keys.findJwks(id)))
    const missing = shown.filter((_id, at) => found[at] === undefined)
    return { ids: shown.join(), jwks: found.flatMap((one) => one ?? []), missing }
  }
  const first = await look()
  if (first.missing.length > 0) log.error('oidc.keys-not-here', { code: 'key-missing' })
  const state = { ids: first.missing.length > 0 ? '' : first.ids }
  return {
    jwks: first.jwks.length > 0 ? first.jwks : keys.jwks,
    follow: (use) => {
      const follow = async (): Promise<void> => {
        const { ids, jwks, missing } = await look()
        if (ids === state.ids) return
        // It goes on with those that it has, and complains until the others are there.
        if (missing.length > 0) throw new Fault('key-missing', 'permanent')
        use(jwks)
        state.ids = ids
        log.info('oidc.keys-changed', {})
      }
      shutdown.add('chores', every(lookMs, 'keys.look-failed', follow, log))
    },
  }
}
