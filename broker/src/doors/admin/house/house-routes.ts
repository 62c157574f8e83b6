// Who is where now, and locking what is open there. With names a look is a fact when it begins;
// states and health alone are none.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { houseNow, lockDone, lockOrder } from '@wardkey/protocol/console/house'
import type { LastingLooks } from '../../../flows/lasting-looks.ts'
import { lockPlace } from '../../../flows/lock-place.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce } from '../reply-once.ts'
import { OpenNames } from './open-names.ts'
import { showHouse } from './show-house.ts'

export function registerHouse(
  fastify: FastifyInstance,
  needs: AdminNeeds,
  looks: LastingLooks,
): void {
  const names = new OpenNames(needs.personKeys)
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/house',
    config: { scope: ['presence:read', 'house:read'] },
    schema: {
      summary:
        'The house as it is now: with presence:read who is where, else states and health alone',
      tags: ['house'],
      response: { 200: houseNow, ...noes },
    },
    handler: async (request, reply) => {
      const { by, scopes } = callerOf(request)
      const grants = scopes.has('emergency:read')
      if (!scopes.has('presence:read')) return reply.send(await showHouse(needs, { grants }))
      const look = { by, code: 'ADM-005' } as const
      return reply.send(await looks.see(look, () => showHouse(needs, { names })))
    },
  })
  app.route({
    method: 'POST',
    url: '/house/locks',
    config: { scope: 'house:lock' },
    schema: {
      summary: 'Lock what is open at a workstation or in a zone; sessions come back by a tap',
      tags: ['house'],
      body: lockOrder,
      response: { 200: lockDone, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => lockPlace(request.body, callerOf(request), needs),
        ({ screens }) => ({ status: 200, body: { screens } }),
      ),
  })
}
