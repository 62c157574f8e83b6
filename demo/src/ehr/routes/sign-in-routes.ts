// The way in: /login asks the provider, /callback takes its answer. A signature’s answer comes back
// here too and is handed on to signing.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Ehr } from '../ehr.ts'
import type { NoticeName } from '../pages/notices.ts'
import { landingFor, maySeeWard } from '../records/access.ts'
import { newSecrets, signInUrl, takeAnswer, type Answer } from '../sign-in/authorization.ts'
import type { PendingSignIn } from '../sign-in/pending.ts'
import type { SignIn } from '../sign-in/sign-in-claims.ts'
import { browserIdOf, readCookie, setCookie } from './cookies.ts'
import { finishSignature } from './finish-signature.ts'
import { landingPath, sendNotice } from './send.ts'

/** How long a browser may wait for a provider that has not been found yet. */
const providerWaitMs = 4000

const loginQuery = z.object({
  iss: z.string().max(2048).optional(),
  login_hint: z.string().max(255).optional(),
  target_link_uri: z.string().max(2048).optional(),
})

/**
 * A page of our own to go to afterwards; anything else is dropped (open redirect, Core section
 * 4).
 */
export function ownPath(target: string | undefined, origin: string): string | undefined {
  if (target === undefined || !URL.canParse(target, origin)) return undefined
  const url = new URL(target, origin)
  if (url.origin !== origin) return undefined
  const page = /^\/(wards|patients|pharmacy)(\/[\w-]{1,64})?$/
  return page.test(url.pathname) ? url.pathname : undefined
}

async function login(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const query = loginQuery.safeParse(request.query)
  if (!query.success) return sendNotice(reply, 'refused', 400)
  const { iss, login_hint: loginHint, target_link_uri: target } = query.data
  // A third party may start a sign-in (Core section 4), but only at the provider that is ours.
  if (iss !== undefined && iss !== ehr.settings.issuer) return sendNotice(reply, 'refused', 400)
  const provider = await ehr.provider.within(providerWaitMs)
  if (provider === undefined) return sendNotice(reply, 'provider-away', 503)
  const secrets = newSecrets()
  const redirectUri = `${ehr.origin()}/callback`
  const asking = { redirectUri, scope: ehr.settings.scope, loginHint }
  const url = await signInUrl(provider, asking, secrets)
  const browserId = browserIdOf(request, reply, ehr.origin(), ehr.newId)
  const returnTo = ownPath(target, ehr.origin())
  ehr.pending.put({ kind: 'sign-in', ...secrets, browserId, returnTo }, ehr.nowMs())
  return reply.redirect(url.href, 303)
}

/** The provider’s codes that a person can do something about; the rest are all the same to her. */
function noticeFor(answer: Exclude<Answer, { kind: 'token' }>): NoticeName {
  if (answer.kind === 'failed') return 'failed'
  const needsBadge = ['login_required', 'interaction_required', 'account_selection_required']
  if (needsBadge.includes(answer.error)) return 'locked'
  if (['temporarily_unavailable', 'server_error'].includes(answer.error)) return 'provider-away'
  return 'refused'
}

function finishSignIn(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  pending: PendingSignIn,
  answer: Answer,
): FastifyReply {
  // Whoever was signed in to this browser before is not any more, whatever the answer is.
  const before = readCookie(request, 'session', ehr.origin())
  if (before !== undefined) ehr.sessions.end(before)
  if (answer.kind !== 'token') {
    ehr.log.warn('sign-in.refused', {
      why: answer.kind === 'failed' ? answer.why : answer.error.slice(0, 64),
    })
    return reply.redirect(`/notice/${noticeFor(answer)}`, 303)
  }
  const session = ehr.sessions.open(answer.signIn, answer.idToken, ehr.nowMs())
  if (session === undefined) return reply.redirect('/notice/ended', 303)
  setCookie(reply, 'session', session.id, ehr.origin())
  const { role, zoneKind, acr, purpose } = answer.signIn
  ehr.log.info('sign-in.done', { role, zoneKind, acr, purpose })
  return reply.redirect(pending.returnTo ?? placeFor(ehr, answer.signIn), 303)
}

/** The chart she had open at the workstation before, where she may see it here too. */
function placeFor(ehr: Ehr, signIn: SignIn): string {
  const { wardOfZone } = ehr.settings
  const patientId = ehr.lastPlaces.find(signIn, ehr.nowMs())
  const stay = patientId === undefined ? undefined : ehr.record.stay(patientId)
  return stay && maySeeWard(signIn, stay.wardId, wardOfZone)
    ? `/patients/${stay.patient.id}`
    : landingPath(landingFor(signIn, wardOfZone))
}

const callbackQuery = z.object({ state: z.string().min(1).max(256) })

async function callback(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const query = callbackQuery.safeParse(request.query)
  const browserId = readCookie(request, 'browser', ehr.origin())
  const pending = query.success
    ? ehr.pending.take(query.data.state, browserId, ehr.nowMs())
    : undefined
  const provider = ehr.provider.now()
  // Nothing is known about who sent the browser here: nothing is changed.
  if (pending === undefined || provider === undefined) return sendNotice(reply, 'expired', 400)
  const answer = await takeAnswer(provider, new URL(request.url, ehr.origin()), pending)
  return pending.kind === 'signature'
    ? finishSignature(ehr, request, reply, pending, answer)
    : finishSignIn(ehr, request, reply, pending, answer)
}

export function addSignInRoutes(app: FastifyInstance, ehr: Ehr): void {
  app.get('/login', (request, reply) => login(ehr, request, reply))
  app.get('/callback', (request, reply) => callback(ehr, request, reply))
}
