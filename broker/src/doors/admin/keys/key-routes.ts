// The broker's keys, for whoever has to know when they change: ids and times. Nothing here has a key
// in its hand.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import { listKeys } from '../../../flows/keys/list-keys.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { noes } from '../noes.ts'

export function registerKeys(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/keys',
    config: { scope: 'keys:read' },
    schema: {
      summary: 'The broker’s keys: what each is for, since when, how it changes next; no secret',
      tags: ['keys'],
      response: { 200: keyList, ...noes },
    },
    // Ids of keys say nothing of anybody: no look is written down.
    handler: async (_request, reply) =>
      reply.send({ atMs: needs.nowMs(), keys: await listKeys(needs) }),
  })
}
