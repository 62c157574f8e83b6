// The broker's keys, for whoever has to know when they change, and the words of the two who end an
// authority though workstations are lost. Nothing here has a key in its hand.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  authorityEndDecision,
  authorityEndOrder,
  authorityShown,
} from '@wardkey/protocol/admin/keys/authority-end'
import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import { askToEnd, decideEnd, showAuthority } from '../../../flows/keys/end-authority.ts'
import { listKeys } from '../../../flows/keys/list-keys.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce } from '../reply-once.ts'

export function registerKeys(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerList(fastify, needs)
  registerEnd(fastify, needs)
}

function registerList(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/keys',
    config: { scope: 'keys:read' },
    schema: {
      summary: 'The broker’s keys: what each is for, since when, how it changes next; no secret',
      tags: ['keys'],
      response: { 200: keyList, ...noes },
    },
    // Ids of keys say nothing of anybody: no look is written down.
    handler: async (_request, reply) =>
      reply.send({ atMs: needs.nowMs(), keys: await listKeys(needs) }),
  })
}

function registerEnd(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/keys/authority',
    config: { scope: ['keys:read', 'keys:propose', 'keys:approve'] },
    schema: {
      summary: 'The present and the next workstation authority: who would be lost with its end',
      tags: ['keys'],
      response: { 200: authorityShown, ...noes },
    },
    // Places and ids of keys: nothing of anybody.
    handler: async (_request, reply) => reply.send(await showAuthority(needs)),
  })
  app.route({
    method: 'POST',
    url: '/keys/authority/end',
    config: { scope: 'keys:propose' },
    schema: {
      summary: 'Ask to end the present authority, workstations lost; somebody else approves it',
      tags: ['keys'],
      body: authorityEndOrder,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => askToEnd(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
  app.route({
    method: 'POST',
    url: '/keys/authority/end/decision',
    config: { scope: 'keys:approve' },
    schema: {
      summary: 'Approve or reject what somebody else asked; approved it is done within seconds',
      tags: ['keys'],
      body: authorityEndDecision,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const word = { ...request.body, by: callerOf(request).by }
      const flow = () => decideEnd(word, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}
