// Emergency accesses: list, show, review, and the patterns in them. Looking at one is a fact too.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  grantId,
  grantShown,
  grantsPage,
  grantsQuery,
  newReview,
  patternsQuery,
  patternsShown,
} from '@wardkey/protocol/admin/break-glass'
import { lookAt } from '../../flows/look-at.ts'
import { reviewGrant } from '../../flows/review-grant.ts'
import { problemOf } from '../problem.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'
import { noes } from './noes.ts'
import { replyOnce, send } from './reply-once.ts'
import { showGrant, showGrants, showPatterns } from './show-grants.ts'

const params = z.strictObject({ grantId })

export function registerBreakGlass(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/break-glass',
    config: { scope: 'emergency:read' },
    schema: {
      summary: 'Emergency accesses, or those whose review is open',
      tags: ['break-glass'],
      querystring: grantsQuery,
      response: { 200: grantsPage, ...noes },
    },
    handler: async (request, reply) => {
      const { open, limit } = request.query
      const look = { by: callerOf(request).by, action: 'break-glass.list' }
      const see = () => showGrants({ isOpen: open === 'true', limit }, needs)
      const seen = await needs.perform(lookAt(look, see, needs))
      return reply.send({ grants: [...seen.answer] })
    },
  })
  app.route({
    method: 'GET',
    url: '/break-glass/patterns',
    config: { scope: 'emergency:read' },
    schema: {
      summary: 'What the emergency accesses of the last days show together',
      tags: ['break-glass'],
      querystring: patternsQuery,
      response: { 200: patternsShown, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'break-glass.patterns' }
      const see = () => showPatterns(request.query.days, needs)
      return reply.send((await needs.perform(lookAt(look, see, needs))).answer)
    },
  })
  registerOneGrant(fastify, needs)
}

function registerOneGrant(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/break-glass/:grantId',
    config: { scope: 'emergency:read' },
    schema: {
      summary: 'Show an emergency access, with note and review',
      tags: ['break-glass'],
      params,
      response: { 200: grantShown, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'break-glass.show' }
      const see = () => showGrant(request.params.grantId, needs)
      const seen = await needs.perform(lookAt(look, see, needs))
      if (seen.answer) return reply.send(seen.answer)
      return send(reply, { status: 404, body: problemOf(404, 'grant-unknown') })
    },
  })
  app.route({
    method: 'POST',
    url: '/break-glass/:grantId/review',
    config: { scope: 'emergency:review' },
    schema: {
      summary: 'Close the review of an emergency access: once, and never one’s own',
      tags: ['break-glass'],
      params,
      body: newReview,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const review = { ...request.body, ...request.params, by: callerOf(request).by }
      return replyOnce(
        request,
        reply,
        needs,
        () => reviewGrant(review, needs),
        () => ({ status: 204, body: null }),
      )
    },
  })
}
