// A tap becomes a session, a question, or a refusal: who is it, may they, open it, how do they
// land, write it down. Reads in the order it happens; everything it leans on is named in its needs.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findLoanerCard } from '../identity/cards/loaner-cards.ts'
import { badgeStatusAt, findCardHolder } from '../identity/find-card-holder.ts'
import type { Verdict } from '../policy/cedar/policy-set.ts'
import type { Decision } from '../policy/decide-tap.ts'
import { admit } from './admit.ts'
import { answerAgain } from './answer-again.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { judgedFields } from './judge-tap.ts'
import type { Look } from './perform.ts'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import type { Recorded } from './recorded.ts'
import { admittedAnswer, findTap, keepTap, tapMemoryMs } from './tap-row.ts'
import type { KnownTap } from './tap-row.ts'
import { askPinFrame, decideHere } from './tap-question.ts'
import type { Tap, TapInNeeds, TapSubject } from './tap-question.ts'

type Refusing = Extract<Decision, { kind: 'refuse' }>

const notEnrolled: Refusing = {
  kind: 'refuse',
  rule: 'workstation-enrolled',
  code: 'workstation-not-enrolled',
}
const loanerNotGiven: Refusing = {
  kind: 'refuse',
  rule: 'loaner-is-given',
  code: 'loaner-not-given',
}
const unknownBadge: Refusing = { kind: 'refuse', rule: 'badge-enrolled', code: 'badge-unknown' }

/**
 * Answers one tap at one workstation: `admitted`, `ask-pin` or `refused`.
 *
 * The same tap asked again gets the answer it had, as far as that still stands; asked by another
 * workstation it is refused. Throws only a Fault.
 */
export async function tapIn(
  tap: Tap,
  look: Look,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const workstation = await findWorkstation(needs.db, tap.workstationId)
  // Not even remembered: the tap may be another workstation's.
  if (workstation?.status !== 'active') {
    return { ...refuse({ tap, known: undefined }, notEnrolled, needs), writes: [] }
  }
  // A tap is new nearly always: its primary key finds out where it is not, and then we look.
  const known = look === 'fresh' ? await findTap(needs.db, tap.tapId) : undefined
  const answered = known && (await answerAgain(tap, known, workstation, needs))
  if (answered) return answered
  const asked = { tap, known }

  const holder = await findCardHolder(needs.db, lookupOf(tap.card, needs.cardKey))
  // An unknown card is recorded without its number: a lost badge is personal data too.
  if (!holder) {
    const pool = await findLoanerCard(needs.db, lookupOf(tap.card, needs.cardKey))
    return refuse(asked, pool ? loanerNotGiven : unknownBadge, needs, { workstation })
  }
  const nowMs = needs.nowMs()
  const { decision, verdict } = await decideHere({ holder, workstation }, false, nowMs, needs)
  switch (decision.kind) {
    case 'refuse':
      return refuse(asked, decision, needs, { workstation, holder, verdict })
    case 'ask-pin':
      return askPin(asked, decision.rule, { workstation, holder, verdict }, needs)
    case 'allow': {
      const admission = await admit(
        { tapId: tap.tapId, workstation, holder, decision, verdict, nowMs },
        needs,
      )
      const outcome = {
        answer: admittedAnswer(admission.frame.movedFrom),
        personId: holder.personId,
        badgeId: holder.badgeId,
        sessionId: admission.frame.sessionId,
        expiresMs: nowMs + tapMemoryMs,
      }
      return {
        answer: admission.frame,
        facts: admission.facts,
        writes: [keepTap(needs.db, tap, known, outcome, nowMs), ...admission.writes],
        notices: admission.notices,
        ...(admission.opens ? { opens: admission.opens } : {}),
      }
    }
  }
}

/** A tap, and what was answered to it before where it is decided anew. */
interface Asked {
  readonly tap: Tap
  readonly known: KnownTap | undefined
}

async function askPin(
  { tap, known }: Asked,
  rule: string,
  about: TapSubject & { readonly verdict: Verdict },
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { holder, workstation } = about
  const nowMs = needs.nowMs()
  const { pinAnswerMs } = needs
  const question = { isAgain: false, failures: holder.pinFailures, answerWithinMs: pinAnswerMs }
  const outcome = {
    answer: { kind: 'asked-pin' },
    personId: holder.personId,
    badgeId: holder.badgeId,
    expiresMs: nowMs + pinAnswerMs,
  } as const
  return {
    answer: await askPinFrame(tap.tapId, about, question, needs),
    facts: [
      newFact(needs, 'TAP-002', {
        person: holder.personId,
        badge: holder.badgeId,
        workstation: workstation.id,
        zone: workstation.zone.id,
        tap: tap.tapId,
        rule,
        fields: judgedFields(about.verdict, holder),
      }),
    ],
    writes: [keepTap(needs.db, tap, known, outcome, nowMs)],
    notices: [],
  }
}

function refuse(
  { tap, known }: Asked,
  decision: Refusing,
  needs: TapInNeeds,
  about: Partial<TapSubject & { readonly verdict: Verdict }> = {},
): Recorded<BrokerFrame> {
  const { code, rule, retryAfterMs } = decision
  const nowMs = needs.nowMs()
  const { holder, workstation, verdict } = about
  const judged = holder && verdict ? judgedFields(verdict, holder) : {}
  const answer = {
    kind: 'refused',
    code,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  } as const
  const outcome = {
    answer,
    ...(holder ? { personId: holder.personId, badgeId: holder.badgeId } : {}),
    expiresMs: nowMs + tapMemoryMs,
  }
  return {
    answer: refusedFrame(needs, tap.tapId, code, retryAfterMs),
    facts: [
      newFact(needs, 'TAP-101', {
        ...(holder ? { person: holder.personId, badge: holder.badgeId } : {}),
        workstation: tap.workstationId,
        ...(workstation ? { zone: workstation.zone.id } : {}),
        tap: tap.tapId,
        rule,
        fields: { code, quote: quoteOf(tap.tapId), ...badgeFields(about, code, nowMs), ...judged },
      }),
    ],
    writes: [keepTap(needs.db, tap, known, outcome, nowMs)],
    notices: [],
  }
}

/** Of a badge that counts no longer: why, as it is now. Whoever reads it later asks of this tap. */
function badgeFields({ holder }: Partial<TapSubject>, code: RefusalCode, nowMs: number) {
  if (!holder || code !== 'badge-not-usable') return {}
  return { badgeStatus: holder.isBadgeResting ? 'resting' : badgeStatusAt(holder, nowMs) }
}
