// An HTTP port of the broker: taken early, so that a port somebody else has is told at once, and
// answered with "not yet" until there is somebody to answer. Limits on time and size are here.

import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { FastifyInstance } from 'fastify'
import { listen } from '../platform/listen.ts'
import type { ListenAt } from '../platform/listen.ts'
import { problemOf, problemType } from './problem.ts'
import { errorBody, scimType } from './scim/scim-flaw.ts'

export interface HttpPort {
  /** Scheme, host and port as this machine reaches it. */
  readonly url: string
  /** From now on this instance answers. It is made ready here, and never listens itself. */
  answerWith(fastify: FastifyInstance): Promise<void>
  /** Takes no more connections, lets what is under way finish, and cuts what does not. */
  close(withinMs: number): Promise<void>
}

export interface HttpTls {
  readonly cert: string
  readonly key: string
}

const connectionsMax = 4096
const limits: ServerOptions = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
  insecureHTTPParser: false,
}

/** Throws Fault `port-taken` or `settings-not-valid` where the port cannot be had. */
export async function openHttp(at: ListenAt, tls: HttpTls | undefined): Promise<HttpPort> {
  const server = tls
    ? createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' })
    : createServer(limits)
  server.maxConnections = connectionsMax
  server.on('request', notYet)
  const port = await listen(server, at)
  const host = at.host.includes(':') ? `[${at.host}]` : at.host
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${String(port)}`,
    answerWith: async (fastify) => {
      await fastify.ready()
      server.removeListener('request', notYet)
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        fastify.routing(request, response)
      })
    },
    close: (withinMs) => closeServer(server, withinMs),
  }
}

/** Also for the workstations' port, whose sockets are closed by their own door before. */
export function closeServer(
  server: Pick<Server, 'close' | 'closeAllConnections' | 'closeIdleConnections'>,
  withinMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const insist = setTimeout(() => {
      server.closeAllConnections()
    }, withinMs)
    server.close(() => {
      clearTimeout(insist)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** HR's clients hear it as RFC 7644 section 3.12 has errors: they understand no other. */
function notYet({ url }: IncomingMessage, response: ServerResponse): void {
  const problem = problemOf(503, 'not-ready')
  const isScim = /^\/scim(?:[/?]|$)/.test(url ?? '')
  const detail = `${problem.title} ${problem.next}`
  const body = isScim ? errorBody(503, undefined, detail) : problem
  const type = isScim ? scimType : problemType
  response.writeHead(503, { 'content-type': type, 'retry-after': '1', connection: 'close' })
  response.end(JSON.stringify(body))
}
