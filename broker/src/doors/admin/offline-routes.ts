// Decisions that workstations made without a broker: the list of what is to be looked at. Each look
// is a fact, as it names people.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import {
  offlineReviewClosure,
  offlineReviewParams,
  offlineReviewShown,
  offlineReviewsPage,
  offlineReviewsQuery,
} from '@wardkey/protocol/admin/offline'
import type { OfflineReviewShown } from '@wardkey/protocol/admin/offline'
import { lookAt } from '../../flows/look-at.ts'
import {
  closeOfflineReview,
  findOfflineReview,
  listOfflineReviews,
  openReviewNote,
} from '../../flows/offline-reviews.ts'
import type { OfflineReview } from '../../flows/offline-reviews.ts'
import { findPerson } from '../../identity/people.ts'
import { problemOf } from '../problem.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'
import { noes } from './noes.ts'
import { replyOnce, send } from './reply-once.ts'
import { summaryOf } from './show-people.ts'

export function registerOffline(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/offline-reviews',
    config: { scope: 'offline:read' },
    schema: {
      summary: 'Decisions made without a broker that somebody is to look at, the oldest first',
      tags: ['offline'],
      querystring: offlineReviewsQuery,
      response: { 200: offlineReviewsPage, ...noes },
    },
    handler: async (request, reply) => {
      const see = async () => {
        const { rows, next } = await listOfflineReviews(request.query, needs)
        const reviews = await Promise.all(rows.map((row) => shownOf(row, needs)))
        return { reviews, ...(next === undefined ? {} : { next }) }
      }
      const { by } = callerOf(request)
      const seen = await needs.perform(lookAt({ by, action: 'offline.list' }, see, needs))
      return reply.send(seen.answer)
    },
  })
  app.route({
    method: 'GET',
    url: '/offline-reviews/:reviewId',
    config: { scope: 'offline:read' },
    schema: {
      summary: 'Show one of them',
      tags: ['offline'],
      params: offlineReviewParams,
      response: { 200: offlineReviewShown, ...noes },
    },
    handler: async (request, reply) => {
      const see = async () => {
        const row = await findOfflineReview(request.params.reviewId, needs)
        return row && shownOf(row, needs)
      }
      const { by } = callerOf(request)
      const { answer } = await needs.perform(lookAt({ by, action: 'offline.show' }, see, needs))
      if (answer) return reply.send(answer)
      return send(reply, { status: 404, body: problemOf(404, 'offline-review-unknown') })
    },
  })
  registerClosure(fastify, needs)
}

function registerClosure(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/offline-reviews/:reviewId/closure',
    config: { scope: 'offline:write' },
    schema: {
      summary: 'Say what came of looking at one; said once',
      tags: ['offline'],
      params: offlineReviewParams,
      body: offlineReviewClosure,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const order = { ...request.params, ...request.body, by }
      return replyOnce(
        request,
        reply,
        needs,
        () => closeOfflineReview(order, needs),
        () => ({ status: 204, body: null }),
      )
    },
  })
}

async function shownOf(row: OfflineReview, needs: AdminNeeds): Promise<OfflineReviewShown> {
  const person =
    row.person_id === null ? undefined : await findPerson(needs.db, personId.parse(row.person_id))
  const name = person && (await summaryOf(person, needs)).name
  return {
    reviewId: row.id,
    reasons: row.reasons.split(' '),
    workstationId: row.workstation_id,
    place: row.place ?? '',
    ...(row.person_id === null ? {} : { personId: row.person_id }),
    ...(name === undefined ? {} : { name: `${name.given} ${name.family}` }),
    ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    ...(row.tap_id === null ? {} : { tapId: row.tap_id }),
    journalId: row.journal_id,
    // What is about a journal as a whole has its number in the books below that.
    line: Math.max(0, row.seq),
    ...{ atMs: row.at_ms, openedMs: row.opened_ms },
    ...closedOf(row, await openReviewNote(row, needs)),
  }
}

function closedOf(
  { closed_ms: atMs, closed_by: by, outcome }: OfflineReview,
  note: string | undefined,
) {
  if (atMs === null) return {}
  const closed = { atMs, by: by ?? '', outcome: outcome ?? '' }
  return { closed: { ...closed, ...(note === undefined ? {} : { note }) } }
}
