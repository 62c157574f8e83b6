// How the house, or one zone of it, is run for a while: set by an administrator, ended by itself.
// What it forbids reaches the screens that are open by apply-rules.

import type { ZoneId } from '@wardkey/protocol/ids'
import type { Schema } from '../store/schema.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'

export interface ModeChange extends Actor {
  readonly place: ZoneId | '*'
  readonly mode: Schema['house_mode']['mode']
  readonly lastsMs: number
}

/** For the house `normal` takes a mode away; for a zone it is a word against the house's. */
export async function setMode(
  { place, mode, lastsMs, by }: ModeChange,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'set' } | AdminRefused>> {
  const { db } = needs
  const zone = place === '*' ? {} : { zone: place }
  if (place !== '*' && !(await isZone(place, needs))) {
    const about = { ...zone, rule: 'zone-unknown', fields: { by, mode } }
    const facts = [newFact(needs, 'MOD-101', about)] as const
    const answer = { kind: 'refused', code: 'zone-unknown' } as const
    return { answer, facts, writes: [], notices: [] }
  }
  const nowMs = needs.nowMs()
  const untilMs = nowMs + lastsMs
  const known = await db
    .selectFrom('house_mode')
    .select('version')
    .where('place', '=', place)
    .executeTakeFirst()
  const row = { place, mode, since_ms: nowMs, until_ms: untilMs, set_by: by }
  const query = known
    ? db
        .updateTable('house_mode')
        .set({ ...row, version: known.version + 1 })
        .where('place', '=', place)
        .where('version', '=', known.version)
        .compile()
    : db
        .insertInto('house_mode')
        .values({ ...row, version: 1 })
        .compile()
  return {
    answer: { kind: 'set' },
    facts: [newFact(needs, 'MOD-001', { ...zone, fields: { by, place, mode, untilMs } })],
    writes: [{ query, expectRows: 1 }],
    notices: [{ kind: 'rules-changed', place }],
  }
}

/** Those that stand; one that has ended is none. */
export function standingModes({ db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>) {
  return db
    .selectFrom('house_mode')
    .selectAll()
    .where('until_ms', '>', nowMs())
    .orderBy('place')
    .execute()
}

/** A mode that has ended by itself is written down, once, and its row goes. */
export async function endedModes(
  needs: FlowNeeds,
): Promise<readonly (() => Recorded<undefined>)[]> {
  const { db } = needs
  const rows = await db
    .selectFrom('house_mode')
    .selectAll()
    .where('until_ms', '<=', needs.nowMs())
    .execute()
  return rows.map((row) => () => {
    const { place, mode, version, until_ms: untilMs } = row
    const query = db
      .deleteFrom('house_mode')
      .where('place', '=', place)
      .where('version', '=', version)
      .compile()
    const zone = place === '*' ? {} : { zone: place }
    return {
      answer: undefined,
      facts: [newFact(needs, 'MOD-002', { ...zone, fields: { place, mode, untilMs } })],
      writes: [{ query }],
      notices: [],
    }
  })
}

async function isZone(id: ZoneId, { db }: FlowNeeds): Promise<boolean> {
  const row = await db.selectFrom('zone').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}
