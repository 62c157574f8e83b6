// People, badges and sessions as they are shown to an administrator: opened with the person's own
// key, and without what was forgotten.

import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import type { BadgeShown } from '@wardkey/protocol/admin/badges'
import type { PersonShown, PersonSummary, SessionShown } from '@wardkey/protocol/admin/people'
import { badgesOf, openCard } from '../../identity/badges.ts'
import { isResting } from '../../identity/cards/resting-badge.ts'
import { findPerson } from '../../identity/people.ts'
import type { Person } from '../../identity/people.ts'
import { openStaffNumber, sealedStaffNumber } from '../../identity/staff-number.ts'
import { openName } from '../../identity/person-name.ts'
import type { Schema } from '../../store/schema.ts'

export interface ShowNeeds {
  readonly db: Kysely<Schema>
  readonly nowMs: () => number
  readonly personKeys: { find(person: string): Promise<Buffer | undefined> }
}

/** More than this at once is no list that anybody reads. */
const sessionsMax = 5000

export async function summaryOf(person: Person, needs: ShowNeeds): Promise<PersonSummary> {
  const name = await nameOf(person, needs)
  return {
    personId: person.id,
    ...(name === undefined ? {} : { name }),
    status: person.status,
    roles: [...person.roles],
  }
}

export async function showPerson(
  id: PersonId,
  needs: ShowNeeds,
  where: boolean,
): Promise<PersonShown | undefined> {
  const person = await findPerson(needs.db, id)
  if (!person) return undefined
  const pin = await needs.db
    .selectFrom('pin')
    .select('locked_until_ms')
    .where('person_id', '=', id)
    .executeTakeFirst()
  const [session] = where ? await showSessions(needs, id) : []
  const key = await needs.personKeys.find(id)
  const number = await sealedStaffNumber(needs.db, id)
  const isLocked = pin !== undefined && pin.locked_until_ms > needs.nowMs()
  return {
    ...(await summaryOf(person, needs)),
    pin: pin === undefined ? 'none' : isLocked ? 'locked' : 'set',
    ...(key && number ? { staffNumber: openStaffNumber(number, key, id) } : {}),
    badges: (await badgesOf(needs.db, id)).length,
    ...(session === undefined ? {} : { session }),
  }
}

/** Nothing for nobody's id: an empty list would say that somebody has none. */
export async function showBadges(
  id: PersonId,
  needs: ShowNeeds,
): Promise<readonly BadgeShown[] | undefined> {
  if (!(await findPerson(needs.db, id))) return undefined
  const key = await needs.personKeys.find(id)
  return (await badgesOf(needs.db, id)).map((badge) => ({
    badgeId: badge.id,
    personId: badge.personId,
    ...(key === undefined ? {} : { number: openCard(badge.sealed, key, badge.id) }),
    technology: badge.technology,
    assurance: badge.assurance,
    status: badge.status,
    isResting: isResting(badge),
    fromMs: badge.fromMs,
    sinceMs: badge.sinceMs,
    ...(badge.untilMs === null ? {} : { untilMs: badge.untilMs }),
    ...(badge.endsMs === null ? {} : { endsMs: badge.endsMs }),
  }))
}

/** Sessions that have not ended, the newest change first; one person's where one is named. */
export async function showSessions(
  needs: ShowNeeds,
  person?: PersonId,
): Promise<readonly SessionShown[]> {
  const all = needs.db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .innerJoin('workstation', 'workstation.id', 'session.workstation_id')
    .where('session.state', '<>', sql.lit('ended'))
    .select(['session.id', 'session.person_id', 'session.state', 'session.workstation_id'])
    .select(['session.acr', 'session.opened_ms', 'session.changed_ms', 'session.pin_at_ms'])
    .select(['person.name_sealed', 'workstation.place', 'workstation.zone_id'])
    .orderBy('session.changed_ms', 'desc')
    .limit(sessionsMax)
  const rows = await (
    person === undefined ? all : all.where('session.person_id', '=', person)
  ).execute()
  return Promise.all(
    rows.map(async (row): Promise<SessionShown> => {
      const id = personId.parse(row.person_id)
      const name = await nameOf({ id, nameSealed: row.name_sealed }, needs)
      return {
        sessionId: sessionId.parse(row.id),
        personId: id,
        ...(name === undefined ? {} : { name }),
        state: row.state === 'open' ? 'open' : 'locked',
        workstationId: workstationId.parse(row.workstation_id),
        place: row.place,
        zoneId: row.zone_id,
        acr: row.acr,
        openedMs: row.opened_ms,
        changedMs: row.changed_ms,
        pinAtMs: row.pin_at_ms,
      }
    }),
  )
}

async function nameOf(
  { id, nameSealed }: Pick<Person, 'id' | 'nameSealed'>,
  { personKeys }: ShowNeeds,
): Promise<PersonSummary['name']> {
  const key = await personKeys.find(id)
  return key && openName(nameSealed, key, id)
}
