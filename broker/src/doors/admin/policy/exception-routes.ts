// Exceptions: asked for by one, decided by another, ended by hand or by themselves; and how many
// there are.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  exceptionDecision,
  exceptionEnded,
  exceptionId,
  exceptionOrder,
  exceptionProposed,
  exceptionsQuery,
  exceptionsShown,
} from '@wardkey/protocol/admin/exceptions/exceptions'
import { exceptionTrendShown, trendQuery } from '@wardkey/protocol/admin/exceptions/exception-trend'
import type { ExceptionShown } from '@wardkey/protocol/admin/exceptions/exceptions'
import { decideException } from '../../../flows/exceptions/decide-exception.ts'
import { endException } from '../../../flows/exceptions/end-exception.ts'
import { listExceptions } from '../../../flows/exceptions/exception-rows.ts'
import type { ExceptionRow } from '../../../flows/exceptions/exception-rows.ts'
import { exceptionTrend } from '../../../flows/exceptions/exception-trend.ts'
import { proposeException } from '../../../flows/exceptions/propose-exception.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce } from '../reply-once.ts'

const tags = ['exceptions']

export function registerExceptions(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerReading(fastify, needs)
  registerChanges(fastify, needs)
}

function registerReading(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/exceptions',
    config: { scope: 'exceptions:read' },
    schema: {
      summary: 'Exceptions that wait for a word or hold, the newest first; or all of them',
      tags,
      querystring: exceptionsQuery,
      response: { 200: exceptionsShown, ...noes },
    },
    handler: async (request, reply) => {
      const see = () => listExceptions(request.query.all === 'yes', needs)
      const look = { by: callerOf(request).by, action: 'exceptions.list' }
      const { answer } = await needs.perform(lookAt(look, see, needs))
      return reply.send({ exceptions: answer.map((row) => shownOf(row, needs.nowMs())) })
    },
  })
  app.route({
    method: 'GET',
    url: '/exceptions/trend',
    config: { scope: 'exceptions:read' },
    schema: {
      summary: 'How many exceptions there are and how long they hold, week by week',
      tags,
      querystring: trendQuery,
      response: { 200: exceptionTrendShown, ...noes },
    },
    handler: async (request, reply) => reply.send(await exceptionTrend(request.query.weeks, needs)),
  })
}

function registerChanges(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/exceptions',
    config: { scope: 'exceptions:propose' },
    schema: {
      summary: 'Ask for an exception: nothing holds by it until somebody else approves it',
      tags,
      body: exceptionOrder,
      response: { 201: exceptionProposed, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => proposeException(order, needs)
      return replyOnce(request, reply, needs, flow, ({ id }) => ({ status: 201, body: { id } }))
    },
  })
  app.route({
    method: 'POST',
    url: '/exceptions/:id/decision',
    config: { scope: 'exceptions:approve' },
    schema: {
      summary: 'Approve or reject an exception that somebody else asked for; decided once',
      tags,
      params: exceptionId,
      body: exceptionDecision,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, ...request.body, by: callerOf(request).by }
      const flow = () => decideException(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
  app.route({
    method: 'POST',
    url: '/exceptions/:id/end',
    config: { scope: 'exceptions:propose' },
    schema: {
      summary:
        'End an exception now: with a role all her open screens lock, with a zone those in it',
      tags,
      params: exceptionId,
      response: { 200: exceptionEnded, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, by: callerOf(request).by }
      const flow = () => endException(order, needs)
      return replyOnce(request, reply, needs, flow, ({ sessions }) => ({
        status: 200,
        body: { sessions },
      }))
    },
  })
}

function shownOf(row: ExceptionRow, nowMs: number): ExceptionShown {
  const { decided_ms: decidedMs, decided_by: decidedBy, ended_ms: endedMs } = row
  const isDecided = decidedMs !== null && decidedBy !== null
  return {
    ...{ id: row.id, personId: row.person_id, kind: row.kind, what: row.what },
    ...{ reason: row.reason, ownerId: row.owner_id, lastsMs: row.lasts_ms },
    state: stateOf(row, nowMs),
    proposed: { atMs: row.proposed_ms, by: row.proposed_by },
    ...(isDecided ? { decided: { atMs: decidedMs, by: decidedBy } } : {}),
    ...(row.until_ms === null ? {} : { untilMs: row.until_ms }),
    ...(endedMs === null ? {} : { ended: { atMs: endedMs, by: row.ended_by ?? '' } }),
  }
}

function stateOf(row: ExceptionRow, nowMs: number): ExceptionShown['state'] {
  if (row.outcome === 'rejected') return 'rejected'
  if (row.ended_ms !== null || (row.until_ms ?? nowMs + 1) <= nowMs) return 'ended'
  return row.outcome === null ? 'proposed' : 'holds'
}
