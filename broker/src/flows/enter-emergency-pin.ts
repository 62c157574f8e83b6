// The PIN of a wish for emergency access. It is checked once; what follows from it may be repeated
// when somebody else was faster. A PIN that is locked by now is no longer at hand: then a colleague
// is asked for, as if there were none.

import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Fact } from '../audit/fact.ts'
import type { NumberVerdict } from '../identity/verify-by-number.ts'
import type { PinVerdict } from '../identity/verify-pin.ts'
import type { Write } from '../store/store.ts'
import { pinFacts } from './check-pin.ts'
import { askPinFor, askWitnessFor, factOf, refuseWish } from './emergency-answers.ts'
import { aboutWish, decideWish, findWish } from './emergency-wish.ts'
import type { Wish } from './emergency-wish.ts'
import type { EnterPinNeeds, PinEntry } from './pin-entry.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { markFact } from './mark-facts.ts'
import { openEmergency } from './open-emergency.ts'
import type { Answered } from './perform.ts'
import type { Recorded } from './recorded.ts'

type Checked =
  | { readonly by: 'card'; readonly verdict: PinVerdict }
  | { readonly by: 'staff-number'; readonly verdict: NumberVerdict }

/** Answers `admitted`, `ask-pin` again, `ask-witness`, or `refused`. */
export async function enterEmergencyPin(
  entry: PinEntry,
  needs: EnterPinNeeds,
): Promise<Answered<BrokerFrame>> {
  const find = () => findWish(entry.tapId, entry.workstationId, 'asked-pin', needs)
  const found = await find()
  if (!found) return needs.perform(() => Promise.resolve(expired(entry, needs)))
  // By a badge: what a right PIN would not open uses up no try. A number tells nothing so early.
  const nowMs = needs.nowMs()
  const proofs = { nowMs, isPinAtHand: true, isWitnessed: false }
  const before = decideWish(proved(found, nowMs), proofs)
  if (before.kind === 'refuse' && found.asker.by.kind === 'card') {
    return needs.perform(async () => {
      const now = await find()
      return now ? refuseWish(now, before, needs) : expired(entry, needs)
    })
  }
  const checked = await check(found, entry, needs)
  return needs.perform(async () => {
    // Looked at again: it may have run out, or the person been revoked, while the PIN was checked.
    const wish = await find()
    const recorded = wish ? await settle(wish, checked, needs) : expired(entry, needs)
    const facts = factsOf(wish ?? found, checked, needs)
    return {
      ...recorded,
      facts: [...facts, ...recorded.facts],
      writes: [...writesOf(checked), ...recorded.writes],
    }
  })
}

const proved = (wish: Wish, nowMs: number): Wish => ({
  ...wish,
  ask: { ...wish.ask, pinAtMs: nowMs },
})

async function check(
  { asker: { by, holder } }: Wish,
  { pin, workstationId }: PinEntry,
  needs: EnterPinNeeds,
): Promise<Checked> {
  if (by.kind === 'card' && holder) {
    const verdict = await needs.verifyPin(holder.personId, pin, { workstationId })
    return { by: 'card', verdict }
  }
  const isUsable = holder?.personStatus === 'active' || holder?.personStatus === 'on-leave'
  // Whoever may not come in is nobody here, from the first moment.
  const person = isUsable ? holder.personId : undefined
  return {
    by: 'staff-number',
    verdict: await needs.verifyByNumber(person, pin, workstationId),
  }
}

function settle(
  wish: Wish,
  { verdict }: Checked,
  needs: EnterPinNeeds,
): Promise<Recorded<BrokerFrame>> | Recorded<BrokerFrame> {
  switch (verdict.kind) {
    case 'matched':
      return goOn(proved(wish, needs.nowMs()), needs)
    case 'wrong': {
      const { failures } = verdict
      if (verdict.lock) return goOn(wish, needs)
      return askPinFor(wish, 'pin-again', { isAgain: true, failures }, needs)
    }
    case 'not-identified':
      return refuseWish(wish, { rule: 'number-and-pin', code: 'not-identified' }, needs)
    case 'not-checked': {
      const { code, retryAfterMs } = verdict
      const isByCard = wish.asker.by.kind === 'card'
      if (isByCard && code !== 'busy') return goOn(wish, needs)
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
      return refuseWish(wish, { rule: 'pin-is-checked', code, ...wait }, needs)
    }
  }
}

/** With the PIN, or without it where there is none to be had. */
function goOn(
  wish: Wish,
  needs: EnterPinNeeds,
): Promise<Recorded<BrokerFrame>> | Recorded<BrokerFrame> {
  const proofs = { nowMs: needs.nowMs(), isPinAtHand: false, isWitnessed: false }
  const decision = decideWish(wish, proofs)
  switch (decision.kind) {
    case 'allow':
      return openEmergency(wish, decision, undefined, needs)
    case 'ask-witness':
      return askWitnessFor(wish, false, factOf(wish, 'BTG-007', decision.rule, needs), needs)
    case 'refuse':
      return refuseWish(wish, decision, needs)
    case 'ask-pin':
      // A PIN that is not at hand is never asked for; were it to be, nothing may open.
      throw new Error('a PIN that is not at hand was asked for')
  }
}

function factsOf(wish: Wish, { by, verdict }: Checked, needs: EnterPinNeeds): [Fact, ...Fact[]] {
  const about = { ...aboutWish(wish), zone: wish.workstation.zone.id }
  const mark = (fact: Fact): Fact => markFact(fact, wish.ask.grantId)
  if (verdict.kind === 'not-identified') {
    return [mark(newFact(needs, 'PIN-101', { ...about, fields: { by } }))]
  }
  const plain =
    verdict.kind === 'matched'
      ? ([newFact(needs, 'PIN-001', about)] as const)
      : pinFacts(verdict, about, needs)
  const [first, ...rest] = plain
  return [mark(first), ...rest.map(mark)]
}

function writesOf({ verdict }: Checked): readonly Write[] {
  return verdict.kind === 'matched' || verdict.kind === 'wrong' ? verdict.writes : []
}

function expired({ tapId, workstationId }: PinEntry, needs: EnterPinNeeds): Recorded<BrokerFrame> {
  const about = { workstation: workstationId, tap: tapId, rule: 'tap-is-asked' }
  return {
    answer: refusedFrame(needs, tapId, 'tap-expired'),
    facts: [newFact(needs, 'TAP-102', about)],
    writes: [],
    notices: [],
  }
}
