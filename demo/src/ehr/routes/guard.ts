// What holds for every request: headers, the host it was meant for, who is asking, forms of our
// own.

import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Ehr } from '../ehr.ts'
import type { ChartSession } from '../sign-in/chart-sessions.ts'
import { readCookie } from './cookies.ts'
import { sendNotice } from './send.ts'

function securityHeaders(ehr: Ehr): Record<string, string> {
  // A form’s redirect counts as its action in Chromium: “Sign prescription” goes on to the
  // provider.
  const provider = new URL(ehr.settings.issuer).origin
  return {
    'content-security-policy': [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "connect-src 'self'",
      "img-src 'self'",
      `form-action 'self' ${provider}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), hid=()',
    // Not no-referrer: with that a browser sends `Origin: null` with our own forms.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}

/** Headers on every answer, and no answer to a name that is not ours (DNS rebinding). */
export function guardEveryRequest(app: FastifyInstance, ehr: Ehr): void {
  const headers = securityHeaders(ehr)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers)
    if (request.headers.host !== new URL(ehr.origin()).host) {
      ehr.log.warn('request.refused', { why: 'host' })
      return reply.code(421).type('text/plain').send('This is not the address of this program.\n')
    }
  })
}

export function sessionOf(ehr: Ehr, request: FastifyRequest): ChartSession | undefined {
  return ehr.sessions.find(readCookie(request, 'session', ehr.origin()), ehr.nowMs())
}

const body = z.looseObject({ form_token: z.string().max(128) })

function isOwnForm(ehr: Ehr, request: FastifyRequest, session: ChartSession): boolean {
  const origin = request.headers.origin
  if (origin !== undefined && origin !== ehr.origin()) return false
  const parsed = body.safeParse(request.body)
  if (!parsed.success) return false
  const [given, wanted] = [Buffer.from(parsed.data.form_token), Buffer.from(session.formToken)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

export type WithSession = (
  request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
) => FastifyReply | Promise<FastifyReply>

/** Reading needs a session; without one the way leads through sign-in and back to this page. */
export function reading(ehr: Ehr, handle: WithSession) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const session = sessionOf(ehr, request)
    if (session !== undefined) return handle(request, reply, session)
    const target = new URL(request.url, ehr.origin()).href
    return reply.redirect(`/login?target_link_uri=${encodeURIComponent(target)}`, 303)
  }
}

/** Changing needs a session and a form of that session’s own pages. */
export function changing(ehr: Ehr, handle: WithSession) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const session = sessionOf(ehr, request)
    if (session === undefined) return sendNotice(reply, 'ended', 403)
    if (!isOwnForm(ehr, request, session)) {
      ehr.log.warn('request.refused', { why: 'form' })
      return sendNotice(reply, 'form-stale', 403)
    }
    return handle(request, reply, session)
  }
}
