// A record as long as is wanted, as a hospital's days would have written it: straight into the
// table, since nobody waits months for a benchmark. Its bytes are the record's own form.

import { encodeFact } from '@wardkey/broker/audit/fact'
import type { Fact } from '@wardkey/broker/audit/fact'
import Database from 'better-sqlite3'
import { sqlitePlace } from '../../kit/stores.ts'
import type { TestPlace } from '../../kit/stores.ts'

export interface HospitalRecord {
  readonly place: TestPlace
  readonly path: string
  readonly facts: number
  readonly people: readonly string[]
  readonly workstations: readonly string[]
  readonly zones: readonly string[]
  readonly fromMs: number
  readonly toMs: number
}

export const hospital = { workstations: 200, zones: 20, people: 900 } as const
const beganMs = 1_700_000_000_000
/** Each workstation has a visit in each of these: thirty a day. */
const roundMs = 2_880_000
const rowsAtOnce = 50_000

export async function writeRecord(
  facts: number,
  say: (line: string) => void,
): Promise<HospitalRecord> {
  const place = await sqlitePlace()
  if (place.place.kind !== 'sqlite') throw new Error('not a file')
  const { path } = place.place
  // Migrates, and is closed again: the schema is the store's own.
  await (await place.open()).close()
  const people = ids(hospital.people, 1)
  const workstations = ids(hospital.workstations, 2)
  const zones = Array.from({ length: hospital.zones }, (_none, at) => `zone-${String(at)}`)
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -262144')
  found(db, workstations, zones)
  const insert = db.prepare(`insert into fact
    (idx, id, at_ms, code, person_id, workstation_id, session_id, body)
    values (?, ?, ?, ?, ?, ?, ?, ?)`)
  let written = 0
  let round = 0
  while (written < facts) {
    db.exec('begin')
    for (let many = 0; many < rowsAtOnce && written < facts; round++) {
      for (const fact of roundOf(round, people, workstations).slice(0, facts - written)) {
        const bytes = encodeFact(fact)
        const { personId, workstationId, sessionId, body } = bytes
        insert.run(written, fact.id, fact.atMs, fact.code, personId, workstationId, sessionId, body)
        written += 1
        many += 1
      }
    }
    db.exec('commit')
    if (written % 1_000_000 < rowsAtOnce) say(`${String(written)} facts written`)
  }
  db.pragma('wal_checkpoint(truncate)')
  db.close()
  const toMs = beganMs + round * roundMs
  return { place, path, facts: written, people, workstations, zones, fromMs: beganMs, toMs }
}

function found(db: Database.Database, workstations: readonly string[], zones: readonly string[]) {
  const zone = db.prepare(
    "insert into zone (id, kind, label, settings, version) values (?, 'ward', ?, '{}', 1)",
  )
  for (const id of zones) zone.run(id, id)
  const workstation = db.prepare(`insert into workstation (id, place, zone_id, cert_sha256,
    cert_not_after_ms, status, trusted_since_ms, failures, locked_until_ms, enrolled_ms, version)
    values (?, ?, ?, ?, 0, 'active', 0, 0, 0, 0, 1)`)
  for (const [at, id] of workstations.entries()) {
    workstation.run(id, `Place ${String(at)}`, zones[at % zones.length], id)
  }
}

export const visitsOf = { roundMs, factsEach: 14 } as const

/** One visit at each workstation, by people who come and go, in the order of their times. */
export function roundOf(
  round: number,
  people: readonly string[],
  workstations: readonly string[],
  fromMs: number = beganMs,
): readonly Fact[] {
  const facts = workstations.flatMap((workstation, at) => {
    const drawn = (round * 7919 + at * 104_729) % 1_000_003
    const person = people[drawn % people.length] ?? ''
    const startMs = fromMs + round * roundMs + (drawn % 1_900_000)
    return visit(round * workstations.length + at, { person, workstation }, startMs)
  })
  return facts.sort((a, b) => a.atMs - b.atMs)
}

/** Badge and PIN, a chart, signs of life, and the screen locks. */
function visit(
  number: number,
  where: { readonly person: string; readonly workstation: string },
  startMs: number,
): readonly Fact[] {
  const session = uuid(3, number)
  const about = { ...where, session, tap: uuid(5, number) }
  const seen = { evidence: 'input', confidencePercent: 90 }
  const told: readonly (readonly [number, Fact['code'], Fact['fields']?])[] = [
    [0, 'TAP-002'],
    [4000, 'PIN-002'],
    [4100, 'PIN-001'],
    [4200, 'TAP-001', { seat: 'opened', acr: 'urn:wardkey:acr:badge-pin', pinAtMs: startMs }],
    [4200, 'SES-001'],
    [5000, 'SSO-001'],
    [5400, 'SSO-002', { client: 'chart', acr: 'urn:wardkey:acr:badge-pin' }],
    [6000, 'SES-005', { shownMs: 1800 }],
    ...[60_000, 120_000, 180_000, 240_000].map((ms) => [ms, 'PRE-001', seen] as const),
    [300_000, 'SES-003', { reason: 'idle' }],
    [900_000, 'SES-004', { reason: 'locked-too-long' }],
  ]
  return told.map(([afterMs, code, fields], at) => ({
    ...{ id: uuid(4, number * 16 + at), code, atMs: startMs + afterMs, ...about },
    ...(code === 'TAP-001' ? { rule: 'badge-and-pin' } : {}),
    ...(fields ? { fields } : {}),
  }))
}

function ids(many: number, kind: number): readonly string[] {
  return Array.from({ length: many }, (_none, at) => uuid(kind, at))
}

function uuid(kind: number, number: number): string {
  const spread = Math.imul(number + 1, 0x9e3779b1) >>> 0
  const head = spread.toString(16).padStart(8, '0')
  return `${head}-000${String(kind)}-4000-8000-${number.toString(16).padStart(12, '0')}`
}
