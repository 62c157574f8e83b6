// What retention took so far, the newest first, and the list of one purge: numbers, codes and
// times. Reads only.

import type { PurgeListed, PurgeShown } from '@wardkey/protocol/admin/forget/purges'
import { parsePurgeList } from '../../audit/retention/purge-statement.ts'
import type { Schema } from '../../store/schema.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'

interface Page {
  readonly limit: number
  readonly before?: number | undefined
}

const columns = [
  ...(['number', 'class', 'rule', 'before_ms', 'first_idx', 'last_idx', 'count'] as const),
  'at_ms',
] as const

export async function listPurges(
  { limit, before }: Page,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<{ readonly purges: PurgeShown[]; readonly next?: number }> {
  const all = db.selectFrom('retention_purge').select(columns)
  const rows = await (before === undefined ? all : all.where('number', '<', before))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
  const purges = rows.slice(0, limit).map(shownOf)
  const last = purges.at(-1)
  return { purges, ...(rows.length > limit && last ? { next: last.purge } : {}) }
}

type Listed = { readonly kind: 'listed' } & PurgeListed

/** Throws where the stored list is none: nothing but a purge writes one. */
export async function showPurge(
  number: number,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<Listed | AdminRefused> {
  const row = await db
    .selectFrom('retention_purge')
    .select([...columns, 'list'])
    .where('number', '=', number)
    .executeTakeFirst()
  if (!row) return { kind: 'refused', code: 'purge-unknown' }
  const gone = parsePurgeList(row.list)
  if (!gone) throw new Error('a list of a purge that is none')
  return { kind: 'listed', ...shownOf(row), gone: [...gone] }
}

type Row = Pick<Schema['retention_purge'], (typeof columns)[number]>

const shownOf = (row: Row): PurgeShown => ({
  ...{ purge: row.number, class: row.class, rule: row.rule, beforeMs: row.before_ms },
  ...{ first: row.first_idx, last: row.last_idx, count: row.count, atMs: row.at_ms },
})
