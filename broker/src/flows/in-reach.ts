// Whether a word to a workstation reaches it now: it is connected here, or another broker has said
// lately that it has it.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { findWorkstation } from './find-workstation.ts'
import type { FlowNeeds } from './flow-needs.ts'

export interface ReachNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  /** Nothing where it is not connected to this broker. */
  readonly connectionOf: (id: WorkstationId) => object | undefined
  /** Addresses of the other brokers that hold this record. */
  readonly brokers: readonly string[]
}

/** Brokers that have others beside them say every five seconds which workstations they have. */
const saidLatelyMs = 15_000

/** Where there is no other broker, whoever is not connected here is connected nowhere. */
export function isElsewhere(
  reachedMs: number | null,
  nowMs: number,
  { brokers }: Pick<ReachNeeds, 'brokers'>,
): boolean {
  return brokers.length > 0 && reachedMs !== null && nowMs - reachedMs < saidLatelyMs
}

export async function isInReach(id: WorkstationId, needs: ReachNeeds): Promise<boolean> {
  if (needs.connectionOf(id) !== undefined) return true
  const reachedMs = (await findWorkstation(needs.db, id))?.reachedMs ?? null
  return isElsewhere(reachedMs, needs.nowMs(), needs)
}
