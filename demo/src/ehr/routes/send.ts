// Sends pages. Every page of a person goes through sendPage, so that its head names that person.

import type { FastifyReply } from 'fastify'
import type { Ehr } from '../ehr.ts'
import { barePage, framedPage, type Place } from '../pages/frame.ts'
import type { Html } from '../pages/html.ts'
import { noticeBody, notices, type Notice, type NoticeName } from '../pages/notices.ts'
import { landingFor, maySeeWard, mayVerify, type Landing } from '../records/access.ts'
import type { ChartSession } from '../sign-in/chart-sessions.ts'

export function landingPath(landing: Landing): string {
  switch (landing.kind) {
    case 'ward':
      return `/wards/${landing.wardId}`
    case 'wards':
      return '/wards'
    case 'verification':
      return '/pharmacy/verification'
    case 'nothing-here':
      return '/nothing-here'
  }
}

/** The lists this person may open from here, the own one first. */
function placesOf(ehr: Ehr, session: ChartSession, path: string): Place[] {
  const { wardOfZone } = ehr.settings
  const context = session.signIn
  const landing = landingFor(context, wardOfZone)
  const verification = { href: '/pharmacy/verification', label: 'Verification' }
  const wards = ehr.record.wards
    .filter((ward) => maySeeWard(context, ward.id, wardOfZone))
    .map((ward) => ({ href: `/wards/${ward.id}`, label: ward.name }))
  const places = [...(mayVerify(context) ? [verification] : []), ...wards]
  const home = landingPath(landing)
  return places
    .sort((one, other) => Number(other.href === home) - Number(one.href === home))
    .map((place) => ({ ...place, current: place.href === path }))
}

export interface Sent {
  readonly title: string
  readonly path: string
  readonly banner?: Html
  readonly body: Html
  readonly status?: number
}

export function sendPage(
  ehr: Ehr,
  reply: FastifyReply,
  session: ChartSession,
  sent: Sent,
): FastifyReply {
  const { title, banner, body } = sent
  const places = placesOf(ehr, session, sent.path)
  const page = framedPage({ title, banner, body, places, signIn: session.signIn })
  return reply
    .code(sent.status ?? 200)
    .type('text/html; charset=utf-8')
    .send(page.text)
}

/**
 * A notice carries nobody’s name and nothing of a patient: it may stand on an empty workstation.
 */
export function sendNotice(reply: FastifyReply, name: NoticeName, status: number): FastifyReply {
  const notice: Notice = notices[name]
  const page = barePage(notice.large, noticeBody(notice, name))
  return reply.code(status).type('text/html; charset=utf-8').send(page.text)
}
