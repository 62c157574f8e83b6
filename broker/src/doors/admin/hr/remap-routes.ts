// Roles by the mapping as it is now, for administrators: whose would change, and those that were
// shown, changed.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { remap, unmappedQuery } from '@wardkey/protocol/admin/hr'
import { applyRemap, planRemap } from '../../../flows/hr/remap/remap-everybody.ts'
import { lookAt } from '../../../flows/look-at.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'

export function registerRemap(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/people/remap',
    config: { scope: 'people:read' },
    schema: {
      summary: 'Whose roles the mapping would change as it is now',
      tags: ['people from HR'],
      querystring: unmappedQuery,
      response: { 200: remap.page, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'people.remap.preview' }
      const see = () => planRemap(request.query, needs)
      const { changes, next } = (await needs.perform(lookAt(look, see, needs))).answer
      const people = changes.map(({ personId, had, roles }) => ({
        personId,
        had: [...had],
        roles: [...roles],
      }))
      return reply.send({ people, ...(next === undefined ? {} : { next }) })
    },
  })
  app.route({
    method: 'POST',
    url: '/people/remap',
    config: { scope: 'people:write' },
    bodyLimit: 1024 * 1024,
    schema: {
      summary: 'Give these people the roles that were shown; who has moved since is left alone',
      tags: ['people from HR'],
      body: remap.order,
      response: { 200: remap.done, ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const { people } = request.body
      const { changed, moved } = (await needs.perform(() => applyRemap(people, by, needs))).answer
      return reply.send({ changed: [...changed], moved: [...moved] })
    },
  })
}
