// Alerts: list, show, acknowledge, assign, close. Whoever may see people's alerts sees those,
// whoever may see technical ones sees those; others are not there for her. Looking at one is a fact
// too.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { AlertKind } from '@wardkey/protocol/admin/alerts/alert-rules'
import {
  alertAssignment,
  alertClosing,
  alertId,
  alertShown,
  alertsPage,
  alertsQuery,
} from '@wardkey/protocol/admin/alerts/alerts'
import { handleAlert } from '../../../flows/alerts/handle-alert.ts'
import type { AlertActor } from '../../../flows/alerts/handle-alert.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce, send } from '../reply-once.ts'
import { showAlert, showAlerts } from './show-alerts.ts'

const params = z.strictObject({ alertId })
const mayLook = ['alerts:people', 'alerts:technical'] as const

export function registerAlerts(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/alerts',
    config: { scope: mayLook },
    schema: {
      summary: 'Alerts that are not closed, or those that are, the newest first',
      tags: ['alerts'],
      querystring: alertsQuery,
      response: { 200: alertsPage, ...noes },
    },
    handler: async (request, reply) => {
      const { closed, rule, limit } = request.query
      const { by, kinds } = actorOf(request)
      const asked = { kinds, rule, isClosed: closed === 'true', limit }
      const see = () => showAlerts(asked, needs)
      const seen = await needs.perform(lookAt({ by, action: 'alerts.list' }, see, needs))
      return reply.send({ alerts: [...seen.answer] })
    },
  })
  app.route({
    method: 'GET',
    url: '/alerts/:alertId',
    config: { scope: mayLook },
    schema: {
      summary: 'Show an alert, with the facts behind it and what was done about it',
      tags: ['alerts'],
      params,
      response: { 200: alertShown, ...noes },
    },
    handler: async (request, reply) => {
      const { by, kinds } = actorOf(request)
      const see = () => showAlert(request.params.alertId, kinds, needs)
      const seen = await needs.perform(lookAt({ by, action: 'alerts.show' }, see, needs))
      if (seen.answer) return reply.send(seen.answer)
      return send(reply, { status: 404, body: problemOf(404, 'alert-unknown') })
    },
  })
  registerActs(fastify, needs)
}

function registerActs(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  const done = () => ({ status: 204, body: null })
  app.route({
    method: 'POST',
    url: '/alerts/:alertId/acknowledgement',
    config: { scope: 'alerts:handle' },
    schema: {
      summary: 'Say that an alert was seen: once, and never one about oneself',
      tags: ['alerts'],
      params,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const act = { act: 'acknowledge', ...request.params, ...actorOf(request) } as const
      return replyOnce(request, reply, needs, () => handleAlert(act, needs), done)
    },
  })
  app.route({
    method: 'PUT',
    url: '/alerts/:alertId/assignee',
    config: { scope: 'alerts:handle' },
    schema: {
      summary: 'Give an alert to somebody whom it is not about',
      tags: ['alerts'],
      params,
      body: alertAssignment,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const whom = { ...request.params, ...request.body }
      const act = { act: 'assign', ...whom, ...actorOf(request) } as const
      return replyOnce(request, reply, needs, () => handleAlert(act, needs), done)
    },
  })
  app.route({
    method: 'POST',
    url: '/alerts/:alertId/closing',
    config: { scope: 'alerts:handle' },
    schema: {
      summary: 'Close an alert with an outcome and a note: once, and never one about oneself',
      tags: ['alerts'],
      params,
      body: alertClosing,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const found = { ...request.params, ...request.body }
      const act = { act: 'close', ...found, ...actorOf(request) } as const
      return replyOnce(request, reply, needs, () => handleAlert(act, needs), done)
    },
  })
}

function actorOf(request: FastifyRequest): AlertActor {
  const { by, scopes } = callerOf(request)
  const kinds: readonly AlertKind[] = ['people', 'technical']
  return { by, kinds: kinds.filter((kind) => scopes.has(`alerts:${kind}`)) }
}
