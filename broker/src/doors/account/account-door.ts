// Where the browser that a workstation opened comes by for a sign-in with a hospital account: with
// its ticket, and back from the provider. It is told nothing of what came of it, and is sent to no
// address that a request could name.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { tapId } from '@wardkey/protocol/ids'
import { signInField, signInPaths } from '../../flows/errands/sign-in/ask-sign-in.ts'
import { endSignIn, findReturned } from '../../flows/errands/sign-in/end-sign-in.ts'
import { redeemSignIn } from '../../flows/errands/sign-in/redeem-sign-in.ts'
import type { SignInNeeds } from '../../flows/errands/sign-in/redeem-sign-in.ts'
import type { Log } from '../../platform/log.ts'
import { KnockLimits } from '../knock-limits.ts'
import { pageHeaders, signInOverPage } from '../oidc/pages.ts'
import { browserCookie, browserIn } from './browser-cookie.ts'

export interface AccountDoorNeeds extends SignInNeeds {
  readonly log: Log
  readonly monotonicMs: () => number
}

const params = z.object({ errand: tapId })
const body = z.strictObject({ [signInField]: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
/** A provider's code may be a token by itself (RFC 6749 gives no length). */
const partMax = 4096
/** `code`, `state`, `iss`, `session_state`, and what else a provider adds. */
const partsMax = 12

/** A sign-in takes two requests; workstations behind one address share. */
const perAddress = { capacity: 40, refillMs: 1000 }
const overall = { capacity: 400, refillMs: 50 }

export function registerAccount(fastify: FastifyInstance, needs: AccountDoorNeeds): void {
  const knocks = new KnockLimits(perAddress, overall)
  const isSecure = needs.accounts.webUrl.startsWith('https:')
  const isTooMany = (request: FastifyRequest): boolean =>
    knocks.take(request.ip, needs.monotonicMs()) > 0
  fastify.post(
    `${signInPaths.begin}/:errand`,
    { bodyLimit: 1024 },
    async (request: FastifyRequest, reply: FastifyReply) => {
      if (isTooMany(request)) return reply.code(429).headers(pageHeaders).send(signInOverPage())
      const to = await begin(request, needs)
      if (!to) return over(reply)
      return quiet(reply)
        .header('set-cookie', browserCookie(to.browser, isSecure))
        .redirect(to.url.href, 303)
    },
  )
  fastify.get(signInPaths.callback, async (request, reply) => {
    if (isTooMany(request)) return reply.code(429).headers(pageHeaders).send(signInOverPage())
    await end(request, needs, isSecure)
    return over(reply.header('set-cookie', browserCookie('', isSecure)))
  })
  fastify.get(signInPaths.done, (_request, reply) =>
    reply.headers(pageHeaders).send(signInOverPage()),
  )
}

async function begin(request: FastifyRequest, needs: AccountDoorNeeds) {
  const about = params.safeParse(request.params)
  const given = body.safeParse(request.body)
  const ticket = given.data?.[signInField]
  if (!about.success || ticket === undefined) return undefined
  const { errand } = about.data
  const bound = await redeemSignIn(errand, ticket, needs)
  if (!bound) return undefined
  const url = await needs.accounts.provider.begin(bound)
  if (url instanceof URL) return { url, browser: bound.browser }
  needs.log.warn('account.unreachable', { tapId: errand, code: url.code })
  await endSignIn(errand, bound.state, url, needs)
  return undefined
}

/** Whatever came: the browser is sent on all the same, and the workstation asks what came of it. */
async function end(
  request: FastifyRequest,
  needs: AccountDoorNeeds,
  isSecure: boolean,
): Promise<void> {
  const query = partsOf(request.url)
  const states = query.getAll('state')
  const [state] = states
  if (state === undefined || states.length > 1) return
  const returned = await findReturned(state, browserIn(request.headers.cookie, isSecure), needs)
  if (returned.kind === 'unknown') return
  if (returned.kind === 'elsewhere') {
    await endSignIn(returned.errandId, state, returned, needs)
    return
  }
  const answer = await needs.accounts.provider.answer(query, returned.bound)
  if (answer.kind === 'unreachable') {
    needs.log.warn('account.unreachable', { tapId: returned.errandId, code: answer.code })
  }
  await endSignIn(returned.errandId, state, answer, needs)
}

/** Nothing at all where it is more than a provider says. */
function partsOf(url: string): URLSearchParams {
  const at = url.indexOf('?')
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
  const parts = [...query]
  const isTooMuch = parts.length > partsMax || parts.some(([, value]) => value.length > partMax)
  return isTooMuch ? new URLSearchParams() : query
}

function over(reply: FastifyReply): FastifyReply {
  return quiet(reply).redirect(signInPaths.done, 303)
}

function quiet(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
}
