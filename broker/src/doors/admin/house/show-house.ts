// The house as it is now, from a handful of questions to the store whatever its size: zones,
// workstations, sessions that live, what speaks for somebody being there, modes. Names, person ids
// and presence only where they are asked for.

import { sql } from 'kysely'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { HouseNow, WorkstationNow } from '@wardkey/protocol/console/house'
import { isElsewhere } from '../../../flows/in-reach.ts'
import { modeAt } from '../../../flows/mode-of.ts'
import { zoneModes } from '../../../flows/zone-modes.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import type { OpenNames } from './open-names.ts'
import { standInFor } from './stand-in.ts'

export type ShowHouseNeeds = Pick<AdminNeeds, 'db' | 'nowMs' | 'connectionOf' | 'brokers'>
type SessionHere = WorkstationNow['sessions'][number]
type Link = Pick<WorkstationNow, 'link' | 'agentVersion' | 'reader' | 'browser'>

export interface MayHear {
  /** Without them nobody is named, and no session's id is told: other routes know whose it is. */
  readonly names?: OpenNames
  /** Which emergency access it is. */
  readonly grants?: boolean
}

export async function showHouse(
  needs: ShowHouseNeeds,
  { names, grants = names !== undefined }: MayHear = {},
): Promise<HouseNow> {
  const { db, nowMs } = needs
  const zones = await db
    .selectFrom('zone')
    .select(['id', 'kind', 'label'])
    .orderBy('label')
    .orderBy('id')
    .execute()
  const workstations = await db
    .selectFrom('workstation')
    .select(['id', 'place', 'zone_id', 'reached_ms', 'enrolled_ms'])
    .where('status', '=', 'active')
    .orderBy('place')
    .orderBy('id')
    .execute()
  const sessions = await (names ? namedSessions(names, needs) : bareSessions(needs, grants))
  const modes = await zoneModes(db)
  const atMs = nowMs()
  const byZone = groups(workstations.map((row) => [row.zone_id, row] as const))
  return {
    atMs,
    zones: zones.map((zone) => ({
      zoneId: zone.id,
      kind: zone.kind,
      label: zone.label,
      mode: modeAt(modes(zone.id), atMs),
      workstations: (byZone.get(zone.id) ?? []).map((row) =>
        workstationNow(row, sessions.get(row.id) ?? [], atMs, needs),
      ),
    })),
  }
}

function workstationNow(
  row: { id: string; place: string; reached_ms: number | null; enrolled_ms: number },
  sessions: readonly SessionHere[],
  atMs: number,
  needs: ShowHouseNeeds,
): WorkstationNow {
  const id = workstationId.parse(row.id)
  const { link, ...health } = linkOf(id, row.reached_ms, atMs, needs)
  const [first] = sessions
  const state =
    first?.state === 'open'
      ? 'open'
      : link === 'away'
        ? row.reached_ms === null
          ? 'never'
          : 'silent'
        : first
          ? 'locked'
          : 'free'
  const reachedMs = link === 'here' ? atMs : row.reached_ms
  const isTheirs = state === 'open' || state === 'locked'
  const sinceMs = isTheirs ? first?.changedMs : state === 'never' ? row.enrolled_ms : undefined
  return {
    ...{ workstationId: id, place: row.place, state, sessions: [...sessions], link, ...health },
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(reachedMs === null ? {} : { reachedMs }),
  }
}

function linkOf(
  id: WorkstationNow['workstationId'],
  reachedMs: number | null,
  atMs: number,
  { connectionOf, brokers }: ShowHouseNeeds,
): Link {
  const connection = connectionOf(id)
  if (connection) return { link: 'here', ...connection }
  return { link: isElsewhere(reachedMs, atMs, { brokers }) ? 'elsewhere' : 'away' }
}

async function bareSessions(
  { db }: ShowHouseNeeds,
  grants: boolean,
): Promise<Map<string, SessionHere[]>> {
  const rows = await livingRows(db).execute()
  return byWorkstation(
    rows.map((row) => {
      const { grant_id: grant } = row
      const id = standInFor(row.id)
      const told = grants || grant === null ? grant : standInFor(grant)
      return [row.workstation_id, { ...hereOf({ ...row, id, grant_id: told }), presence: [] }]
    }),
  )
}

async function namedSessions(
  names: OpenNames,
  needs: ShowHouseNeeds,
): Promise<Map<string, SessionHere[]>> {
  const found = await livingRows(needs.db)
    .innerJoin('person', 'person.id', 'session.person_id')
    .leftJoin('person_key', 'person_key.person_id', 'session.person_id')
    .select(['session.person_id', 'person.name_sealed', 'person_key.wrapped'])
    .execute()
  const presence = await standingPresence(needs)
  const rows = found.map((row) => ({ ...row, person_id: personId.parse(row.person_id) }))
  const nameOf = names.open(rows)
  return byWorkstation(
    rows.map((row) => {
      const name = nameOf.get(row.person_id)
      const here = {
        ...hereOf(row),
        personId: row.person_id,
        ...(name ? { name } : {}),
        presence: presence.get(row.id) ?? [],
      }
      return [row.workstation_id, here]
    }),
  )
}

function livingRows(db: ShowHouseNeeds['db']) {
  return db
    .selectFrom('session')
    .leftJoin('emergency_grant', 'emergency_grant.id', 'session.grant_id')
    .where('session.state', '<>', sql.lit('ended'))
    .select(['session.id', 'session.workstation_id', 'session.state', 'session.acr'])
    .select(['session.opened_ms', 'session.changed_ms'])
    .select(['emergency_grant.id as grant_id', 'emergency_grant.until_ms'])
}

function hereOf(row: {
  id: string
  state: 'open' | 'locked' | 'ended'
  acr: string
  opened_ms: number
  changed_ms: number
  grant_id: string | null
  until_ms: number | null
}): Omit<SessionHere, 'presence'> {
  const { grant_id: grantId, until_ms: untilMs } = row
  return {
    sessionId: sessionId.parse(row.id),
    state: row.state === 'open' ? 'open' : 'locked',
    acr: row.acr,
    openedMs: row.opened_ms,
    changedMs: row.changed_ms,
    ...(grantId === null || untilMs === null ? {} : { emergency: { grantId, untilMs } }),
  }
}

async function standingPresence({
  db,
}: ShowHouseNeeds): Promise<Map<string, SessionHere['presence']>> {
  const rows = await db
    .selectFrom('presence')
    .where('until_ms', 'is', null)
    .select(['session_id', 'kind', 'confidence', 'from_ms'])
    .execute()
  return groups(
    rows.map((row) => [
      row.session_id,
      { kind: row.kind, confidence: Math.round(row.confidence * 100), fromMs: row.from_ms },
    ]),
  )
}

/** The open one first, then the newest change: she who tapped last. */
function byWorkstation(all: readonly (readonly [string, SessionHere])[]) {
  const rank = ({ state }: SessionHere): number => (state === 'open' ? 0 : 1)
  return groups(all.toSorted(([, a], [, b]) => rank(a) - rank(b) || b.changedMs - a.changedMs))
}

function groups<Item>(all: readonly (readonly [string, Item])[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const [key, item] of all) {
    const list = found.get(key)
    if (list) list.push(item)
    else found.set(key, [item])
  }
  return found
}
