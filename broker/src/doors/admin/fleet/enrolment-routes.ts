// Enrolling many: tokens, taken back and told once; a workstation's identity anew; and computers
// that ask for approval. Nothing here is about a person, so looking is no fact.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { workstationId } from '@wardkey/protocol/ids'
import {
  askDecided,
  askDecision,
  askId,
  enrolAsksPage,
  enrolTokensPage,
  reissueOrder,
} from '@wardkey/protocol/admin/fleet/enrolling'
import { tokenId } from '@wardkey/protocol/admin/tokens'
import { tokenMinted, tokenOrder } from '@wardkey/protocol/admin/workstations'
import { decideAsk } from '../../../flows/enrolment/decide-ask.ts'
import { mintToken, reissueToken } from '../../../flows/enrolment/mint-token.ts'
import type { MintedToken } from '../../../flows/enrolment/mint-token.ts'
import { revokeEnrolToken } from '../../../flows/enrolment/revoke-enrol-token.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce } from '../reply-once.ts'
import type { Reply } from '../reply-once.ts'
import { showAsks, showEnrolTokens } from './show-enrolling.ts'

export function registerEnrolling(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerMinting(fastify, needs)
  registerTokens(fastify, needs)
  registerAsks(fastify, needs)
}

function registerMinting(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  const told = ({ token, expiresMs }: MintedToken): Reply => {
    const body = { token, expiresMs, caSha256: needs.caSha256() }
    return { status: 201, body, isSecret: true }
  }
  app.route({
    method: 'POST',
    url: '/enrolment-tokens',
    config: { scope: 'workstations:write' },
    schema: {
      summary: 'Make a token to enrol workstations in a zone; it is told once',
      tags: ['workstations'],
      body: tokenOrder,
      response: { 201: tokenMinted, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      return replyOnce(request, reply, needs, () => mintToken(order, needs), told)
    },
  })
  app.route({
    method: 'POST',
    url: '/workstations/:workstationId/reissue',
    config: { scope: 'workstations:write' },
    schema: {
      summary: 'Make a token that gives one workstation its identity anew; it is told once',
      tags: ['workstations'],
      params: z.strictObject({ workstationId }),
      body: reissueOrder,
      response: { 201: tokenMinted, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, ...request.body, by: callerOf(request).by }
      return replyOnce(request, reply, needs, () => reissueToken(order, needs), told)
    },
  })
}

function registerTokens(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/enrolment-tokens',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'Enrolment tokens: where each is good for, what is left of it, and until when',
      tags: ['workstations'],
      response: { 200: enrolTokensPage, ...noes },
    },
    handler: async (_request, reply) => reply.send({ tokens: [...(await showEnrolTokens(needs))] }),
  })
  app.route({
    method: 'POST',
    url: '/enrolment-tokens/:tokenId/revocation',
    config: { scope: 'workstations:write' },
    schema: {
      summary: 'Take an enrolment token back: it enrols nothing from now on',
      tags: ['workstations'],
      params: z.strictObject({ tokenId }),
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, by: callerOf(request).by }
      const revoke = () => revokeEnrolToken(order, needs)
      return replyOnce(request, reply, needs, revoke, () => ({ status: 204, body: null }))
    },
  })
}

function registerAsks(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/enrolment-asks',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'Computers that ask to be a workstation, with the words that their screens show',
      tags: ['workstations'],
      response: { 200: enrolAsksPage, ...noes },
    },
    handler: async (_request, reply) => reply.send({ asks: [...(await showAsks(needs))] }),
  })
  app.route({
    method: 'POST',
    url: '/enrolment-asks/:askId/decision',
    config: { scope: 'workstations:write' },
    schema: {
      summary: 'Approve or refuse a computer that asks; compare the words before',
      tags: ['workstations'],
      params: z.strictObject({ askId }),
      body: askDecision,
      response: { 200: askDecided, ...noes },
    },
    handler: async (request, reply) => {
      const { body, params } = request
      const zoneId = body.outcome === 'approved' ? body.zoneId : undefined
      const order = { ...params, zoneId, by: callerOf(request).by }
      return replyOnce(
        request,
        reply,
        needs,
        () => decideAsk(order, needs),
        ({ outcome }) => ({ status: 200, body: { outcome } }),
      )
    },
  })
}
