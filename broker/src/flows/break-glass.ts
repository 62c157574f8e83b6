// Emergency access is asked for: by a badge, or by a staff number where that is forgotten. Nothing
// opens here: the answer is a question, for the PIN or for a colleague's badge, or a refusal.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type {
  AgentFrameOf,
  ReasonChoice,
  WhoClaim,
} from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { sealFields } from '../audit/sealed-fields.ts'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findCardHolder, findHolder } from '../identity/find-card-holder.ts'
import { findByStaffNumber, staffLookup } from '../identity/staff-number.ts'
import { sealNote } from '../sessions/grant-note.ts'
import { answerAgain } from './answer-again.ts'
import { askPinFor, askWitnessFor, factOf, refuseWish } from './emergency-answers.ts'
import { aboutWish, askerByCard, decideWish } from './emergency-wish.ts'
import type { Asker, Wish } from './emergency-wish.ts'
import { findWorkstation } from './find-workstation.ts'
import { newFact, refusedFrame } from './flow-needs.ts'
import { markFact } from './mark-facts.ts'
import type { Recorded } from './recorded.ts'
import { hasPinAtHand, noChart } from './tap-question.ts'
import type { TapInNeeds } from './tap-question.ts'
import { findTap } from './tap-row.ts'
import type { EmergencyAsk } from './tap-row.ts'

/**
 * Answers `ask-pin`, `ask-witness` or `refused`; the same wish asked again gets the answer it had.
 *
 * A staff number is always answered by the question for the PIN: whether it is anybody's is told by
 * nothing but what follows, and that is the same for a wrong PIN.
 */
export async function breakGlass(
  frame: AgentFrameOf<'break-glass'>,
  at: WorkstationId,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { tapId } = frame
  const workstation = await findWorkstation(needs.db, at)
  if (workstation?.status !== 'active') {
    const about = { workstation: at, tap: tapId, rule: 'workstation-enrolled' }
    return {
      answer: refusedFrame(needs, tapId, 'workstation-not-enrolled'),
      facts: [newFact(needs, 'BTG-101', about)],
      writes: [],
      notices: [],
    }
  }
  const known = await findTap(needs.db, tapId)
  const tap = { tapId, workstationId: at }
  const answered = known && (await answerAgain(tap, known, workstation, needs))
  if (answered) return answered
  const asker = await findAsker(frame.who, needs)
  const grantId = needs.newId()
  const ask = await askOf(frame.choice, frame.who, grantId, asker, needs)
  const wish: Wish = { tapId, known, workstation, ask, asker }
  const asked = await askedFact(wish, frame.choice, needs)
  const answer = await answerWish(wish, needs)
  return { ...answer, facts: [asked, ...answer.facts] }
}

async function answerWish(wish: Wish, needs: TapInNeeds): Promise<Recorded<BrokerFrame>> {
  const { asker, workstation } = wish
  const nowMs = needs.nowMs()
  const zoneKind = workstation.zone.kind
  if (!needs.hasChart({ roles: [], isEmergency: true, zoneKind })) {
    return refuseWish(wish, noChart, needs)
  }
  if (asker.by.kind === 'card' && !asker.holder) {
    return refuseWish(wish, { rule: 'badge-enrolled', code: 'badge-unknown' }, needs)
  }
  const waitMs = workstation.lockedUntilMs - nowMs
  if (asker.by.kind === 'staff-number' && waitMs > 0) {
    const rule = 'workstation-is-not-locked'
    return refuseWish(wish, { rule, code: 'workstation-locked-out', retryAfterMs: waitMs }, needs)
  }
  const isPinAtHand =
    asker.by.kind === 'staff-number' ||
    (asker.holder !== undefined && hasPinAtHand(asker.holder, workstation, nowMs))
  const decision = decideWish(wish, { nowMs, isPinAtHand, isWitnessed: false })
  switch (decision.kind) {
    case 'refuse':
      return refuseWish(wish, decision, needs)
    case 'ask-pin': {
      const failures = asker.holder?.pinFailures ?? 0
      return askPinFor(wish, decision.rule, { isAgain: false, failures }, needs)
    }
    case 'ask-witness':
      return askWitnessFor(wish, false, factOf(wish, 'BTG-007', decision.rule, needs), needs)
    case 'allow':
      // Without PIN or witness there is no proof; were policy to say yes, nothing may open.
      throw new Error('an emergency was allowed without any proof')
  }
}

async function findAsker(who: WhoClaim, needs: TapInNeeds): Promise<Asker> {
  const { db } = needs
  if (who.by === 'card') {
    const holder = await findCardHolder(db, lookupOf(who.card, needs.cardKey))
    return holder
      ? askerByCard(holder, needs.nowMs())
      : { holder, by: { kind: 'card', badge: 'expired' } }
  }
  const person = await findByStaffNumber(db, staffLookup(who.staffNumber, needs.staffKey))
  return {
    holder: person && (await findHolder(db, person)),
    by: { kind: 'staff-number' },
  }
}

/** A note is a person's, so it is kept under her key; of nobody none is kept. */
async function askOf(
  choice: ReasonChoice,
  who: WhoClaim,
  grantId: string,
  { holder }: Asker,
  needs: TapInNeeds,
): Promise<EmergencyAsk> {
  const { reason, note, position, of } = choice
  const key =
    holder && note !== undefined ? await needs.personKeys.find(holder.personId) : undefined
  const sealed = key && note !== undefined ? sealNote(note, key, grantId) : undefined
  return {
    grantId,
    by: who.by,
    ...{ reason, position, of, tookMs: Math.round(choice.tookMs) },
    hasNote: note !== undefined,
    ...(sealed === undefined ? {} : { note: sealed.toString('base64') }),
    strangers: 0,
  }
}

async function askedFact(wish: Wish, { note }: ReasonChoice, needs: TapInNeeds) {
  const { ask, asker } = wish
  const { by, reason, tookMs, position, of, grantId } = ask
  const fields = { by, reason, tookMs, position, of }
  const fact = markFact(newFact(needs, 'BTG-001', { ...aboutWish(wish), fields }), grantId)
  const person = asker.holder?.personId
  const key = person && note !== undefined ? await needs.personKeys.find(person) : undefined
  if (!person || !key || note === undefined) return fact
  return { ...fact, sealed: sealFields({ id: fact.id, person }, { note }, key) }
}
