// Which of HR's systems asks, by its bearer token (RFC 6750), and whether that token may do this:
// `scim:read` to look, `scim:write` to change. A token of administration alone may do neither.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { adminToken } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { findCaller } from '../../flows/admin-tokens.ts'
import type { AdminCaller } from '../../flows/admin-tokens.ts'
import { newFact } from '../../flows/flow-needs.ts'
import type { HrActor } from '../../flows/hr/hr-flow.ts'
import { KnockLimits } from '../knock-limits.ts'
import { errorBody, scimType } from './scim-flaw.ts'
import type { ScimNeeds } from './scim-needs.ts'

const perAddress = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 400, refillMs: 150 }

const actors = new WeakMap<FastifyRequest, HrActor>()

/** Throws where the request did not pass the hook: a handler without a caller is a bug. */
export function actorOf(request: FastifyRequest): HrActor {
  const actor = actors.get(request)
  if (!actor) throw new Error('a request without a caller')
  return actor
}

export function requireScimCaller(scope: FastifyInstance, needs: ScimNeeds): void {
  const limits = new KnockLimits(perAddress, overall)
  scope.addHook('onRequest', async (request, reply) => {
    // What is shown here is no cache's, whoever asked.
    void reply.header('cache-control', 'no-store')
    const caller = await identify(request, needs)
    if (!caller) {
      const waitMs = limits.take(request.ip, needs.monotonicMs())
      const status = waitMs > 0 ? 429 : 401
      needs.log.warn('scim.refused', { address: request.ip, status })
      if (waitMs > 0) void reply.header('retry-after', Math.ceil(waitMs / 1000))
      else void reply.header('www-authenticate', 'Bearer')
      const detail = waitMs > 0 ? 'Too many requests.' : 'A bearer token is missing or not valid.'
      return reply
        .code(status)
        .type(scimType)
        .send(JSON.stringify(errorBody(status, undefined, detail)))
    }
    const scope = neededFor(request)
    if (!caller.scopes.has(scope)) {
      await recordRefusal(caller, scope, needs)
      const body = errorBody(403, undefined, `The token has no ${scope}.`)
      return reply.code(403).type(scimType).send(JSON.stringify(body))
    }
    actors.set(request, { by: caller.by, client: caller.name })
    return undefined
  })
}

/** A search is a POST that only looks (RFC 7644 section 3.4.3). */
function neededFor({ method, url }: FastifyRequest): Scope {
  const isSearch = method === 'POST' && /\/\.search(\?|$)/.test(url)
  return method === 'GET' || method === 'HEAD' || isSearch ? 'scim:read' : 'scim:write'
}

async function identify(
  { headers }: FastifyRequest,
  needs: ScimNeeds,
): Promise<AdminCaller | undefined> {
  const [scheme, text, ...rest] = (headers.authorization ?? '').split(' ')
  const token = adminToken.safeParse(text)
  if (scheme?.toLowerCase() !== 'bearer' || rest.length > 0 || !token.success) return undefined
  return findCaller(token.data, needs)
}

/** Somebody with a good token reached for more than it is for: that is worth remembering. */
async function recordRefusal({ by }: AdminCaller, scope: Scope, needs: ScimNeeds): Promise<void> {
  await needs.perform(() =>
    Promise.resolve({
      answer: undefined,
      facts: [newFact(needs, 'ADM-101', { fields: { by, scope } })],
      writes: [],
      notices: [],
    }),
  )
}
