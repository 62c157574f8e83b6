// Forgettings and legal holds as rows: what is read of them, and how a no about one is said.

import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { PersonKeys } from '../../audit/person-keys.ts'
import type { Schema } from '../../store/schema.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

export type ForgettingRow = Schema['forgetting']
export type HoldRow = Schema['legal_hold']

export interface ForgetNeeds extends FlowNeeds {
  readonly personKeys: Pick<PersonKeys, 'destroy'>
  /** So long after she left, her identifiers are kept whatever anybody asks for. */
  readonly keepIdentifiersMs: number
  /** The record before it, for the certificate. */
  readonly head: () => { readonly size: number; readonly note: string } | undefined
}

const listMax = 500

export async function findForgetting(
  id: string,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<ForgettingRow | undefined> {
  return db.selectFrom('forgetting').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The newest first. */
export async function listForgettings({
  db,
}: Pick<FlowNeeds, 'db'>): Promise<readonly ForgettingRow[]> {
  const rows = db.selectFrom('forgetting').selectAll().orderBy('asked_ms', 'desc').orderBy('id')
  return rows.limit(listMax).execute()
}

export async function findHold(
  id: string,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<HoldRow | undefined> {
  return db.selectFrom('legal_hold').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The newest first. */
export async function listHolds({ db }: Pick<FlowNeeds, 'db'>): Promise<readonly HoldRow[]> {
  const rows = db.selectFrom('legal_hold').selectAll().orderBy('placed_ms', 'desc').orderBy('id')
  return rows.limit(listMax).execute()
}

export async function isOnHold(person: PersonId, { db }: Pick<FlowNeeds, 'db'>): Promise<boolean> {
  const row = await db
    .selectFrom('legal_hold')
    .select('id')
    .where('lifted_ms', 'is', null)
    .where((eb) => eb.or([eb('person_id', 'is', null), eb('person_id', '=', person)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Who it is about, of a row that the schema holds to be a person's. */
export const personOf = (row: { readonly person_id: string }): PersonId =>
  personId.parse(row.person_id)

export function refuseForget(
  fact: 'PER-102' | 'HLD-101',
  code: AdminRefusalCode,
  about: { readonly by: string; readonly id?: string; readonly person?: PersonId },
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  const { by, id, person } = about
  const fields = { by, ...(id === undefined ? {} : { id }) }
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, fact, { ...(person && { person }), rule: code, fields })],
    writes: [],
    notices: [],
  }
}
