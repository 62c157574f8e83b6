// What SCIM asks of Groups, and which flow each is.

import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { addHrGroup, changeHrGroup, removeHrGroup } from '../../flows/hr/groups/change-hr-group.ts'
import type { GroupAnswer, GroupWord } from '../../flows/hr/groups/change-hr-group.ts'
import { findGroup, groupOf, membersOf } from '../../flows/hr/groups/hr-group-row.ts'
import type { HrGroup } from '../../flows/hr/groups/hr-group-row.ts'
import { lookAt } from '../../flows/look-at.ts'
import { testOf } from './filter/match-filter.ts'
import { listBody, readListQuery, readSearch, sorted } from './list-query.ts'
import type { ListQuery } from './list-query.ts'
import { project, projectionOf } from './projection.ts'
import type { Projection } from './projection.ts'
import { applyPatch } from './patch/apply-patch.ts'
import { refusal } from './refusal.ts'
import { flaw, ScimFlaw } from './scim-flaw.ts'
import type { ScimNeeds, ScimReply, ScimRequest } from './scim-needs.ts'
import { groupType, groupUrn } from './resource/scim-schema.ts'
import { takeResource } from './resource/take-value.ts'
import type { Resource } from './resource/take-value.ts'
import { elements } from './users/user-resource.ts'
import { etagOf, isKnown, versionsOf } from './versions.ts'

/** More groups than this are `tooMany` for a list. */
const groupsMax = 5000
const groupId = z.uuid()

export async function requestGroups(
  request: ScimRequest,
  id: string | undefined,
  needs: ScimNeeds,
): Promise<ScimReply> {
  if (id === undefined) {
    if (request.method === 'GET') return list(request, false, needs)
    if (request.method === 'POST') return create(request, needs)
    throw new ScimFlaw(405, undefined, 'Groups are listed by GET and added by POST.')
  }
  if (!groupId.safeParse(id).success) throw notThere()
  switch (request.method) {
    case 'GET':
      return show(request, id, needs)
    case 'PUT':
    case 'PATCH':
      return change(request, id, needs)
    case 'DELETE':
      return remove(request, id, needs)
    case 'POST':
      throw new ScimFlaw(405, undefined, 'One group is changed by PUT or PATCH.')
  }
}

export function searchGroups(request: ScimRequest, needs: ScimNeeds): Promise<ScimReply> {
  return list(request, true, needs)
}

const notThere = (): ScimFlaw => new ScimFlaw(404, undefined, 'There is no such group.')

function groupResource(group: HrGroup, members: readonly PersonId[], base: string): Resource {
  const location = `${base}/Groups/${group.id}`
  return {
    schemas: [groupUrn],
    id: group.id,
    ...(group.externalId === null ? {} : { externalId: group.externalId }),
    displayName: group.displayName,
    members: members.map((value) => ({ value, $ref: `${base}/Users/${value}`, type: 'User' })),
    meta: {
      resourceType: 'Group',
      created: new Date(group.createdMs).toISOString(),
      lastModified: new Date(group.changedMs).toISOString(),
      location,
      version: etagOf(group.version),
    },
  }
}

async function list(
  { query, body, actor, base }: ScimRequest,
  isSearch: boolean,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const asked = isSearch ? readSearch(body, groupType) : readListQuery(query, groupType, true)
  const look = { by: actor.by, action: 'scim.groups.list' }
  const seen = await needs.perform(lookAt(look, () => listGroups(asked, base, needs), needs))
  return { status: 200, body: seen.answer }
}

async function listGroups(query: ListQuery, base: string, needs: ScimNeeds) {
  const { filter, startIndex, count } = query
  const rows = await needs.db
    .selectFrom('hr_group')
    .selectAll()
    .orderBy('id')
    .limit(groupsMax + 1)
    .execute()
  if (rows.length > groupsMax) throw flaw('tooMany', `More than ${String(groupsMax)} groups.`)
  const test = filter && testOf(filter, groupType, query.isInAddress)
  const isAboutMembers = filter !== undefined && JSON.stringify(filter).includes('embers')
  const isShown = !isWithoutMembers(query)
  const membersFor = async (id: string, isWanted: boolean) =>
    isWanted ? membersOf(needs.db, id) : []
  const all: Resource[] = []
  for (const row of rows) {
    const group = groupOf(row)
    all.push(groupResource(group, await membersFor(group.id, isAboutMembers), base))
  }
  const fitting = test ? all.filter(test) : all
  const page = sorted(fitting, query).slice(startIndex - 1, startIndex - 1 + count)
  const resources: Resource[] = []
  for (const one of page) {
    const group = rows.find(({ id }) => id === one['id'])
    if (!group) continue
    const members = await membersFor(group.id, isShown)
    resources.push(project(groupResource(groupOf(group), members, base), query))
  }
  return listBody(resources, { total: fitting.length, startIndex })
}

/** Entra leaves them out: there may be thousands. */
function isWithoutMembers({ only, without }: Projection): boolean {
  const isIt = ({ attribute, sub }: NonNullable<Projection['only']>[number]): boolean =>
    attribute.name === 'members' && sub === undefined
  return (
    without?.some(isIt) === true ||
    (only !== undefined && !only.some((f) => f.attribute.name === 'members'))
  )
}

async function show(
  { query, actor, base, ifNoneMatch }: ScimRequest,
  id: string,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const projection = projectionOf(query, groupType)
  const look = { by: actor.by, action: 'scim.groups.show' }
  const see = async () => {
    const group = await findGroup(needs.db, id)
    if (!group) return undefined
    const members = isWithoutMembers(projection) ? [] : await membersOf(needs.db, id)
    return { group, members }
  }
  const found = (await needs.perform(lookAt(look, see, needs))).answer
  if (!found) throw notThere()
  const { group, members } = found
  if (isKnown(ifNoneMatch, group.version)) return { status: 304, etag: etagOf(group.version) }
  return shownReply(group, members, 200, projection, base)
}

function shownReply(
  group: HrGroup,
  members: readonly PersonId[],
  status: number,
  projection: Projection,
  base: string,
): ScimReply {
  const resource = groupResource(group, members, base)
  return {
    status,
    body: project(resource, projection),
    etag: etagOf(group.version),
    location: `${base}/Groups/${group.id}`,
  }
}

async function create(request: ScimRequest, needs: ScimNeeds): Promise<ScimReply> {
  const { body, actor, query, base } = request
  const projection = projectionOf(query, groupType)
  const dropped = { count: 0 }
  const word = wordOf(takeResource(body, groupType, dropped))
  needs.onDropped(dropped.count)
  const { answer } = await needs.perform(() => addHrGroup({ ...actor, word }, needs))
  const { group, members } = takenOf(answer)
  return shownReply(group, members, 201, projection, base)
}

async function change(request: ScimRequest, id: string, needs: ScimNeeds): Promise<ScimReply> {
  const { method, body, actor, query, base, ifMatch } = request
  const projection = projectionOf(query, groupType)
  const ifVersion = versionsOf(ifMatch)
  const dropped = { count: 0 }
  const word = (now: GroupWord): GroupWord => {
    dropped.count = 0
    if (method === 'PUT') return wordOf(takeResource(body, groupType, dropped))
    const before: Resource = {
      displayName: now.displayName,
      ...(now.externalId === null ? {} : { externalId: now.externalId }),
      members: now.members.map((value) => ({ value, type: 'User' })),
    }
    return wordOf(applyPatch(before, body, groupType, dropped))
  }
  const order = { ...actor, groupId: id, word, ...(ifVersion ? { ifVersion } : {}) }
  const { answer } = await needs.perform(() => changeHrGroup(order, needs))
  needs.onDropped(dropped.count)
  const { group, members } = takenOf(answer)
  return shownReply(group, members, 200, projection, base)
}

async function remove(
  { actor, ifMatch }: ScimRequest,
  id: string,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const ifVersion = versionsOf(ifMatch)
  const order = { ...actor, groupId: id, ...(ifVersion ? { ifVersion } : {}) }
  const { answer } = await needs.perform(() => removeHrGroup(order, needs))
  takenOf(answer)
  return { status: 204 }
}

const printable = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)

function wordOf(resource: Resource): GroupWord {
  const displayName = printable.safeParse(resource['displayName'])
  const externalId = printable.optional().safeParse(resource['externalId'])
  if (!displayName.success) throw flaw('invalidValue', 'displayName is missing or not allowed.')
  if (!externalId.success) throw flaw('invalidValue', 'externalId is not allowed.')
  const members = elements(resource['members']).map(({ value }) => personId.safeParse(value))
  const known = members.flatMap((one) => (one.success ? [one.data] : []))
  if (known.length < members.length) throw strangers()
  return { displayName: displayName.data, externalId: externalId.data ?? null, members: known }
}

const strangers = (): ScimFlaw =>
  flaw('invalidValue', 'members names somebody who is not here, or is no user.')

function takenOf(answer: GroupAnswer): Extract<GroupAnswer, { kind: 'taken' }> {
  if (answer.kind === 'taken') return answer
  throw answer.code === 'person-unknown' ? strangers() : refusal(answer.code)
}
