// Workstations and zones. Nothing here is about a person, so looking is no fact.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { workstationId } from '@wardkey/protocol/ids'
import {
  workstationDetails,
  workstationRevoked,
  workstationsPage,
  zonesPage,
} from '@wardkey/protocol/admin/workstations'
import type { ZoneShown } from '@wardkey/protocol/admin/workstations'
import { revokeWorkstation } from '../../flows/enrolment/revoke-workstation.ts'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'
import { noes } from './noes.ts'
import { replyOnce, send } from './reply-once.ts'
import { problemOf } from '../problem.ts'
import { showWorkstation, showWorkstations } from './fleet/show-workstations.ts'

export function registerWorkstations(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/workstations',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'All workstations that were ever enrolled',
      tags: ['workstations'],
      response: { 200: workstationsPage, ...noes },
    },
    handler: async (_request, reply) =>
      reply.send({ workstations: [...(await showWorkstations(needs))] }),
  })
  app.route({
    method: 'GET',
    url: '/workstations/:workstationId',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'One workstation: what it is made of, and the settings that are in force there',
      tags: ['workstations'],
      params: z.strictObject({ workstationId }),
      response: { 200: workstationDetails, ...noes },
    },
    handler: async (request, reply) => {
      const one = await showWorkstation(request.params.workstationId, needs)
      if (one) return reply.send(one)
      const body = problemOf(404, 'workstation-unknown')
      return send(reply, { status: 404, body })
    },
  })
  app.route({
    method: 'POST',
    url: '/workstations/:workstationId/revocation',
    config: { scope: 'workstations:write' },
    schema: {
      summary: 'End a workstation’s identity: what is open there ends, its connection is closed',
      tags: ['workstations'],
      params: z.strictObject({ workstationId }),
      response: { 200: workstationRevoked, ...noes },
    },
    handler: async (request, reply) =>
      replyOnce(
        request,
        reply,
        needs,
        () => revokeWorkstation({ ...request.params, by: callerOf(request).by }, needs),
        ({ sessions }) => ({ status: 200, body: { sessions } }),
      ),
  })
  app.route({
    method: 'GET',
    url: '/zones',
    config: { scope: 'workstations:read' },
    schema: {
      summary: 'The zones with their rules',
      tags: ['workstations'],
      response: { 200: zonesPage, ...noes },
    },
    handler: async (_request, reply) => reply.send({ zones: [...(await listZones(needs))] }),
  })
}

async function listZones({ db }: AdminNeeds): Promise<readonly ZoneShown[]> {
  const rows = await db.selectFrom('zone').selectAll().orderBy('id').execute()
  return rows.map(({ id, kind, label, settings }) => ({
    zoneId: id,
    kind,
    label,
    rules: parseStoredZone(settings),
  }))
}
