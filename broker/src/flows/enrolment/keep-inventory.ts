// What a workstation says it is made of, kept as the newest of its kind. It says nothing about
// anybody's access, so it is no fact.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { InventoryBody } from '@wardkey/protocol/workstation/fleet/inventory'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Store } from '../../store/store.ts'

export interface KeepNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  readonly store: Pick<Store, 'commit'>
}

export async function keepInventory(
  id: WorkstationId,
  inventory: InventoryBody,
  { db, store, nowMs }: KeepNeeds,
): Promise<void> {
  const row = { body: JSON.stringify(inventory), at_ms: nowMs() }
  const query = db
    .insertInto('workstation_inventory')
    .values({ workstation_id: id, ...row })
    .onConflict((conflict) => conflict.column('workstation_id').doUpdateSet(row))
    .compile()
  await store.commit({ kind: 'housekeeping', writes: [{ query }] })
}
