// Looks at the key folder while the broker runs: what the host changed there is told to the record,
// as is an authority near its end, and the record's key is changed where that was ordered.

import { changeRecordKey } from '../flows/keys/change-record-key.ts'
import { noteAuthorityEnd } from '../flows/keys/note-authority-end.ts'
import { noteMasterKey } from '../flows/keys/note-master-key.ts'
import { signerOf, signersOf } from '../broker-core.ts'
import type { Base, Core } from '../broker-core.ts'
import { every } from '../platform/every.ts'
import { findRecordOrder } from '../platform/keys/record-keys.ts'
import { sealingOf } from '../platform/keys/root-key.ts'

const lookMs = 60_000
/** Whoever ordered a change waits for it. */
const orderLookMs = 2_000

export async function watchKeys(base: Base, core: Core): Promise<void> {
  const { keys, authority, shutdown, log } = base
  const look = async (): Promise<void> => {
    await noteMasterKey(sealingOf(keys.folder), core)
    await noteAuthorityEnd(authority, core)
  }
  await look()
  shutdown.add('chores', every(lookMs, 'keys.look-failed', look, log))
}

export function watchRecordKey(base: Base, core: Core): void {
  const { keys, sealer, shutdown, log } = base
  const findSigner = signersOf(base)
  const needs = { ...core, first: signerOf(base), findSigner, findKey: keys.findRecordKey }
  const look = async (): Promise<void> => {
    const order = findRecordOrder(keys.folder)
    if (!order) return
    const outcome = await changeRecordKey(order, { ...needs, chain: sealer.chain })
    if (outcome === 'changed') log.info('record.key-changed', { reason: order.reason })
  }
  shutdown.add('chores', every(orderLookMs, 'keys.look-failed', look, log))
}
