// How long facts are kept: shown, proposed by one, decided by another; and what would go by it.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  retentionDecision,
  retentionNumber,
  retentionOrder,
  retentionPreview,
  retentionProposed,
  retentionShown,
} from '@wardkey/protocol/admin/forget/retention'
import type { RetentionPreview, RuleShown } from '@wardkey/protocol/admin/forget/retention'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminRefused } from '../../../flows/person-flow.ts'
import { previewRun } from '../../../flows/retention/preview-run.ts'
import {
  daysOf,
  decideRetention,
  listRules,
  proposeRetention,
} from '../../../flows/retention/retention-rules.ts'
import type { RetentionRule } from '../../../flows/retention/retention-rules.ts'
import { showRetention } from '../../../flows/retention/show-retention.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, replyOnce, send } from '../reply-once.ts'

const tags = ['retention']
const scopes = ['record:read', 'retention:propose', 'retention:approve'] as const

export function registerRetention(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerReading(fastify, needs)
  registerChanges(fastify, needs)
}

function registerReading(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/retention',
    config: { scope: scopes },
    schema: {
      summary: 'Classes of facts, how long they are kept, who agreed to that, and what is gone',
      tags,
      response: { 200: retentionShown, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'retention.show' }
      const see = async () => ({ ...(await showRetention(needs)), rules: await listRules(needs) })
      const { answer } = await needs.perform(lookAt(look, see, needs))
      const { rules, ...shown } = answer
      return reply.send({ ...shown, classes: [...shown.classes], rules: rulesShown(rules) })
    },
  })
  app.route({
    method: 'GET',
    url: '/retention/rules/:number/preview',
    config: { scope: scopes },
    schema: {
      summary: 'What would go by this rule now, and with the next run; nothing is changed',
      tags,
      params: retentionNumber,
      response: { 200: retentionPreview, ...noes },
    },
    handler: async (request, reply) => {
      const { number } = request.params
      const look = { by: callerOf(request).by, action: 'retention.preview' }
      const see = () => previewOf(number, needs)
      const { answer } = await needs.perform(lookAt(look, see, needs))
      const done = replyOf<Previewed>(answer, ({ classes }) => {
        return { status: 200, body: { rule: number, classes } }
      })
      return send(reply, done)
    },
  })
}

type Previewed = { readonly kind: 'previewed' } & Pick<RetentionPreview, 'classes'>

async function previewOf(number: number, needs: AdminNeeds): Promise<Previewed | AdminRefused> {
  const rule = (await listRules(needs)).find((one) => one.number === number)
  if (!rule) return { kind: 'refused', code: 'retention-unknown' }
  return { kind: 'previewed', classes: [...(await previewRun(daysOf(rule), needs))] }
}

function registerChanges(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/retention/rules',
    config: { scope: 'retention:propose' },
    schema: {
      summary: 'Propose how long facts are kept; somebody else approves it',
      tags,
      body: retentionOrder,
      response: { 201: retentionProposed, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => proposeRetention(order, needs)
      return replyOnce(request, reply, needs, flow, ({ number }) => {
        return { status: 201, body: { number } }
      })
    },
  })
  app.route({
    method: 'POST',
    url: '/retention/rules/:number/decision',
    config: { scope: 'retention:approve' },
    schema: {
      summary: 'Approve or reject what somebody else proposed; approved it is in force',
      tags,
      params: retentionNumber,
      body: retentionDecision,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const word = { ...request.params, ...request.body, by: callerOf(request).by }
      const flow = () => decideRetention(word, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}

/** The newest first: of those that were approved the first is in force. */
function rulesShown(rules: readonly RetentionRule[]): RuleShown[] {
  const inForce = rules.find(({ outcome }) => outcome === 'approved')
  return rules.map((rule) => {
    const { number, outcome, reason, clock_idx: clockIndex } = rule
    const { decided_ms: atMs, decided_by: by } = rule
    const approved = rule === inForce ? 'in-force' : 'replaced'
    const decided = outcome === 'rejected' ? 'rejected' : approved
    return {
      ...{ number, state: outcome === null ? 'proposed' : decided, days: daysOf(rule), reason },
      ...(clockIndex === null ? {} : { clockIndex }),
      proposed: { atMs: rule.proposed_ms, by: rule.proposed_by },
      ...(atMs === null || by === null ? {} : { decided: { atMs, by } }),
    }
  })
}
