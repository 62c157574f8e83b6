// Feeds of other systems: what came of them, and a list of their events taken by hand.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { feedEvents, feedParams, feedsPage, feedTaken } from '@wardkey/protocol/admin/streams/feeds'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { noes } from '../noes.ts'
import { send } from '../reply-once.ts'

export function registerFeedRoutes(fastify: FastifyInstance, { feeds }: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/feeds',
    config: { scope: 'streams:read' },
    schema: {
      summary: 'Systems that tell of doors and alarms: what came, and what their tables lack',
      tags: ['feeds'],
      response: { 200: feedsPage, ...noes },
    },
    // Counts and names of doors: no look is written down.
    handler: async (_request, reply) => {
      const all = (feeds?.list() ?? []).map(({ lastMs, unmapped, counts, ...rest }) => ({
        ...rest,
        counts: { ...counts },
        unmapped: [...unmapped],
        ...(lastMs === undefined ? {} : { lastMs }),
      }))
      return reply.send({ feeds: all })
    },
  })
  app.route({
    method: 'POST',
    url: '/feeds/:name/events',
    config: { scope: 'presence:write' },
    schema: {
      summary: 'Take events of such a system, each with its own names of fields',
      tags: ['feeds'],
      params: feedParams,
      body: feedEvents,
      response: { 200: feedTaken, ...noes },
    },
    // Each event that is taken is a fact of its own, and a repeated one is known by its id.
    handler: async (request, reply) => {
      const { name } = request.params
      if (!feeds?.find(name)) {
        return send(reply, { status: 404, body: problemOf(404, 'feed-unknown') })
      }
      const { unmapped, ...counts } = await feeds.take(name, request.body.events)
      return reply.send({ ...counts, unmapped: [...unmapped] })
    },
  })
}
