// How much waits, for the console's rail, which every page shows. Numbers alone, of lists that the
// caller may see, so that looking at them is no fact: whoever wants to know more asks for the list.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { waiting } from '@wardkey/protocol/console/waiting'
import type { AlertKind } from '@wardkey/protocol/admin/alerts/alert-rules'
import { countFresh } from '../../../flows/alerts/alert-row.ts'
import { countUndecided } from '../../../flows/access-reviews/count-undecided.ts'
import { countReviews } from '../../../sessions/emergency-grant.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'

const kinds: readonly AlertKind[] = ['people', 'technical']

export function registerWaiting(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/waiting',
    config: {
      scope: [
        ...(['emergency:read', 'alerts:people', 'alerts:technical'] as const),
        ...(['reviews:read', 'reviews:decide'] as const),
      ],
    },
    schema: {
      summary: 'How many emergency accesses, alerts and entries of access reviews wait',
      tags: ['house'],
      response: { 200: waiting, ...noes },
    },
    handler: async (request, reply) => {
      const { scopes, person } = callerOf(request)
      const { db, nowMs } = needs
      const seen = kinds.filter((kind) => scopes.has(`alerts:${kind}`))
      const isForAll = scopes.has('reviews:read')
      return reply.send({
        ...(scopes.has('emergency:read') && { reviews: (await countReviews(db, nowMs())).open }),
        ...(seen.length > 0 && { alerts: await countFresh(db, seen) }),
        ...((isForAll || scopes.has('reviews:decide')) && {
          entries: await countUndecided(db, isForAll ? 'of all' : { reviewer: person }),
        }),
      })
    },
  })
}
