// Takes the provider’s answer to a signature. Whatever is not perfect leaves the draft a draft.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ehr } from '../ehr.ts'
import { patientIdOf } from '../records/fhir.ts'
import type { Answer } from '../sign-in/authorization.ts'
import type { ChartSession } from '../sign-in/chart-sessions.ts'
import type { PendingSignature } from '../sign-in/pending.ts'
import { orderHash } from '../signing/canonical-order.ts'
import { whyNotSigned, type NotSigned } from '../signing/judge-signature.ts'
import type { Signature } from '../signing/order-book.ts'
import { sessionOf } from './guard.ts'
import { asPrescribed, signable } from './signable.ts'

type Token = Extract<Answer, { kind: 'token' }>

function reasonFor(answer: Exclude<Answer, Token>): NotSigned {
  if (answer.kind === 'failed') return 'sign-in-failed'
  if (answer.error === 'access_denied') return 'cancelled'
  return answer.error === 'login_required' ? 'screen-locked' : 'not-possible-here'
}

function judge(
  ehr: Ehr,
  session: ChartSession | undefined,
  pending: PendingSignature,
  answer: Answer,
): NotSigned | Token {
  if (session?.id !== pending.sessionId) return 'session-over'
  if (answer.kind !== 'token') return reasonFor(answer)
  const why = whyNotSigned(answer.signIn, pending.ask, ehr.nowMs())
  if (why !== undefined) return why
  const found = signable(ehr, session.signIn, pending.orderId)
  if (found === undefined) return 'order-changed'
  if (found.request.status !== 'draft') return 'already-signed'
  // Hashed anew from what stands in the book now: what was asked for is not what would be signed
  // if somebody edited the draft while the prescriber was at the badge reader.
  const hash = orderHash(asPrescribed(found, session.signIn, pending.writtenOn))
  return hash === pending.ask.hash ? answer : 'order-changed'
}

function signatureFrom(token: Token, hash: string, issuer: string): Signature {
  const { name, sub, acr, amr, sid, workstation, authTimeS } = token.signIn
  const { idToken } = token
  return { name, sub, acr, amr, sid, workstation, issuer, hash, idToken, atS: authTimeS }
}

/** Ends on the chart with the signed order, or on a page that says why it is still a draft. */
export function finishSignature(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  pending: PendingSignature,
  answer: Answer,
): FastifyReply {
  const session = sessionOf(ehr, request)
  const { orderId } = pending
  const judged = judge(ehr, session, pending, answer)
  if (typeof judged === 'string') {
    const detail = answer.kind === 'failed' ? answer.why : answer.kind
    const error = answer.kind === 'refused' ? answer.error.slice(0, 64) : detail
    ehr.log.warn('signature.refused', { why: judged, answer: error })
    // Somebody else is at this workstation now: this chart is not hers to look at.
    if (judged === 'another-person' && session !== undefined) ehr.sessions.end(session.id)
    return refuseSignature(reply, orderId, judged)
  }
  const signature = signatureFrom(judged, pending.ask.hash, ehr.settings.issuer)
  if (!ehr.orders.sign(orderId, signature)) {
    return refuseSignature(reply, orderId, 'already-signed')
  }
  ehr.log.info('signature.done', { acr: signature.acr })
  const order = ehr.orders.request(orderId)
  const patient = order === undefined ? '' : patientIdOf(order)
  return reply.redirect(`/patients/${encodeURIComponent(patient)}#${orderId}`, 303)
}

/** A redirect takes the code and the state out of the address and out of a reload. */
export function refuseSignature(
  reply: FastifyReply,
  orderId: string,
  why: NotSigned,
): FastifyReply {
  return reply.redirect(`/orders/${encodeURIComponent(orderId)}/not-signed?why=${why}`, 303)
}
