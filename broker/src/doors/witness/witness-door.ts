// The door for records whose witness this broker is (C2SP tlog-witness): whoever holds the key of
// one may have its newest checkpoint cosigned, and anybody may read what was. No other way in.

import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { questionBytesMax } from '../../audit/witness/add-checkpoint.ts'
import type { WitnessBook } from '../../audit/witness/witness-book.ts'
import type { Log } from '../../platform/log.ts'

export const witnessPath = '/witness'

/** A record has one checkpoint a second shown; for one address. */
const requestsAMinuteMax = 600

const keyChangeBytesMax = 4096

export interface WitnessDoorNeeds {
  readonly book: WitnessBook
  readonly log: Log
}

export async function registerWitness(
  fastify: FastifyInstance,
  { book, log }: WitnessDoorNeeds,
): Promise<void> {
  const origins = new Map(
    book.origins.map((origin) => [createHash('sha256').update(origin).digest('hex'), origin]),
  )
  await fastify.register(
    async (scope) => {
      await scope.register(rateLimit, { max: requestsAMinuteMax, timeWindow: '1 minute' })
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
        done(null, body)
      })
      scope.post('/add-checkpoint', { bodyLimit: questionBytesMax }, async (request, reply) => {
        const { status, text } = await book.answer(
          typeof request.body === 'string' ? request.body : '',
        )
        if (status !== 200) log.info('witness.not-cosigned', { status })
        const type = status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8'
        return reply.code(status).type(type).send(text)
      })
      scope.post('/add-key-change', { bodyLimit: keyChangeBytesMax }, async (request, reply) => {
        const { status } = await book.learn(typeof request.body === 'string' ? request.body : '')
        log.info('witness.key-change', { status })
        return reply.code(status).type('text/plain; charset=utf-8').send('')
      })
      scope.get<{ Params: { record: string } }>('/:record/checkpoint', async (request, reply) => {
        const origin = origins.get(request.params.record)
        const note = origin === undefined ? undefined : await book.findNote(origin)
        void reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache')
        return reply.code(note === undefined ? 404 : 200).send(note ?? '')
      })
    },
    { prefix: witnessPath },
  )
}
