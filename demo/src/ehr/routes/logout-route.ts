// Back-channel logout (OpenID Connect Back-Channel Logout 1.0): the provider ends sessions here.

import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Ehr } from '../ehr.ts'
import { judgeLogoutToken } from '../sign-in/logout-token.ts'

const body = z.object({ logout_token: z.string().min(1) })
const providerWaitMs = 2000

function refuse(ehr: Ehr, reply: FastifyReply, why: string): FastifyReply {
  ehr.log.warn('logout.refused', { why })
  return reply.code(400).send({ error: 'invalid_request' })
}

/** 200 when the token is good, also when nobody was signed in: there is nothing to repeat then. */
export function addLogoutRoute(app: FastifyInstance, ehr: Ehr): void {
  app.post('/backchannel-logout', async (request, reply) => {
    const parsed = body.safeParse(request.body)
    if (!parsed.success) return refuse(ehr, reply, 'no-token')
    const provider = await ehr.provider.within(providerWaitMs)
    // Without the provider’s keys nothing can be checked; nobody can be signed in either.
    if (provider === undefined) return reply.code(503).send({ error: 'temporarily_unavailable' })
    const judged = await judgeLogoutToken(parsed.data.logout_token, {
      keys: provider.logoutKeys,
      issuer: ehr.settings.issuer,
      clientId: ehr.settings.clientId,
      algorithms: provider.algorithms,
      now: new Date(ehr.nowMs()),
    })
    if (judged.kind === 'invalid') return refuse(ehr, reply, judged.why)
    const { jti, expiresAtS, ...by } = judged.logout
    if (!ehr.logoutsTaken.take(jti, (expiresAtS + 30) * 1000, ehr.nowMs())) {
      return refuse(ehr, reply, 'replayed')
    }
    const sessions = ehr.sessions.endMatching(by, ehr.nowMs())
    ehr.log.info('logout.done', { sessions })
    return reply.code(200).send()
  })
}
