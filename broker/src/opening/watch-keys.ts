// Looks at the key folder while the broker runs: what the host changed there is told to the record,
// as is an authority near its end, and keys are changed where that was ordered.

import { keepAuthority } from '../flows/keys/change-authority.ts'
import { changeRecordKey } from '../flows/keys/change-record-key.ts'
import { noteAuthorityEnd } from '../flows/keys/note-authority-end.ts'
import { NextAuthorityDesk } from '../flows/keys/next-authority-desk.ts'
import { noteMasterKey } from '../flows/keys/note-master-key.ts'
import { signerOf, signersOf } from '../broker-core.ts'
import type { Base, Core, Ground } from '../broker-core.ts'
import { findLaterAuthority, makeLaterAuthority } from '../platform/authority/authority.ts'
import { every } from '../platform/every.ts'
import { findAuthorityOrder } from '../platform/keys/authority-keys.ts'
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

export function nextDeskOf({ keys, authority, settings, clock }: Ground): NextAuthorityDesk {
  const issuing = { certificateHours: settings['workstations.certificateHours'] }
  const find = (generation: string) => findLaterAuthority(keys, generation, issuing, clock.nowMs)
  return new NextAuthorityDesk({ authority, find })
}

/** Looked at once before anybody is let in: who was renewed by the next one comes with that. */
export async function watchAuthority(base: Base, core: Core): Promise<void> {
  const { keys, authority, next, shutdown, log } = base
  const { caSha256 } = authority
  const makeNext = (generation: string) => makeLaterAuthority(keys, generation, core.nowMs())
  let said = ''
  const look = async (): Promise<void> => {
    const standing = await keepAuthority(findAuthorityOrder(keys.folder), {
      ...{ ...core, caSha256, makeNext },
    })
    const taken = await next.take(standing)
    if (taken === 'missing' && said !== 'missing') log.error('authority.next-not-here', {})
    if (taken === 'changed') log.info('authority.next-changed', { kind: standing?.state ?? 'none' })
    said = taken
  }
  await look()
  shutdown.add('chores', every(orderLookMs, 'keys.look-failed', look, log))
}
