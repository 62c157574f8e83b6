// The door for browsers and EHRs: the provider mounted under /oidc, the interactions beside it, the
// launch address and the few pages. It decides nothing by itself; Seats and the flows do.

import type { FastifyInstance } from 'fastify'
import type { JWK } from 'jose'
import type Provider from 'oidc-provider'
import { registerInteractions } from './interaction-door.ts'
import { registerLaunch } from './launch-door.ts'
import type { OidcNeeds } from './oidc-needs.ts'
import { registerPageExtras } from './page-extras.ts'
import { makeProvider, oidcPath } from './provider.ts'
import { makeSeatBook } from './seats/seat-book.ts'
import { Seats } from './seats/seats.ts'
import { makeTellEhrs } from './tell-ehrs.ts'
import type { TellEhrs } from './tell-ehrs.ts'

export interface OidcDoor {
  readonly tellEhrs: TellEhrs
  /** Other keys from the next request on, the one to sign with first of each algorithm. */
  readonly useKeys: (jwks: readonly JWK[]) => void
}

/**
 * Mounts everything on a Fastify instance of its own. Form bodies must be parsed by the instance
 * (launch) but not for the provider, which reads its own.
 */
export async function registerOidc(fastify: FastifyInstance, needs: OidcNeeds): Promise<OidcDoor> {
  const book = makeSeatBook(needs.models, needs.nowMs)
  const seats = new Seats({ ...needs, book })
  const make = (jwks?: readonly JWK[]): Provider => {
    const provider = makeProvider(needs, seats, jwks)
    provider.on('server_error', (_ctx, error) => {
      needs.log.error('oidc.failed', { reason: error.name })
    })
    return provider
  }
  const first = make()
  const live = { provider: first, handle: first.callback() }
  registerPageExtras(fastify)
  registerInteractions(fastify, () => live.provider, needs, seats)
  registerLaunch(fastify, needs)
  await fastify.register((scope, _options, done) => {
    mountProvider(scope, (request, response) => live.handle(request, response))
    done()
  })
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref()
    })
  return {
    tellEhrs: makeTellEhrs(() => live.provider, book, needs, wait),
    useKeys: (jwks) => {
      const provider = make(jwks)
      Object.assign(live, { provider, handle: provider.callback() })
    },
  }
}

function mountProvider(scope: FastifyInstance, handle: ReturnType<Provider['callback']>): void {
  // The provider parses bodies itself; a body that Fastify has eaten would never reach it.
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _payload, done) => {
    done(null)
  })
  scope.all(`${oidcPath}/*`, (request, reply) => {
    reply.hijack()
    const { raw } = request
    // What the provider needs to know its own mount path from (its urlFor).
    Reflect.set(raw, 'originalUrl', raw.url)
    raw.url = (raw.url ?? '').slice(oidcPath.length)
    void handle(raw, reply.raw)
  })
}
