// The pool of loaner cards as rows: cards that are nobody's until they are given for a shift.

import type { Kysely } from 'kysely'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import type { BadgeTechnology } from '../badge-technology.ts'
import type { Badge } from '../badges.ts'

type Db = Kysely<Schema>

export interface LoanerCard {
  readonly id: string
  readonly label: string
  readonly technology: BadgeTechnology
  readonly version: number
}

export interface ShownLoaner {
  readonly id: string
  readonly label: string
  readonly technology: string
  readonly addedMs: number
  /** Whose it is now, and until when; nothing while it lies in its box. */
  readonly given?: { readonly personId: string; readonly endsMs: number }
}

/** A card of the pool, given or not; nothing for any other, and for one that was retired. */
export async function findLoanerCard(db: Db, lookup: string): Promise<LoanerCard | undefined> {
  const row = await db
    .selectFrom('loaner_card')
    .selectAll()
    .where('lookup', '=', lookup)
    .where('retired_ms', 'is', null)
    .executeTakeFirst()
  if (!row) return undefined
  const { id, label, technology: name, assurance, version } = row
  return { id, label, technology: { name, assurance }, version }
}

export async function listLoanerCards(db: Db): Promise<readonly ShownLoaner[]> {
  const rows = await db
    .selectFrom('loaner_card')
    .leftJoin('badge', (join) =>
      join
        .onRef('badge.loaner_card_id', '=', 'loaner_card.id')
        .on('badge.status', 'in', ['active', 'suspended', 'lost']),
    )
    .where('loaner_card.retired_ms', 'is', null)
    .select(['loaner_card.id', 'loaner_card.label', 'loaner_card.technology'])
    .select(['loaner_card.added_ms', 'badge.person_id', 'badge.ends_ms'])
    .orderBy('loaner_card.label')
    .limit(5000)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    technology: row.technology,
    addedMs: row.added_ms,
    ...(row.person_id === null || row.ends_ms === null
      ? {}
      : { given: { personId: row.person_id, endsMs: row.ends_ms } }),
  }))
}

/** In the pool once, by the index. */
export function insertLoanerCard(
  db: Db,
  card: {
    readonly id: string
    readonly label: string
    readonly lookup: string
    readonly technology: BadgeTechnology
    readonly nowMs: number
  },
): Write {
  const query = db
    .insertInto('loaner_card')
    .values({
      id: card.id,
      label: card.label,
      lookup: card.lookup,
      technology: card.technology.name,
      assurance: card.technology.assurance,
      added_ms: card.nowMs,
      retired_ms: null,
      version: 1,
    })
    .compile()
  return { query, expectRows: 1 }
}

export function retireLoanerCard(db: Db, id: string, nowMs: number): Write {
  const query = db
    .updateTable('loaner_card')
    .set((eb) => ({ retired_ms: nowMs, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('retired_ms', 'is', null)
    .compile()
  return { query, expectRows: 1 }
}

/** A loaner lasts longer than it was given for. */
export function putOffEnd(db: Db, was: Pick<Badge, 'id' | 'version'>, endsMs: number): Write {
  const query = db
    .updateTable('badge')
    .set({ ends_ms: endsMs, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .where('loaner_card_id', 'is not', null)
    .where('status', 'in', ['active', 'suspended', 'lost'])
    .compile()
  return { query, expectRows: 1 }
}
