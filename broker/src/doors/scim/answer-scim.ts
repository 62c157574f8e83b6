// One SCIM request and its answer, whichever way it came: over the wire, or inside a bulk.

import { isObject } from './filter/match-filter.ts'
import { requestGroups, searchGroups } from './group-requests.ts'
import { listBody, readListQuery } from './list-query.ts'
import { errorBody, ScimFlaw } from './scim-flaw.ts'
import type { ScimNeeds, ScimReply, ScimRequest } from './scim-needs.ts'
import { userType } from './resource/scim-schema.ts'
import { discover } from './discovery.ts'
import { requestUsers, searchUsers } from './users/user-requests.ts'

/** Throws ScimFlaw for what cannot be done, and Fault for what failed. */
export async function answerScim(
  path: readonly string[],
  request: ScimRequest,
  needs: ScimNeeds,
): Promise<ScimReply> {
  const [place = '', id, ...rest] = path
  if (rest.length > 0) throw nowhere()
  const discovered = discover(path, request.query, request.base)
  if (discovered) {
    if (request.method !== 'GET') throw new ScimFlaw(405, undefined, 'This is only read.')
    return { status: 200, body: discovered }
  }
  const isSearch = request.method === 'POST' && id === '.search'
  switch (place) {
    case 'Users':
      return isSearch ? searchUsers(request, needs) : requestUsers(request, id, needs)
    case 'Groups':
      return isSearch ? searchGroups(request, needs) : requestGroups(request, id, needs)
    case '.search':
      if (request.method !== 'POST' || id !== undefined) throw nowhere()
      return searchAll(request, needs)
    case 'Me':
      throw new ScimFlaw(501, undefined, 'A token is nobody: there is no Me.')
    default:
      throw nowhere()
  }
}

const nowhere = (): ScimFlaw => new ScimFlaw(404, undefined, 'There is no such place.')

/** The answer of whatever was thrown that is the client's to mend; nothing for anything else. */
export function replyOfFlaw(thrown: unknown): ScimReply | undefined {
  if (!(thrown instanceof ScimFlaw)) return undefined
  const { status, scimType, message } = thrown
  return { status, body: errorBody(status, scimType, message) }
}

interface Part {
  readonly totalResults: number
  readonly Resources: readonly Record<string, unknown>[]
}

/**
 * Over both: users first, then groups, as far as the page reaches. Nobody of a kind fits a filter
 * on what that kind does not have; where neither has it, the filter is wrong.
 */
async function searchAll(request: ScimRequest, needs: ScimNeeds): Promise<ScimReply> {
  const given = isObject(request.body) ? request.body : {}
  const { startIndex, count } = readListQuery(given, userType, false)
  const flaws: ScimFlaw[] = []
  const part = async (search: typeof searchUsers, from: number, most: number): Promise<Part> => {
    const body = { ...given, startIndex: Math.max(1, from), count: most }
    try {
      return (await search({ ...request, body }, needs)).body as Part
    } catch (thrown) {
      if (!(thrown instanceof ScimFlaw) || thrown.scimType !== 'invalidFilter') throw thrown
      flaws.push(thrown)
      return { totalResults: 0, Resources: [] }
    }
  }
  const users = await part(searchUsers, startIndex, count)
  const left = count - users.Resources.length
  const groups = await part(searchGroups, startIndex - users.totalResults, left)
  if (flaws[1]) throw flaws[1]
  const isInGroups = startIndex + count - 1 > users.totalResults
  const resources = [...users.Resources, ...(isInGroups ? groups.Resources : [])]
  const total = users.totalResults + groups.totalResults
  return { status: 200, body: listBody(resources, { total, startIndex }) }
}
