// The figures of the house, month by month. They name nobody; looking is a fact all the same.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { figuresQuery, figuresShown } from '@wardkey/protocol/admin/figures/figures'
import type { FiguresOf } from '@wardkey/protocol/admin/figures/figures'
import { monthsBack } from '../../../flows/figures/months-back.ts'
import { readFigures } from '../../../flows/figures/read-figures.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'

export function registerFigures(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/figures',
    config: { scope: 'figures:read' },
    schema: {
      summary: 'Figures of the house, month by month, without names',
      tags: ['figures'],
      querystring: figuresQuery,
      response: { 200: figuresShown, ...noes },
    },
    handler: async (request, reply) => {
      const see = async (): Promise<FiguresOf[]> => {
        const { calendar } = await needs.house()
        const nowMs = needs.nowMs()
        const months: FiguresOf[] = []
        for (const month of monthsBack(request.query.months, calendar.timeZone, nowMs)) {
          months.push(await readFigures(needs.db, month, nowMs))
        }
        return months
      }
      const look = { by: callerOf(request).by, action: 'figures.show' }
      return reply.send({ months: (await needs.perform(lookAt(look, see, needs))).answer })
    },
  })
}
