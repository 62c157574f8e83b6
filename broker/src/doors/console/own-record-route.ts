// What is kept about whoever is signed in, for herself, and her word that something of it was not
// she: whose it is, the session says and nothing else. Not a route of administration: no token and
// no scope opens it for somebody else.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { disownOrder, ownRecordQuery } from '@wardkey/protocol/console/own-record'
import type { OwnLook, OwnRecord } from '@wardkey/protocol/console/own-record'
import type { PersonId } from '@wardkey/protocol/ids'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import type { ConsoleSession } from '../../flows/console/find-session.ts'
import type { FlowNeeds } from '../../flows/flow-needs.ts'
import { lookAt } from '../../flows/look-at.ts'
import { disownTap } from '../../flows/own-taps/disown-tap.ts'
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

/** What she says once is enough: who says it again and again is no person, or not herself. */
const disownings = { capacity: 6, refillMs: 60_000 }
const allDisownings = { capacity: 100, refillMs: 1000 }

export function registerOwnRecord(scope: FastifyInstance, needs: OwnRecordNeeds): void {
  const knocks = new KnockLimits(perPerson, overall)
  scope.get('/own-record', async (request, reply) => {
    const session = await ownSession(request, reply, needs)
    if (!session) return reply
    const { person, by } = session.caller
    const times = timesOf(request)
    if (!times) return no(reply, 400, 'request-not-understood')
    if (knocks.take(person, needs.monotonicMs()) > 0) return no(reply, 429, 'too-many-requests')
    const see = () => showOwnRecord(person, times, needs)
    // Of each day the first look: she is not watched in looking after herself.
    if (await didLook(person, needs)) return reply.send(await see())
    const look = { by, action: ownAction, about: { person } }
    return reply.send((await needs.perform(lookAt(look, see, needs))).answer)
  })
  registerDisowning(scope, needs)
}

function registerDisowning(scope: FastifyInstance, needs: OwnRecordNeeds): void {
  const knocks = new KnockLimits(disownings, allDisownings)
  scope.post('/own-record/not-me', { bodyLimit: 1024 }, async (request, reply) => {
    const session = await ownSession(request, reply, needs)
    if (!session) return reply
    const { person } = session.caller
    const order = disownOrder.safeParse(request.body).data
    if (!order) return no(reply, 400, 'request-not-understood')
    if (knocks.take(person, needs.monotonicMs()) > 0) return no(reply, 429, 'too-many-requests')
    const { answer } = await needs.perform(() => disownTap(person, order, needs))
    if (answer.kind === 'refused') return no(reply, 404, answer.code)
    const { badges, sessions, wasSaid } = answer
    return reply.send({ badges, sessions, wasSaid })
  })
}

/** Nothing where the reply has gone out already: who asks is nobody, or the house shows it not. */
async function ownSession(
  request: FastifyRequest,
  reply: FastifyReply,
  needs: OwnRecordNeeds,
): Promise<ConsoleSession | undefined> {
  const found = await consoleRequest(request, needs)
  if (found.kind !== 'session') {
    await refuseRequest(reply, found.kind)
    return undefined
  }
  if (needs.console.ownRecord) return found.session
  await no(reply, 403, 'console-no-own-record')
  return undefined
}

const no = (
  reply: FastifyReply,
  status: number,
  code: Parameters<typeof problemOf>[1],
): FastifyReply => reply.code(status).type(problemType).send(problemOf(status, code))

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
