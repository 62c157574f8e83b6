// What other systems know of where people are: the doors of the building, for now.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { doorEvent, doorNoted } from '@wardkey/protocol/admin/presence'
import { noteDoor } from '../../flows/note-door.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'
import { noes } from './noes.ts'
import { replyOnce } from './reply-once.ts'

export function registerPresence(fastify: FastifyInstance, needs: AdminNeeds): void {
  fastify.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/presence/doors',
    config: { scope: 'presence:write' },
    schema: {
      summary: 'Tell that somebody’s card opened a door',
      tags: ['presence'],
      body: doorEvent,
      response: { 200: doorNoted, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => noteDoor({ ...request.body, by: callerOf(request).by }, needs),
        ({ screensTold }) => ({ status: 200, body: { screensTold } }),
      ),
  })
}
