// The door for signed webhooks of other systems: nothing is parsed before the signature holds, and
// one that was sent before is known by its time and by the ids of its events.

import { createHmac, timingSafeEqual } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { z } from 'zod'
import { deeperThan } from '@wardkey/protocol/text-depth'
import { Fault } from '../../platform/fault.ts'
import type { Log } from '../../platform/log.ts'
import type { FeedOf } from '../../platform/setting-rows/feed-settings.ts'
import { KnockLimits } from '../knock-limits.ts'
import { problemOf, problemType } from '../problem.ts'
import type { FeedDesk } from './feed-desk.ts'
import { eventDepthMax } from './map-event.ts'
import type { RawEvent } from './map-event.ts'

export const feedPath = '/feeds/v1'

/** A system tells of some hundred doors; for one address. */
const requestsAMinuteMax = 1200
const bodyBytesMax = 256 * 1024
const eventsMax = 200
/** How far the sender's clock may be from ours, and how old a request may be. */
const windowMs = 5 * 60_000
const perAddress = { capacity: 20, refillMs: 3000 }
const overall = { capacity: 200, refillMs: 300 }

const object = z.record(z.string().max(256), z.unknown())
const told = z.union([z.array(object).max(eventsMax), object.transform((one) => [one])])

export interface FeedDoorNeeds {
  readonly desk: FeedDesk
  /** Of each feed that comes by webhook: `whsec_` and base64. */
  readonly secrets: ReadonlyMap<string, string>
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly log: Log
}

export async function registerFeeds(fastify: FastifyInstance, needs: FeedDoorNeeds): Promise<void> {
  const limits = new KnockLimits(perAddress, overall)
  await fastify.register(
    async (scope) => {
      await scope.register(rateLimit, { max: requestsAMinuteMax, timeWindow: '1 minute' })
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
        done(null, body)
      })
      const route = { bodyLimit: bodyBytesMax }
      scope.post<{ Params: { feed: string } }>('/:feed', route, async (request, reply) => {
        const { feed } = request.params
        const body = typeof request.body === 'string' ? request.body : ''
        void reply.header('cache-control', 'no-store')
        if (!isSigned(feed, request.headers, body, needs)) {
          const waitMs = limits.take(request.ip, needs.monotonicMs())
          const [status, code] =
            waitMs > 0 ? ([429, 'too-many-requests'] as const) : ([401, 'token-missing'] as const)
          needs.log.warn('feed.refused', { address: request.ip, code })
          return reply.code(status).type(problemType).send(problemOf(status, code))
        }
        const events = parseEvents(body)
        if (!events) {
          const refused = problemOf(400, 'request-not-understood')
          return reply.code(400).type(problemType).send(refused)
        }
        try {
          return await reply.send(await needs.desk.take(feed, events))
        } catch (thrown) {
          if (!(thrown instanceof Fault)) throw thrown
          needs.log.error('feed.failed', { place: feed, code: thrown.code })
          return reply.code(503).type(problemType).send(problemOf(503, thrown.code))
        }
      })
    },
    { prefix: feedPath },
  )
}

/** A name that there is none of is as good as a wrong signature: nobody learns the names. */
function isSigned(
  name: string,
  headers: IncomingHttpHeaders,
  body: string,
  { desk, secrets, nowMs }: FeedDoorNeeds,
): boolean {
  const setting = desk.find(name)
  const secret = secrets.get(name)
  if (setting?.kind !== 'webhook' || secret === undefined) return false
  if (setting.hmac) return isHmac(setting.hmac, headers, body, secret, nowMs())
  try {
    new Webhook(secret).verify(body, flat(headers))
    return true
  } catch (thrown) {
    // What it parses after the signature is no concern of this.
    if (thrown instanceof SyntaxError) return true
    if (thrown instanceof WebhookVerificationError) return false
    throw thrown
  }
}

/** HMAC-SHA-256 over time, a point and the body, in hex, under the bytes of the secret. */
function isHmac(
  { signature, timestamp, prefix }: NonNullable<FeedOf<'webhook'>['hmac']>,
  headers: IncomingHttpHeaders,
  body: string,
  secret: string,
  nowMs: number,
): boolean {
  const all = flat(headers)
  const time = all[timestamp.toLowerCase()] ?? ''
  const given = all[signature.toLowerCase()] ?? ''
  if (!/^[0-9]{9,13}$/.test(time) || !given.startsWith(prefix)) return false
  const atMs = time.length > 10 ? Number(time) : Number(time) * 1000
  if (Math.abs(nowMs - atMs) > windowMs) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const wanted = createHmac('sha256', key).update(`${time}.${body}`).digest()
  const hex = given.slice(prefix.length)
  return /^[0-9a-f]{64}$/i.test(hex) && timingSafeEqual(Buffer.from(hex, 'hex'), wanted)
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}

/** Nothing where it is neither an object nor a short list of them, or nested too deeply. */
export function parseEvents(text: string): readonly RawEvent[] | undefined {
  if (deeperThan(text, eventDepthMax)) return undefined
  try {
    return told.safeParse(JSON.parse(text)).data
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
