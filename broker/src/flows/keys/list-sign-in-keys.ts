// The keys that sign people in to EHRs as an operator sees them: by the schedule, with the ids that
// stand in the JWKS.

import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyWords } from '@wardkey/protocol/admin/keys/key-words'
import { readSchedule } from './change-sign-in-keys.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { nextOf, shownAt } from './sign-in-schedule.ts'
import type { Generation } from './sign-in-schedule.ts'

interface SignInListNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  readonly keyring: {
    readonly signInIds: (generation: string) => Promise<readonly string[] | undefined>
    readonly signInPeriodMs: number
  }
}

/** The newest first; those that are shown no more are in the record alone. */
export async function listSignInKeys(needs: SignInListNeeds): Promise<KeyShown[]> {
  const { signInIds, signInPeriodMs } = needs.keyring
  const nowMs = needs.nowMs()
  const { schedule } = await readSchedule(needs)
  const shown = shownAt(schedule, nowMs)
  const [signing] = shown
  const next = nextOf(schedule, nowMs)
  const keys = shown.map(async (one): Promise<KeyShown> => {
    const ids = await signInIds(one.id)
    const { rotation, command } = keyWords['sign-in']
    return {
      ...{ kind: 'sign-in', rotation, isOlder: one.id === 'first' },
      ...(command === undefined ? {} : { command }),
      ...(ids ? { id: ids.join(' ') } : { warning: 'not-here' as const }),
      ...(one.endsMs === undefined ? {} : { endsMs: one.endsMs }),
      ...standingOf(one, signing, nowMs),
      ...nextChange(one, signing, next, signInPeriodMs),
    }
  })
  return (await Promise.all(keys)).sort((a, b) => (b.sinceMs ?? 0) - (a.sinceMs ?? 0))
}

function standingOf(
  one: Generation,
  signing: Generation | undefined,
  nowMs: number,
): Pick<KeyShown, 'state' | 'sinceMs'> {
  if (one === signing) return { state: 'in-force', sinceMs: one.signsMs }
  if (one.signsMs > nowMs) return { state: 'shown', sinceMs: one.shownMs }
  return { state: 'ending', sinceMs: one.signsMs }
}

/** Of what signs: when the next one does. Of the next one: when it begins to. */
function nextChange(
  one: Generation,
  signing: Generation | undefined,
  next: Generation | undefined,
  periodMs: number,
): Pick<KeyShown, 'nextMs'> {
  if (one === next) return { nextMs: one.signsMs }
  if (one !== signing) return {}
  if (next) return { nextMs: next.signsMs }
  return periodMs === 0 ? {} : { nextMs: one.signsMs + periodMs }
}
