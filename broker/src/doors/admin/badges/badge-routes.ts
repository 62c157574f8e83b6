// Badges: enrol, show and mark them, one by one or by a list that is looked at first.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { badgeId, personId } from '@wardkey/protocol/ids'
import { badgeChange, badgeEnrolled, badgesPage, newBadge } from '@wardkey/protocol/admin/badges'
import { badgeImport, badgesImported } from '@wardkey/protocol/admin/badges/badge-import'
import type { BadgeImportedRow } from '@wardkey/protocol/admin/badges/badge-import'
import { applyBadge, previewBadge } from '../../../flows/badges/import-badges.ts'
import { enrolBadge } from '../../../flows/enrol-badge.ts'
import { lookAt } from '../../../flows/look-at.ts'
import { markBadge } from '../../../flows/mark-badge.ts'
import { problemOf } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOf, replyOnce, send } from '../reply-once.ts'
import { showBadges } from '../show-people.ts'

const params = z.strictObject({ personId })

export function registerBadges(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/people/:personId/badges',
    config: { scope: 'badges:write' },
    schema: {
      summary: 'Enrol a card as a person’s badge',
      tags: ['badges'],
      params,
      body: newBadge,
      response: { 201: badgeEnrolled, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => enrolBadge({ ...request.body, ...request.params, by: callerOf(request).by }, needs),
        (answer) => ({ status: 201, body: { badgeId: answer.badgeId } }),
      ),
  })
  app.route({
    method: 'GET',
    url: '/people/:personId/badges',
    config: { scope: 'badges:read' },
    schema: {
      summary: 'All badges that a person has and had, with their numbers',
      tags: ['badges'],
      params,
      response: { 200: badgesPage, ...noes },
    },
    handler: async (request, reply) => {
      const person = request.params.personId
      const look = { by: callerOf(request).by, action: 'badges.list', about: { person } }
      const seen = await needs.perform(lookAt(look, () => showBadges(person, needs), needs))
      if (seen.answer) return reply.send({ badges: [...seen.answer] })
      return send(reply, { status: 404, body: problemOf(404, 'person-unknown') })
    },
  })
  app.route({
    method: 'PATCH',
    url: '/badges/:badgeId',
    config: { scope: 'badges:write' },
    schema: {
      summary: 'Mark a badge as suspended, lost, replaced or expired, or as usable again',
      tags: ['badges'],
      params: z.strictObject({ badgeId }),
      body: badgeChange,
      response: { 204: z.null(), ...noes },
    },
    handler: async (request, reply) => {
      const mark = { ...request.body, ...request.params, by: callerOf(request).by }
      const { answer } = await needs.perform(() => markBadge(mark, needs))
      return send(
        reply,
        replyOf(answer, () => ({ status: 204, body: null })),
      )
    },
  })
}

export function registerBadgeImport(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'POST',
    url: '/badges/import',
    config: { scope: 'badges:write' },
    bodyLimit: 256 * 1024,
    schema: {
      summary: 'Rows of a list of badges: what each would do, or, as it was shown, done',
      tags: ['badges'],
      body: badgeImport,
      response: { 200: badgesImported, ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const { mode, rows } = request.body
      const each = async (take: typeof applyBadge) => {
        const done: BadgeImportedRow[] = []
        for (const row of rows) done.push(await take(row, by, needs))
        return done
      }
      if (mode === 'apply') return reply.send({ rows: await each(applyBadge) })
      const look = { by, action: 'badges.import.preview' }
      const seen = await needs.perform(lookAt(look, () => each(previewBadge), needs))
      return reply.send({ rows: seen.answer })
    },
  })
}
