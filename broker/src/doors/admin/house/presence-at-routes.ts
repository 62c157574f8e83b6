// Who was there when this was signed: for any fact of the record that is about a workstation.
// Looking is a fact itself.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { factIndex, presenceAt } from '@wardkey/protocol/console/presence-at'
import { lookAt } from '../../../flows/look-at.ts'
import { RecordOnDisk } from '../../../audit/record-on-disk.ts'
import { askPresenceAt } from '../../../flows/timeline/ask-presence-at.ts'
import { readPlaces } from '../../../flows/timeline/places.ts'
import { problemOf, problemType } from '../../problem.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { namesOf } from './names-of.ts'

export function registerPresenceAt(fastify: FastifyInstance, needs: AdminNeeds): void {
  fastify.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/record/:index/presence',
    config: { scope: 'presence:read' },
    schema: {
      summary:
        'Who was at the workstation when this was recorded, how known, and where the proof is',
      tags: ['record'],
      params: factIndex,
      response: { 200: presenceAt, ...noes },
    },
    handler: async (request, reply) => {
      const { index } = request.params
      const places = await readPlaces(needs.db)
      const sealed = needs.head()?.size ?? 0
      const seen = await askPresenceAt(index, { ...needs, places, sealed })
      if (!seen) {
        const isGone = await new RecordOnDisk(needs.db).isGone(index)
        const no = isGone ? problemOf(410, 'fact-gone') : problemOf(404, 'fact-unknown')
        return reply.code(no.status).type(problemType).send(no)
      }
      const { personId: person } = seen.fact
      const about = { ...(person && { person }), workstation: seen.workstation.workstationId }
      const look = { by: callerOf(request).by, action: 'record.presence', about }
      await needs.perform(lookAt(look, () => Promise.resolve(), needs))
      const named = await namesOf(seen.people, needs)
      return reply.send({ ...seen, people: [...named.values()] })
    },
  })
}
