// One step of an errand, answered. A PIN is checked, or a new one hashed, once; what follows from
// it may be repeated when somebody else was faster.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf, CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { pinFlaw } from '@wardkey/protocol/workstation/pin-rules'
import type { Unreachable } from '../../identity/account/account-provider.ts'
import type { NumberVerdict } from '../../identity/verify-by-number.ts'
import type { PinVerdict } from '../../identity/verify-pin.ts'
import { pinFacts } from '../check-pin.ts'
import { newFact, refusedFrame } from '../flow-needs.ts'
import type { Answered } from '../perform.ts'
import type { Recorded } from '../recorded.ts'
import { knownDigits } from '../set-pin.ts'
import { nothingAdded, refuseErrand, tellDone, tellStep } from './errand-answers.ts'
import type { Added, ErrandNeeds } from './errand-answers.ts'
import { stepOf } from './errand.ts'
import { findErrand } from './errand-row.ts'
import type { Errand } from './errand.ts'
import { confirmedBy } from './errand-steps.ts'
import { finishErrand } from './finish-errand.ts'
import {
  confirmByBadge,
  confirmInHand,
  confirmName,
  nameByNumber,
  showOwnBadge,
} from './name-person.ts'
import { provedPin, takeStrike } from './proved-pin.ts'
import { offersAccount } from './sign-in/account-needs.ts'
import { askSignIn, endedAtScreen } from './sign-in/ask-sign-in.ts'
import { showWitness, witnessProved } from './witness-errand.ts'

type AnswerFrame = AgentFrameOf<'errand-answer'>

type Given =
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'witness-pin'; readonly verdict: PinVerdict }
  | { readonly kind: 'own-pin'; readonly verdict: PinVerdict | NumberVerdict }
  | { readonly kind: 'new-pin'; readonly hash: string }
  | { readonly kind: 'pin-flaw'; readonly flaw: 'pin-length' | 'pin-guessable' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'sign-in'; readonly origins: readonly string[] | Unreachable }

/** Answers `ask-errand`, `errand-done` or `refused`. */
export async function answerErrand(
  frame: AnswerFrame,
  at: WorkstationId,
  needs: ErrandNeeds,
): Promise<Answered<BrokerFrame>> {
  const find = () => findErrand(needs.db, frame.tapId, at, needs.nowMs())
  const found = await find()
  if (!found) return needs.perform(() => Promise.resolve(expired(frame, at, nothingAdded, needs)))
  const { done } = found.proofs
  if (done) return needs.perform(() => tellDone(found, done, needs))
  const given = await take(found, frame, needs)
  return needs.perform(async () => {
    // Looked at again: it may have run out, or somebody been revoked, while a PIN was checked.
    const errand = await find()
    // The same answer came twice, and the other one was faster.
    if (errand?.proofs.done) return tellDone(errand, errand.proofs.done, needs)
    const added = addedBy(given, errand ?? found, needs)
    if (errand?.version !== found.version) return expired(frame, at, added, needs)
    return settle(errand, frame, given, added, needs)
  })
}

/** What takes long, and what counts: outside of what may be repeated. */
async function take(errand: Errand, frame: AnswerFrame, needs: ErrandNeeds): Promise<Given> {
  const { answer } = frame
  const step = stepOf(errand)
  const { workstation, subject, badgeId, proofs } = errand
  if (step === 'witness-pin' && answer.by === 'pin' && proofs.shown) {
    const { personId } = proofs.shown
    const place = { workstationId: workstation.id }
    return { kind: 'witness-pin', verdict: await needs.verifyPin(personId, answer.pin, place) }
  }
  if (step === 'pin' && answer.by === 'pin') {
    // By the badge that was shown here, a colleague who confirmed her name, or her own account, it
    // is as at any tap; by a number alone it counts apart.
    const hasSpoken = proofs.witnesses.length > 0 || proofs.hasAccount
    const isVouched = proofs.isConfirmed && hasSpoken
    if (subject && (badgeId !== null || isVouched)) {
      const place = { workstationId: workstation.id }
      const verdict = await needs.verifyPin(subject.personId, answer.pin, place)
      return { kind: 'own-pin', verdict }
    }
    const person = subject?.personStatus === 'active' ? subject.personId : undefined
    const verdict = await needs.verifyByNumber(person, answer.pin, workstation.id)
    return { kind: 'own-pin', verdict }
  }
  const isSignIn = step === 'witness-badge' && answer.by === 'sign-in'
  if (isSignIn && needs.accounts && offersAccount(errand, needs)) {
    return { kind: 'sign-in', origins: await needs.accounts.provider.origins() }
  }
  if (step === 'new-pin' && answer.by === 'new-pin' && subject) {
    return hashed(subject.personId, answer.pin, frame.card, needs)
  }
  return { kind: 'as-it-is' }
}

async function hashed(
  person: NonNullable<Errand['subject']>['personId'],
  pin: string,
  card: CardClaim | undefined,
  needs: ErrandNeeds,
): Promise<Given> {
  const { min, max } = needs.pinDigits
  const known = await knownDigits(person, card, needs)
  const flaw = pinFlaw(pin, min, max, known)
  if (flaw) return { kind: 'pin-flaw', flaw: flaw === 'length' ? 'pin-length' : 'pin-guessable' }
  const place = needs.hashing.reserve()
  if (!place) return { kind: 'busy', retryAfterMs: needs.hashing.retryAfterMs }
  return { kind: 'new-pin', hash: await place.hash(person, pin) }
}

/** What a PIN leaves behind goes into the same unit, before what it opened. */
function addedBy(given: Given, errand: Errand, needs: ErrandNeeds): Added {
  if (given.kind !== 'witness-pin' && given.kind !== 'own-pin') return nothingAdded
  const { verdict } = given
  const person =
    given.kind === 'witness-pin' ? errand.proofs.shown?.personId : errand.subject?.personId
  const about = {
    ...(person ? { person } : {}),
    workstation: errand.workstation.id,
    tap: errand.id,
  }
  if (verdict.kind === 'not-identified') {
    const fields = { by: 'staff-number' }
    return { facts: [newFact(needs, 'PIN-101', { ...about, fields })], writes: [] }
  }
  const facts =
    verdict.kind === 'matched'
      ? [newFact(needs, 'PIN-001', about)]
      : pinFacts(verdict, about, needs)
  return { facts, writes: verdict.kind === 'not-checked' ? [] : verdict.writes }
}

function settle(
  errand: Errand,
  { answer, card }: AnswerFrame,
  given: Given,
  added: Added,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> | Recorded<BrokerFrame> {
  const step = stepOf(errand)
  switch (given.kind) {
    case 'witness-pin':
      return witnessProved(errand, given.verdict, card, added, needs)
    case 'own-pin':
      return provedPin(errand, given.verdict, card, added, needs)
    case 'new-pin':
      return finishErrand(errand, { card, pinHash: given.hash }, added, needs)
    case 'pin-flaw':
      return takeStrike(errand, 'new-pin', { flaw: given.flaw }, added, needs)
    case 'busy': {
      const { retryAfterMs } = given
      return refuseErrand(
        errand,
        { rule: 'pin-is-hashed', code: 'busy', retryAfterMs },
        added,
        needs,
      )
    }
    case 'sign-in':
      return askSignIn(errand, given.origins, needs)
    case 'as-it-is':
      break
  }
  if (step === 'sign-in') return endedAtScreen(errand, needs)
  if (step === 'badge' && answer.by === 'card') return showOwnBadge(errand, answer.card, needs)
  if (step === 'witness-badge' && answer.by === 'card') {
    return showWitness(errand, answer.card, needs)
  }
  if (step === 'number' && answer.by === 'staff-number') {
    return nameByNumber(errand, answer.staffNumber, needs)
  }
  if (step === 'confirm') {
    const byBadge = confirmedBy(errand.kind, errand.proofs.witnesses.length)
    if (answer.by === 'card' && byBadge) {
      const confirm = byBadge === 'own' ? confirmInHand : confirmByBadge
      return confirm(errand, answer.card, card, needs)
    }
    // Where a badge is to say it a press is nobody's word: whoever stands there can press.
    if (answer.by === 'yes' && !byBadge) return confirmName(errand, card, needs)
  }
  if (step === 'done') throw new Error('an errand that is done was asked about')
  // An answer to another step: what is asked is asked again, and has no longer for it.
  return tellStep(errand, step, needs)
}

function expired(
  { tapId }: AnswerFrame,
  at: WorkstationId,
  added: Added,
  needs: ErrandNeeds,
): Recorded<BrokerFrame> {
  const about = { workstation: at, tap: tapId, rule: 'errand-is-asked' }
  const fact = newFact(needs, 'TAP-102', about)
  return {
    answer: refusedFrame(needs, tapId, 'tap-expired'),
    facts: [fact, ...added.facts],
    writes: added.writes,
    notices: [],
  }
}
