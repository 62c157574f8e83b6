// Somebody asks that a person's identifiers are destroyed, because a law says so. Nothing happens
// until somebody else approves it.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import type { PersonId } from '@wardkey/protocol/ids'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { isOnHold, refuseForget } from './forget-rows.ts'
import type { ForgetNeeds } from './forget-rows.ts'

export interface ForgetOrder extends Actor {
  readonly personId: PersonId
  readonly law: string
  readonly reason: string
}

type Needs = FlowNeeds & Pick<ForgetNeeds, 'keepIdentifiersMs'>

export async function askToForget(
  order: ForgetOrder,
  needs: Needs,
): Promise<Recorded<{ readonly kind: 'asked'; readonly id: string } | AdminRefused>> {
  const { db, nowMs } = needs
  const { personId: person, law, reason, by } = order
  const no = (await isAsked(person, needs)) ? 'forgetting-asked' : await whyNotYet(person, needs)
  if (no) {
    const about = no === 'person-unknown' ? {} : { person }
    return refuseForget('PER-102', no, { by, ...about }, needs)
  }
  const id = needs.newId()
  const query = db
    .insertInto('forgetting')
    .values({ id, person_id: person, law, reason, asked_ms: nowMs(), asked_by: by })
    .compile()
  return {
    answer: { kind: 'asked', id },
    facts: [newFact(needs, 'PER-008', { person, fields: { by, id, law, reason } })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

async function isAsked(person: PersonId, { db }: Pick<FlowNeeds, 'db'>): Promise<boolean> {
  const row = await db
    .selectFrom('forgetting')
    .select('id')
    .where('person_id', '=', person)
    .where('outcome', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Why her identifiers have to stay for now, whoever asks. */
export async function whyNotYet(
  person: PersonId,
  needs: Needs,
): Promise<AdminRefusalCode | undefined> {
  const row = await needs.db
    .selectFrom('person')
    .innerJoin('person_key', 'person_key.person_id', 'person.id')
    .select(['person.status', 'person.access_ms', 'person.created_ms', 'person_key.destroyed_ms'])
    .where('person.id', '=', person)
    .executeTakeFirst()
  if (!row) return 'person-unknown'
  if (row.destroyed_ms !== null) return 'person-forgotten'
  if (row.status !== 'terminated') return 'person-still-here'
  if (await isOnHold(person, needs)) return 'person-on-hold'
  const leftMs = row.access_ms ?? row.created_ms
  return needs.nowMs() < leftMs + needs.keepIdentifiersMs ? 'person-kept' : undefined
}
