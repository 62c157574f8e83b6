// Where the demo's privacy office hears of emergencies: a webhook receiver on loopback, as a
// hospital would write one. It believes a notice by its signature only (Standard Webhooks), once.

import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { z } from 'zod'
import type { HeardNotice } from '../demo-messages.ts'

export interface ReceiverNeeds {
  /** As the broker's key folder has it now: `whsec_` and base64. */
  readonly secret: () => string
  readonly nowMs: () => number
  readonly onNotice: (notice: HeardNotice) => void
}

export interface Receiver {
  readonly url: string
  close(): Promise<void>
}

const path = '/compliance'
const bodyBytesMax = 16 * 1024
/** Ids that were heard: after so many the oldest could be told again. */
const heardMax = 10_000

const time = z.iso.datetime().transform((text) => Date.parse(text))
const notice = z.looseObject({
  type: z.literal('wardkey.emergency-access.given'),
  data: z.looseObject({
    grantId: z.uuid(),
    place: z.string().max(200),
    reasonLabel: z.string().max(200),
    identity: z.string().max(40),
    witnessed: z.boolean(),
    from: time,
    until: time,
    reviewDue: time,
  }),
})

/** Heard and taken; what it says is for the console. */
const alert = z.looseObject({ type: z.literal('wardkey.alert.raised') })

/** Answers 204 to what it has taken, and a status without a word to everything else. */
export async function openReceiver(needs: ReceiverNeeds): Promise<Receiver> {
  const heard = new Set<string>()
  const server = createServer((request, response) => {
    const { host } = request.headers
    const isHere = request.url === path && host === new URL(url()).host
    if (!isHere || request.method !== 'POST') {
      request.resume()
      response.writeHead(isHere ? 405 : 404).end()
      return
    }
    readBody(request)
      .then((body) => take(request, body, heard, needs))
      .then((status) => response.writeHead(status).end())
      // It went away while it spoke.
      .catch(() => response.destroy())
  })
  server.requestTimeout = 10_000
  const url = (): string => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    return `http://127.0.0.1:${String(port)}${path}`
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: url(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

function take(
  { headers }: IncomingMessage,
  body: string | undefined,
  heard: Set<string>,
  { secret, nowMs, onNotice }: ReceiverNeeds,
): number {
  if (body === undefined) return 413
  const text = (name: string): string => String(headers[name] ?? '')
  const id = text('webhook-id')
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': text('webhook-timestamp'),
    'webhook-signature': text('webhook-signature'),
  }
  let said: unknown
  try {
    // Refuses what is signed by another, was changed, or is older than five minutes.
    said = new Webhook(secret()).verify(body, signed)
  } catch (thrown) {
    if (thrown instanceof WebhookVerificationError) return 401
    if (thrown instanceof SyntaxError) return 400
    throw thrown
  }
  if (alert.safeParse(said).success) return 204
  const parsed = notice.safeParse(said)
  if (!parsed.success) return 422
  // Told again, because our answer to the first time was lost.
  if (heard.has(id)) return 204
  if (heard.size >= heardMax) heard.clear()
  heard.add(id)
  const { grantId, place, reasonLabel, identity, witnessed } = parsed.data.data
  const { from: fromMs, until: untilMs, reviewDue: reviewDueMs } = parsed.data.data
  const about = { grantId, place, reasonLabel, identity, isWitnessed: witnessed }
  onNotice({ ...about, fromMs, untilMs, reviewDueMs, heardMs: nowMs() })
  return 204
}

/** Nothing where it is longer than any notice. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= bodyBytesMax) chunks.push(chunk)
  }
  return length > bodyBytesMax ? undefined : Buffer.concat(chunks).toString('utf8')
}
