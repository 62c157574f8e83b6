// A PIN outside of a tap (for a signature): checked by the same rules and counted in the same
// place, with its facts in the record.

import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { RefusalCode } from '@wardkey/protocol/codes'
import type { Fact } from '../audit/fact.ts'
import type { PinVerdict, VerifyPin } from '../identity/verify-pin.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Perform } from './perform.ts'

export interface CheckPinNeeds extends FlowNeeds {
  readonly verifyPin: VerifyPin
  readonly perform: Perform
}

export type CheckedPin =
  | { readonly kind: 'matched' }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly retryAfterMs?: number }

export type CheckPin = (
  person: PersonId,
  workstation: WorkstationId,
  pin: string,
) => Promise<CheckedPin>

/** Call it only for the owner of the badge that was just shown at that workstation. */
export function makeCheckPin(needs: CheckPinNeeds): CheckPin {
  return async (person, workstation, pin) => {
    const verdict = await needs.verifyPin(person, pin, { workstationId: workstation })
    const done = await needs.perform(() =>
      Promise.resolve({
        answer: checkedOf(verdict),
        facts: pinFacts(verdict, { person, workstation }, needs),
        writes: verdict.kind === 'not-checked' ? [] : verdict.writes,
        notices: [],
      }),
    )
    return done.answer
  }
}

function checkedOf(verdict: PinVerdict): CheckedPin {
  switch (verdict.kind) {
    case 'matched':
      return { kind: 'matched' }
    case 'wrong':
      return verdict.lock
        ? { kind: 'refused', code: 'pin-locked', ...verdict.lock }
        : { kind: 'wrong', triesLeft: verdict.triesLeft }
    case 'not-checked':
      return {
        kind: 'refused',
        code: verdict.code,
        ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }),
      }
  }
}

/** What the record says about one PIN: that it matched, did not, or was not looked at. */
export function pinFacts(
  verdict: PinVerdict,
  about: Omit<Fact, 'id' | 'code' | 'atMs'>,
  needs: Pick<FlowNeeds, 'newId' | 'nowMs'>,
): readonly [Fact, ...Fact[]] {
  switch (verdict.kind) {
    case 'matched':
      return [newFact(needs, 'PIN-001', about)]
    case 'wrong': {
      const wrong = newFact(needs, 'PIN-101', { ...about, fields: { failures: verdict.failures } })
      return verdict.lock ? [wrong, newFact(needs, 'PIN-102', about)] : [wrong]
    }
    case 'not-checked':
      return [newFact(needs, 'PIN-103', { ...about, rule: verdict.code })]
  }
}
