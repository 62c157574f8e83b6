// The record: its head, its facts a page at a time, the whole of it as an auditor is given it, and
// proofs of single facts and of growth. Reading it is a fact itself; nothing here can change it.

import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  factProof,
  factProofParams,
  factProofQuery,
  factsPage,
  factsQuery,
  growthProof,
  growthQuery,
  recordHead,
} from '@wardkey/protocol/admin/record'
import type { FactShown } from '@wardkey/protocol/admin/record'
import { recordKeys } from '@wardkey/protocol/admin/keys/record-keys'
import { exportRecord } from '../../audit/export-record.ts'
import type { GrowthProof, Proved } from '../../audit/proofs/prove-record.ts'
import { writeProof } from '../../audit/proofs/tlog-proof.ts'
import type { FactProof } from '../../audit/proofs/tlog-proof.ts'
import { verifierKey } from '../../audit/signed-note.ts'
import { lookAt } from '../../flows/look-at.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'
import { noes } from './noes.ts'
import { replyOf, send } from './reply-once.ts'

const body = z.record(z.string(), z.unknown())
/** Lines go out in pieces of about this size: a piece a line would cost more than the reading. */
const pieceChars = 64 * 1024

export function registerRecord(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/record',
    config: { scope: 'record:read' },
    schema: {
      summary: 'How long the record is, its newest checkpoint, and the key that verifies it',
      tags: ['record'],
      response: { 200: recordHead, ...noes },
    },
    handler: async (_request, reply) => {
      const checkpoint = needs.head()
      const facts = await sizeOf(needs)
      const { witnessKey } = needs
      const key = needs.recordKey()
      return reply.send({
        facts,
        key,
        witnessKey,
        ...(checkpoint === undefined ? {} : { checkpoint }),
      })
    },
  })
  app.route({
    method: 'GET',
    url: '/record/facts',
    config: { scope: 'record:read' },
    schema: {
      summary: 'Facts as they were recorded, in their order',
      tags: ['record'],
      querystring: factsQuery,
      response: { 200: factsPage, ...noes },
    },
    handler: async (request, reply) => {
      const { by } = callerOf(request)
      const { personId: person, workstationId: workstation } = request.query
      const about = { ...(person && { person }), ...(workstation && { workstation }) }
      const look = { by, action: 'record.facts', about }
      const seen = await needs.perform(lookAt(look, () => factsOf(request.query, needs), needs))
      return reply.send(seen.answer)
    },
  })
  app.route({
    method: 'GET',
    url: '/record/export',
    config: { scope: 'record:read' },
    schema: {
      summary: 'The whole record, one JSON object a line, for wardkey-record verify',
      tags: ['record'],
      produces: ['application/x-ndjson'],
    },
    handler: async (request, reply) => {
      const look = { by: callerOf(request).by, action: 'record.export' }
      await needs.perform(lookAt(look, () => Promise.resolve(), needs))
      const lines = Readable.from(pieces(needs), { objectMode: false })
      return reply.header('content-type', 'application/x-ndjson').send(lines)
    },
  })
  registerKeys(fastify, needs)
  registerProofs(fastify, needs)
}

function registerKeys(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/record/keys',
    config: { scope: 'record:read' },
    schema: {
      summary: 'The keys of the record, and the signed notes by which they changed',
      tags: ['record'],
      response: { 200: recordKeys, ...noes },
    },
    // Public keys and what they signed say nothing of anybody: no look is written down.
    handler: async (_request, reply) => {
      const { ended, now } = needs.recordChain()
      return reply.send({
        ended: ended.map(({ from, reason, note }) => ({ key: verifierKey(from), reason, note })),
        now: now.map((key) => verifierKey(key)),
      })
    },
  })
}

function registerProofs(fastify: FastifyInstance, needs: AdminNeeds): void {
  const app = fastify.withTypeProvider<ZodTypeProvider>()
  app.route({
    method: 'GET',
    url: '/record/facts/:index/proof',
    config: { scope: 'record:read' },
    schema: {
      summary: 'Prove that one fact is in the record, for wardkey-record verify-proof',
      tags: ['record'],
      params: factProofParams,
      querystring: factProofQuery,
      response: { 200: factProof, ...noes },
    },
    handler: async (request, reply) => {
      const { index } = request.params
      const see = () => needs.prove.fact(index, request.query.size)
      const look = { by: callerOf(request).by, action: 'record.prove' }
      const { answer } = await needs.perform(lookAt(look, see, needs))
      const done = replyOf<Proved<FactProof>>(answer, ({ proof }) => {
        const [, size] = proof.note.split('\n')
        return { status: 200, body: { index, size: Number(size), proof: writeProof(proof) } }
      })
      return send(reply, done)
    },
  })
  app.route({
    method: 'GET',
    url: '/record/consistency',
    config: { scope: 'record:read' },
    schema: {
      summary: 'Prove that the record of one size continues the record of a smaller one',
      tags: ['record'],
      querystring: growthQuery,
      response: { 200: growthProof, ...noes },
    },
    // Hashes say nothing of anybody: no look at the record is written down.
    handler: async (request, reply) => {
      const { first, second } = request.query
      const answer = await needs.prove.growth(first, second)
      const done = replyOf<Proved<GrowthProof>>(answer, ({ proof }) => {
        const base64 = (hash: Buffer): string => hash.toString('base64')
        const body = {
          first: proof.first,
          second: proof.second,
          firstRoot: base64(proof.firstRoot),
          secondRoot: base64(proof.secondRoot),
          hashes: proof.path.map(base64),
        }
        return { status: 200, body }
      })
      return send(reply, done)
    },
  })
}

async function* pieces({ db, recordKey, nowMs }: AdminNeeds): AsyncGenerator<Buffer> {
  const [origin = ''] = recordKey().split('+')
  let piece = ''
  for await (const line of exportRecord(db, origin, nowMs())) {
    piece += `${JSON.stringify(line)}\n`
    if (piece.length < pieceChars) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}

async function sizeOf({ db }: AdminNeeds): Promise<number> {
  const last = await db
    .selectFrom('fact')
    .select('idx')
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last === undefined ? 0 : last.idx + 1
}

async function factsOf(
  query: z.output<typeof factsQuery>,
  { db }: AdminNeeds,
): Promise<{ facts: FactShown[]; next?: number }> {
  const { from, limit, code, personId, workstationId } = query
  let rows = db
    .selectFrom('fact')
    .select(['idx', 'code', 'at_ms', 'body'])
    .where('idx', '>=', from)
    .orderBy('idx')
    .limit(limit)
  if (code !== undefined) rows = rows.where('code', '=', code)
  if (personId !== undefined) rows = rows.where('person_id', '=', personId)
  if (workstationId !== undefined) rows = rows.where('workstation_id', '=', workstationId)
  const facts = (await rows.execute()).map((row) => ({
    index: row.idx,
    code: row.code,
    atMs: row.at_ms,
    body: body.parse(JSON.parse(Buffer.from(row.body).toString('utf8'))),
  }))
  const last = facts.length === limit ? facts.at(-1) : undefined
  return { facts, ...(last === undefined ? {} : { next: last.index + 1 }) }
}
