// Looks at the key folder while the broker runs: what the host changed there is told to the record,
// as is an authority near its end, and keys are changed where that was ordered.

import { AuthorityDesk } from '../flows/keys/authority-desk.ts'
import { brokersLacking, LackTeller } from '../flows/keys/authority-lacks.ts'
import type { NamedAuthority } from '../flows/keys/authority-standing.ts'
import { keepAuthority } from '../flows/keys/change-authority.ts'
import { changeRecordKey } from '../flows/keys/change-record-key.ts'
import { noteAuthorityEnd } from '../flows/keys/note-authority-end.ts'
import { noteMasterKey } from '../flows/keys/note-master-key.ts'
import { signerOf, signersOf } from '../broker-core.ts'
import type { Base, Core, Ground } from '../broker-core.ts'
import {
  findLaterAuthority,
  laterFilesMissing,
  makeLaterAuthority,
} from '../platform/authority/authority.ts'
import { every } from '../platform/every.ts'
import type { Fault } from '../platform/fault.ts'
import { findAuthorityOrder } from '../platform/keys/authority-keys.ts'
import { keyFault } from '../platform/keys/key-folder.ts'
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

export function authorityDeskOf({ keys, authority, settings, clock }: Ground): AuthorityDesk {
  const issuing = {
    names: settings['workstations.names'],
    certificateHours: settings['workstations.certificateHours'],
  }
  const find = (generation: string) => findLaterAuthority(keys, generation, issuing, clock.nowMs)
  return new AuthorityDesk({ first: authority, find })
}

/**
 * Looked at once before anybody is let in: who was renewed by the next one comes with that. Throws
 * Fault `key-missing` where the key folder lacks the present one; later on that is fatal, since
 * whoever goes on would go on with an authority that was ended.
 */
export async function watchAuthority(
  base: Base,
  core: Core,
  onFatal: (cause: Error) => void,
): Promise<void> {
  const { shutdown, log } = base
  const look = authorityLook(base, core)
  const lacking = await look()
  if (lacking) throw lacking
  const again = async (): Promise<void> => {
    const fault = await look()
    if (fault) onFatal(fault)
  }
  shutdown.add('chores', every(orderLookMs, 'keys.look-failed', again, log))
}

/** Gives a fault where the present one is not here. */
function authorityLook(base: Base, core: Core): () => Promise<Fault | undefined> {
  const { keys, authorities, settings, log } = base
  // The one that the folder began with: nothing was taken yet.
  const { caSha256 } = authorities.present
  const makeNext = (generation: string) => makeLaterAuthority(keys, generation, core.nowMs())
  const missing = (named: NamedAuthority) => laterFilesMissing(keys, named)
  const teller = new LackTeller(core.newId(), core)
  const at = settings['workstations.names'].join(' ')
  let said = ''
  return async () => {
    const order = findAuthorityOrder(keys.folder)
    const standing = await keepAuthority(order, { ...core, caSha256, makeNext, missing })
    const next = standing?.next
    const files = next ? missing(next) : []
    const isLacking = next && files.length > 0
    await teller.tell(isLacking ? { sha256: next.sha256, at, missing: [...files] } : undefined)
    const lacking = next ? await brokersLacking(next.sha256, core) : []
    const taken = await authorities.take(standing, lacking.length > 0)
    if (taken === 'present-missing') {
      const lost = standing?.present ? missing(standing.present).join(' ') : ''
      // Who ends at once says no more than a code.
      log.error('authority.present-not-here', { reason: lost })
      return keyFault(`${lost}: the authority before it was ended; copy it from another broker`)
    }
    if (taken === 'changed') log.info('authority.changed', { kind: next?.state ?? 'none' })
    const now = lacking.map((one) => `${one.at}: ${one.missing.join(' ')}`).join('; ')
    // Each broker says which one stops it, once.
    if (now !== '' && now !== said) log.error('authority.next-not-here', { reason: now })
    said = now
    return undefined
  }
}
