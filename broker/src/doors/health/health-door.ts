// The door for load balancers and for those who watch: is it alive, is it ready, what does it
// count.

import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Readiness } from './readiness.ts'

/** Open to everybody who reaches the port: it says nothing but that. */
export function registerHealth(
  fastify: FastifyInstance,
  readiness: () => Promise<Readiness>,
): void {
  fastify.get('/healthz', (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )
  fastify.get('/readyz', async (_request, reply) => {
    const { isReady, ...checks } = await readiness()
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ready' : 'not-ready', ...checks })
  })
}

/** For the admin port only: counts tell how busy a hospital is. */
export function registerMetrics(fastify: FastifyInstance, registry: Registry): void {
  fastify.get('/metrics', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await registry.metrics()),
  )
}
