// A grant as it is told and shown: with the place it was at, and with what was written about it,
// opened by the person's own key. Reads only.

import type { Kysely } from 'kysely'
import { openName } from '../identity/person-name.ts'
import type { PersonName } from '../identity/person-name.ts'
import { findGrant } from '../sessions/emergency-grant.ts'
import type { Grant } from '../sessions/emergency-grant.ts'
import type { Schema } from '../store/schema.ts'

export interface GrantNeeds {
  readonly db: Kysely<Schema>
  readonly personKeys: { find(person: string): Promise<Buffer | undefined> }
}

export interface Place {
  readonly place: string
  readonly zoneLabel: string
}

export async function placeOfGrant(
  { workstationId, zoneId }: Pick<Grant, 'workstationId' | 'zoneId'>,
  { db }: Pick<GrantNeeds, 'db'>,
): Promise<Place> {
  const workstation = await db
    .selectFrom('workstation')
    .select('place')
    .where('id', '=', workstationId)
    .executeTakeFirst()
  const zone = await db
    .selectFrom('zone')
    .select('label')
    .where('id', '=', zoneId)
    .executeTakeFirst()
  return { place: workstation?.place ?? workstationId, zoneLabel: zone?.label ?? zoneId }
}

/** Nothing where she was forgotten. */
export async function nameOfPerson(
  person: string,
  { db, personKeys }: GrantNeeds,
): Promise<PersonName | undefined> {
  const row = await db
    .selectFrom('person')
    .select('name_sealed')
    .where('id', '=', person)
    .executeTakeFirst()
  const key = await personKeys.find(person)
  return row && key ? openName(row.name_sealed, key, person) : undefined
}

/**
 * By a workstation that decided alone: its session came with a journal, or comes with the next of
 * its lines. What a broker gives has its session in the same unit.
 */
export async function isGivenOffline(
  { sessionId }: Pick<Grant, 'sessionId'>,
  { db }: Pick<GrantNeeds, 'db'>,
): Promise<boolean> {
  const session = await db
    .selectFrom('session')
    .select('journal_id')
    .where('id', '=', sessionId)
    .executeTakeFirst()
  return session?.journal_id !== null
}

/** As compliance is told it; `isNamed`: settings allow the name. */
export async function toldGrant(grantId: string, isNamed: boolean, needs: GrantNeeds) {
  const grant = await findGrant(needs.db, grantId)
  if (!grant) return undefined
  const name = isNamed ? await nameOfPerson(grant.personId, needs) : undefined
  const { workstationId, personId, zoneId, reason, reasonLabel, identity } = grant
  return {
    grantId,
    ...(await placeOfGrant(grant, needs)),
    ...{ workstationId, personId, zoneId, reason, reasonLabel, identity },
    isWitnessed: grant.witnessId !== null,
    isOffline: await isGivenOffline(grant, needs),
    ...{ fromMs: grant.fromMs, untilMs: grant.untilMs, reviewDueMs: grant.reviewDueMs },
    ...(name === undefined ? {} : { name: `${name.given} ${name.family}` }),
  }
}
