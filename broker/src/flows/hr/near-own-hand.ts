// Beside what HR's word does to somebody: facts for others to look at, where it gives a role to who
// asked for the token that it came by, or touches the name by which somebody signs in to the
// console, who could be somebody else there by it. It refuses nothing: the token had two people.

import type { Fact } from '../../audit/fact.ts'
import type { PersonId } from '@wardkey/protocol/ids'
import { newFact } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import { tokenAskers } from '../token-grants/token-askers.ts'
import { isOneHand } from '../two-people.ts'
import type { Askers } from '../two-people.ts'
import { isAwaited } from './adopt/find-by-hand.ts'
import type { HrNeeds } from './hr-flow.ts'
import { userNameLookup } from './hr-lookups.ts'
import type { HrPerson } from './hr-person-row.ts'

export interface RolesBecome {
  readonly id: PersonId
  readonly had: readonly string[]
  readonly roles: readonly string[]
}

/** Of all whom one word gives roles: whose tokens they are is looked up once, if at all. */
export async function rolesToOwnHand(
  changed: readonly RolesBecome[],
  { by, client }: { readonly by: string; readonly client: string },
  needs: Pick<HrNeeds, 'db' | 'newId' | 'nowMs'>,
): Promise<readonly Fact[]> {
  const gaining = changed
    .map(({ id, had, roles }) => ({ id, gained: roles.filter((role) => !had.includes(role)) }))
    .filter(({ gained }) => gained.length > 0)
  if (gaining.length === 0) return []
  const askers = await tokenAskers(needs)
  return gaining
    .filter(({ id }) => isHerHand(id, by, askers))
    .map(({ id, gained }) => {
      const fields = { by, source: client, roles: gained.join(' ') }
      return newFact(needs, 'PER-010', { person: id, fields })
    })
}

/** Her user name or staff number, whichever the console goes by; or her record, by her own hand. */
export async function namesNearConsole(
  { was, next, by }: { readonly was: HrPerson; readonly next: HrPerson; readonly by: string },
  needs: HrNeeds,
): Promise<readonly Fact[]> {
  const [before, after] = [was.record.identity, next.record.identity]
  // HR's first word tells the number that she has.
  const isFirst = isAwaited(was)
  const changed = [
    ...(before.userName === after.userName || isFirst ? [] : ['userName']),
    ...(before.employeeNumber === after.employeeNumber || isFirst ? [] : ['employeeNumber']),
    ...(next.deletedMs === null ? [] : ['removed']),
  ]
  const { personId: id } = next
  if (changed.length === 0 || !(await hasConsoleRole(id, needs))) return []
  const isLeaverOnly = changed.length === 1 && next.deletedMs !== null
  if (isLeaverOnly && !isHerHand(id, by, await tokenAskers(needs))) return []
  const fields = { by, source: next.client, changed: changed.join(' ') }
  return [newFact(needs, 'PER-011', { person: id, fields })]
}

/**
 * Who gets the user name of somebody who was removed and had a role in the console: whoever still
 * signs in by it is from then on somebody else there, and could approve what she had proposed.
 */
export async function nameOnceInConsole(
  { personId: id, client, record }: Pick<HrPerson, 'personId' | 'client' | 'record'>,
  by: string,
  { db, hrKey, ...needs }: Pick<HrNeeds, 'db' | 'hrKey' | 'newId' | 'nowMs'>,
): Promise<readonly Fact[]> {
  // Few have such a role, and there is no index of names that are over.
  const had = db.selectFrom('console_role_seen').select('person_id')
  const row = await db
    .selectFrom('person_hr')
    .select('person_id')
    .where('person_id', 'in', had)
    .where('person_id', '<>', id)
    .where('user_name_lookup', '=', userNameLookup(record.identity.userName, hrKey))
    .limit(1)
    .executeTakeFirst()
  if (!row) return []
  const fields = { by, source: client, changed: 'userName', before: row.person_id }
  return [newFact(needs, 'PER-011', { person: id, fields })]
}

const isHerHand = (id: PersonId, by: string, askers: Askers): boolean =>
  isOneHand(byPerson(id), by, askers)

async function hasConsoleRole(id: PersonId, { db }: HrNeeds): Promise<boolean> {
  const row = await db
    .selectFrom('console_role_seen')
    .select('role')
    .where('person_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
