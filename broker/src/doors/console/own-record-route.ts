// What is kept about whoever is signed in, for herself: whose it is, the session says and nothing
// else. Not a route of administration: no token and no scope opens it for somebody else.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ownRecordQuery } from '@wardkey/protocol/console/own-record'
import type { OwnLook, OwnRecord } from '@wardkey/protocol/console/own-record'
import type { PersonId } from '@wardkey/protocol/ids'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import type { FlowNeeds } from '../../flows/flow-needs.ts'
import { lookAt } from '../../flows/look-at.ts'
import { didLook, ownAction, readLooks } from '../../flows/own-taps/read-looks.ts'
import type { LookRead } from '../../flows/own-taps/read-looks.ts'
import { readOwnTaps } from '../../flows/own-taps/read-own-taps.ts'
import type { Perform } from '../../flows/perform.ts'
import { readPlaces } from '../../flows/timeline/places.ts'
import type { TimeRange } from '../../flows/timeline/read-told.ts'
import { KnockLimits } from '../knock-limits.ts'
import { problemOf, problemType } from '../problem.ts'
import { consoleRequest, refuseRequest } from './console-request.ts'
import type { ConsoleRequestNeeds } from './console-request.ts'
import { nameOf } from './name-of.ts'
import type { NameNeeds } from './name-of.ts'

interface OwnRecordNeeds extends ConsoleRequestNeeds, FlowNeeds, NameNeeds {
  readonly console: ConsoleWays
  readonly perform: Perform
  readonly monotonicMs: () => number
  readonly head: () => { readonly size: number } | undefined
}

/** Everybody who works here may ask, and taps are answered from the same store. */
const perPerson = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 100, refillMs: 200 }

export function registerOwnRecord(scope: FastifyInstance, needs: OwnRecordNeeds): void {
  const knocks = new KnockLimits(perPerson, overall)
  scope.get('/own-record', async (request, reply) => {
    const no = (status: number, code: Parameters<typeof problemOf>[1]) =>
      reply.code(status).type(problemType).send(problemOf(status, code))
    const found = await consoleRequest(request, needs)
    if (found.kind !== 'session') return refuseRequest(reply, found.kind)
    if (!needs.console.ownRecord) return no(403, 'console-no-own-record')
    const { person, by } = found.session.caller
    const times = timesOf(request)
    if (!times) return no(400, 'request-not-understood')
    if (knocks.take(person, needs.monotonicMs()) > 0) return no(429, 'too-many-requests')
    const see = () => showOwnRecord(person, times, needs)
    // Of each day the first look: she is not watched in looking after herself.
    if (await didLook(person, needs)) return reply.send(await see())
    const look = { by, action: ownAction, about: { person } }
    return reply.send((await needs.perform(lookAt(look, see, needs))).answer)
  })
}

/** Names nobody: what asks for somebody is not understood. */
function timesOf({ query }: FastifyRequest): TimeRange | undefined {
  return ownRecordQuery.safeParse(query).data
}

async function showOwnRecord(
  person: PersonId,
  times: TimeRange,
  needs: OwnRecordNeeds,
): Promise<OwnRecord> {
  const places = await readPlaces(needs.db)
  const sealed = needs.head()?.size ?? 0
  const taps = await readOwnTaps(person, times, { ...needs, places, sealed })
  const { looks, isCut } = await readLooks(person, times, needs)
  return { ...taps, looks: await named(looks, needs), areLooksCut: isCut }
}

/** By office alone, unless the house says otherwise. */
async function named(looks: readonly LookRead[], needs: OwnRecordNeeds): Promise<OwnLook[]> {
  if (!needs.console.ownRecordNames) return looks.map(({ look }) => look)
  const doers = new Set(looks.flatMap(({ doer }) => doer ?? []))
  const names = new Map<PersonId, string | undefined>()
  for (const doer of doers) names.set(doer, await nameOf(doer, needs))
  return looks.map(({ look, doer }) => {
    const name = doer && names.get(doer)
    return name === undefined ? look : { ...look, name }
  })
}
