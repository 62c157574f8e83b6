// Where a browser turns a launch ticket into its seat. The ticket comes as a form field, once; what
// goes back is a cookie that is worth nothing when the session is not open.

import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { ticketField } from '../../launch/plan-launch.ts'
import type { OidcNeeds } from './oidc-needs.ts'
import { pageHeaders, ticketRefusedPage } from './pages.ts'
import { seatCookie, signSeat } from './seats/seat.ts'

export const launchPath = '/launch'

const body = z.strictObject({
  [ticketField]: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
})

/**
 * Answers with the seat and sends the browser on to the EHR that the address names: the address of
 * each is settings', so that nobody can be sent elsewhere. 403 with a page in plain words
 * otherwise.
 */
export function registerLaunch(fastify: FastifyInstance, needs: OidcNeeds): void {
  const isSecure = needs.publicUrl.startsWith('https:')
  fastify.post<{ Params: { app: string } }>(
    `${launchPath}/:app`,
    { bodyLimit: 1024 },
    async (request, reply) => {
      const launchUrl = needs.launchUrls.get(request.params.app)
      const parsed = body.safeParse(request.body)
      const ticket = parsed.success ? parsed.data[ticketField] : undefined
      const seat =
        launchUrl === undefined || ticket === undefined
          ? undefined
          : await needs.redeemTicket(ticket)
      if (!seat || launchUrl === undefined) {
        return reply.code(403).headers(pageHeaders).send(ticketRefusedPage())
      }
      return reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .header('set-cookie', seatCookie(signSeat(seat, needs.cookieKey), isSecure))
        .redirect(launchUrl, 303)
    },
  )
}
