// The console on the administration port: its page, signing in and out, who is signed in and what
// is kept about her. What its pages ask beyond that are the routes of administration, with the same
// checks.

import rateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { consolePath } from '@wardkey/protocol/console/signed-in'
import type { SignedIn } from '@wardkey/protocol/console/signed-in'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import { consoleSignIn, csrfOf } from '../../flows/console/console-secrets.ts'
import { endConsoleSession } from '../../flows/console/end-session.ts'
import { consoleIdleMs } from '../../flows/console/find-session.ts'
import type { ConsoleSession } from '../../flows/console/find-session.ts'
import { openConsoleSession } from '../../flows/console/open-session.ts'
import { isSame } from '../../flows/errands/sign-in/sign-in-secrets.ts'
import type { FlowNeeds } from '../../flows/flow-needs.ts'
import type { Perform } from '../../flows/perform.ts'
import type { Log } from '../../platform/log.ts'
import { KnockLimits } from '../knock-limits.ts'
import { registerPageExtras } from '../oidc/page-extras.ts'
import { problemOf, problemType } from '../problem.ts'
import { sessionCookie, signInCookie, signInIn } from './console-cookies.ts'
import * as pages from './console-pages.ts'
import { consoleRequest, isSecureAt, refuseRequest } from './console-request.ts'
import type { ConsoleRequestNeeds } from './console-request.ts'
import { nameOf } from './name-of.ts'
import type { NameNeeds } from './name-of.ts'
import { registerOwnRecord } from './own-record-route.ts'

export interface ConsoleDoorNeeds extends ConsoleRequestNeeds, FlowNeeds {
  readonly staffKey: Uint8Array
  readonly perform: Perform
  readonly personKeys: NameNeeds['personKeys']
  readonly log: Log
  readonly monotonicMs: () => number
  /** The newest checkpoint. */
  readonly head: () => { readonly size: number } | undefined
  /** Where the built pages are. */
  readonly pagesFolder: string
}

type Ready = ConsoleDoorNeeds & { readonly console: ConsoleWays }

/** For one address, as for the routes of administration: each look at a session asks the store. */
const requestsAMinuteMax = 1200
/** A provider's code may be a token by itself; more than this is none. */
const queryCharsMax = 12_000
const perAddress = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 400, refillMs: 50 }

/** Mounts everything under /console, in a scope of its own. */
export async function registerConsole(
  fastify: FastifyInstance,
  needs: ConsoleDoorNeeds,
): Promise<void> {
  registerPageExtras(fastify)
  await fastify.register(
    async (scope) => {
      scope.addHook('onSend', async (_request, reply, payload) => {
        harden(reply)
        return Promise.resolve(payload)
      })
      scope.setErrorHandler((error: FastifyError, _request, reply) => {
        if (error.statusCode !== 429) throw error
        return reply.code(429).type(problemType).send(problemOf(429, 'too-many-requests'))
      })
      await scope.register(rateLimit, { max: requestsAMinuteMax, timeWindow: '1 minute' })
      const { console: ways } = needs
      if (!ways) {
        scope.get('/*', (_request, reply) => say(reply, 404, pages.notSetUpPage()))
        return
      }
      const ready = { ...needs, console: ways }
      registerSignIn(scope, ready)
      registerSession(scope, ready)
      registerOwnRecord(scope, ready)
      await registerPages(scope, needs.pagesFolder)
    },
    { prefix: consolePath },
  )
}

function harden(reply: FastifyReply): void {
  const headers = {
    'content-security-policy': pages.plainPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!reply.hasHeader(name)) void reply.header(name, value)
  }
}

function registerSignIn(scope: FastifyInstance, needs: Ready): void {
  const { provider, key, random } = needs.console
  const isSecure = isSecureAt(needs.console)
  const knocks = new KnockLimits(perAddress, overall)
  const isTooMany = (request: FastifyRequest): boolean =>
    knocks.take(request.ip, needs.monotonicMs()) > 0
  scope.get('/sign-in', async (request, reply) => {
    if (isTooMany(request)) return say(reply, 429, pages.tooManyPage())
    const bound = consoleSignIn(random(32).toString('base64url'), key)
    if (!bound) throw new Error('a state that is none')
    const url = await provider.begin(bound)
    if (!(url instanceof URL)) {
      needs.log.warn('console.provider-unreachable', { code: url.code })
      return say(reply, 503, pages.notSignedInPage('unreachable'))
    }
    const back = Buffer.from(placeIn(queryOf(request).get('to'))).toString('base64url')
    return reply
      .header('set-cookie', signInCookie(`${bound.browser}.${back}`, isSecure))
      .redirect(url.href, 303)
  })
  scope.get('/callback', async (request, reply) => {
    if (isTooMany(request)) return say(reply, 429, pages.tooManyPage())
    void reply.header('set-cookie', signInCookie('', isSecure))
    return comeBack(request, reply, needs)
  })
}

/**
 * What counts only in the browser that began it: whoever is made to open somebody else's way back is
 * not signed in as somebody else.
 */
async function comeBack(
  request: FastifyRequest,
  reply: FastifyReply,
  needs: Ready,
): Promise<FastifyReply> {
  const { provider, key } = needs.console
  const isSecure = isSecureAt(needs.console)
  const query = queryOf(request)
  const [state = '', ...others] = query.getAll('state')
  const bound = others.length === 0 ? consoleSignIn(state, key) : undefined
  const [browser = '', back = ''] = (signInIn(request.headers.cookie, isSecure) ?? '').split('.')
  if (!bound || !isSame(browser, bound.browser)) {
    return say(reply, 400, pages.notSignedInPage('not-signed-in'))
  }
  const answer = await provider.answer(query, bound)
  const opened = (await needs.perform(() => openConsoleSession(answer, needs))).answer
  if (opened.kind !== 'opened') {
    const status = opened.kind === 'unreachable' ? 503 : 403
    return say(reply, status, pages.notSignedInPage(opened.kind))
  }
  const to = placeIn(Buffer.from(back, 'base64url').toString('utf8'))
  const cookies = [signInCookie('', isSecure), sessionCookie(opened.secret, isSecure)]
  return reply.header('set-cookie', cookies).redirect(to, 303)
}

/** A page of the console, or its first: an address that somebody made up leads nowhere else. */
function placeIn(to: string | null): string {
  const isOurs = to !== null && to.length <= 1000 && /^\/console\/[\w./?&=%:+,-]*$/.test(to)
  const isOdd = to?.includes('//') === true || to?.includes('..') === true
  return isOurs && !isOdd ? to : `${consolePath}/`
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const at = url.indexOf('?')
  return new URLSearchParams(at < 0 || url.length > queryCharsMax ? '' : url.slice(at + 1))
}

function registerSession(scope: FastifyInstance, needs: Ready): void {
  const isSecure = isSecureAt(needs.console)
  scope.get('/session', async (request, reply) => {
    const found = await consoleRequest(request, needs)
    if (found.kind !== 'session') return refuseRequest(reply, found.kind)
    return reply.send(await shown(found.secret, found.session, needs))
  })
  scope.post('/sign-out', { bodyLimit: 1024 }, async (request, reply) => {
    const found = await consoleRequest(request, needs)
    if (found.kind !== 'session') return refuseRequest(reply, found.kind)
    const { secret, session } = found
    await needs.perform(() => Promise.resolve(endConsoleSession(secret, session, needs)))
    return reply.header('set-cookie', sessionCookie('', isSecure)).code(204).send()
  })
}

async function shown(
  secret: string,
  { caller, roles, endsMs }: ConsoleSession,
  needs: Ready,
): Promise<SignedIn> {
  const { key, ownRecord } = needs.console
  return {
    personId: caller.person,
    account: (await nameOf(caller.person, needs)) ?? caller.person,
    roles: [...roles],
    scopes: [...caller.scopes],
    hasOwnRecord: ownRecord,
    csrf: csrfOf(secret, key),
    ...{ endsMs, idleMs: consoleIdleMs },
  }
}

async function registerPages(scope: FastifyInstance, folder: string): Promise<void> {
  const built = pages.openConsolePage(folder)
  if (!built) {
    scope.get('/*', (_request, reply) => say(reply, 503, pages.notBuiltPage()))
    return
  }
  await scope.register(fastifyStatic, {
    root: `${folder}/assets`,
    prefix: '/assets/',
    decorateReply: false,
    // Their names change with what they hold.
    setHeaders: (reply) =>
      void reply.header('cache-control', 'private, max-age=31536000, immutable'),
    cacheControl: false,
    index: false,
  })
  const show = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { html, policy } = built()
    return say(reply.header('content-security-policy', policy), 200, html)
  }
  scope.get('/', show)
  scope.get('/*', show)
}

const say = (reply: FastifyReply, status: number, html: string): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(html)
