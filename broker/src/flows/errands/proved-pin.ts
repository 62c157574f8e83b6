// Her own PIN within an errand, and what is counted of tries that would not do.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { ErrandStep } from '@wardkey/protocol/workstation/errands'
import type { NumberVerdict } from '../../identity/verify-by-number.ts'
import type { PinVerdict } from '../../identity/verify-pin.ts'
import type { Recorded } from '../recorded.ts'
import { pinSetAt } from '../set-pin.ts'
import { askStep, refuseErrand } from './errand-answers.ts'
import type { Added, Again, ErrandNeeds } from './errand-answers.ts'
import { stepOf } from './errand.ts'
import type { Errand } from './errand.ts'
import { finishErrand } from './finish-errand.ts'

/** Badges, numbers and new PINs that would not do, before an errand is refused. */
const strikesMax = 5

export async function provedPin(
  errand: Errand,
  verdict: PinVerdict | NumberVerdict,
  card: CardClaim | undefined,
  added: Added,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  switch (verdict.kind) {
    case 'matched': {
      const pinSetMs = errand.subject && (await pinSetAt(needs.db, errand.subject.personId))
      const which = pinSetMs === undefined ? {} : { pinSetMs }
      const proofs = { ...errand.proofs, isPinProved: true, ...which }
      return goOn({ ...errand, proofs }, card, added, needs)
    }
    case 'wrong': {
      const { triesLeft, lock } = verdict
      if (lock) return refuseErrand(errand, { ...locked, ...lock }, added, needs)
      return askStep(errand, 'pin', added, needs, { again: true, triesLeft })
    }
    case 'not-identified':
      // A number that is nobody's, and one with another PIN: one answer for both.
      return errand.kind === 'lost'
        ? refuseErrand(errand, { rule: 'number-and-pin', code: 'not-identified' }, added, needs)
        : takeStrike(errand, 'pin', {}, added, needs)
    case 'not-checked': {
      const { code, retryAfterMs } = verdict
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
      return refuseErrand(errand, { rule: 'pin-is-checked', code, ...wait }, added, needs)
    }
  }
}

const locked = { rule: 'pin-is-right', code: 'pin-locked' } as const

/** The next step, or the end where none is left. */
export function goOn(
  errand: Errand,
  card: CardClaim | undefined,
  added: Added,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const step = stepOf(errand)
  if (step === 'done') return finishErrand(errand, { card }, added, needs)
  return askStep(errand, step, added, needs)
}

/** The same step once more, a few times; then it is over. */
export function takeStrike(
  errand: Errand,
  step: ErrandStep,
  about: Omit<Again, 'again'> & { readonly code?: RefusalCode },
  added: Added,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> | Recorded<BrokerFrame> {
  const { code = 'not-identified', ...again } = about
  const strikes = errand.proofs.strikes + 1
  const next = { ...errand, proofs: { ...errand.proofs, strikes } }
  if (strikes >= strikesMax) {
    return refuseErrand(next, { rule: 'few-tries', code }, added, needs)
  }
  return askStep(next, step, added, needs, { ...again, again: true })
}
