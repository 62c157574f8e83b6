// Who asks, by the bearer token of the request (RFC 6750) or by the console's cookie, and whether
// that may do this. Every route names a scope; one that names none is closed.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { adminToken } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { findCaller } from '../../flows/admin-tokens.ts'
import type { AdminCaller } from '../../flows/admin-tokens.ts'
import { newFact } from '../../flows/flow-needs.ts'
import { consoleRequest } from '../console/console-request.ts'
import { KnockLimits } from '../knock-limits.ts'
import { problemOf, problemType } from '../problem.ts'
import type { AdminNeeds } from './admin-needs.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What the token must be allowed to do, or one of several; `nothing` where any good token will
     * do.
     */
    scope?: Scope | readonly [Scope, Scope, ...Scope[]] | 'nothing'
  }
}

/** A token has 256 random bits: this is about the noise of guessing, not about its success. */
const perAddress = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 400, refillMs: 150 }

const callers = new WeakMap<FastifyRequest, AdminCaller>()

/** Throws where the request did not pass the hook: a handler without a caller is a bug. */
export function callerOf(request: FastifyRequest): AdminCaller {
  const caller = callers.get(request)
  if (!caller) throw new Error('a request without a caller')
  return caller
}

export function requireCaller(fastify: FastifyInstance, needs: AdminNeeds): void {
  const limits = new KnockLimits(perAddress, overall)
  fastify.addHook('onRequest', async (request, reply) => {
    // What is shown here is no cache's, whoever asked.
    void reply.header('cache-control', 'no-store')
    const caller = await identify(request, needs)
    if (typeof caller === 'string') {
      // A browser whose session is over, or another site: nobody guesses a token by it.
      const [status, code] =
        caller === 'signed-out'
          ? ([401, 'console-signed-out'] as const)
          : ([403, 'console-not-its-page'] as const)
      needs.log.warn('admin.refused', { address: request.ip, code })
      return reply.code(status).type(problemType).send(problemOf(status, code))
    }
    if (!caller) {
      const waitMs = limits.take(request.ip, needs.monotonicMs())
      const [status, code] =
        waitMs > 0 ? ([429, 'too-many-requests'] as const) : ([401, 'token-missing'] as const)
      needs.log.warn('admin.refused', { address: request.ip, code })
      if (waitMs > 0) void reply.header('retry-after', Math.ceil(waitMs / 1000))
      else void reply.header('www-authenticate', 'Bearer')
      return reply.code(status).type(problemType).send(problemOf(status, code))
    }
    // Who may nothing asks at nobody's cost: each refusal below is a fact.
    if (caller.scopes.size === 0 && limits.take(caller.by, needs.monotonicMs()) > 0) {
      return reply.code(429).type(problemType).send(problemOf(429, 'too-many-requests'))
    }
    // An address that is none has nothing to be allowed; the answer to it comes after this.
    const scope = request.is404 ? 'nothing' : request.routeOptions.config.scope
    const anyOf = scope === undefined ? [] : [scope].flat()
    // Somebody in the console without a role is here for her own record, which is not a route here.
    const isOpen = scope === 'nothing' && (request.is404 || caller.scopes.size > 0)
    if (!isOpen && !anyOf.some((one) => one !== 'nothing' && caller.scopes.has(one))) {
      await recordRefusal(caller, anyOf.join(' ') || 'none', needs)
      return reply.code(403).type(problemType).send(problemOf(403, 'scope-missing'))
    }
    if (isOwnRecord(request, caller)) {
      await recordRefusal(caller, 'another-person', needs)
      return reply.code(403).type(problemType).send(problemOf(403, 'console-own-record'))
    }
    callers.set(request, caller)
    return undefined
  })
}

/** A word for why not, where it is a browser with the console's cookie and no token. */
async function identify(
  request: FastifyRequest,
  needs: AdminNeeds,
): Promise<AdminCaller | 'signed-out' | 'not-its-page' | undefined> {
  const { authorization, cookie } = request.headers
  if (authorization === undefined && cookie !== undefined) {
    const found = await consoleRequest(request, needs)
    return found.kind === 'session' ? found.session.caller : found.kind
  }
  const [scheme, text, ...rest] = (authorization ?? '').split(' ')
  const token = adminToken.safeParse(text)
  if (scheme?.toLowerCase() !== 'bearer' || rest.length > 0 || !token.success) return undefined
  return findCaller(token.data, needs)
}

/** Who signs in as herself changes nothing of what is kept about her. */
function isOwnRecord({ method, params }: FastifyRequest, { person }: AdminCaller): boolean {
  if (person === undefined || method === 'GET' || method === 'HEAD') return false
  return typeof params === 'object' && params !== null && Object.values(params).includes(person)
}

/** Somebody with a good token reached for more than it is for: that is worth remembering. */
async function recordRefusal({ by }: AdminCaller, scope: string, needs: AdminNeeds): Promise<void> {
  await needs.perform(() =>
    Promise.resolve({
      answer: undefined,
      facts: [newFact(needs, 'ADM-101', { fields: { by, scope } })],
      writes: [],
      notices: [],
    }),
  )
}
