// The time line of a person, a workstation or a zone. Each look is a fact that names what was
// looked at and which times; the same question within five minutes is the same look.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { timeline, timelineQuery } from '@wardkey/protocol/console/timeline'
import type { LastingLooks } from '../../../flows/lasting-looks.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, send } from '../reply-once.ts'
import { showTimeline } from './show-timeline.ts'

export function registerTimeline(
  fastify: FastifyInstance,
  needs: AdminNeeds,
  looks: LastingLooks,
): void {
  fastify.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/timeline',
    config: { scope: 'presence:read' },
    schema: {
      summary: 'What the record has of a person, a workstation or a zone between two times',
      tags: ['house'],
      querystring: timelineQuery,
      response: { 200: timeline, ...noes },
    },
    handler: async (request, reply) => {
      const { query } = request
      const look = { by: callerOf(request).by, code: 'ADM-006', about: aboutOf(query) } as const
      const times = { fromMs: query.fromMs, toMs: query.toMs }
      const answer = await looks.see({ ...look, times }, () => showTimeline(query, needs))
      return send(
        reply,
        replyOf(answer, ({ shown }) => ({ status: 200, body: shown })),
      )
    },
  })
}

function aboutOf({ personId, workstationId, zoneId }: z.output<typeof timelineQuery>) {
  return {
    ...(personId && { person: personId }),
    ...(workstationId && { workstation: workstationId }),
    ...(zoneId === undefined ? {} : { zone: zoneId }),
  }
}
