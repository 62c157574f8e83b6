// A very small FHIR R4 read interface on the same record, for whoever is signed in to the chart.

import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Ehr } from '../ehr.ts'
import { maySeeWard } from '../records/access.ts'
import { sessionOf } from './guard.ts'
import { pathId } from './path-id.ts'

type IssueCode = 'login' | 'forbidden' | 'not-found'

const fhirJson = 'application/fhir+json; charset=utf-8'

function outcome(reply: FastifyReply, status: number, code: IssueCode): FastifyReply {
  const body = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] }
  return reply.code(status).type(fhirJson).send(JSON.stringify(body))
}

export function addFhirRoutes(app: FastifyInstance, ehr: Ehr): void {
  app.get('/fhir/Patient/:id', (request, reply) => {
    const session = sessionOf(ehr, request)
    if (session === undefined) return outcome(reply, 401, 'login')
    const stay = ehr.record.stay(pathId(request) ?? '')
    if (stay === undefined) return outcome(reply, 404, 'not-found')
    if (!maySeeWard(session.signIn, stay.wardId, ehr.settings.wardOfZone)) {
      return outcome(reply, 403, 'forbidden')
    }
    return reply.type(fhirJson).send(JSON.stringify(stay.patient))
  })
}
