// People as SCIM resources: one, some, or all that fit a filter. What HR calls a person is found
// by a keyed hash; any other filter opens people one after the other, up to a limit that is said.

import { setImmediate as turn } from 'node:timers/promises'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { badgesOfPeople } from '../../../identity/badges.ts'
import { groupsOfPeople } from '../../../flows/hr/groups/hr-group-row.ts'
import { externalIdLookup, userNameLookup } from '../../../flows/hr/hr-lookups.ts'
import { hrRows, openHrRow } from '../../../flows/hr/hr-person-row.ts'
import { testOf } from '../filter/match-filter.ts'
import { listBody, sorted, wantedOf } from '../list-query.ts'
import type { ListQuery } from '../list-query.ts'
import { project } from '../projection.ts'
import { flaw } from '../scim-flaw.ts'
import type { ScimNeeds } from '../scim-needs.ts'
import { userType } from '../resource/scim-schema.ts'
import type { Resource } from '../resource/take-value.ts'
import { userResource } from './user-resource.ts'

/** People that one filter may open; further ones are `tooMany`. Opening one is a decryption. */
export const openedMax = 20_000
const chunk = 500

export interface Finding {
  readonly client: string
  readonly base: string
}

export async function findUser(
  id: PersonId,
  { base }: Finding,
  needs: ScimNeeds,
): Promise<Resource | undefined> {
  const rows = await usersIn(needs).where('person_hr.person_id', '=', id).execute()
  const [found] = await shown(rows, base, needs)
  return found
}

export async function listUsers(query: ListQuery, finding: Finding, needs: ScimNeeds) {
  const { filter, startIndex, count, sortBy } = query
  const test = filter && testOf(filter, userType, query.isInAddress)
  if (!test && !sortBy) return pageOfAll(query, finding, needs)
  const fitting: Resource[] = []
  for await (const some of candidates(query, finding, needs)) {
    fitting.push(...(test ? some.filter(test) : some))
    // Taps are answered between.
    await turn()
  }
  const page = sorted(fitting, query).slice(startIndex - 1, startIndex - 1 + count)
  const resources = page.map((one) => project(one, query))
  return listBody(resources, { total: fitting.length, startIndex })
}

/** Without a filter nobody is opened but those who are shown. */
async function pageOfAll(query: ListQuery, { base }: Finding, needs: ScimNeeds) {
  const { startIndex, count } = query
  const total = await countAll(needs)
  const rows =
    count === 0
      ? []
      : await usersIn(needs)
          .orderBy('person_hr.person_id')
          .limit(count)
          .offset(startIndex - 1)
          .execute()
  const resources = (await shown(rows, base, needs)).map((one) => project(one, query))
  return listBody(resources, { total, startIndex })
}

async function* candidates(
  { filter }: ListQuery,
  { client, base }: Finding,
  needs: ScimNeeds,
): AsyncGenerator<readonly Resource[]> {
  const userName = wantedOf(filter, 'userName')
  const externalId = wantedOf(filter, 'externalId')
  const id = wantedOf(filter, 'id')
  const one = usersIn(needs)
  if (userName !== undefined) {
    const lookup = userNameLookup(userName, needs.hrKey)
    yield shown(await one.where('user_name_lookup', '=', lookup).execute(), base, needs)
  } else if (externalId !== undefined) {
    const lookup = externalIdLookup(client, externalId, needs.hrKey)
    yield shown(await one.where('external_id_lookup', '=', lookup).execute(), base, needs)
  } else if (id !== undefined) {
    yield shown(await one.where('person_hr.person_id', '=', id).execute(), base, needs)
  } else {
    yield* everybody(base, needs)
  }
}

async function* everybody(base: string, needs: ScimNeeds): AsyncGenerator<readonly Resource[]> {
  if ((await countAll(needs)) > openedMax) {
    const most = String(openedMax)
    throw flaw('tooMany', `More than ${most} people: filter by userName, externalId or id.`)
  }
  for (let after = ''; ;) {
    const rows = await usersIn(needs)
      .where('person_hr.person_id', '>', after)
      .orderBy('person_hr.person_id')
      .limit(chunk)
      .execute()
    if (rows.length > 0) yield shown(rows, base, needs)
    const last = rows.at(-1)
    if (!last || rows.length < chunk) return
    after = last.person_id
  }
}

function usersIn({ db }: ScimNeeds) {
  return hrRows(db)
    .innerJoin('person_key', 'person_key.person_id', 'person_hr.person_id')
    .where('person_hr.deleted_ms', 'is', null)
    .select(['person.status', 'person_key.wrapped'])
}

async function countAll({ db }: ScimNeeds): Promise<number> {
  const { total } = await db
    .selectFrom('person_hr')
    .select((eb) => eb.fn.countAll().as('total'))
    .where('deleted_ms', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(total)
}

type Rows = Awaited<ReturnType<ReturnType<typeof usersIn>['execute']>>

/** Whoever was forgotten meanwhile is not among them. */
async function shown(rows: Rows, base: string, needs: ScimNeeds): Promise<readonly Resource[]> {
  const ids = rows.map((row) => personId.parse(row.person_id))
  const [groups, badges] = await Promise.all([
    groupsOfPeople(needs.db, ids),
    badgesOfPeople(needs.db, ids),
  ])
  return rows.flatMap((row) => {
    if (!row.wrapped) return []
    const id = row.person_id
    const person = openHrRow(row, needs.personKeys.unwrap(id, row.wrapped))
    const more = { groups: groups.get(id) ?? [], badges: badges.get(id) ?? [] }
    return [userResource({ person, status: row.status, ...more }, base)]
  })
}
