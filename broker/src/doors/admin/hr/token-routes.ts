// Tokens: made for HR's systems and for scripts, listed without what they are, and taken back.
// Nobody gives away more than he has.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { newToken, tokenId, tokenMade, tokensPage } from '@wardkey/protocol/admin/tokens'
import { giveToken } from '../../../flows/token-grants/give-token.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { listTokens } from '../../../flows/token-grants/list-tokens.ts'
import { revokeToken } from '../../../flows/revoke-token.ts'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, replyOnce, send } from '../reply-once.ts'

export function registerTokens(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/tokens',
    config: { scope: 'tokens:write' },
    schema: {
      summary: 'Make a token; it is told once. It can do no more than the token that makes it',
      tags: ['tokens'],
      body: newToken,
      response: { 201: tokenMade, ...noes },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      if (!request.body.scopes.every((scope) => caller.scopes.has(scope))) {
        return send(reply, { status: 403, body: problemOf(403, 'scope-missing') })
      }
      const make = () => giveToken(caller, request.body, needs)
      return replyOnce(request, reply, needs, make, ({ token, expiresMs }) => ({
        status: 201,
        body: { token, expiresMs },
        isSecret: true,
      }))
    },
  })
  app.route({
    method: 'GET',
    url: '/tokens',
    config: { scope: 'tokens:read' },
    schema: {
      summary: 'All tokens: what each is called, what it may do, and until when',
      tags: ['tokens'],
      response: { 200: tokensPage, ...noes },
    },
    handler: async (request, reply) => {
      const see = () => listTokens(needs)
      const look = { by: callerOf(request).by, action: 'tokens.list' }
      return reply.send({ tokens: (await needs.perform(lookAt(look, see, needs))).answer })
    },
  })
  registerRevocation(fastify, needs)
}

function registerRevocation(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/tokens/:tokenId/revocation',
    config: { scope: 'tokens:write' },
    schema: {
      summary: 'Take a token back: it is good for nothing from now on',
      tags: ['tokens'],
      params: z.strictObject({ tokenId }),
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, by: callerOf(request).by }
      const { answer } = await needs.perform(() => revokeToken(order, needs))
      return send(
        reply,
        replyOf(answer, () => ({ status: 204, body: null })),
      )
    },
  })
}
