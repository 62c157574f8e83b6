// The pages of the chart: lists, one patient, the pharmacist’s queue, and the notices.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Ehr } from '../ehr.ts'
import { chartPage, patientBanner } from '../pages/chart-page.ts'
import type { Html } from '../pages/html.ts'
import { notices, type NoticeName } from '../pages/notices.ts'
import { draftCard, signedCard } from '../pages/order-card.ts'
import { verificationPage, type QueueEntry } from '../pages/verification-page.ts'
import { wardPage, wardsPage } from '../pages/ward-page.ts'
import { landingFor, maySeeWard, maySign, mayVerify } from '../records/access.ts'
import { patientIdOf } from '../records/fhir.ts'
import type { ChartSession } from '../sign-in/chart-sessions.ts'
import { reading, type WithSession } from './guard.ts'
import { pathId } from './path-id.ts'
import { landingPath, sendNotice, sendPage } from './send.ts'

function ward(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
): FastifyReply {
  const found = ehr.record.wards.find((each) => each.id === pathId(request))
  if (found === undefined) return sendNotice(reply, 'not-found', 404)
  if (!maySeeWard(session.signIn, found.id, ehr.settings.wardOfZone)) {
    return sendNotice(reply, 'not-yours', 403)
  }
  const entries = ehr.record.staysOf(found.id).map((stay) => ({
    stay,
    vitals: ehr.record.vitals(stay.patient.id),
    // A nurse gives what a pharmacist has verified: nothing else is due.
    orders: ehr.orders
      .ordersOf(stay.patient.id)
      .filter((order) => !ehr.orders.isUnverified(order.id)),
  }))
  const body = wardPage(found, entries, ehr.nowMs())
  return sendPage(ehr, reply, session, { title: found.name, path: `/wards/${found.id}`, body })
}

/** Drafts before what is signed, the newest first: what waits is what one comes for. */
function orderCards(ehr: Ehr, session: ChartSession, patientId: string): Html[] {
  const { name } = session.signIn
  const viewer = { maySign: maySign(session.signIn), name, formToken: session.formToken }
  const orders = [...ehr.orders.ordersOf(patientId)].reverse()
  const drafts = orders.filter((order) => order.status === 'draft')
  const signed = orders.flatMap((order) => {
    const signature = ehr.orders.signatureOf(order.id)
    return signature === undefined ? [] : [signedCard(order, signature, viewer)]
  })
  return [...drafts.map((order) => draftCard(order, viewer)), ...signed]
}

function patient(
  ehr: Ehr,
  request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
): FastifyReply {
  const id = pathId(request) ?? ''
  const stay = ehr.record.stay(id)
  if (stay === undefined) return sendNotice(reply, 'not-found', 404)
  if (!maySeeWard(session.signIn, stay.wardId, ehr.settings.wardOfZone)) {
    return sendNotice(reply, 'not-yours', 403)
  }
  ehr.lastPlaces.note(session.signIn, id, ehr.nowMs())
  const name = stay.patient.name[0]
  return sendPage(ehr, reply, session, {
    title: `${name.family}, ${name.given[0]}`,
    path: `/patients/${id}`,
    banner: patientBanner(stay, ehr.nowMs()),
    body: chartPage({
      vitals: ehr.record.vitals(id),
      orders: ehr.orders.ordersOf(id),
      cards: orderCards(ehr, session, id),
      isUnverified: (order) => ehr.orders.isUnverified(order.id),
    }),
  })
}

function queue(
  ehr: Ehr,
  _request: FastifyRequest,
  reply: FastifyReply,
  session: ChartSession,
): FastifyReply {
  if (!mayVerify(session.signIn)) return sendNotice(reply, 'not-yours', 403)
  const entries = ehr.orders.queue().flatMap((item): QueueEntry[] => {
    const stay = ehr.record.stay(patientIdOf(item.request))
    const name = ehr.record.wards.find((each) => each.id === stay?.wardId)?.name
    return stay === undefined || name === undefined ? [] : [{ item, stay, wardName: name }]
  })
  const body = verificationPage(entries, session.formToken)
  const path = '/pharmacy/verification'
  return sendPage(ehr, reply, session, { title: 'Verification queue', path, body })
}

function isNotice(name: string | undefined): name is NoticeName {
  return name !== undefined && Object.hasOwn(notices, name)
}

export function addChartRoutes(app: FastifyInstance, ehr: Ehr): void {
  type Handler = (ehr: Ehr, ...rest: Parameters<WithSession>) => FastifyReply
  const page = (path: string, handler: Handler): void => {
    app.get(
      path,
      reading(ehr, (request, reply, session) => handler(ehr, request, reply, session)),
    )
  }
  page('/', (_ehr, _request, reply, session) => {
    const landing = landingFor(session.signIn, ehr.settings.wardOfZone)
    return reply.redirect(landingPath(landing), 303)
  })
  page('/wards', (_ehr, _request, reply, session) => {
    const { wardOfZone } = ehr.settings
    const open = ehr.record.wards.filter((each) => maySeeWard(session.signIn, each.id, wardOfZone))
    if (open.length === 0) return sendNotice(reply, 'nothing-here', 403)
    const body = wardsPage(open)
    return sendPage(ehr, reply, session, { title: 'Wards', path: '/wards', body })
  })
  page('/wards/:id', ward)
  page('/patients/:id', patient)
  page('/pharmacy/verification', queue)
  page('/nothing-here', (_ehr, _request, reply) => sendNotice(reply, 'nothing-here', 403))
  app.get('/notice/:id', (request, reply) => {
    const name = pathId(request)
    return isNotice(name) ? sendNotice(reply, name, 403) : sendNotice(reply, 'not-found', 404)
  })
  app.setNotFoundHandler((_request, reply) => sendNotice(reply, 'not-found', 404))
}
