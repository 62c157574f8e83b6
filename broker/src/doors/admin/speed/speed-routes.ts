// How fast it is, by ward and by release. Nothing of it is about a person, so that looking at it is
// no fact.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { speedQuery, speedShown } from '@wardkey/protocol/admin/speed/speed'
import { askSpeed } from '../../../flows/speed/ask-speed.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { noes } from '../noes.ts'

export function registerSpeed(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/speed',
    config: { scope: 'workstations:read' },
    schema: {
      summary:
        'How long each stage from tap to chart took, by zone and by release, in at most 31 days',
      tags: ['workstations'],
      querystring: speedQuery,
      response: { 200: speedShown, ...noes },
    },
    handler: async (request, reply) => {
      await needs.keepSpeed?.()
      return reply.send(await askSpeed(request.query, needs))
    },
  })
}
