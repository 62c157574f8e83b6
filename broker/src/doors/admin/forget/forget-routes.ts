// Having somebody forgotten: asked for by one, decided by another, certified for whoever asks; and
// the legal holds that keep it from happening.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  certificateShown,
  forgetAsked,
  forgetDecision,
  forgetId,
  forgetOrder,
  forgettingsShown,
} from '@wardkey/protocol/admin/forget/forget'
import type { ForgettingShown } from '@wardkey/protocol/admin/forget/forget'
import { writeCertificate } from '../../../audit/certificate.ts'
import type { NotProvable } from '../../../audit/proofs/prove-record.ts'
import { keysOf } from '../../../audit/key-changes/key-chain.ts'
import { askToForget } from '../../../flows/forget/ask-to-forget.ts'
import { decideForgetting } from '../../../flows/forget/decide-forgetting.ts'
import { findForgetting, listForgettings } from '../../../flows/forget/forget-rows.ts'
import type { ForgettingRow } from '../../../flows/forget/forget-rows.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminRefused } from '../../../flows/person-flow.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, replyOnce, send } from '../reply-once.ts'

const tags = ['forgetting']
/** Whoever reads the record has read what a certificate says (`PER-004`). */
const scopes = ['record:read', 'forget:propose', 'forget:approve'] as const

export function registerForget(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerReading(fastify, needs)
  registerChanges(fastify, needs)
}

function registerReading(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/forgettings',
    config: { scope: scopes },
    schema: {
      summary: 'Who was to be forgotten, and what became of it; the newest first',
      tags,
      response: { 200: forgettingsShown, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'forgettings.list' }
      const { answer } = await needs.perform(lookAt(look, () => listForgettings(needs), needs))
      return reply.send({ forgettings: answer.map(shownOf) })
    },
  })
  app.route({
    method: 'GET',
    url: '/forgettings/:id/certificate',
    config: { scope: scopes },
    schema: {
      summary: 'The certificate of destruction, for wardkey-record verify-certificate',
      tags,
      params: forgetId,
      response: { 200: certificateShown, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'forgettings.certificate' }
      const see = () => certificateOf(request.params.id, needs)
      const { answer } = await needs.perform(lookAt(look, see, needs))
      const done = replyOf<Certificate>(answer, ({ certificate }) => ({
        status: 200,
        body: { certificate },
      }))
      return send(reply, done)
    },
  })
}

function registerChanges(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/forgettings',
    config: { scope: 'forget:propose' },
    schema: {
      summary: 'Ask that a person’s identifiers are destroyed: somebody else has to approve it',
      tags,
      body: forgetOrder,
      response: { 201: forgetAsked, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by }
      const flow = () => askToForget(order, needs)
      return replyOnce(request, reply, needs, flow, ({ id }) => ({ status: 201, body: { id } }))
    },
  })
  app.route({
    method: 'POST',
    url: '/forgettings/:id/decision',
    config: { scope: 'forget:approve' },
    schema: {
      summary: 'Approve or reject what somebody else asked for; approved, it cannot be undone',
      tags,
      params: forgetId,
      body: forgetDecision,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, ...request.body, by: callerOf(request).by }
      const flow = () => decideForgetting(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}

type Certificate = { readonly kind: 'certificate'; readonly certificate: string }

async function certificateOf(
  id: string,
  needs: AdminNeeds,
): Promise<Certificate | AdminRefused | NotProvable> {
  const row = await findForgetting(id, needs)
  if (!row) return { kind: 'refused', code: 'forgetting-unknown' }
  if (row.outcome !== 'approved') return { kind: 'refused', code: 'forgetting-not-done' }
  // Nobody is forgotten twice.
  const fact = await needs.db
    .selectFrom('fact')
    .select('idx')
    .where('person_id', '=', row.person_id)
    .where('code', '=', 'PER-004')
    .executeTakeFirstOrThrow()
  const proved = await needs.prove.fact(fact.idx)
  if (proved.kind === 'refused') return proved
  const certificate = writeCertificate(proved.proof, keysOf(needs.recordChain()))
  if (certificate === undefined) throw new Error('a certificate that does not say its fact')
  return { kind: 'certificate', certificate }
}

function shownOf(row: ForgettingRow): ForgettingShown {
  const { decided_ms: decidedMs, decided_by: decidedBy } = row
  const isDecided = decidedMs !== null && decidedBy !== null
  return {
    ...{ id: row.id, personId: row.person_id, law: row.law, reason: row.reason },
    state: row.outcome ?? 'asked',
    asked: { atMs: row.asked_ms, by: row.asked_by },
    ...(isDecided ? { decided: { atMs: decidedMs, by: decidedBy } } : {}),
  }
}
