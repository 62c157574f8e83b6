// Everything that judging a frame of a journal leans on, read in a few questions. Writes nothing.

import { personId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'
import { parseAccess } from '../../identity/access-facts.ts'
import { parseTexts } from '../../identity/json-column.ts'
import type { Schema } from '../../store/schema.ts'
import { findRostered } from '../bundles/roster-bytes.ts'
import type { Rostered } from '../bundles/roster-bytes.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { House, HouseRules } from '../house-book.ts'
import type { JudgedBundle, JudgedPerson } from './judge-decision.ts'
import type { Standing } from './standing.ts'

export interface GivenBundle extends JudgedBundle {
  readonly find: (person: string) => Rostered | undefined
}

export interface MergeReads {
  readonly bundles: ReadonlyMap<number, GivenBundle>
  readonly people: ReadonlyMap<string, JudgedPerson>
  readonly house: HouseRules
  readonly sessions: ReadonlyMap<string, Schema['session']>
  /** True where the books have her at another workstation at that moment. */
  readonly isElsewhere: (person: string, atMs: number) => boolean
}

export async function readForMerge(
  entries: readonly OfflineEntry[],
  standing: Standing,
  here: WorkstationId,
  { db, house }: Pick<FlowNeeds, 'db'> & { readonly house: House },
): Promise<MergeReads> {
  const sequences = new Set<number>()
  const people = new Set<string>(standing.sessions.map((one) => one.personId))
  const sessions = new Set<string>(standing.sessions.map((one) => one.sessionId))
  for (const { personId: wrong } of standing.wrongs) people.add(wrong)
  for (const entry of entries) {
    if (entry.kind === 'decided') sequences.add(entry.bundleSequence)
    if (entry.kind === 'decided' && entry.witnessId !== undefined) people.add(entry.witnessId)
    if ('personId' in entry && entry.personId !== undefined) people.add(entry.personId)
    if ('sessionId' in entry && entry.sessionId !== undefined) sessions.add(entry.sessionId)
  }
  return {
    bundles: await readBundles([...sequences], here, db),
    house: await house(),
    people: await readPeople([...people], db),
    sessions: await readSessions([...sessions], db),
    isElsewhere: await readElsewhere([...people], here, db),
  }
}

type Db = FlowNeeds['db']

async function readBundles(
  sequences: readonly number[],
  here: WorkstationId,
  db: Db,
): Promise<ReadonlyMap<number, GivenBundle>> {
  if (sequences.length === 0) return new Map()
  const rows = await db
    .selectFrom('offline_bundle')
    .innerJoin('offline_roster', 'offline_roster.id', 'offline_bundle.roster')
    .where('workstation_id', '=', here)
    .where('sequence', 'in', sequences)
    .select(['sequence', 'zone_id', 'issued_ms', 'expires_ms', 'people'])
    .execute()
  return new Map(
    rows.map((row) => [
      row.sequence,
      {
        zoneId: row.zone_id,
        issuedMs: row.issued_ms,
        expiresMs: row.expires_ms,
        find: (person) => findRostered(row.people, personId.parse(person)),
      },
    ]),
  )
}

async function readPeople(
  ids: readonly string[],
  db: Db,
): Promise<ReadonlyMap<string, JudgedPerson>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .leftJoin('pin', 'pin.person_id', 'person.id')
    .where('person.id', 'in', ids)
    .select([
      'person.id',
      'status',
      'roles',
      'access',
      'exceptions',
      'access_ms',
      'person.version',
      'pin.set_at_ms',
    ])
    .execute()
  const badges = await db
    .selectFrom('badge')
    .where('person_id', 'in', ids)
    .select(['person_id', 'status', 'status_ms'])
    .execute()
  return new Map(
    rows.map((row) => {
      const hers = badges.filter((badge) => badge.person_id === row.id)
      const gone = hers.filter(({ status }) => status !== 'active')
      const person = {
        id: personId.parse(row.id),
        status: row.status,
        roles: parseTexts(row.roles),
        access: parseAccess(row),
        version: row.version,
        accessMs: row.access_ms ?? 0,
        pinSetMs: row.set_at_ms ?? 0,
        badgeGoneMs: Math.max(0, ...gone.map((badge) => badge.status_ms ?? 0)),
        hasUsableBadge: gone.length < hers.length,
      }
      return [row.id, person]
    }),
  )
}

async function readSessions(
  ids: readonly string[],
  db: Db,
): Promise<ReadonlyMap<string, Schema['session']>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('session').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Presence of the last days only: no bundle is good for longer than one. */
const elsewhereMax = 2000

async function readElsewhere(
  ids: readonly string[],
  here: WorkstationId,
  db: Db,
): Promise<MergeReads['isElsewhere']> {
  if (ids.length === 0) return () => false
  const rows = await db
    .selectFrom('presence')
    .where('person_id', 'in', ids)
    .where('workstation_id', '<>', here)
    .select(['person_id', 'from_ms', 'until_ms'])
    .orderBy('from_ms', 'desc')
    .limit(elsewhereMax)
    .execute()
  return (person, atMs) =>
    rows.some(
      (row) =>
        row.person_id === person &&
        row.from_ms <= atMs &&
        (row.until_ms === null || row.until_ms > atMs),
    )
}
