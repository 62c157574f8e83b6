// Evidence for auditors: asked for, looked at while it is made, and fetched by whoever asked.
// Asking and fetching are facts.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import {
  evidenceBegun,
  evidenceOrder,
  evidenceParams,
  evidenceStanding,
} from '@wardkey/protocol/admin/evidence/evidence'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { askForEvidence } from '../../../flows/evidence/ask-for-evidence.ts'
import type { EvidenceBegun, EvidenceTask } from '../../../flows/evidence/ask-for-evidence.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, replyOnce, send } from '../reply-once.ts'
import { EvidenceDesk } from './evidence-desk.ts'

const tags = ['evidence']
const config = { scope: 'evidence:make' } as const

export function registerEvidence(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  const desk = new EvidenceDesk(needs)
  fastify.addHook('onClose', () => desk.stop())
  app.route({
    method: 'POST',
    url: '/evidence',
    config,
    schema: {
      summary:
        'Make evidence for auditors: what the record shows for each rule, as a signed archive',
      tags,
      body: evidenceOrder,
      response: { 202: evidenceBegun, ...noes },
    },
    handler: async (request, reply) => {
      const { calendar } = await needs.house()
      const { by } = callerOf(request)
      const ask = { ...request.body, by, timeZone: calendar.timeZone }
      const begun: EvidenceTask[] = []
      const isFree = desk.claim()
      const flow = askForEvidence(ask, {
        ...needs,
        isBusy: () => !isFree,
        sealedSize: () => needs.head()?.size ?? 0,
      })
      // A repeated request is answered without the flow: it begins nothing again.
      try {
        const done = await replyOnce<EvidenceBegun>(request, reply, needs, flow, ({ task }) => {
          begun.push(task)
          return { status: 202, body: { id: task.id } }
        })
        const task = begun.at(-1)
        if (task) desk.begin(task)
        return done
      } finally {
        if (isFree) desk.giveBack()
      }
    },
  })
  registerMaking(fastify, needs, desk)
}

function registerMaking(fastify: FastifyInstance, needs: AdminNeeds, desk: EvidenceDesk): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/evidence/:id',
    config,
    schema: {
      summary: 'How far the making of evidence is',
      tags,
      params: evidenceParams,
      response: { 200: evidenceStanding, ...noes },
    },
    handler: async (request, reply) => {
      const found = desk.find(request.params.id, callerOf(request).by)
      const shown = found && { status: 200, body: found.standing }
      return send(reply, shown ?? refusal('evidence-unknown'))
    },
  })
  app.route({
    method: 'GET',
    url: '/evidence/:id/archive',
    config,
    schema: {
      summary: 'The archive, for wardkey-broker evidence verify',
      tags,
      params: evidenceParams,
      produces: ['application/zip'],
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const found = desk.find(request.params.id, by)
      if (!found) return send(reply, refusal('evidence-unknown'))
      const { standing, zip } = found
      if (!zip || standing.state !== 'ready') return send(reply, refusal('evidence-not-ready'))
      await needs.perform(lookAt({ by, action: 'evidence.fetch' }, () => Promise.resolve(), needs))
      return reply
        .header('content-type', 'application/zip')
        .header('content-disposition', `attachment; filename="${standing.name}"`)
        .send(zip)
    },
  })
}

const refusal = (code: AdminRefusalCode) =>
  replyOf({ kind: 'refused', code }, () => {
    throw new Error('a refusal is never done')
  })
