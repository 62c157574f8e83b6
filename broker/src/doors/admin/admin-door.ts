// The door for administration: JSON over HTTP with bearer tokens, described by OpenAPI. It
// parses, asks who it is, and hands on to the flows; what it says no with is a problem with a
// code.

import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import { LastingLooks } from '../../flows/lasting-looks.ts'
import { Fault } from '../../platform/fault.ts'
import { problemOf, problemType } from '../problem.ts'
import type { ProblemCode } from '../problem.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { registerAlerts } from './alerts/alert-routes.ts'
import { registerFigures } from './figures/figure-routes.ts'
import { registerAccessReviews } from './access-reviews/access-review-routes.ts'
import { registerBadgeImport, registerBadges } from './badges/badge-routes.ts'
import { registerCoverage } from './badges/coverage-route.ts'
import { registerBadgeFinding } from './badges/find-routes.ts'
import { registerLoaners, registerLostAndReport } from './badges/loaner-routes.ts'
import { registerBreakGlass } from './break-glass-routes.ts'
import { requireCaller } from './caller.ts'
import { registerEnrolling } from './fleet/enrolment-routes.ts'
import { openApiOptions } from './openapi.ts'
import { registerEvidence } from './evidence/evidence-routes.ts'
import { registerExceptions } from './policy/exception-routes.ts'
import { registerExpiring } from './policy/expiring-routes.ts'
import { registerForget } from './forget/forget-routes.ts'
import { registerHolds } from './forget/hold-routes.ts'
import { registerPurges } from './forget/purge-routes.ts'
import { registerRetention } from './forget/retention-routes.ts'
import { registerHouse } from './house/house-routes.ts'
import { registerPresenceAt } from './house/presence-at-routes.ts'
import { registerTimeline } from './house/timeline-routes.ts'
import { registerWaiting } from './house/waiting-routes.ts'
import { registerKeys } from './keys/key-routes.ts'
import { registerOffline } from './offline-routes.ts'
import { registerPeople } from './people-routes.ts'
import { registerPolicy } from './policy/policy-routes.ts'
import { registerAdoption } from './hr/adoption-routes.ts'
import { registerHr } from './hr/hr-routes.ts'
import { registerRemap } from './hr/remap-routes.ts'
import { registerPresence } from './presence-routes.ts'
import { registerRecord } from './record-routes.ts'
import { registerLocks } from './speed/lock-routes.ts'
import { registerSpeed } from './speed/speed-routes.ts'
import { registerFeedRoutes } from './streams/feed-routes.ts'
import { registerStreams } from './streams/stream-routes.ts'
import { registerTokenGrants } from './hr/token-grant-routes.ts'
import { registerTokens } from './hr/token-routes.ts'
import { registerUpdates } from './updates/update-routes.ts'
import { registerWorkstations } from './workstation-routes.ts'

/** For one address; administration is people and scripts, not traffic. */
const requestsAMinuteMax = 1200

/** Mounts everything under /admin/v1, in a scope of its own. */
export async function registerAdmin(fastify: FastifyInstance, needs: AdminNeeds): Promise<void> {
  await fastify.register(
    async (scope) => {
      scope.setValidatorCompiler(validatorCompiler)
      scope.setSerializerCompiler(serializerCompiler)
      scope.setErrorHandler((error: FastifyError, _request, reply) => {
        sendError(error, reply, needs)
      })
      scope.addHook('onResponse', async (request, reply) => {
        needs.onAnswered(request.routeOptions.url ?? 'unknown', reply.statusCode)
        return Promise.resolve()
      })
      await scope.register(helmet)
      await scope.register(rateLimit, { max: requestsAMinuteMax, timeWindow: '1 minute' })
      await scope.register(swagger, openApiOptions)
      scope.setNotFoundHandler((_request, reply) => {
        void sendProblem(reply, 404, 'not-found')
      })
      requireCaller(scope, needs)
      registerPeople(scope, needs)
      registerBadges(scope, needs)
      registerBadgeImport(scope, needs)
      registerBadgeFinding(scope, needs)
      registerLoaners(scope, needs)
      registerLostAndReport(scope, needs)
      registerCoverage(scope, needs)
      registerWorkstations(scope, needs)
      registerEnrolling(scope, needs)
      registerUpdates(scope, needs)
      registerPresence(scope, needs)
      registerSpeed(scope, needs)
      registerLocks(scope, needs)
      registerRecord(scope, needs)
      registerKeys(scope, needs)
      registerOffline(scope, needs)
      registerBreakGlass(scope, needs)
      registerAlerts(scope, needs)
      registerFigures(scope, needs)
      registerEvidence(scope, needs)
      registerAccessReviews(scope, needs)
      registerPolicy(scope, needs)
      registerExpiring(scope, needs)
      registerExceptions(scope, needs)
      registerHr(scope, needs)
      registerAdoption(scope, needs)
      registerRemap(scope, needs)
      registerTokens(scope, needs)
      registerTokenGrants(scope, needs)
      registerStreams(scope, needs)
      registerFeedRoutes(scope, needs)
      registerForget(scope, needs)
      registerHolds(scope, needs)
      registerRetention(scope, needs)
      registerPurges(scope, needs)
      const looks = new LastingLooks(needs)
      registerHouse(scope, needs, looks)
      registerTimeline(scope, needs, looks)
      registerPresenceAt(scope, needs)
      registerWaiting(scope, needs)
      scope.get(
        '/openapi.json',
        { config: { scope: 'nothing' }, schema: { hide: true } },
        (_request, reply) => reply.send(scope.swagger()),
      )
    },
    { prefix: adminPath },
  )
}

/** Codes of Fastify's own refusals; everything else that is thrown is ours, or a bug. */
const ownCodes: Readonly<Record<string, readonly [number, ProblemCode]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too-large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'not-json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'not-json'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'not-json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'not-json'],
}

function sendError(error: FastifyError, reply: FastifyReply, needs: AdminNeeds): void {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const place = `${error.validationContext ?? ''}${error.validation[0]?.instancePath ?? ''}`
    void sendProblem(reply, 400, 'request-not-understood', place)
    return
  }
  if (error.statusCode === 429) {
    void sendProblem(reply, 429, 'too-many-requests')
    return
  }
  const own = ownCodes[error.code]
  if (own) {
    void sendProblem(reply, ...own)
    return
  }
  if (error instanceof Fault) {
    needs.log.error('admin.failed', { code: error.code })
    void sendProblem(reply, error.class === 'permanent' ? 500 : 503, error.code)
    return
  }
  if (error instanceof SyntaxError && error.statusCode === 400) {
    void sendProblem(reply, 400, 'not-json')
    return
  }
  needs.log.error('admin.failed', { code: 'internal', reason: error.name })
  void sendProblem(reply, 500, 'internal')
}

function sendProblem(
  reply: FastifyReply,
  status: number,
  code: ProblemCode,
  place?: string,
): FastifyReply {
  return reply
    .code(status)
    .type(problemType)
    .send(problemOf(status, code, place))
}
