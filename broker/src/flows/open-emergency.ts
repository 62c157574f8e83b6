// Emergency access is given: a session of its own with an end, the grant that says why, what
// compliance is to be told, and the facts. One unit holds all of it: where any of it cannot be
// written, nothing opens.

import type { PersonId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Fact } from '../audit/fact.ts'
import type { CardHolder } from '../identity/find-card-holder.ts'
import { guardPerson } from '../identity/guard-person.ts'
import type { BreakGlassDecision } from '../policy/decide-break-glass.ts'
import { insertGrant } from '../sessions/emergency-grant.ts'
import { admit } from './admit.ts'
import { refusalIn } from './bundles/decided-beforehand.ts'
import { insertComplianceNotices } from './compliance-notice-row.ts'
import { aboutWish } from './emergency-wish.ts'
import type { Wish } from './emergency-wish.ts'
import { newFact } from './flow-needs.ts'
import { modeAt } from './mode-of.ts'
import type { Recorded } from './recorded.ts'
import { decideFor } from './tap-question.ts'
import type { Decided, TapInNeeds, TapSubject } from './tap-question.ts'
import { admittedAnswer, keepTap, tapMemoryMs } from './tap-row.ts'

type Allowed = Extract<BreakGlassDecision, { kind: 'allow' }>

/** Call it only with policy's yes. Conflicts where the person or the witness has changed since. */
export async function openEmergency(
  wish: Wish,
  decision: Allowed,
  witness: CardHolder | undefined,
  needs: TapInNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { db } = needs
  const { workstation, ask, tapId, asker } = wish
  const { holder } = asker
  // Policy allows nobody in whom nobody knows; were it to, nothing may open.
  if (!holder) throw new Error('an emergency of nobody')
  const nowMs = needs.nowMs()
  const { lastsMs, reasons } = workstation.zone.settings.emergency
  const untilMs = nowMs + lastsMs
  const ordinary = await ordinaryOf(wish, nowMs, needs)
  const reasonLabel = reasons.find(({ code }) => code === ask.reason)?.label ?? ask.reason
  const { rule, acr, amr, identity } = decision
  const admission = await admit(
    {
      ...{ tapId, workstation, holder, nowMs },
      ...(ordinary ? { verdict: ordinary.verdict } : {}),
      decision: { kind: 'allow', rule, acr, amr, pinAtMs: ask.pinAtMs ?? 0 },
      emergency: { grantId: ask.grantId, reasonLabel, untilMs },
    },
    needs,
  )
  const { sessionId } = admission.frame
  const grant = {
    id: ask.grantId,
    personId: holder.personId,
    sessionId,
    workstationId: workstation.id,
    zoneId: workstation.zone.id,
    reason: ask.reason,
    reasonLabel,
    noteSealed: ask.note === undefined ? null : Buffer.from(ask.note, 'base64'),
    identity,
    witnessId: witness?.personId ?? null,
    otherwise: ordinary ? answerOf(ordinary) : await withABadge(wish, nowMs, needs),
    ...{ tookMs: ask.tookMs, position: ask.position, of: ask.of },
    ...{ fromMs: nowMs, untilMs, reviewDueMs: nowMs + needs.emergency.reviewMs },
  } as const
  const outcome = {
    answer: admittedAnswer(admission.frame.movedFrom),
    personId: holder.personId,
    sessionId,
    expiresMs: nowMs + tapMemoryMs,
  }
  const tap = { tapId, workstationId: workstation.id }
  return {
    answer: admission.frame,
    facts: [
      given(wish, grant, { session: sessionId, rule }, needs),
      ...(witness ? [spoke(wish, witness, sessionId, needs)] : []),
      ...admission.facts,
    ],
    writes: [
      keepTap(db, tap, wish.known, outcome, nowMs),
      // A witness who is revoked at this moment has not spoken.
      ...(witness ? [guardPerson(db, witness.personId, witness.personVersion)] : []),
      ...admission.writes,
      insertGrant(db, grant),
      ...insertComplianceNotices(grant.id, nowMs, needs),
    ],
    notices: [...admission.notices, { kind: 'emergency-given', grantId: grant.id }],
    ...(admission.opens ? { opens: admission.opens } : {}),
  }
}

/** What an ordinary tap would have been answered: often repeated, it is a right that is missing. */
function answerOf({ decision }: Decided): string {
  return decision.kind === 'refuse' ? decision.code : 'allowed'
}

/** Of her who came by her number: that a badge is all she lacked is said only where it is. */
async function withABadge(
  { asker: { holder }, workstation }: Wish,
  nowMs: number,
  { house }: TapInNeeds,
): Promise<string> {
  if (!holder) return 'no-badge'
  const { personId: id, personStatus: status, roles, access } = holder
  const rules = await house(workstation.policies)
  const mode = modeAt(workstation.modes, nowMs)
  const person = { id, status, roles, access }
  return refusalIn(workstation.zone, person, nowMs, rules, mode) ?? 'no-badge'
}

async function ordinaryOf(
  { asker, workstation, ask }: Wish,
  nowMs: number,
  { house }: TapInNeeds,
): Promise<Decided | undefined> {
  if (asker.by.kind === 'staff-number' || !isWithBadge(asker.holder)) return undefined
  const about: TapSubject = { holder: asker.holder, workstation }
  return decideFor(about, ask.pinAtMs !== undefined, nowMs, await house(workstation.policies))
}

function isWithBadge(holder: Wish['asker']['holder']): holder is CardHolder {
  return holder !== undefined && 'badgeStatus' in holder
}

function given(
  wish: Wish,
  grant: Parameters<typeof insertGrant>[1],
  about: { readonly session: string; readonly rule: string },
  needs: TapInNeeds,
): Fact {
  const { reason, identity, untilMs, reviewDueMs } = grant
  const fields = { reason, identity, untilMs, reviewDueMs, otherwise: grant.otherwise }
  const choice = { tookMs: grant.tookMs, position: grant.position, of: grant.of }
  return newFact(needs, 'BTG-002', {
    ...aboutWish(wish),
    ...about,
    fields: { ...fields, ...choice },
  })
}

function spoke(wish: Wish, witness: CardHolder, session: string, needs: TapInNeeds): Fact {
  const speaker: { witness: PersonId; witnessBadge: string } = {
    witness: witness.personId,
    witnessBadge: witness.badgeId,
  }
  return newFact(needs, 'BTG-004', { ...aboutWish(wish), session, fields: speaker })
}
