// What SCIM asks of Users, and which flow each is.

import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { badgesOf } from '../../../identity/badges.ts'
import type { Badge } from '../../../identity/badges.ts'
import { addHrPerson } from '../../../flows/hr/add-hr-person.ts'
import { changeHrPerson } from '../../../flows/hr/change-hr-person.ts'
import type { HrAnswer, HrTaken, HrWord } from '../../../flows/hr/hr-flow.ts'
import { groupNamesOf } from '../../../flows/hr/groups/hr-group-row.ts'
import type { HrPerson } from '../../../flows/hr/hr-person-row.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { badgeWishes } from './badge-wishes.ts'
import { findUser, listUsers } from './find-users.ts'
import { readListQuery, readSearch } from '../list-query.ts'
import { project, projectionOf } from '../projection.ts'
import { applyPatch } from '../patch/apply-patch.ts'
import { refusal } from '../refusal.ts'
import { ScimFlaw } from '../scim-flaw.ts'
import type { ScimNeeds, ScimReply, ScimRequest } from '../scim-needs.ts'
import { userType } from '../resource/scim-schema.ts'
import { takeResource } from '../resource/take-value.ts'
import type { Dropped, Resource } from '../resource/take-value.ts'
import { recordOf, userResource } from './user-resource.ts'
import { etagOf, isKnown, versionsOf } from '../versions.ts'

export async function requestUsers(
  request: ScimRequest,
  id: string | undefined,
  needs: ScimNeeds,
): Promise<ScimReply> {
  if (id === undefined) {
    if (request.method === 'GET') return list(request, false, needs)
    if (request.method === 'POST') return create(request, needs)
    throw new ScimFlaw(405, undefined, 'Users are listed by GET and added by POST.')
  }
  const parsed = personId.safeParse(id)
  if (!parsed.success) throw notThere()
  switch (request.method) {
    case 'GET':
      return show(request, parsed.data, needs)
    case 'PUT':
    case 'PATCH':
      return change(request, parsed.data, needs)
    case 'DELETE':
      return remove(request, parsed.data, needs)
    case 'POST':
      throw new ScimFlaw(405, undefined, 'One user is changed by PUT or PATCH.')
  }
}

export function searchUsers(request: ScimRequest, needs: ScimNeeds): Promise<ScimReply> {
  return list(request, true, needs)
}

const notThere = (): ScimFlaw => new ScimFlaw(404, undefined, 'There is no such user.')

async function list(
  { query, body, actor, base }: ScimRequest,
  isSearch: boolean,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const asked = isSearch ? readSearch(body, userType) : readListQuery(query, userType, true)
  const see = () => listUsers(asked, { client: actor.client, base }, needs)
  const look = { by: actor.by, action: 'scim.users.list' }
  return { status: 200, body: (await needs.perform(lookAt(look, see, needs))).answer }
}

async function show(
  { query, actor, base, ifNoneMatch }: ScimRequest,
  id: PersonId,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const projection = projectionOf(query, userType)
  const look = { by: actor.by, action: 'scim.users.show', about: { person: id } }
  const see = () => findUser(id, { client: actor.client, base }, needs)
  const found = (await needs.perform(lookAt(look, see, needs))).answer
  if (!found) throw notThere()
  return shownReply(found, 200, projection, ifNoneMatch)
}

function shownReply(
  resource: Resource,
  status: number,
  projection: ReturnType<typeof projectionOf>,
  ifNoneMatch?: string,
): ScimReply {
  const { version, location } = resource['meta'] as { version: string; location: string }
  const known = versionsOf(version)?.[0] ?? 0
  if (isKnown(ifNoneMatch, known)) return { status: 304, etag: version }
  return { status, body: project(resource, projection), etag: etagOf(known), location }
}

async function create(request: ScimRequest, needs: ScimNeeds): Promise<ScimReply> {
  const { body, actor, query } = request
  const projection = projectionOf(query, userType)
  const dropped = { count: 0 }
  const resource = takeResource(body, userType, dropped)
  needs.onDropped(dropped.count)
  const word: HrWord = {
    record: recordOf(resource, undefined),
    badges: badgeWishes(resource, [], false),
    dropped: dropped.count,
  }
  const { answer } = await needs.perform(() => addHrPerson({ ...actor, word }, needs))
  return shownReply(await takenUser(answer, request, [], needs), 201, projection)
}

async function change(request: ScimRequest, id: PersonId, needs: ScimNeeds): Promise<ScimReply> {
  const { actor, query, ifMatch } = request
  const projection = projectionOf(query, userType)
  const ifVersion = versionsOf(ifMatch)
  const dropped = { count: 0 }
  let badges: readonly Badge[] = []
  const { answer } = await needs.perform(async () => {
    badges = await badgesOf(needs.db, id)
    const word = (now: HrPerson): HrWord => {
      dropped.count = 0
      return wordOf(request, now, badges, dropped)
    }
    const order = { ...actor, personId: id, word, ...(ifVersion ? { ifVersion } : {}) }
    return changeHrPerson(order, needs)
  })
  needs.onDropped(dropped.count)
  return shownReply(await takenUser(answer, request, badges, needs), 200, projection)
}

/** From what is known of her to what the request makes of it. */
function wordOf(
  { method, body, base }: ScimRequest,
  now: HrPerson,
  badges: readonly Badge[],
  dropped: Dropped,
): HrWord {
  const before = userResource({ person: now, status: 'active', badges, groups: [] }, base)
  const isPatch = method === 'PATCH'
  const next = isPatch
    ? applyPatch(before, body, userType, dropped)
    : replaced(before, takeResource(body, userType, dropped))
  return {
    record: recordOf(next, now.record),
    badges: badgeWishes(next, badges, isPatch),
    dropped: dropped.count,
  }
}

/** An extension that a PUT leaves out stays: Okta’s knows nothing of ours. */
function replaced(before: Resource, put: Resource): Resource {
  const kept = userType.extensions.filter(({ id }) => !(id in put) && id in before)
  return { ...put, ...Object.fromEntries(kept.map(({ id }) => [id, before[id]])) }
}

async function remove(
  { actor, ifMatch }: ScimRequest,
  id: PersonId,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const ifVersion = versionsOf(ifMatch)
  const word = ({ record }: HrPerson): HrWord => ({ record, badges: [], dropped: 0 })
  const order = { ...actor, personId: id, word, isRemoval: true }
  const { answer } = await needs.perform(() =>
    changeHrPerson({ ...order, ...(ifVersion ? { ifVersion } : {}) }, needs),
  )
  if (answer.kind === 'refused') throw refusal(answer.code)
  return { status: 204 }
}

/** `had` are the badges that the flow saw; they are read again where it changed any. */
async function takenUser(
  answer: HrAnswer,
  { base }: ScimRequest,
  had: readonly Badge[],
  needs: ScimNeeds,
): Promise<Resource> {
  if (answer.kind === 'refused') throw refusal(answer.code)
  const { person, status, isBadgeNews }: HrTaken = answer
  const id = person.personId
  const groups = answer.groups ?? (await groupNamesOf(needs.db, id))
  const badges = isBadgeNews ? await badgesOf(needs.db, id) : had
  return userResource({ person, status, badges, groups }, base)
}
