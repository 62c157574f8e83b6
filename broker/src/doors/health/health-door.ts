// The door for load balancers and for those who watch: is it alive, is it ready, what does it
// count.

import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Readiness } from './readiness.ts'

/**
 * Open to everybody who reaches the port: it says nothing but that. What is in `beside` is told,
 * and makes nobody unready: a broker whose streams fail lets people in all the same.
 */
export function registerHealth(
  fastify: FastifyInstance,
  readiness: () => Promise<Readiness>,
  beside: () => Readonly<Record<string, 'ok' | 'failing'>> = () => ({}),
): void {
  fastify.get('/healthz', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  fastify.get('/readyz', async (_request, reply) => {
    const { isReady, ...checks } = await readiness()
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ready' : 'not-ready', ...checks, ...beside() })
  })
}

/** For the admin port only: counts tell how busy a hospital is. */
export function registerMetrics(fastify: FastifyInstance, registry: Registry): void {
  fastify.get('/metrics', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await registry.metrics()),
  )
}
