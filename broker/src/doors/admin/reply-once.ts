// From a flow to an HTTP reply, at most once for an Idempotency-Key: the reply is kept in the same
// transaction as the change, so that a repeated request changes nothing and hears the same.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AdminRefusalCode } from '@wardkey/protocol/codes'
import { newFact } from '../../flows/flow-needs.ts'
import type { Flow } from '../../flows/perform.ts'
import type { AdminRefused } from '../../flows/person-flow.ts'
import type { Recorded } from '../../flows/recorded.ts'
import type { Write } from '../../store/store.ts'
import { problemOf, problemType } from '../problem.ts'
import type { AdminNeeds } from './admin-needs.ts'
import { callerOf } from './caller.ts'

export interface Reply {
  readonly status: number
  readonly body: unknown
  /** What is told once is not kept: its key is used up instead. */
  readonly isSecret?: boolean
  readonly retryAfterMs?: number
}

const keyText = z.string().regex(/^[\x21-\x7e]{8,128}$/)
const kept = z.object({
  bodyHash: z.string(),
  status: z.int(),
  body: z.unknown(),
  isSecret: z.boolean(),
})

const statusOf: Readonly<Record<AdminRefusalCode, number>> = {
  'person-unknown': 404,
  'person-forgotten': 409,
  'person-added-by-hand': 409,
  'person-is-hrs': 409,
  'badge-taken': 409,
  'badge-random-id': 422,
  'badge-not-an-id': 422,
  'badge-not-allowed': 422,
  'badge-technology-not-known': 422,
  'badge-unknown': 404,
  'pin-length': 422,
  'pin-guessable': 422,
  'workstation-unknown': 404,
  'zone-unknown': 404,
  'offline-review-unknown': 404,
  'offline-review-closed': 409,
  'policy-unknown': 404,
  'policy-does-not-validate': 422,
  'policy-same': 409,
  'policy-decided': 409,
  'policy-own': 403,
  'policy-moved': 409,
  'exception-unknown': 404,
  'exception-decided': 409,
  'exception-own': 403,
  'exception-owner': 422,
  'exception-too-long': 422,
  'exception-too-old': 409,
  'exception-needless': 422,
  'exceptions-full': 409,
  'token-alone-too-much': 403,
  'token-grant-needs-two': 403,
  'token-grant-unknown': 404,
  'token-grant-decided': 409,
  'token-grant-own': 403,
  'token-grant-not-open': 409,
  'token-name-taken': 409,
  'fact-unknown': 404,
  'fact-gone': 410,
  'fact-not-signed': 409,
  'checkpoint-unknown': 404,
  'evidence-days': 422,
  'evidence-busy': 409,
  'evidence-unknown': 404,
  'evidence-not-ready': 409,
  'enrol-token-unknown': 404,
  'enrol-ask-unknown': 404,
  'enrol-ask-decided': 409,
  'update-not-understood': 422,
  'update-not-signed': 422,
  'update-older': 409,
  'update-number-twice': 409,
  'update-expired': 422,
  'update-next-key': 422,
  'update-not-for-this': 422,
  'update-not-newer': 409,
  'update-too-far': 422,
  'updates-off': 409,
  'update-file-missing': 422,
  'release-added-already': 409,
  'release-unknown': 404,
  'rollout-unknown': 404,
  'rollout-under-way': 409,
  'rollout-decided': 409,
  'rollout-own': 403,
  'tap-unknown': 404,
  'tap-gone': 404,
  'stream-unknown': 404,
  'feed-unknown': 404,
  'stream-place': 422,
  'staff-number-taken': 409,
  'user-name-taken': 409,
  'external-id-taken': 409,
  'record-moved': 412,
  'employment-over': 409,
  'badge-not-hrs': 409,
  'group-unknown': 404,
  'group-name-taken': 409,
  'group-too-large': 413,
  'import-moved': 409,
  'campaign-unknown': 404,
  'campaign-over': 409,
  'campaign-empty': 422,
  'access-item-unknown': 404,
  'access-item-decided': 409,
  'access-item-own': 403,
  'access-silence-own': 403,
  'token-unknown': 404,
  'grant-unknown': 404,
  'review-closed': 409,
  'own-record': 403,
  'review-own': 403,
  'alert-unknown': 404,
  'alert-closed': 409,
  'alert-known': 409,
  'alert-own': 403,
  'retention-unknown': 404,
  'purge-unknown': 404,
  'retention-decided': 409,
  'retention-own': 403,
  'retention-moved': 409,
  'retention-same': 409,
  'retention-too-short': 409,
  'retention-not-stopped': 409,
  'forgetting-unknown': 404,
  'forgetting-decided': 409,
  'forgetting-own': 403,
  'forgetting-asked': 409,
  'forgetting-not-done': 409,
  'person-still-here': 409,
  'person-kept': 409,
  'person-on-hold': 409,
  'hold-unknown': 404,
  'hold-lifted': 409,
  'hold-lift-not-asked': 409,
  'hold-own': 403,
  'hold-about-you': 403,
  'authority-not-rotating': 409,
  'authority-files-missing': 409,
  'authority-end-moved': 409,
  'authority-end-not-asked': 409,
  'authority-end-own': 403,
  busy: 503,
}

/** What a flow's answer is as a reply: `done` says it for what is no refusal. */
export function replyOf<Done extends { readonly kind: string }>(
  answer: Done | AdminRefused,
  done: (answer: Done) => Reply,
): Reply {
  if (!isRefused(answer)) return done(answer)
  const status = statusOf[answer.code]
  const wait = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }
  return { status, body: problemOf(status, answer.code), ...wait }
}

export function send(reply: FastifyReply, { status, body, retryAfterMs }: Reply): FastifyReply {
  void reply.code(status)
  if (status >= 400) void reply.type(problemType)
  if (retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(retryAfterMs / 1000))
  return reply.send(body)
}

/** Performs the flow, or says again what was said under the request's key. */
export async function replyOnce<Done extends { readonly kind: string }>(
  request: FastifyRequest,
  reply: FastifyReply,
  needs: AdminNeeds,
  flow: Flow<Done | AdminRefused>,
  done: (answer: Done) => Reply,
): Promise<FastifyReply> {
  const header = request.headers['idempotency-key']
  if (header === undefined) {
    return send(reply, replyOf((await needs.perform(flow)).answer, done))
  }
  const text = keyText.safeParse(header)
  if (!text.success) {
    const body = problemOf(400, 'request-not-understood', 'Idempotency-Key')
    return send(reply, { status: 400, body })
  }
  const { by } = callerOf(request)
  const key = sha256([by, request.method, request.url, text.data])
  const bodyHash = sha256([JSON.stringify(request.body ?? null)])
  const once: Flow<Reply> = async (look) => {
    const before = await findKept(key, needs)
    if (before) return again(before, bodyHash, by, needs)
    const recorded = await flow(look)
    const answer = replyOf(recorded.answer, done)
    return { ...recorded, answer, writes: [...recorded.writes, keep(key, bodyHash, answer, needs)] }
  }
  return send(reply, (await needs.perform(once)).answer)
}

async function findKept(
  key: string,
  { db }: AdminNeeds,
): Promise<z.infer<typeof kept> | undefined> {
  const row = await db
    .selectFrom('request')
    .select('answer')
    .where('key', '=', key)
    .executeTakeFirst()
  return row && kept.parse(JSON.parse(row.answer))
}

/** Of two requests at once with one key, the second conflicts and finds the first one's reply. */
function keep(
  key: string,
  bodyHash: string,
  { status, body, isSecret = false }: Reply,
  { db, nowMs }: AdminNeeds,
): Write {
  const answer = JSON.stringify({ bodyHash, status, body: isSecret ? null : body, isSecret })
  const query = db.insertInto('request').values({ key, answer, at_ms: nowMs() }).compile()
  return { query, expectRows: 1 }
}

function again(
  before: z.infer<typeof kept>,
  bodyHash: string,
  by: string,
  needs: AdminNeeds,
): Recorded<Reply> {
  const isUsed = before.isSecret || before.bodyHash !== bodyHash
  return {
    answer: isUsed
      ? { status: 409, body: problemOf(409, 'key-used') }
      : { status: before.status, body: before.body },
    facts: [newFact(needs, 'ADM-001', { fields: { by, action: 'request.repeated' } })],
    writes: [],
    notices: [],
  }
}

function sha256(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex')
}

function isRefused(answer: { readonly kind: string }): answer is AdminRefused {
  return answer.kind === 'refused'
}
