// What retention took, lot by lot, and the list of one. Nothing here takes anything.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import {
  purgeListed,
  purgeNumber,
  purgesPage,
  purgesQuery,
} from '@wardkey/protocol/admin/forget/purges'
import type { PurgeListed } from '@wardkey/protocol/admin/forget/purges'
import { lookAt } from '../../../flows/look-at.ts'
import { listPurges, showPurge } from '../../../flows/retention/list-purges.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, send } from '../reply-once.ts'

const tags = ['retention']
const scopes = ['record:read', 'retention:propose', 'retention:approve'] as const

export function registerPurges(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/retention/purges',
    config: { scope: scopes },
    schema: {
      summary: 'What retention took, the newest first',
      tags,
      querystring: purgesQuery,
      response: { 200: purgesPage, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'retention.purges' }
      const see = () => listPurges(request.query, needs)
      return reply.send((await needs.perform(lookAt(look, see, needs))).answer)
    },
  })
  app.route({
    method: 'GET',
    url: '/retention/purges/:number',
    config: { scope: scopes },
    schema: {
      summary: 'The list of one purge: number, code and time of each fact that went',
      tags,
      params: purgeNumber,
      response: { 200: purgeListed, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'retention.purge' }
      const see = () => showPurge(request.params.number, needs)
      const { answer } = await needs.perform(lookAt(look, see, needs))
      const done = replyOf<{ kind: 'listed' } & PurgeListed>(answer, ({ kind: _, ...listed }) => ({
        status: 200,
        body: listed,
      }))
      return send(reply, done)
    },
  })
}
