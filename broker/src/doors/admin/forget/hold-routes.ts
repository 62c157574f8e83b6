// Legal holds: placed by one, at once; lifted by two.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { holdId, holdOrder, holdPlaced, holdsShown } from '@wardkey/protocol/admin/forget/holds'
import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import { listHolds } from '../../../flows/forget/forget-rows.ts'
import type { HoldRow } from '../../../flows/forget/forget-rows.ts'
import { askToLift, liftHold, placeHold } from '../../../flows/forget/legal-holds.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce } from '../reply-once.ts'

const tags = ['forgetting']

export function registerHolds(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/holds',
    config: { scope: ['holds:write', 'holds:approve'] },
    schema: {
      summary: 'All legal holds, also those that were lifted; the newest first',
      tags,
      response: { 200: holdsShown, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'holds.list' }
      const { answer } = await needs.perform(lookAt(look, () => listHolds(needs), needs))
      return reply.send({ holds: answer.map(shownOf) })
    },
  })
  app.route({
    method: 'POST',
    url: '/holds',
    config: { scope: 'holds:write' },
    schema: {
      summary: 'Place a legal hold on a person, a workstation, a time, or on all: it holds at once',
      tags,
      body: holdOrder,
      response: { 201: holdPlaced, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => placeHold(order, needs)
      return replyOnce(request, reply, needs, flow, ({ id }) => ({ status: 201, body: { id } }))
    },
  })
  for (const [way, scope, summary, flowOf] of [
    ['ask-lift', 'holds:write', 'Ask that a legal hold is lifted', askToLift],
    ['lift', 'holds:approve', 'Lift a legal hold, as somebody else asked for', liftHold],
  ] as const) {
    app.route({
      method: 'POST',
      url: `/holds/:id/${way}`,
      config: { scope },
      schema: { summary, tags, params: holdId, response: { 204: z.null(), ...noes } },
      handler: async (request, reply) => {
        const order = { ...request.params, by: callerOf(request).by }
        const flow = () => flowOf(order, needs)
        return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
      },
    })
  }
}

function shownOf(row: HoldRow): HoldShown {
  const { lift_asked_ms: askedMs, lift_asked_by: askedBy, lifted_ms: atMs, lifted_by: by } = row
  const isAsked = askedMs !== null && askedBy !== null
  const isLifted = atMs !== null && by !== null
  return {
    id: row.id,
    ...(row.person_id === null ? {} : { personId: row.person_id }),
    ...(row.workstation_id === null ? {} : { workstationId: row.workstation_id }),
    ...(row.from_ms === null ? {} : { fromMs: row.from_ms }),
    ...(row.until_ms === null ? {} : { untilMs: row.until_ms }),
    reason: row.reason,
    state: isLifted ? 'lifted' : isAsked ? 'lift-asked' : 'holds',
    placed: { atMs: row.placed_ms, by: row.placed_by },
    ...(isAsked ? { liftAsked: { atMs: askedMs, by: askedBy } } : {}),
    ...(isLifted ? { lifted: { atMs, by } } : {}),
  }
}
