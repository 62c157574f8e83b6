// Locks, and those that somebody said were wrong, added up from the record by zone and reason.
// Reads only, in small pieces, and never more facts than its limit; what comes out names nobody.

import { sql } from 'kysely'
import type { LocksCounted, LocksShown } from '@wardkey/protocol/admin/speed/locks'
import type { Store } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { firstAfter } from '../first-after.ts'

interface Asked {
  readonly fromMs: number
  readonly toMs: number
}
interface Limits {
  readonly piece: number
  readonly facts: number
}

/** Whoever taps meanwhile waits for one piece at most: a few hundred locks, in a usual house. */
const usual: Limits = { piece: 10_000, facts: 1_000_000 }

type LockStore = Pick<Store, 'read' | 'engine'>

/** Written out as the index has them, which holds all that is counted here: no fact is read. */
const isLock = sql<boolean>`code in ('SES-003', 'SES-007')`
const reason = {
  sqlite: sql<Uint8Array>`substr(substr(body, instr(body, x'22726561736f6e223a22') + 10, 64), 1,
    instr(substr(body, instr(body, x'22726561736f6e223a22') + 10, 64), x'22') - 1)`,
  postgres: sql<Uint8Array>`substring(
    substring(body from position('\\x22726561736f6e223a22'::bytea in body) + 10 for 64)
    from 1 for greatest(0, position('\\x22'::bytea in
      substring(body from position('\\x22726561736f6e223a22'::bytea in body) + 10 for 64)) - 1))`,
}
/** What stands there in a fact that has none is the end of a number. */
const isReason = /^[a-z][a-z-]*$/

/** By the zone that each workstation is in now: it is that one's waits that are tuned. */
export async function readLocks(
  { fromMs, toMs }: Asked,
  store: LockStore,
  limits = usual,
): Promise<LocksShown> {
  const { read: db } = store
  const newest = await db
    .selectFrom('fact')
    .select('idx')
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  const end = await firstAfter(db, toMs, newest === undefined ? 0 : newest.idx + 1)
  const begin = await firstAfter(db, fromMs, end, limits.facts)
  const isCut = begin > 0 && begin === end - limits.facts
  const zones = await zonesByWorkstation(db)
  const counts = new Map<string, LocksCounted>()
  for (let from = begin; from < end; from += limits.piece) {
    const rows = await locksIn(store, from, Math.min(from + limits.piece, end))
    for (const row of rows) count(counts, row, zones)
    // A database in this process answers at once: by itself no piece would let anybody in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const since = isCut ? await timeOf(begin, db) : undefined
  return {
    fromMs: Math.max(fromMs, since ?? fromMs),
    toMs,
    counts: [...counts.values()].sort(inOrder),
  }
}

/**
 * Added up in the store, by workstation and reason. Grouped by an expression SQLite would read the
 * facts themselves, although the index has it: it is taken from there first.
 */
export function locksIn({ read, engine }: LockStore, from: number, to: number) {
  return read
    .with(
      (cte) => cte('lock').materialized(),
      (db) =>
        db
          .selectFrom('fact')
          .select(['code', 'workstation_id', reason[engine].as('reason')])
          .where('idx', '>=', from)
          .where('idx', '<', to)
          .where(isLock),
    )
    .selectFrom('lock')
    .select(['code', 'workstation_id', 'reason'])
    .select((eb) => eb.fn.countAll().as('count'))
    .groupBy(['code', 'workstation_id', 'reason'])
    .execute()
}

interface Row {
  readonly code: string
  readonly workstation_id: string | null
  readonly reason: Uint8Array
  readonly count: number | string | bigint
}

function count(
  counts: Map<string, LocksCounted>,
  { code, workstation_id: workstation, reason: bytes, count: many }: Row,
  zones: ReadonlyMap<string, string>,
): void {
  const zoneId = zones.get(workstation ?? '')
  if (zoneId === undefined) return
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const why = isReason.test(text) ? text : 'none'
  const key = `${zoneId}\n${why}`
  const sum = counts.get(key) ?? { zoneId, reason: why, locks: 0, saidWrong: 0 }
  if (code === 'SES-003') sum.locks += Number(many)
  else sum.saidWrong += Number(many)
  counts.set(key, sum)
}

async function zonesByWorkstation(db: FlowNeeds['db']): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('workstation').select(['id', 'zone_id']).execute()
  return new Map(rows.map(({ id, zone_id: zoneId }) => [id, zoneId]))
}

async function timeOf(index: number, db: FlowNeeds['db']): Promise<number | undefined> {
  const row = await db
    .selectFrom('fact')
    .select('at_ms')
    .where('idx', '>=', index)
    .orderBy('idx')
    .limit(1)
    .executeTakeFirst()
  return row?.at_ms
}

const inOrder = (a: LocksCounted, b: LocksCounted): number =>
  a.zoneId.localeCompare(b.zoneId) || b.saidWrong - a.saidWrong || b.locks - a.locks
