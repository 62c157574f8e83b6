// Somebody else's word on it: approved, her key is destroyed and with it whatever was sealed under
// it, in the store and in the record, of which not a byte changes. A legal hold that is placed at
// the same moment wins.

import { sql } from 'kysely'
import type { PersonId } from '@wardkey/protocol/ids'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { waitForHolds } from '../retention/hold-guards.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand, wordAgainst } from '../two-people.ts'
import { whyNotYet } from './ask-to-forget.ts'
import { findForgetting, personOf, refuseForget } from './forget-rows.ts'
import type { ForgetNeeds, ForgettingRow } from './forget-rows.ts'

export interface ForgetWord extends Actor {
  readonly id: string
  readonly outcome: 'approved' | 'rejected'
}

type Answer = { readonly kind: 'decided' } | AdminRefused

export async function decideForgetting(
  { id, outcome, by }: ForgetWord,
  needs: ForgetNeeds,
): Promise<Recorded<Answer>> {
  const row = await findForgetting(id, needs)
  if (!row) return refuseForget('PER-102', 'forgetting-unknown', { by, id }, needs)
  const person = personOf(row)
  const refuse = (code: AdminRefused['code']): Recorded<AdminRefused> =>
    refuseForget('PER-102', code, { by, id, person }, needs)
  const askers = await tokenAskers(needs)
  const no = wordAgainst({ ...row, proposed_by: row.asked_by }, { outcome, by }, askers)
  if (no) return refuse(`forgetting-${no}`)
  if (outcome === 'rejected') return rejected(row, by, needs)
  if (isOneHand(byPerson(row.person_id), by, askers)) return refuse('forgetting-own')
  // It was asked for some time ago: she may be back, or on hold.
  const still = await whyNotYet(person, needs)
  if (still) return refuse(still)
  return forgotten(row, person, by, needs)
}

async function forgotten(
  row: ForgettingRow,
  person: PersonId,
  by: string,
  needs: ForgetNeeds,
): Promise<Recorded<Answer>> {
  const nowMs = needs.nowMs()
  const { id, law, reason, asked_by: askedBy } = row
  const badges = await badgesOf(person, needs)
  const [, size = '0', root = ''] = needs.head()?.note.split('\n') ?? []
  const fields = {
    by,
    askedBy,
    id,
    law,
    reason,
    badges,
    sizeBefore: Number(size),
    rootBefore: root,
  }
  return {
    answer: { kind: 'decided' },
    facts: [newFact(needs, 'PER-004', { person, fields })],
    writes: [
      ...nothingMeanwhile(person, needs),
      decided(row, { outcome: 'approved', by }, needs),
      needs.personKeys.destroy(person, nowMs),
      ...lookupsOf(person, needs),
    ],
    notices: [],
  }
}

/**
 * First of the unit: a hold, or her being back, that another broker has written and not committed
 * yet is waited for, so that what comes after this sees it.
 */
function nothingMeanwhile(person: PersonId, { db }: ForgetNeeds): readonly Write[] {
  const gone = db
    .updateTable('person')
    .set((eb) => ({ status: eb.ref('status') }))
    .where('id', '=', person)
    .where('status', '=', 'terminated')
    .compile()
  return [waitForHolds(db), { query: gone, expectRows: 1 }]
}

/** Hashes under the house's keys find her by what is printed on her badge; those go as well. */
function lookupsOf(person: PersonId, { db }: ForgetNeeds): readonly Write[] {
  const lookup = sql<string>`'forgotten ' || id`
  const badge = db
    .updateTable('badge')
    .set((eb) => ({ lookup, status: 'expired', version: eb('version', '+', 1) }))
  return [
    { query: badge.where('person_id', '=', person).compile() },
    ...(['staff_number', 'pin', 'hr_group_member', 'person_hr'] as const).map((table) => ({
      query: db.deleteFrom(table).where('person_id', '=', person).compile(),
    })),
  ]
}

async function badgesOf(person: PersonId, { db }: ForgetNeeds): Promise<number> {
  const rows = await db.selectFrom('badge').select('id').where('person_id', '=', person).execute()
  return rows.length
}

function rejected(row: ForgettingRow, by: string, needs: ForgetNeeds): Recorded<Answer> {
  const fields = { by, askedBy: row.asked_by, id: row.id }
  return {
    answer: { kind: 'decided' },
    facts: [newFact(needs, 'PER-009', { person: personOf(row), fields })],
    writes: [decided(row, { outcome: 'rejected', by }, needs)],
    notices: [],
  }
}

function decided(
  { id, person_id: person }: ForgettingRow,
  { outcome, by }: { readonly outcome: 'approved' | 'rejected'; readonly by: string },
  { db, nowMs }: ForgetNeeds,
): Write {
  const rows = db
    .updateTable('forgetting')
    .set({ outcome, decided_ms: nowMs(), decided_by: by })
    .where('id', '=', id)
    .where('outcome', 'is', null)
  const free = rows.where((eb) =>
    eb.not(
      eb.exists(
        eb
          .selectFrom('legal_hold')
          .select('legal_hold.id')
          .where('lifted_ms', 'is', null)
          .where((or) => or.or([or('person_id', 'is', null), or('person_id', '=', person)])),
      ),
    ),
  )
  return { query: (outcome === 'approved' ? free : rows).compile(), expectRows: 1 }
}
