// Somebody who was added by hand becomes HR's, for administrators.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import { personLink } from '@wardkey/protocol/admin/hr'
import { linkPerson } from '../../../flows/hr/adopt/link-person.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce } from '../reply-once.ts'

export function registerAdoption(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/people/:personId/adoption',
    config: { scope: 'people:write' },
    schema: {
      summary: 'Say by which name HR’s system knows a person who was added by hand',
      tags: ['people from HR'],
      params: z.strictObject({ personId }),
      body: personLink,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, ...request.params, by: callerOf(request).by }
      const flow = () => linkPerson(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}
