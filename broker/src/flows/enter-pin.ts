// The PIN for a tap that asked for it: counted, checked, and only then a session. The PIN is
// checked once; what follows from it may be repeated when somebody else was faster.

import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { findBadgeHolder } from '../identity/find-card-holder.ts'
import type { PinVerdict } from '../identity/verify-pin.ts'
import type { Verdict } from '../policy/cedar/policy-set.ts'
import type { Decision } from '../policy/decide-tap.ts'
import { admit } from './admit.ts'
import { pinFacts } from './check-pin.ts'
import { enterEmergencyPin } from './enter-emergency-pin.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { judgedFields } from './judge-tap.ts'
import type { Answered } from './perform.ts'
import type { EnterPinNeeds, PinEntry } from './pin-entry.ts'
import type { Recorded } from './recorded.ts'
import { admittedAnswer, findAskedTap, moveTap, tapMemoryMs } from './tap-row.ts'
import type { KnownTap } from './tap-row.ts'
import { askPinFrame, decideHere } from './tap-question.ts'
import type { TapInNeeds, TapSubject } from './tap-question.ts'

/**
 * Answers `admitted`, `ask-pin` again, or `refused`.
 *
 * A PIN is looked at only where this workstation holds an open question that this person's badge
 * raised, and where a right PIN would open something: nobody's tries can be used up from elsewhere.
 */
export async function enterPin(
  entry: PinEntry,
  needs: EnterPinNeeds,
): Promise<Answered<BrokerFrame>> {
  const tap = await findAskedTap(needs.db, entry.tapId, entry.workstationId, needs.nowMs())
  if (tap?.answer.emergency) return enterEmergencyPin(entry, needs)
  const found = tap && (await questionOf(tap, needs))
  if (!found) return needs.perform(() => Promise.resolve(expired(entry, needs)))
  const { decision: before } = await decideHere(found.about, true, needs.nowMs(), needs)
  if (before.kind === 'refuse') {
    return needs.perform(async () => refuseAnew(await findQuestion(entry, needs), entry, needs))
  }
  const { personId } = found.about.holder
  const verdict = await needs.verifyPin(personId, entry.pin, entry)
  return needs.perform(async () => {
    // Looked at again: it may have run out, or the person been revoked, while the PIN was checked.
    const question = await findQuestion(entry, needs)
    if (!question) return withPin(verdict, expired(entry, needs), found.about, entry, needs)
    const recorded = await settle(question, verdict, entry, needs)
    return withPin(verdict, recorded, question.about, entry, needs)
  })
}

interface Question {
  readonly tap: KnownTap
  readonly about: TapSubject
}

async function findQuestion(entry: PinEntry, needs: TapInNeeds): Promise<Question | undefined> {
  const tap = await findAskedTap(needs.db, entry.tapId, entry.workstationId, needs.nowMs())
  return tap && !tap.answer.emergency ? questionOf(tap, needs) : undefined
}

async function questionOf(tap: KnownTap, { db }: TapInNeeds): Promise<Question | undefined> {
  const holder = tap.badgeId ? await findBadgeHolder(db, tap.badgeId) : undefined
  const workstation = await findWorkstation(db, tap.workstationId)
  if (!holder || workstation?.status !== 'active') return undefined
  return { tap, about: { holder, workstation } }
}

function settle(
  question: Question,
  verdict: PinVerdict,
  entry: PinEntry,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  switch (verdict.kind) {
    case 'matched':
      return open(question, entry, needs)
    case 'wrong':
      return verdict.lock
        ? Promise.resolve(
            refuse(question, { rule: 'pin-is-right', code: 'pin-locked', ...verdict.lock }, needs),
          )
        : askAgain(question, verdict.failures, needs)
    case 'not-checked': {
      const { code, retryAfterMs } = verdict
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
      return Promise.resolve(refuse(question, { rule: 'pin-is-checked', code, ...wait }, needs))
    }
  }
}

async function open(
  { tap, about }: Question,
  entry: PinEntry,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const nowMs = needs.nowMs()
  const { decision, verdict } = await decideHere(about, true, nowMs, needs)
  // With a proved PIN policy never asks for one; were it to, nothing may open.
  if (decision.kind === 'ask-pin') throw new Error('a proved PIN was asked for again')
  if (decision.kind === 'refuse') return refuse({ tap, about, verdict }, decision, needs)
  const admission = await admit({ tapId: entry.tapId, ...about, decision, verdict, nowMs }, needs)
  const outcome = {
    answer: admittedAnswer(admission.frame.movedFrom),
    sessionId: admission.frame.sessionId,
    expiresMs: nowMs + tapMemoryMs,
  }
  return {
    answer: admission.frame,
    facts: admission.facts,
    writes: [moveTap(needs.db, tap, outcome), ...admission.writes],
    notices: admission.notices,
    ...(admission.opens ? { opens: admission.opens } : {}),
  }
}

async function askAgain(
  { tap, about }: Question,
  failures: number,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { pinAnswerMs } = needs
  const question = { isAgain: true, failures, answerWithinMs: pinAnswerMs }
  const outcome = { answer: { kind: 'asked-pin' }, expiresMs: needs.nowMs() + pinAnswerMs } as const
  return {
    answer: await askPinFrame(tap.id, about, question, needs),
    facts: [newFact(needs, 'TAP-002', { ...aboutTap(tap, about), rule: 'pin-again' })],
    writes: [moveTap(needs.db, tap, outcome)],
    notices: [],
  }
}

function refuse(
  { tap, about, verdict }: Question & { readonly verdict?: Verdict },
  refusal: Omit<Extract<Decision, { kind: 'refuse' }>, 'kind'>,
  needs: TapInNeeds,
): Recorded<BrokerFrame> {
  const { code, rule, retryAfterMs } = refusal
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  const outcome = {
    answer: { kind: 'refused', code, ...wait },
    expiresMs: needs.nowMs() + tapMemoryMs,
  } as const
  const frame = refusedFrame(needs, tap.id, code, retryAfterMs)
  const judged = verdict ? judgedFields(verdict, about.holder) : {}
  const fields = { code, quote: frame.quote, ...judged }
  return {
    answer: frame,
    facts: [newFact(needs, 'TAP-101', { ...aboutTap(tap, about), rule, fields })],
    writes: [moveTap(needs.db, tap, outcome)],
    notices: [],
  }
}

/** Policy says no whatever the PIN is: it is not looked at, and no try is used up. */
async function refuseAnew(
  question: Question | undefined,
  entry: PinEntry,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  if (!question) return expired(entry, needs)
  const { decision, verdict } = await decideHere(question.about, true, needs.nowMs(), needs)
  // Allowed again between two looks: she taps again and is asked again.
  if (decision.kind !== 'refuse') return expired(entry, needs)
  return refuse({ ...question, verdict }, decision, needs)
}

function expired(entry: PinEntry, needs: TapInNeeds): Recorded<BrokerFrame> {
  const about = { workstation: entry.workstationId, tap: entry.tapId, rule: 'tap-is-asked' }
  return {
    answer: refusedFrame(needs, entry.tapId, 'tap-expired'),
    facts: [newFact(needs, 'TAP-102', about)],
    writes: [],
    notices: [],
  }
}

/** What the PIN itself leaves behind goes into the same unit, before what it opened. */
function withPin(
  verdict: PinVerdict,
  recorded: Recorded<BrokerFrame>,
  { holder }: TapSubject,
  entry: PinEntry,
  needs: TapInNeeds,
): Recorded<BrokerFrame> {
  const about = { person: holder.personId, workstation: entry.workstationId, tap: entry.tapId }
  return {
    ...recorded,
    facts: [...pinFacts(verdict, about, needs), ...recorded.facts],
    writes: [...(verdict.kind === 'not-checked' ? [] : verdict.writes), ...recorded.writes],
  }
}

function aboutTap(tap: KnownTap, { holder, workstation }: TapSubject) {
  return {
    person: holder.personId,
    badge: holder.badgeId,
    workstation: workstation.id,
    zone: workstation.zone.id,
    tap: tap.id,
  }
}
