// The floor over HTTP for the SCIM benchmark: a bare Fastify that reads the same JSON, has one row
// written, durable, and answers as many bytes. It asks for no token and knows nobody.

import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import type { Store } from '@wardkey/broker/store/store'

/** One row, durable when it resolves, and nothing else. */
export async function insertRow(store: Store): Promise<void> {
  const values = { key: `bench ${randomUUID()}`, answer: 'x'.repeat(400), at_ms: 0 }
  const query = store.read.insertInto('request').values(values).compile()
  await store.commit({ kind: 'housekeeping', writes: [{ query, expectRows: 1 }] })
}

/** Resolves to where it listens; what it answers is `answerBytes` long and says the new value. */
export async function openBareHttp(store: Store, answerBytes: number) {
  const fastify = Fastify()
  fastify.removeAllContentTypeParsers()
  const parser = { parseAs: 'string' } as const
  fastify.addContentTypeParser('application/scim+json', parser, (_request, body, done) => {
    done(null, JSON.parse(body.toString()))
  })
  fastify.patch<{ Body: { Operations: readonly { value: string }[] } }>(
    '/Users/:id',
    async (request, reply) => {
      const [operation] = request.body.Operations
      await insertRow(store)
      const title = operation?.value ?? ''
      const length = JSON.stringify({ title, filling: '' }).length
      const filling = 'x'.repeat(Math.max(0, answerBytes - length))
      return reply.type('application/scim+json').send(JSON.stringify({ title, filling }))
    },
  )
  const url = await fastify.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => fastify.close() }
}
