// A house whose record is as long as is wanted, and what its pages show beside it: people with
// names, workstations, sessions that live, alerts, emergencies and their reviews. All invented.

import { randomUUID } from 'node:crypto'
import type { Insertable, InsertQueryBuilder, InsertResult } from 'kysely'
import { alertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import type { Schema } from '@wardkey/broker/store/schema'
import { openCore } from '../../kit/broker-core.ts'
import type { BrokerCore } from '../../kit/broker-core.ts'
import { engines } from '../../kit/stores.ts'
import { hospital, roundOf, visitsOf } from '../timeline/hospital-record.ts'
import { writeFacts } from './bulk-facts.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const alerts = { standing: 300, closed: 4700 } as const
const grants = { open: 200, closed: 2800 } as const
const sessions = 150
const rowsAtOnce = 100

export interface LargeHouse {
  readonly core: BrokerCore
  readonly people: readonly PersonId[]
  readonly workstations: readonly WorkstationId[]
  readonly zones: readonly string[]
  readonly toMs: number
  readonly facts: number
  /** A tap of the record, so many visits before its end. */
  readonly tapBefore: (visits: number) => string
}

export async function openLargeHouse(
  engine: (typeof engines)[number],
  facts: number,
): Promise<LargeHouse> {
  const opened = await engine.open()
  const core = await openCore({ open: () => Promise.resolve(opened) })
  const zones = Array.from({ length: hospital.zones }, (_none, at) => `zone-${String(at)}`)
  for (const zone of zones) await core.addZone(zone)
  const workstations: WorkstationId[] = []
  for (let at = 0; at < hospital.workstations; at++) {
    workstations.push(await core.addWorkstation(zones[at % zones.length] ?? ''))
  }
  const people: PersonId[] = []
  for (let at = 0; at < hospital.people; at++) {
    const family = `Santos-${String(at)}`
    people.push(personId.parse((await core.addPerson({ family, pin: null })).personId))
  }
  const rounds = Math.ceil(facts / (hospital.workstations * visitsOf.factsEach))
  const fromMs = core.nowMs() - rounds * visitsOf.roundMs
  let round = 0
  const next = () => roundOf(round++, people, workstations, fromMs)
  await writeFacts(opened.place, { facts, next })
  const tapBefore = (visits: number): string => {
    const back = Math.floor(visits / workstations.length) + 2
    const facts = roundOf(Math.max(0, rounds - back), people, workstations, fromMs)
    return facts[(visits * visitsOf.factsEach) % facts.length]?.tap ?? ''
  }
  const house = { core, people, workstations, zones, toMs: core.nowMs(), facts, tapBefore }
  await fillTables(house)
  return house
}

async function fillTables(house: LargeHouse): Promise<void> {
  const { read } = house.core.store
  const living = counted(sessions, (at) => sessionRow(house, at, true))
  const past = counted(grants.open + grants.closed, (at) => sessionRow(house, at, false))
  const given = past.map(({ id }, at) => grantRow(house, at, id))
  const seen = counted(alerts.standing + alerts.closed, (at) => alertRow(house, at))
  await write(house, [...living, ...past], (rows) => read.insertInto('session').values(rows))
  await write(house, given, (rows) => read.insertInto('emergency_grant').values(rows))
  await write(house, seen, (rows) => read.insertInto('alert').values(rows))
}

async function write<Row, Table extends keyof Schema>(
  { core }: LargeHouse,
  rows: readonly Row[],
  insert: (some: Row[]) => InsertQueryBuilder<Schema, Table, InsertResult>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const query = insert(rows.slice(from, from + rowsAtOnce)).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
}

const counted = <Made>(many: number, make: (at: number) => Made): readonly Made[] =>
  Array.from({ length: many }, (_none, at) => make(at))

const someOf = <Id extends string>(ids: readonly Id[], at: number): Id => {
  const one = ids[(at * 31) % ids.length]
  if (one === undefined) throw new Error('a house without anybody')
  return one
}

function sessionRow(
  { people, workstations, toMs }: LargeHouse,
  at: number,
  lives: boolean,
): Insertable<Schema['session']> & { readonly id: string } {
  const openedMs = toMs - (at + 1) * hourMs
  return {
    id: randomUUID(),
    person_id: lives ? (people[at] ?? '') : someOf(people, at),
    workstation_id: lives ? (workstations[at] ?? '') : someOf(workstations, at),
    state: lives ? (at % 3 === 0 ? 'locked' : 'open') : 'ended',
    ...{ acr: 'urn:wardkey:acr:badge-pin', amr: '[]', pin_at_ms: openedMs },
    ...{ opened_ms: openedMs, changed_ms: openedMs, slot: 0, version: 1 },
    ended_ms: lives ? null : openedMs + 1000,
  }
}

function grantRow(
  { people, workstations, zones, toMs }: LargeHouse,
  at: number,
  session: string,
): Insertable<Schema['emergency_grant']> {
  const fromMs = toMs - (at + 1) * hourMs
  const isOpen = at < grants.open
  return {
    ...{ id: randomUUID(), session_id: session, person_id: someOf(people, at) },
    ...{ workstation_id: someOf(workstations, at), zone_id: someOf(zones, at) },
    ...{ reason: 'patient-in-danger', reason_label: 'A patient is in danger now' },
    ...{ note_sealed: null, identity: 'badge-and-pin', witness_id: null, otherwise: 'allowed' },
    ...{ took_ms: 2500, position: 0, choices: 5, from_ms: fromMs, until_ms: fromMs + hourMs / 2 },
    ...{ ended_ms: fromMs + hourMs / 2, end_reason: 'emergency-over' },
    review_due_ms: fromMs + 3 * dayMs,
    ...(isOpen
      ? { outcome: null, reviewed_ms: null, reviewed_by: null, review_sealed: null }
      : { outcome: 'appropriate', reviewed_ms: fromMs + dayMs, reviewed_by: 'token kit' }),
    version: 1,
  }
}

function alertRow(
  { people, workstations, zones, toMs }: LargeHouse,
  at: number,
): Insertable<Schema['alert']> {
  const rules = alertRuleName.options
  const lastMs = toMs - (at + 1) * hourMs
  return {
    ...{ id: randomUUID(), rule: rules[at % rules.length] ?? '', subject: `subject ${String(at)}` },
    people: JSON.stringify([someOf(people, at), someOf(people, at + 1)]),
    ...{ workstation_id: someOf(workstations, at), zone_id: someOf(zones, at), badge_id: null },
    state: at < alerts.standing ? 'open' : 'closed',
    ...{ count: 3, first_ms: lastMs - hourMs, last_ms: lastMs, raised_ms: lastMs },
    facts: JSON.stringify(counted(20, (fact) => at * 20 + fact)),
    ...(at < alerts.standing
      ? {}
      : { closed_by: 'token kit', closed_ms: lastMs + hourMs, outcome: 'explained' as const }),
    version: 1,
  }
}
