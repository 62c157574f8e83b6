// Whose training or time ends soon, for whoever reminds them.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { expiringQuery, expiringShown } from '@wardkey/protocol/admin/modes'
import { findExpiring } from '../../../flows/expiring.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'

export function registerExpiring(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/expiring',
    config: { scope: 'people:read' },
    schema: {
      summary: 'Trainings, licences and contracts that end within these days, or have ended',
      tags: ['people'],
      querystring: expiringQuery,
      response: { 200: expiringShown, ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const see = () => findExpiring(request.query.days, needs)
      const seen = await needs.perform(lookAt({ by, action: 'people.expiring' }, see, needs))
      const { expiring, isCut } = seen.answer
      return reply.send({ expiring: [...expiring], isCut })
    },
  })
}
