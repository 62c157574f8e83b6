// An open session together with where it is open, as the EHRs may know it.

import type { Kysely } from 'kysely'
import { z } from 'zod'
import { personId, zoneId } from '@wardkey/protocol/ids'
import type { PersonId, SessionId, WorkstationId, ZoneId } from '@wardkey/protocol/ids'
import type { Schema } from '../store/schema.ts'

/**
 * A session that is open, at this workstation, by a person who is active, at the time of asking; or
 * by one on leave whom an emergency let in, until that is over.
 */
export interface Seated {
  readonly sessionId: SessionId
  readonly workstationId: WorkstationId
  readonly personId: PersonId
  readonly roles: readonly string[]
  readonly zoneId: ZoneId
  readonly zoneKind: string
  /** The workstation's name as people call it. */
  readonly place: string
  readonly acr: string
  readonly amr: readonly string[]
  /** When the person last proved herself actively: the last PIN, not the last tap. */
  readonly pinAtMs: number
  /** The grant of an emergency session, which is marked wherever it is told of. */
  readonly grantId?: string
}

/** Of the exceptions that a person has: those that give a role (identity/access-facts). */
const held = z.array(z.object({ kind: z.string(), what: z.string(), untilMs: z.number() }))

const texts = z.array(z.string().max(200)).max(64)

/**
 * The session if it is open at that workstation by an active person, at this moment; nothing
 * otherwise. Asked anew at every use: a cookie or a token is never believed by itself.
 */
export async function findSeated(
  db: Kysely<Schema>,
  session: SessionId,
  workstation: WorkstationId,
  nowMs: number,
): Promise<Seated | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .innerJoin('workstation', 'workstation.id', 'session.workstation_id')
    .innerJoin('zone', 'zone.id', 'workstation.zone_id')
    .where('session.id', '=', session)
    .where('session.workstation_id', '=', workstation)
    .where('session.state', '=', 'open')
    .where((eb) =>
      eb.or([
        eb.and([eb('session.until_ms', 'is', null), eb('person.status', '=', 'active')]),
        eb.and([
          eb('session.until_ms', '>', nowMs),
          eb('person.status', 'in', ['active', 'on-leave']),
        ]),
      ]),
    )
    .where('workstation.status', '=', 'active')
    .select(['session.person_id', 'session.acr', 'session.amr', 'session.pin_at_ms'])
    .select('session.grant_id')
    .select('person.exceptions')
    .select(['person.roles', 'workstation.place', 'zone.id as zone_id', 'zone.kind as zone_kind'])
    .executeTakeFirst()
  if (!row) return undefined
  return {
    sessionId: session,
    workstationId: workstation,
    personId: personId.parse(row.person_id),
    roles: [...texts.parse(JSON.parse(row.roles)), ...extraRoles(row.exceptions, nowMs)],
    zoneId: zoneId.parse(row.zone_id),
    zoneKind: row.zone_kind,
    place: row.place,
    acr: row.acr,
    amr: texts.parse(JSON.parse(row.amr)),
    pinAtMs: row.pin_at_ms,
    ...(row.grant_id === null ? {} : { grantId: row.grant_id }),
  }
}

function extraRoles(column: string | null, nowMs: number): readonly string[] {
  if (column === null) return []
  return held
    .parse(JSON.parse(column))
    .filter(({ kind, untilMs }) => kind === 'role' && nowMs < untilMs)
    .map(({ what }) => what)
}
