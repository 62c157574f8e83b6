// The door for HR's systems: SCIM 2.0 over HTTP with bearer tokens (decision 0026). It asks who it
// is, limits what comes, and says no in the words of RFC 7644; what is asked is answered
// elsewhere.

import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { scimPath } from '@wardkey/protocol/admin/scopes'
import { Fault } from '../../platform/fault.ts'
import { answerScim, replyOfFlaw } from './answer-scim.ts'
import { answerBulk } from './bulk.ts'
import { bodyBytesMax } from './discovery.ts'
import { isObject } from './filter/match-filter.ts'
import { errorBody, flaw, ScimFlaw, scimType } from './scim-flaw.ts'
import type { ScimNeeds, ScimReply, ScimRequest } from './scim-needs.ts'
import { actorOf, requireScimCaller } from './scim-caller.ts'

const usualRequestsMax = 3000

/** Mounts everything under /scim/v2, in a scope of its own. */
export async function registerScim(fastify: FastifyInstance, needs: ScimNeeds): Promise<void> {
  await fastify.register(
    async (scope) => {
      scope.setErrorHandler((error: FastifyError, _request, reply) => {
        send(reply, replyOf(error, needs))
      })
      scope.setNotFoundHandler((_request, reply) => {
        send(reply, { status: 404, body: errorBody(404, undefined, 'There is no such place.') })
      })
      scope.addHook('onResponse', async (request, reply) => {
        needs.onAnswered(request.routeOptions.url ?? 'unknown', reply.statusCode)
        return Promise.resolve()
      })
      readBodies(scope)
      await scope.register(helmet)
      const max = needs.requestsAMinuteMax ?? usualRequestsMax
      // Says Retry-After with its 429.
      await scope.register(rateLimit, { max, timeWindow: '1 minute' })
      requireScimCaller(scope, needs)
      route(scope, '/:place', needs)
      route(scope, '/:place/:id', needs)
      scope.post('/Bulk', { bodyLimit: bodyBytesMax }, async (request, reply) =>
        send(reply, await answerBulk(requestOf(request), needs)),
      )
    },
    { prefix: scimPath },
  )
  // Whoever speaks another version hears which one is spoken here (RFC 7644 section 3.13).
  fastify.all('/scim/v1/*', (_request, reply) => {
    const wrong = flaw('invalidVers', 'SCIM 2.0 is spoken here: /scim/v2.')
    return send(reply, replyOfFlaw(wrong) ?? failed)
  })
}

function readBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  const types = ['application/json', 'application/scim+json']
  scope.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString()
    // Some clients send a type with nothing of it, as with DELETE.
    if (text.trim() === '') {
      done(null, undefined)
      return
    }
    try {
      done(null, JSON.parse(text))
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown
      done(flaw('invalidSyntax', 'The body is not JSON.'))
    }
  })
}

function route(scope: FastifyInstance, url: string, needs: ScimNeeds): void {
  scope.route<{ Params: { place: string; id?: string } }>({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url,
    bodyLimit: bodyBytesMax,
    handler: async (request, reply) => {
      const { place, id } = request.params
      const path = id === undefined ? [place] : [place, id]
      return send(reply, await answerScim(path, requestOf(request), needs))
    },
  })
}

function requestOf(request: FastifyRequest): ScimRequest {
  const { method, query, body, headers } = request
  const known = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((one) => one === method)
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  return {
    method: known ?? 'GET',
    query: isObject(query) ? query : {},
    body,
    actor: actorOf(request),
    base: `${request.protocol}://${hostOf(request)}${scimPath}`,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  }
}

/** As the client wrote it, where that is a host at all. */
function hostOf({ host }: FastifyRequest): string {
  return /^[A-Za-z0-9.:[\]-]{1,255}$/.test(host) ? host : 'localhost'
}

function send(reply: FastifyReply, { status, body, etag, location }: ScimReply): FastifyReply {
  void reply.code(status)
  if (etag !== undefined) void reply.header('etag', etag)
  if (location !== undefined) void reply.header('location', location)
  if (body === undefined) return reply.send()
  return reply.type(scimType).send(JSON.stringify(body))
}

const failed: ScimReply = { status: 500, body: errorBody(500, undefined, 'Something failed.') }

/** Fastify's own refusals, by their code; what is left is ours, and nobody's business outside. */
function replyOf(error: FastifyError, { log }: ScimNeeds): ScimReply {
  const own = replyOfFlaw(error)
  if (own) return own
  const flawed = (status: number, detail: string): ScimReply => ({
    status,
    body: errorBody(status, undefined, detail),
  })
  if (error.statusCode === 429) return flawed(429, 'Too many requests: wait as Retry-After says.')
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return flawed(413, `The body is larger than maxPayloadSize (${String(bodyBytesMax)} bytes).`)
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return flawed(415, 'The body has to be application/scim+json.')
  }
  if (error instanceof Fault) {
    log.error('scim.failed', { code: error.code })
    return flawed(error.class === 'permanent' ? 500 : 503, 'Something failed; try again later.')
  }
  const isTheirs = error.statusCode !== undefined && error.statusCode < 500
  if (isTheirs) {
    return replyOfFlaw(new ScimFlaw(400, 'invalidSyntax', 'It is not understood.')) ?? failed
  }
  log.error('scim.failed', { code: 'internal', reason: error.name })
  return failed
}
