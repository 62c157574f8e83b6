// A workstation is given what it may decide with by itself: counted, in the record, and only then
// made and sent.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { expiryOf } from './bundle-times.ts'
import type { BundleHead } from './write-bundle.ts'
import type { ZoneView } from './zone-view.ts'

export interface IssueOrder {
  readonly workstationId: WorkstationId
  readonly view: ZoneView
  /** When the people of the view were as they are in it: never later than now. */
  readonly asOfMs: number
}

/** Of two at once the second conflicts with the first one's number and takes the next. */
export async function issueBundle(
  { workstationId, view, asOfMs }: IssueOrder,
  needs: FlowNeeds,
): Promise<Recorded<BundleHead>> {
  const { db } = needs
  const last = await db
    .selectFrom('offline_bundle')
    .select('sequence')
    .where('workstation_id', '=', workstationId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const sequence = (last?.sequence ?? 0) + 1
  const { zone, roster, content, people } = view
  const expiresMs = expiryOf(asOfMs, zone.settings.offlineMaxMs)
  const insert = db.insertInto('offline_bundle').values({
    workstation_id: workstationId,
    sequence,
    zone_id: zone.id,
    roster: roster.id,
    content,
    issued_ms: asOfMs,
    expires_ms: expiresMs,
  })
  const fields = { sequence, issuedMs: asOfMs, expiresMs, people: people.length }
  return {
    answer: { workstationId, sequence, issuedMs: asOfMs, expiresMs },
    facts: [newFact(needs, 'OFF-001', { workstation: workstationId, zone: zone.id, fields })],
    writes: [keepRoster(view, needs), { query: insert.compile(), expectRows: 1 }],
    notices: [],
  }
}

/** Mostly there already. */
function keepRoster({ roster }: ZoneView, { db, nowMs }: FlowNeeds): Write {
  const query = db
    .insertInto('offline_roster')
    .values({ id: roster.id, people: roster.people, at_ms: nowMs() })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ at_ms: nowMs() }))
    .compile()
  return { query, expectRows: 1 }
}
