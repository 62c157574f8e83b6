// What is done with orders: “Sign prescription” asks the provider for badge and PIN over one order;
// a signed one can be drafted again; a pharmacist verifies.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ResponseBodyError } from 'openid-client'
import type { Ehr } from '../ehr.ts'
import { barePage } from '../pages/frame.ts'
import { notSignedBody } from '../pages/notices.ts'
import { localDate } from '../pages/words.ts'
import { mayVerify } from '../records/access.ts'
import { patientIdOf } from '../records/fhir.ts'
import { newSecrets, signatureUrl, type Secrets } from '../sign-in/authorization.ts'
import type { ChartSession } from '../sign-in/chart-sessions.ts'
import type { Provider } from '../sign-in/provider.ts'
import { describeOrder, orderHash, type Prescription } from '../signing/canonical-order.ts'
import { notSignedReasons } from '../signing/judge-signature.ts'
import { browserIdOf } from './cookies.ts'
import { refuseSignature } from './finish-signature.ts'
import { changing, sessionOf } from './guard.ts'
import { pathId } from './path-id.ts'
import { sendNotice } from './send.ts'
import { asPrescribed, signable } from './signable.ts'

async function signatureAddress(
  ehr: Ehr,
  provider: Provider,
  session: ChartSession,
  prescription: Prescription,
  secrets: Secrets,
): Promise<URL | undefined> {
  const { signatureAcr: acr, signatureType: type, scope } = ehr.settings
  const redirectUri = `${ehr.origin()}/callback`
  const description = describeOrder(prescription)
  const hash = orderHash(prescription)
  const { idToken } = session
  try {
    const asking = { redirectUri, scope, acr, type, description, hash, idToken }
    return await signatureUrl(provider, asking, secrets)
  } catch (error) {
    // A pushed request that fails says why to operators; the prescriber learns that it is not
    // possible now.
    const why = error instanceof ResponseBodyError ? error.error : 'unreachable'
    ehr.log.warn('signature.not-asked', { why: why.slice(0, 64) })
    return undefined
  }
}

async function sign(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
): Promise<FastifyReply> {
  const orderId = pathId(request) ?? ''
  const found = signable(ehr, session.signIn, orderId)
  if (found === undefined) return sendNotice(reply, 'not-yours', 403)
  if (found.request.status !== 'draft') return refuseSignature(reply, orderId, 'already-signed')
  const provider = ehr.provider.now()
  const startedAtMs = ehr.nowMs()
  const writtenOn = localDate(startedAtMs)
  const prescription = asPrescribed(found, session.signIn, writtenOn)
  const secrets = newSecrets()
  const url = provider && (await signatureAddress(ehr, provider, session, prescription, secrets))
  if (url === undefined) return refuseSignature(reply, orderId, 'not-possible-here')
  const { signatureAcr: acr, signatureType: type } = ehr.settings
  const { sub } = session.signIn
  const browserId = browserIdOf(request, reply, ehr.origin(), ehr.newId)
  const ask = { acr, type, hash: orderHash(prescription), sub, startedAtMs }
  ehr.pending.put(
    { kind: 'signature', ...secrets, browserId, sessionId: session.id, orderId, writtenOn, ask },
    startedAtMs,
  )
  ehr.log.info('signature.asked', { acr })
  return reply.redirect(url.href, 303)
}

function notSigned(ehr: Ehr, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const why = new URL(request.url, ehr.origin()).searchParams.get('why')
  const reason = notSignedReasons.find((each) => each === why) ?? 'sign-in-failed'
  const order = ehr.orders.request(pathId(request) ?? '')
  const back = sessionOf(ehr, request) && order && `/patients/${patientIdOf(order)}#${order.id}`
  const page = barePage('Not signed', notSignedBody(reason, back))
  return reply.code(403).type('text/html; charset=utf-8').send(page.text)
}

function draftAgain(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
): FastifyReply {
  const orderId = pathId(request) ?? ''
  if (signable(ehr, session.signIn, orderId) === undefined) {
    return sendNotice(reply, 'not-yours', 403)
  }
  const draft = ehr.orders.draftAgain(orderId, new Date(ehr.nowMs()))
  if (draft === undefined) return sendNotice(reply, 'trouble', 409)
  return reply.redirect(`/patients/${patientIdOf(draft)}#${draft.id}`, 303)
}

function verify(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
): FastifyReply {
  if (!mayVerify(session.signIn)) return sendNotice(reply, 'not-yours', 403)
  const done = ehr.orders.verify(pathId(request) ?? '', session.signIn.name, ehr.nowMs())
  if (!done) return sendNotice(reply, 'not-found', 404)
  return reply.redirect('/pharmacy/verification', 303)
}

export function addOrderRoutes(app: FastifyInstance, ehr: Ehr): void {
  const signing = changing(ehr, (request, reply, session) => sign(ehr, request, reply, session))
  const again = changing(ehr, (request, reply, session) => draftAgain(ehr, request, reply, session))
  const verifying = changing(ehr, (request, reply, session) => verify(ehr, request, reply, session))
  app.post('/orders/:id/sign', signing)
  app.post('/orders/:id/draft-again', again)
  app.post('/orders/:id/verify', verifying)
  app.get('/orders/:id/not-signed', (request, reply) => notSigned(ehr, request, reply))
}
