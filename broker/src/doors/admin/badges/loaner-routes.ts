// Loaner cards, lost badges, and how many badges anybody can copy.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { badgeReport } from '@wardkey/protocol/admin/badges/badge-report'
import {
  badgesLost,
  badgesMarked,
  loanerAdded,
  loanersPage,
  newLoaner,
} from '@wardkey/protocol/admin/badges/loaners'
import { personId } from '@wardkey/protocol/ids'
import { readBadgeReport } from '../../../flows/badges/badge-report.ts'
import { addLoaner, retireLoaner } from '../../../flows/badges/loaner-pool.ts'
import { reportLost } from '../../../flows/badges/report-lost.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { listLoanerCards } from '../../../identity/cards/loaner-cards.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, replyOnce, send } from '../reply-once.ts'

export function registerLoaners(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/loaners',
    config: { scope: 'badges:write' },
    schema: {
      summary: 'Add a card to the loaner badges',
      tags: ['badges'],
      body: newLoaner,
      response: { 201: loanerAdded, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => addLoaner({ ...request.body, by: callerOf(request).by }, needs),
        ({ loanerId }) => ({ status: 201, body: { loanerId } }),
      ),
  })
  app.route({
    method: 'GET',
    url: '/loaners',
    config: { scope: 'badges:read' },
    schema: {
      summary: 'All loaner badges: which are given now, to whom, and until when',
      tags: ['badges'],
      response: { 200: loanersPage, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'loaners.list' }
      const seen = await needs.perform(lookAt(look, () => listLoanerCards(needs.db), needs))
      const loaners = seen.answer.map(({ id, given, ...shown }) => ({
        loanerId: id,
        ...shown,
        ...(given ? { given: { ...given, personId: personId.parse(given.personId) } } : {}),
      }))
      return reply.send({ loaners })
    },
  })
  app.route({
    method: 'POST',
    url: '/loaners/:loanerId/retire',
    config: { scope: 'badges:write' },
    schema: {
      summary: 'Take a card out of the loaner badges; who has it gets her own badge back',
      tags: ['badges'],
      params: z.strictObject({ loanerId: z.uuid() }),
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const { answer } = await needs.perform(() => retireLoaner({ ...request.params, by }, needs))
      return send(
        reply,
        replyOf(answer, () => ({ status: 204, body: null })),
      )
    },
  })
}

export function registerLostAndReport(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/badges/lost',
    config: { scope: 'badges:write' },
    schema: {
      summary: 'Report a person’s badge lost: what it has open locks at once',
      tags: ['badges'],
      body: badgesLost,
      response: { 200: badgesMarked, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => reportLost({ ...request.body, by: callerOf(request).by }, needs),
        ({ personId: whose, badges }) => ({ status: 200, body: { personId: whose, badges } }),
      ),
  })
  app.route({
    method: 'GET',
    url: '/badges/report',
    config: { scope: 'badges:read' },
    schema: {
      summary: 'How many badges anybody can copy, by technology, role and zone, and a plan',
      tags: ['badges'],
      response: { 200: badgeReport, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'badges.report' }
      const see = () => readBadgeReport(needs.db, needs.nowMs())
      return reply.send((await needs.perform(lookAt(look, see, needs))).answer)
    },
  })
}
