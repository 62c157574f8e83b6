// The two addresses between an EHR's request and its answer: mostly passed through in one step,
// and for a signature the page that waits while badge and PIN are asked for at the workstation.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import type { InteractionResults } from 'oidc-provider'
import type { Seated } from '../../sessions/find-seated.ts'
import type { OidcNeeds } from './oidc-needs.ts'
import { lockedPage, pageHeaders, signingPage } from './pages.ts'
import { parseSignature } from './signature-request.ts'
import type { Seats } from './seats/seats.ts'
import { acrFresh } from '../../policy/assurance.ts'
import { needsStepUp } from './step-up-need.ts'

/** A little longer than the workstation asks, so that its own end arrives first. */
const waitMs = 65_000

const fallbackDescription = 'Confirm that it is you'

interface Uid {
  readonly uid: string
}

export function registerInteractions(
  fastify: FastifyInstance,
  providerNow: () => Provider,
  needs: OidcNeeds,
  seats: Seats,
): void {
  fastify.get<{ Params: Uid }>('/oidc/interaction/:uid', async (request, reply) => {
    const provider = providerNow()
    const asked = await readInteraction(provider, request, reply)
    const seated = await seats.ofCookie(request.headers.cookie)
    if (!asked) return sendPage(reply, 400, lockedPage())
    if (!seated) return finish(provider, request, reply, loginRequired)
    const { params } = asked
    if (!needsStepUp(params, seated.pinAtMs, needs.nowMs())) {
      return finish(provider, request, reply, { login: loginOf(seated) })
    }
    const signature = parseSignature(params['authorization_details'])
    if (signature.kind === 'invalid') return finish(provider, request, reply, notUnderstood)
    const detail = signature.kind === 'parsed' ? signature.detail : undefined
    const description = detail?.description ?? fallbackDescription
    const clientId = String(params['client_id'])
    const ceremony = await needs.askStepUp({
      interactionUid: asked.uid,
      seated,
      clientId,
      application: needs.clients.find((client) => client.clientId === clientId)?.name ?? clientId,
      description,
      ...(detail === undefined ? {} : { detail }),
    })
    if (ceremony === undefined) return finish(provider, request, reply, resting)
    return sendPage(reply, 200, signingPage(description, `/oidc/interaction/${asked.uid}/wait`))
  })

  fastify.get<{ Params: Uid }>('/oidc/interaction/:uid/wait', async (request, reply) => {
    const provider = providerNow()
    const asked = await readInteraction(provider, request, reply)
    const seated = await seats.ofCookie(request.headers.cookie)
    if (!asked) return sendPage(reply, 400, lockedPage())
    if (!seated) return finish(provider, request, reply, loginRequired)
    return finish(provider, request, reply, await signedResult(needs, asked.uid, seated))
  })
}

async function signedResult(
  needs: OidcNeeds,
  uid: string,
  seated: Seated,
): Promise<InteractionResults> {
  const end = await needs.stepUpEnded(uid, waitMs)
  if (end?.outcome !== 'signed') return notSigned
  // The seat may have changed hands while the page waited: only its own person's signature counts.
  if (end.sessionId !== seated.sessionId || end.workstationId !== seated.workstationId) {
    return loginRequired
  }
  return {
    login: {
      accountId: seated.personId,
      acr: acrFresh,
      amr: [...end.amr],
      ts: Math.floor(end.signedAtMs / 1000),
      remember: false,
    },
    signature: {
      ceremonyId: end.ceremonyId,
      ...(end.detail === undefined ? {} : { detail: end.detail }),
    },
  }
}

const loginRequired: InteractionResults = {
  error: 'login_required',
  error_description: 'no session is open at this workstation',
}
const notUnderstood: InteractionResults = {
  error: 'invalid_authorization_details',
  error_description: 'the signature request is not understood',
}
const resting: InteractionResults = {
  error: 'temporarily_unavailable',
  error_description: 'signatures were asked for too often in vain: try again in some minutes',
}
const notSigned: InteractionResults = {
  error: 'access_denied',
  error_description: 'the signature was not given',
}

function loginOf(seated: Seated): NonNullable<InteractionResults['login']> {
  return {
    accountId: seated.personId,
    acr: seated.acr,
    amr: [...seated.amr],
    ts: Math.floor(seated.pinAtMs / 1000),
    remember: false,
  }
}

async function readInteraction(
  provider: Provider,
  request: FastifyRequest<{ Params: Uid }>,
  reply: FastifyReply,
): Promise<{ uid: string; params: Record<string, unknown> } | undefined> {
  try {
    const { uid, params } = await provider.interactionDetails(request.raw, reply.raw)
    return uid === request.params.uid ? { uid, params } : undefined
  } catch (thrown) {
    // Without its cookie, or after its time, an interaction does not exist for this browser.
    if (thrown instanceof Error && thrown.name === 'SessionNotFound') return undefined
    throw thrown
  }
}

async function finish(
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
  result: InteractionResults,
): Promise<FastifyReply> {
  const location = await provider.interactionResult(request.raw, reply.raw, result, {
    mergeWithLastSubmission: false,
  })
  return reply.header('cache-control', 'no-store').redirect(location, 303)
}

function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).headers(pageHeaders).send(html)
}
