// Access reviews: opened after a preview, decided by reviewers, and what came of them. A reviewer
// sees her own entries alone; looking at people is a fact.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import { reviewOutcome } from '@wardkey/protocol/admin/access-reviews/outcome'
import { agreeOnSilence } from '../../../flows/access-reviews/agree-on-silence.ts'
import { decideItem } from '../../../flows/access-reviews/decide-item.ts'
import { liftHeldBack } from '../../../flows/access-reviews/lift-held-back.ts'
import { openingOf, previewCampaign } from '../../../flows/access-reviews/open-campaign.ts'
import { findCampaign } from '../../../flows/access-reviews/review-needs.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce, send } from '../reply-once.ts'
import { findItem, readCampaigns, readItems } from './read-reviews.ts'
import { readCounts, shownCampaign, shownItems } from './show-reviews.ts'
import { shownResult, shownTasks } from './show-reviews.ts'

const tags = ['access-reviews']
const either = ['reviews:read', 'reviews:decide'] as const

export function registerAccessReviews(fastify: FastifyInstance, needs: AdminNeeds): void {
  registerLists(fastify, needs)
  registerResults(fastify, needs)
  registerOpening(fastify, needs)
  registerDecisions(fastify, needs)
  registerSilence(fastify, needs)
}

function registerLists(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/access-reviews',
    config: { scope: either },
    schema: {
      summary: 'Access reviews, the newest first; to a reviewer those that ask her something',
      tags,
      querystring: campaign.query,
      response: { 200: campaign.page, ...noes },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const { rows, ...about } = await readCampaigns(request.query, caller, needs)
      const campaigns = []
      for (const row of rows) {
        campaigns.push(shownCampaign(row, await readCounts(row, caller, needs)))
      }
      return reply.send({ campaigns, ...about })
    },
  })
  app.route({
    method: 'GET',
    url: '/access-reviews/:id',
    config: { scope: either },
    schema: {
      summary: 'One access review with its entries and their evidence; to a reviewer only hers',
      tags,
      params: campaign.id,
      querystring: entry.query,
      response: { 200: entry.page, ...noes },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const row = await findCampaign(needs.db, request.params.id)
      const counts = row && (await readCounts(row, caller, needs))
      if (!row || !counts?.items) {
        return send(reply, { status: 404, body: problemOf(404, 'campaign-unknown') })
      }
      const { rows, ...about } = await readItems(row, request.query, caller, needs)
      const look = { by: caller.by, action: 'access-review.show' }
      const seen = await needs.perform(lookAt(look, () => shownItems(rows, needs), needs))
      const body = { campaign: shownCampaign(row, counts), items: [...seen.answer], ...about }
      return reply.send(body)
    },
  })
  registerOneEntry(fastify, needs)
}

function registerOneEntry(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/access-reviews/:id/items/:itemId',
    config: { scope: either },
    schema: {
      summary: 'One entry of an access review with its evidence; to a reviewer only hers',
      tags,
      params: entry.id,
      response: { 200: entry.one, ...noes },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const row = await findCampaign(needs.db, request.params.id)
      const item = row && (await findItem(row, request.params.itemId, caller, needs))
      if (!row || !item) {
        return send(reply, { status: 404, body: problemOf(404, 'campaign-unknown') })
      }
      const look = { by: caller.by, action: 'access-review.show' }
      const seen = await needs.perform(lookAt(look, () => shownItems([item], needs), needs))
      const [shown] = seen.answer
      if (!shown) return send(reply, { status: 404, body: problemOf(404, 'campaign-unknown') })
      const counts = await readCounts(row, caller, needs)
      return reply.send({ campaign: shownCampaign(row, counts), item: shown })
    },
  })
}

function registerResults(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/access-reviews/:id/result',
    config: { scope: 'reviews:read' },
    schema: {
      summary: 'What was decided, as it was hashed, with the proof that the record says the same',
      tags,
      params: campaign.id,
      response: { 200: reviewOutcome.result, ...noes },
    },
    handler: async (request, reply) => {
      const row = await findCampaign(needs.db, request.params.id)
      if (!row) return send(reply, { status: 404, body: problemOf(404, 'campaign-unknown') })
      const look = { by: callerOf(request).by, action: 'access-review.result' }
      const seen = await needs.perform(lookAt(look, () => shownResult(row, needs), needs))
      return reply.send(seen.answer)
    },
  })
  app.route({
    method: 'GET',
    url: '/access-review-tasks',
    config: { scope: 'reviews:read' },
    schema: {
      summary: 'What reviews hold back and HR, or the sign-in’s groups, still give',
      tags,
      response: { 200: reviewOutcome.tasks, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'access-review.tasks' }
      const seen = await needs.perform(lookAt(look, () => shownTasks(needs), needs))
      return reply.send({ tasks: [...seen.answer] })
    },
  })
}

function registerOpening(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/access-reviews/preview',
    config: { scope: 'reviews:write' },
    schema: {
      summary: 'What a review would hold, and what silence would take: nothing is opened',
      tags,
      body: campaign.order,
      response: { 200: campaign.preview, ...noes },
    },
    handler: async (request, reply) => reply.send(await previewCampaign(request.body, needs)),
  })
  app.route({
    method: 'POST',
    url: '/access-reviews',
    config: { scope: 'reviews:write' },
    schema: {
      summary: 'Open an access review now',
      tags,
      body: campaign.order,
      response: { 201: campaign.opened, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.body, by: callerOf(request).by, kind: 'by-hand' as const }
      return replyOnce(request, reply, needs, openingOf(order, needs), ({ id }) => ({
        status: 201,
        body: { id },
      }))
    },
  })
}

function registerDecisions(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/access-reviews/:id/items/:itemId/decision',
    config: { scope: 'reviews:decide' },
    schema: {
      summary: 'Certify or revoke one entry, once, and never one’s own; others’ with reviews:write',
      tags,
      params: entry.id,
      body: entry.decision,
      response: { 200: entry.decided, ...noes },
    },
    handler: async (request, reply) => {
      const { by, person, scopes } = callerOf(request)
      const { id: campaignId, itemId: item } = request.params
      const order = {
        ...{ ...request.body, campaignId, itemId: item, by, person },
        isForAll: scopes.has('reviews:write'),
      }
      const flow = () => decideItem(order, needs)
      return replyOnce(request, reply, needs, flow, ({ outcome }) => ({
        status: 200,
        body: { outcome },
      }))
    },
  })
  app.route({
    method: 'POST',
    url: '/access-review-tasks/:id/lift',
    config: { scope: 'reviews:write' },
    schema: {
      summary: 'Hold something back no more: it comes again with HR’s next word or a sign-in',
      tags,
      params: campaign.id,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, by: callerOf(request).by }
      const flow = () => liftHeldBack(order, needs)
      return replyOnce(request, reply, needs, flow, () => ({ status: 204, body: null }))
    },
  })
}

function registerSilence(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/access-reviews/:id/silence',
    config: { scope: 'reviews:write' },
    schema: {
      summary: 'A word about what silence takes, where two people have to agree',
      tags,
      params: campaign.id,
      body: campaign.silence,
      response: { 200: campaign.agreed, ...noes },
    },
    handler: async (request, reply) => {
      const order = { ...request.params, ...request.body, by: callerOf(request).by }
      const flow = () => agreeOnSilence(order, needs)
      return replyOnce(request, reply, needs, flow, ({ state }) => ({
        status: 200,
        body: { state },
      }))
    },
  })
}
