// Streams of facts: how far they have come, one moved to another place, one tried.

import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import {
  streamMove,
  streamMoved,
  streamParams,
  streamsPage,
  streamTested,
} from '@wardkey/protocol/admin/streams/streams'
import type { StreamShown } from '@wardkey/protocol/admin/streams/streams'
import { lookAt } from '../../../flows/look-at.ts'
import { moveStream } from '../../../flows/streams/move-stream.ts'
import { problemOf } from '../../problem.ts'
import type { StreamState } from '../../streams/stream-desk.ts'
import type { AdminNeeds } from '../admin-needs.ts'
import { callerOf } from '../caller.ts'
import { noes } from '../noes.ts'
import { replyOnce, send } from '../reply-once.ts'

export function registerStreams(fastify: FastifyInstance, needs: AdminNeeds): void {
  const { streams: desk } = needs
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/streams',
    config: { scope: 'streams:read' },
    schema: {
      summary: 'Streams of facts: how far each has come, and whether it fails',
      tags: ['streams'],
      response: { 200: streamsPage, ...noes },
    },
    // Numbers of facts say nothing of anybody: no look is written down.
    handler: async (_request, reply) =>
      reply.send({ streams: ((await desk?.list()) ?? []).map(shownStream) }),
  })
  app.route({
    method: 'POST',
    url: '/streams/:name/place',
    config: { scope: 'streams:write' },
    schema: {
      summary: 'Have a stream go on with another fact: back, or past what is never taken',
      tags: ['streams'],
      params: streamParams,
      body: streamMove,
      response: { 200: streamMoved, ...noes },
    },
    handler: async (request, reply) => {
      const { name } = request.params
      const { by } = callerOf(request)
      const isKnown = desk?.has(name) === true
      const previous = async (index: number) => desk?.previousOf(name, index)
      const move = { by, name: isKnown ? name : '', to: request.body.to }
      return replyOnce(
        request,
        reply,
        needs,
        () => moveStream(move, previous, needs),
        ({ from, to }) => ({ status: 200, body: { from, to } }),
      )
    },
  })
  app.route({
    method: 'POST',
    url: '/streams/:name/test',
    config: { scope: 'streams:write' },
    schema: {
      summary: 'See whether the receiver of a stream is there, without a fact of anybody',
      tags: ['streams'],
      params: streamParams,
      response: { 200: streamTested, ...noes },
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'streams.test' }
      const see = async () => desk?.probe(request.params.name)
      const { answer } = await needs.perform(lookAt(look, see, needs))
      if (!answer) return send(reply, { status: 404, body: problemOf(404, 'stream-unknown') })
      return reply.send({ isReached: answer.reason === undefined, ...answer })
    },
  })
}

function shownStream({ name, kind, identifiers, row, behind, isHere, jwk }: StreamState) {
  const { nextIndex, handedIndex, sentMs, failingMs, reason, attempts } = row ?? {}
  return {
    ...{ name, kind, identifiers, behind, isHere },
    state: stateOf(row, behind),
    ...without({ nextIndex, handedIndex, sentMs, failingMs, reason }),
    ...(attempts === undefined || attempts === 0 ? {} : { attempts }),
    ...(jwk === undefined ? {} : { jwk: { ...jwk } }),
  } satisfies StreamShown
}

function stateOf(row: StreamState['row'], behind: number): StreamShown['state'] {
  if (!row) return 'not-begun'
  if (row.failingMs !== undefined) return 'failing'
  return behind === 0 ? 'waiting' : 'sending'
}

function without<All extends object>(all: All): { [Key in keyof All]?: NonNullable<All[Key]> } {
  const there = Object.entries(all).filter(([, value]) => value !== undefined)
  return Object.fromEntries(there) as { [Key in keyof All]?: NonNullable<All[Key]> }
}
