// A workstation's connection ended. Its screen stays as it is for as long as the zone allows
// without a broker; the sweep locks the session after that, as the workstation does by itself.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Recorded } from './recorded.ts'
import { noteHeard } from './trust-from.ts'

export interface ConnectionTimes {
  /** When it said hello. One that a newer connection followed has left nobody alone. */
  readonly greetedMs: number
  /** When its last frame came. */
  readonly heardMs: number
}

export async function disconnect(
  workstation: WorkstationId,
  reason: string,
  { greetedMs, heardMs }: ConnectionTimes,
  needs: FlowNeeds,
): Promise<Recorded<undefined>> {
  const isFollowed = await hasConnectedSince(workstation, greetedMs, needs)
  const fields = isFollowed ? { reason: 'replaced', ended: reason } : { reason }
  return {
    answer: undefined,
    facts: [newFact(needs, 'WKS-005', { workstation, fields })],
    writes: [noteHeard(needs.db, workstation, heardMs)],
    notices: [],
  }
}

/**
 * Here or at another broker, beside its own hello: a half-open connection ends long after the one
 * that followed it.
 */
async function hasConnectedSince(
  workstation: WorkstationId,
  greetedMs: number,
  { db }: FlowNeeds,
): Promise<boolean> {
  const hellos = await db
    .selectFrom('fact')
    .select('idx')
    .where('workstation_id', '=', workstation)
    .where('at_ms', '>=', greetedMs)
    .where('code', '=', 'WKS-004')
    .limit(2)
    .execute()
  return hellos.length > 1
}
