// The review of an emergency access is closed: once, with an outcome, by somebody who had no part
// in it. What is written about her is kept under her own key.

import type { NewReview } from '@wardkey/protocol/admin/break-glass'
import { sealFields } from '../audit/sealed-fields.ts'
import { findPerson } from '../identity/people.ts'
import { closeReview, findGrant } from '../sessions/emergency-grant.ts'
import type { Grant } from '../sessions/emergency-grant.ts'
import { sealReview } from '../sessions/grant-note.ts'
import { newFact } from './flow-needs.ts'
import { markFact } from './mark-facts.ts'
import { byPerson } from './own-record.ts'
import type { Actor, AdminRefused, PersonFlowNeeds } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { tokenAskers } from './token-grants/token-askers.ts'
import { isOneHand } from './two-people.ts'
import type { Askers } from './two-people.ts'

export async function reviewGrant(
  review: NewReview & Actor & { readonly grantId: string },
  needs: PersonFlowNeeds,
): Promise<Recorded<{ readonly kind: 'reviewed' } | AdminRefused>> {
  const { db } = needs
  const { by, outcome, reviewer } = review
  const grant = await findGrant(db, review.grantId)
  if (!grant) return refuse('grant-unknown', review, needs)
  if (grant.outcome !== null) return refuse('review-closed', review, needs)
  if (isOwn(grant, review, await tokenAskers(needs))) return refuse('review-own', review, needs)
  if (reviewer !== undefined && (await findPerson(db, reviewer))?.status !== 'active') {
    return refuse('person-unknown', review, needs)
  }
  const nowMs = needs.nowMs()
  const who = reviewer === undefined ? {} : { reviewer }
  const fact = markFact(
    newFact(needs, 'BTG-006', {
      person: grant.personId,
      session: grant.sessionId,
      workstation: grant.workstationId,
      fields: { by, outcome, isOverdue: nowMs > grant.reviewDueMs, ...who },
    }),
    grant.id,
  )
  const key = await needs.personKeys.find(grant.personId)
  const text = JSON.stringify({ note: review.note, ...who })
  const sealed = key ? sealReview(text, key, grant.id) : null
  const told = { id: fact.id, person: grant.personId }
  return {
    answer: { kind: 'reviewed' },
    facts: [key ? { ...fact, sealed: sealFields(told, { note: review.note }, key) } : fact],
    writes: [closeReview(db, grant, { outcome, by, sealed, nowMs })],
    notices: [],
  }
}

/** A token that is named after a person is hers, and so is one that she took out. */
function isOwn(
  { personId, witnessId }: Grant,
  { by, reviewer }: NewReview & Actor,
  askers: Askers,
): boolean {
  const parts = [personId, ...(witnessId === null ? [] : [witnessId])]
  return parts.some(
    (id) => reviewer === id || by.endsWith(` ${id}`) || isOneHand(byPerson(id), by, askers),
  )
}

function refuse(
  code: AdminRefused['code'],
  { by, grantId }: Actor & { readonly grantId: string },
  needs: PersonFlowNeeds,
): Recorded<AdminRefused> {
  const fields = { by, action: 'break-glass.review', grant: grantId }
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ADM-001', { rule: code, fields })],
    writes: [],
    notices: [],
  }
}
