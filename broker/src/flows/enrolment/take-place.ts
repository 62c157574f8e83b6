// A computer that may enrol gets a place: a new one, or its old one after it was set up anew. An
// old place is given only to the machine that had it, or where nobody is there any more.

import { sql } from 'kysely'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import type { Fact } from '../../audit/fact.ts'
import type { Issued } from '../../platform/authority/certificates.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import { whilePresent } from '../keys/authority-row.ts'
import type { SigningNeeds } from '../keys/authority-row.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Notice } from '../recorded.ts'
import { screensFirst } from '../session-notices.ts'
import { endAllAt } from './end-all-at.ts'
import { sameMachine, storedHardware } from './same-machine.ts'

export interface CertifyNeeds extends FlowNeeds, SigningNeeds {
  /** A certificate of our present authority for that key, good for that workstation alone. */
  readonly issue: (publicKey: ArrayBuffer, workstationId: string) => Promise<Issued>
}

export interface PlaceNeeds extends CertifyNeeds {
  /** Whether a workstation is connected to this broker now. */
  readonly isConnected: (id: WorkstationId) => boolean
}

export interface Arrival {
  readonly place: string
  readonly zoneId: string
  readonly assetTag?: string | undefined
  readonly hardware?: HardwareClaim | undefined
  /** From a request whose signature was checked. */
  readonly publicKey: ArrayBuffer
  /** Whence it came, for the record. */
  readonly address: string
  /** The workstation whose identity somebody has ordered anew. */
  readonly reissueOf?: string | undefined
  /** When somebody said yes to it, having seen whose place it would take; absent with a token. */
  readonly approvedMs?: number | undefined
}

export type Placed =
  | {
      readonly kind: 'placed'
      readonly workstationId: WorkstationId
      readonly issued: Issued
      readonly facts: readonly [Fact, ...Fact[]]
      readonly writes: readonly Write[]
      readonly notices: readonly Notice[]
    }
  | { readonly kind: 'refused'; readonly code: 'asset-tag-in-use' | 'asset-tag-elsewhere' }

interface Old {
  readonly id: string
  readonly place: string
  readonly zone_id: string
  readonly status: 'active' | 'revoked'
  readonly cert_sha256: string
  readonly reached_ms: number | null
  readonly hardware: string | null
  readonly asset_tag: string | null
  readonly enrolled_ms: number
  readonly version: number
}

/** Brokers say every half minute at the least of what they hold that it is reached. */
const reachedLatelyMs = 60_000

export async function takePlace(arrival: Arrival, needs: PlaceNeeds): Promise<Placed> {
  const { reissueOf, assetTag } = arrival
  if (reissueOf !== undefined) {
    const [row] = await oldPlaces(needs).where('id', '=', reissueOf).execute()
    return row ? oldPlace(row, arrival, needs) : newPlace(arrival, needs)
  }
  if (assetTag === undefined || assetTag === '') return newPlace(arrival, needs)
  const [old, another] = await oldPlaces(needs)
    .where('asset_tag', '=', assetTag)
    .where('status', '=', sql.lit('active'))
    .execute()
  if (!old) return newPlace(arrival, needs)
  if (another) return { kind: 'refused', code: 'asset-tag-in-use' }
  if (old.zone_id !== arrival.zoneId) return { kind: 'refused', code: 'asset-tag-elsewhere' }
  // The yes was for a place of its own, or for another's: nobody saw that it would be this one's.
  const { approvedMs = Infinity } = arrival
  if (old.enrolled_ms > approvedMs) return { kind: 'refused', code: 'asset-tag-in-use' }
  const isSame = sameMachine(storedHardware(old.hardware), arrival.hardware) === 'same'
  // A tag that was mistyped must not throw out a ward that works at this moment.
  if (!isSame && (await isInUse(old, needs))) return { kind: 'refused', code: 'asset-tag-in-use' }
  return oldPlace(old, arrival, needs)
}

const oldPlaces = ({ db }: FlowNeeds) =>
  db
    .selectFrom('workstation')
    .select(['id', 'place', 'zone_id', 'status', 'cert_sha256', 'reached_ms'])
    .select(['hardware', 'asset_tag', 'enrolled_ms', 'version'])
    .orderBy('enrolled_ms')

async function isInUse(old: Old, needs: PlaceNeeds): Promise<boolean> {
  if (needs.isConnected(workstationId.parse(old.id))) return true
  if (old.reached_ms !== null && old.reached_ms > needs.nowMs() - reachedLatelyMs) return true
  const open = await needs.db
    .selectFrom('session')
    .select('id')
    .where('workstation_id', '=', old.id)
    .where('state', '=', sql.lit('open'))
    .executeTakeFirst()
  return open !== undefined
}

async function newPlace(arrival: Arrival, needs: PlaceNeeds): Promise<Placed> {
  const id = workstationId.parse(needs.newId())
  const held = await whilePresent(needs)
  const issued = await needs.issue(arrival.publicKey, id)
  const values = { id, ...columnsOf(arrival, issued, needs.nowMs()), version: 1 }
  const insert = needs.db.insertInto('workstation').values(values).compile()
  const about = { workstation: id, zone: arrival.zoneId, fields: fieldsOf(arrival, issued) }
  return {
    ...{ kind: 'placed', workstationId: id, issued },
    facts: [newFact(needs, 'WKS-001', about)],
    writes: [{ query: insert, expectRows: 1 }, ...held],
    notices: [],
  }
}

/** What the old identity was good for is over, and what it had open, before the new one is told. */
async function oldPlace(old: Old, arrival: Arrival, needs: PlaceNeeds): Promise<Placed> {
  const id = workstationId.parse(old.id)
  const held = await whilePresent(needs)
  const issued = await needs.issue(arrival.publicKey, id)
  const ended = await endAllAt(id, needs)
  const assetTag = arrival.assetTag ?? old.asset_tag ?? undefined
  const update = needs.db
    .updateTable('workstation')
    .set({
      ...columnsOf({ ...arrival, assetTag }, issued, needs.nowMs()),
      version: old.version + 1,
    })
    .where('id', '=', id)
    .where('version', '=', old.version)
    .compile()
  const was = { was: old.cert_sha256, wasStatus: old.status, wasPlace: old.place }
  const fields = { ...fieldsOf(arrival, issued), ...was, sessions: ended.sessions }
  return {
    ...{ kind: 'placed', workstationId: id, issued },
    facts: [
      newFact(needs, 'WKS-011', { workstation: id, zone: arrival.zoneId, fields }),
      ...ended.facts,
    ],
    writes: [
      { query: update, expectRows: 1 },
      endAsks(id, needs),
      forgetInventory(id, needs),
      ...held,
      ...ended.writes,
    ],
    notices: screensFirst([
      ...ended.notices,
      { kind: 'workstation-changed', workstationId: id, isRevoked: true },
    ]),
  }
}

/** Whoever asked for this place and never came is not given what another one has now. */
function endAsks(id: WorkstationId, { db, nowMs }: FlowNeeds): Write {
  const query = db
    .updateTable('enrol_ask')
    .set({ ends_ms: nowMs() })
    .where('workstation_id', '=', id)
    .compile()
  return { query }
}

/**
 * What the machine before said of itself, and which authorities it believes, is not this one's: it
 * would be renewed by one that it was never told of.
 */
export function forgetInventory(id: WorkstationId, { db }: FlowNeeds): Write {
  return {
    query: db.deleteFrom('workstation_inventory').where('workstation_id', '=', id).compile(),
  }
}

function columnsOf({ place, zoneId, assetTag, hardware }: Arrival, issued: Issued, nowMs: number) {
  return {
    place,
    zone_id: zoneId,
    cert_sha256: issued.sha256,
    cert_previous_sha256: null,
    cert_not_after_ms: issued.notAfterMs,
    status: 'active' as const,
    asset_tag: assetTag === undefined || assetTag === '' ? null : assetTag,
    boot_id: null,
    trusted_since_ms: nowMs,
    failures: 0,
    locked_until_ms: 0,
    enrolled_ms: nowMs,
    // Nobody has come with this identity yet, whoever had the place before.
    reached_ms: null,
    hardware: hardware ? JSON.stringify(hardware) : null,
  }
}

function fieldsOf({ place, address, assetTag }: Arrival, { sha256 }: Issued) {
  const tag = assetTag === undefined ? {} : { assetTag }
  return { place, certificate: sha256, address, ...tag }
}
