// Locks, and those that somebody said were wrong, added up from the record by zone and reason.
// Reads only, in small pieces, and never more facts than its limit; what comes out names nobody.

import { z } from 'zod'
import type { LocksCounted, LocksShown } from '@wardkey/protocol/admin/speed/locks'
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

/** Whoever taps meanwhile waits for one piece at most. */
const usual: Limits = { piece: 1000, facts: 1_000_000 }
const body = z.object({ fields: z.object({ reason: z.string() }) })

/** By the zone that each workstation is in now: it is that one's waits that are tuned. */
export async function readLocks(
  { fromMs, toMs }: Asked,
  { db }: Pick<FlowNeeds, 'db'>,
  limits = usual,
): Promise<LocksShown> {
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
    const rows = await db
      .selectFrom('fact')
      .select(['code', 'workstation_id', 'body'])
      .where('idx', '>=', from)
      .where('idx', '<', Math.min(from + limits.piece, end))
      .where('code', 'in', ['SES-003', 'SES-007'])
      .execute()
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

interface Row {
  readonly code: string
  readonly workstation_id: string | null
  readonly body: Uint8Array
}

function count(
  counts: Map<string, LocksCounted>,
  { code, workstation_id: workstation, body: bytes }: Row,
  zones: ReadonlyMap<string, string>,
): void {
  const zoneId = zones.get(workstation ?? '')
  if (zoneId === undefined) return
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const reason = body.safeParse(JSON.parse(text)).data?.fields.reason ?? 'none'
  const key = `${zoneId}\n${reason}`
  const sum = counts.get(key) ?? { zoneId, reason, locks: 0, saidWrong: 0 }
  if (code === 'SES-003') sum.locks += 1
  else sum.saidWrong += 1
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
