// How often screens locked and how often that was said to be wrong, by zone. Nothing of it is about
// a person, so that looking at it is no fact.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { locksShown } from '@wardkey/protocol/admin/speed/locks'
import { speedQuery } from '@wardkey/protocol/admin/speed/speed'
import { readLocks } from '../../../flows/speed/read-locks.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { noes } from '../noes.ts'

export function registerLocks(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/locks',
    config: { scope: 'workstations:read' },
    schema: {
      summary:
        'How often screens locked, and how often that was said to be wrong, by zone and reason',
      tags: ['workstations'],
      querystring: speedQuery,
      response: { 200: locksShown, ...noes },
    },
    handler: async (request, reply) => reply.send(await readLocks(request.query, needs.store)),
  })
}
