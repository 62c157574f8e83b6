// Finding a badge by the last digits of its number. It is a POST so that digits are in no address;
// it changes nothing, and is written down as a look.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { badgesFound, badgeSearch } from '@wardkey/protocol/admin/badges/badge-find'
import { findByEnding } from '../../../flows/badges/find-by-ending.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'

export function registerBadgeFinding(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/badges/find',
    config: { scope: 'badges:read' },
    schema: {
      summary: 'Badges whose number ends in some digits, without their numbers',
      tags: ['badges'],
      body: badgeSearch,
      response: { 200: badgesFound, ...noes },
    },
    handler: async (request, reply) => {
      const { by, scopes } = callerOf(request)
      const asked = { ends: request.body.ends, isNamed: scopes.has('people:read') }
      const look = { by, action: 'badges.find' }
      const seen = await needs.perform(lookAt(look, () => findByEnding(asked, needs), needs))
      return reply.send(seen.answer)
    },
  })
}
