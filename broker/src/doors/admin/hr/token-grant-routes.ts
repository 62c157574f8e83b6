// Tokens with power over others: asked for by one, decided by another, and taken out by whoever
// asked. Nobody asks for more than she has herself.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { tokenAsked, tokenGrantsPage, tokenMade } from '@wardkey/protocol/admin/tokens'
import {
  askForToken,
  decideToken,
  listGrants,
  scopesOf,
  takeToken,
} from '../../../flows/token-grants/token-grants.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce, send } from '../reply-once.ts'

const tags = ['tokens']
const params = z.strictObject({ id: z.uuid() })
const decision = z.strictObject({ outcome: z.enum(['approved', 'rejected']) })

export function registerTokenGrants(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerAsking(fastify, needs)
  registerWords(fastify, needs)
}

function registerAsking(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/token-grants',
    config: { scope: 'tokens:read' },
    schema: {
      summary: 'Tokens with power over others that were asked for, the newest first',
      tags,
      response: { 200: tokenGrantsPage, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'token-grants.list' }
      const see = () => listGrants(needs)
      const { answer } = await needs.perform(lookAt(look, see, needs))
      return reply.send({ grants: answer.map(shownOf) })
    },
  })
  app.route({
    method: 'POST',
    url: '/token-grants',
    config: { scope: 'tokens:write' },
    schema: {
      summary: 'Ask for a token with power over others: there is none before it is approved',
      tags,
      body: tokenAsked,
      response: { 201: z.object({ id: z.string() }), ...noes },
    },
    handler: async (request, reply) => {
      const { by, scopes } = callerOf(request)
      if (!request.body.scopes.every((scope) => scopes.has(scope))) {
        return send(reply, { status: 403, body: problemOf(403, 'scope-missing') })
      }
      const flow = () => askForToken({ ...request.body, by }, needs)
      return replyOnce(request, reply, needs, flow, ({ id }) => ({ status: 201, body: { id } }))
    },
  })
}

function registerWords(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/token-grants/:id/decision',
    config: { scope: 'tokens:approve' },
    schema: {
      summary: 'Approve or reject a token that somebody else asked for; decided once',
      tags,
      params,
      body: decision,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, ...request.body, by: callerOf(request).by }
      const flow = () => decideToken(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
  app.route({
    method: 'POST',
    url: '/token-grants/:id/token',
    config: { scope: 'tokens:write' },
    schema: {
      summary: 'Take out the token that was approved; it is told once, to whoever asked',
      tags,
      params,
      response: { 201: tokenMade, ...noes },
    },
    handler: async (request, reply) => {
      const { by, scopes: may } = callerOf(request)
      const order = { ...request.params, by, may }
      const flow = () => takeToken(order, needs)
      return replyOnce(request, reply, needs, flow, ({ token, expiresMs }) => ({
        status: 201,
        body: { token, expiresMs },
        isSecret: true,
      }))
    },
  })
}

type Grant = Awaited<ReturnType<typeof listGrants>>[number]

function shownOf(row: Grant) {
  const { id, name, life_ms: lifeMs, note, outcome, decided_ms: atMs, decided_by: by } = row
  const isDecided = outcome !== null && atMs !== null && by !== null
  return {
    ...{ id, name, scopes: [...scopesOf(row)], lifeMs, note },
    proposed: { atMs: row.proposed_ms, by: row.proposed_by },
    ...(isDecided ? { decided: { atMs, by, outcome } } : {}),
    ...(row.made_ms === null ? {} : { madeMs: row.made_ms }),
  }
}
