// What programs may ask about the own session: /whoami, and an event when the session has ended.

import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Ehr } from '../ehr.ts'
import { sessionOf } from './guard.ts'

const heartbeatMs = 20_000
const mostStreams = 200

/** Keeps a page informed: one event when its session ends, a comment now and then until then. */
function watch(ehr: Ehr, sessionId: string, response: ServerResponse, done: () => void): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.write('retry: 2000\n\n')
  const beat = setInterval(() => response.write(': here\n\n'), heartbeatMs)
  const forget = ehr.sessions.onEnd(sessionId, () => {
    response.end('event: ended\ndata: {}\n\n')
  })
  response.on('close', () => {
    clearInterval(beat)
    forget()
    done()
  })
}

export function addSessionRoutes(app: FastifyInstance, ehr: Ehr): void {
  let streams = 0
  app.get('/whoami', (request, reply) => {
    const session = sessionOf(ehr, request)
    const signInReady = ehr.provider.now() !== undefined
    const sub = session?.signIn.sub
    return reply.send({ signInReady, signedIn: sub !== undefined, ...(sub && { sub }) })
  })
  app.get('/session/events', (request, reply) => {
    const session = sessionOf(ehr, request)
    // 204 tells an EventSource to stop trying (HTML, server-sent events).
    if (session === undefined || streams >= mostStreams) return reply.code(204).send()
    streams += 1
    reply.hijack()
    watch(ehr, session.id, reply.raw, () => {
      streams -= 1
    })
    return reply
  })
}
