// Who can prove who she is, and with what, among everybody who is active.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { coverage } from '@wardkey/protocol/admin/badges/coverage'
import type { Coverage } from '@wardkey/protocol/admin/badges/coverage'
import { coverageOf, readPeople, readTokens } from '../../../flows/badges/coverage.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { namesOf } from '../house/names-of.ts'
import { noes } from '../noes.ts'

/** Nobody reads more than this, and each name is opened by a key of its own. */
const shownMax = 500

export function registerCoverage(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/people/coverage',
    config: { scope: 'people:read' },
    schema: {
      summary: 'Who of the people who are active lacks a role, a badge, a PIN or a staff number',
      tags: ['people'],
      response: { 200: coverage, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'people.coverage' }
      const seen = await needs.perform(lookAt(look, () => showCoverage(needs), needs))
      return reply.send(seen.answer)
    },
  })
}

async function showCoverage(needs: AdminNeeds): Promise<Coverage> {
  const nowMs = needs.nowMs()
  const { missing, ...counts } = coverageOf(await readPeople(needs.db, nowMs))
  const first = missing.slice(0, shownMax)
  const named = await namesOf(
    first.map(({ personId }) => personId),
    needs,
  )
  const shown = first.map(({ personId, roles, lacks }) => {
    const name = named.get(personId)?.name
    return { personId, ...(name && { name }), roles: [...roles], lacks: [...lacks] }
  })
  const tokens = await readTokens(needs.db, nowMs)
  return { atMs: nowMs, ...counts, missing: shown, isCut: missing.length > shownMax, tokens }
}
