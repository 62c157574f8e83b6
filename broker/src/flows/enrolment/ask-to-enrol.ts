// A computer without a token asks to be a workstation, and asks again until somebody of IT has said
// yes or no. It is known by its key alone; how many may wait, and for how long, has an end.

import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { workstationId } from '@wardkey/protocol/ids'
import type { AskRequest, AskWaits } from '@wardkey/protocol/workstation/fleet/asking'
import type { Selectable } from 'kysely'
import type { EnrolAskTable } from '../../store/tables/fleet-tables.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { whilePresent } from '../keys/authority-row.ts'
import type { Recorded } from '../recorded.ts'
import type { Certified } from './enrol-workstation.ts'
import { storedHardware } from './same-machine.ts'
import { takePlace } from './take-place.ts'
import type { PlaceNeeds } from './take-place.ts'

export interface AskNeeds extends PlaceNeeds {
  readonly random: (bytes: number) => Buffer
}

export interface Ask extends Omit<AskRequest, 'csrPem'> {
  /** From a request whose signature was checked. */
  readonly publicKey: ArrayBuffer
  readonly address: string
}

export type Asked =
  Certified | { readonly kind: 'waits'; readonly waits: AskWaits } | { readonly kind: 'full' }

type AskRow = Selectable<EnrolAskTable>

const askLifeMs = 4 * 3_600_000
/** A store room with a switch, and a whole house that is set up in one night. */
export const waitingMax = { ofAddress: 24, ofAll: 500 }
/** Somebody stands before it: half of this is how long a yes takes to be seen. */
const againMs = 5000
const saltBytes = 16

/**
 * What is already known, without a word in the record: whoever waits asks every few seconds.
 * Nothing where something has to be done about it.
 */
export async function findWaiting(
  { publicKey }: Pick<Ask, 'publicKey'>,
  needs: FlowNeeds,
): Promise<AskWaits | undefined> {
  const row = await rowOf(keyHash(publicKey), needs)
  return row?.state === 'waiting' && row.ends_ms > needs.nowMs() ? waitsOf(row) : undefined
}

export async function askToEnrol(ask: Ask, needs: AskNeeds): Promise<Recorded<Asked>> {
  const row = await rowOf(keyHash(ask.publicKey), needs)
  if (!row) return newAsk(ask, needs)
  const isOver = row.ends_ms <= needs.nowMs()
  if (isOver || row.state === 'refused') return refuse(row, isOver ? 'ask-over' : 'ask-refused')
  if (row.state === 'waiting') return waits(row)
  return row.state === 'approved' ? taken(row, ask, needs) : takenAgain(row, ask, needs)

  function waits(of: AskRow): Recorded<Asked> {
    const fields = { address: ask.address, ask: of.id, again: true }
    return {
      answer: { kind: 'waits', waits: waitsOf(of) },
      facts: [newFact(needs, 'WKS-008', { fields })],
      writes: [],
      notices: [],
    }
  }
  function refuse(of: AskRow, reason: string): Recorded<Asked> {
    const fields = { reason, address: ask.address, ask: of.id }
    return {
      answer: { kind: 'refused', code: 'enrolment-refused' },
      facts: [newFact(needs, 'WKS-101', { fields })],
      writes: [],
      notices: [],
    }
  }
}

async function newAsk(ask: Ask, needs: AskNeeds): Promise<Recorded<Asked>> {
  const nowMs = needs.nowMs()
  const { address, place, assetTag, hardware, publicKey } = ask
  const waiting = await countWaiting(address, nowMs, needs)
  if (waiting.ofAddress >= waitingMax.ofAddress || waiting.ofAll >= waitingMax.ofAll) {
    const fields = { reason: 'asks-full', address }
    return {
      answer: { kind: 'full' },
      facts: [newFact(needs, 'WKS-101', { fields })],
      writes: [],
      notices: [],
    }
  }
  const row = {
    id: needs.newId(),
    key_sha256: keyHash(publicKey),
    public_key: Buffer.from(publicKey).toString('base64'),
    salt: needs.random(saltBytes).toString('base64url'),
    ...{ place, address, asked_ms: nowMs, ends_ms: nowMs + askLifeMs, state: 'waiting' as const },
    asset_tag: assetTag ?? null,
    hardware: hardware ? JSON.stringify(hardware) : null,
    version: 1,
  }
  const query = needs.db.insertInto('enrol_ask').values(row).compile()
  return {
    answer: { kind: 'waits', waits: waitsOf(row) },
    facts: [newFact(needs, 'WKS-008', { fields: { ask: row.id, place, address } })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

/** What was said when it first asked counts, since that is what somebody approved. */
async function taken(row: AskRow, ask: Ask, needs: AskNeeds): Promise<Recorded<Asked>> {
  const { place, asset_tag, hardware, zone_id, decided_ms } = row
  const arrival = {
    place,
    zoneId: zone_id ?? '',
    assetTag: asset_tag ?? undefined,
    hardware: storedHardware(hardware),
    approvedMs: decided_ms ?? undefined,
    publicKey: ask.publicKey,
    address: ask.address,
  }
  const placed = await takePlace(arrival, needs)
  if (placed.kind === 'refused') {
    const fields = { reason: placed.code, address: ask.address, ask: row.id }
    return {
      answer: { kind: 'refused', code: placed.code },
      facts: [newFact(needs, 'WKS-101', { fields })],
      writes: [],
      notices: [],
    }
  }
  const { workstationId: id, issued } = placed
  const query = needs.db
    .updateTable('enrol_ask')
    .set({ state: 'taken', workstation_id: id, version: row.version + 1 })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .compile()
  return {
    answer: { kind: 'certified', workstationId: id, issued },
    facts: placed.facts,
    // Its own last: what ends for the place that it takes is what others asked for.
    writes: [...placed.writes, { query, expectRows: 1 }],
    notices: placed.notices,
  }
}

/** The answer was lost: the same key gets another certificate, once the first was never used. */
async function takenAgain(row: AskRow, ask: Ask, needs: AskNeeds): Promise<Recorded<Asked>> {
  const id = workstationId.parse(row.workstation_id)
  const { db } = needs
  const of = await db
    .selectFrom('workstation')
    .select(['zone_id', 'status', 'cert_sha256', 'reached_ms', 'version'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (of?.status !== 'active' || of.reached_ms !== null) {
    const fields = { reason: 'ask-taken', address: ask.address, ask: row.id }
    return {
      answer: { kind: 'refused', code: 'enrolment-refused' },
      facts: [newFact(needs, 'WKS-101', { workstation: id, fields })],
      writes: [],
      notices: [],
    }
  }
  const held = await whilePresent(needs)
  const issued = await needs.issue(ask.publicKey, id)
  const query = db
    .updateTable('workstation')
    .set({ cert_sha256: issued.sha256, cert_not_after_ms: issued.notAfterMs })
    .set({ version: of.version + 1 })
    .where('id', '=', id)
    .where('version', '=', of.version)
    .compile()
  const fields = { was: of.cert_sha256, certificate: issued.sha256, address: ask.address }
  return {
    answer: { kind: 'certified', workstationId: id, issued },
    facts: [newFact(needs, 'WKS-002', { workstation: id, zone: of.zone_id, fields })],
    writes: [{ query, expectRows: 1 }, ...held],
    notices: [],
  }
}

function rowOf(hash: string, { db }: FlowNeeds): Promise<AskRow | undefined> {
  return db.selectFrom('enrol_ask').selectAll().where('key_sha256', '=', hash).executeTakeFirst()
}

async function countWaiting(address: string, nowMs: number, { db }: FlowNeeds) {
  const rows = await db
    .selectFrom('enrol_ask')
    .select('address')
    .where('state', '=', sql.lit('waiting'))
    .where('ends_ms', '>', nowMs)
    .execute()
  return { ofAll: rows.length, ofAddress: rows.filter((row) => row.address === address).length }
}

function waitsOf({ salt, ends_ms }: Pick<AskRow, 'salt' | 'ends_ms'>): AskWaits {
  return { salt, againMs, endsMs: ends_ms }
}

function keyHash(publicKey: ArrayBuffer): string {
  return createHash('sha256').update(Buffer.from(publicKey)).digest('hex')
}
