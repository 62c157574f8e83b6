// A part of a file from a broker: TLS 1.3, one authority believed, a deadline, and never more bytes
// than are wanted. It keeps nothing and judges no byte.

import { once } from 'node:events'
import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { addressText, serverNameOf } from '../broker-address.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Identity } from '../identity.ts'

export type FileEnd = 'whole' | 'torn' | 'busy' | 'missing'

export interface FilePart {
  readonly path: string
  readonly from: number
  /** No byte beyond these is taken, whatever comes. */
  readonly most: number
  /** A slow line is cut there, and goes on where it was. */
  readonly withinMs: number
  /** Cuts it at once, as the deadline does. */
  readonly signal?: AbortSignal | undefined
  readonly take: (bytes: Buffer) => Promise<void>
}

/** Rejects with what `take` rejected with, and with nothing else. */
export async function readFilePart(
  broker: BrokerAddress,
  identity: Identity,
  part: FilePart,
): Promise<FileEnd> {
  const sending = request({
    host: broker.host,
    port: broker.port,
    servername: serverNameOf(broker),
    minVersion: 'TLSv1.3',
    ca: identity.caPem,
    cert: identity.certificatePem,
    key: identity.keyPem,
    method: 'GET',
    path: part.path,
    headers: {
      host: addressText(broker),
      ...(part.from > 0 ? { range: `bytes=${String(part.from)}-` } : {}),
    },
    signal: AbortSignal.any([
      AbortSignal.timeout(part.withinMs),
      ...(part.signal ? [part.signal] : []),
    ]),
    agent: false,
  })
  // What goes wrong later is seen by whoever reads; without an ear it would end the process.
  sending.on('error', () => undefined)
  sending.end()
  try {
    const response = await responseTo(sending)
    if (!response) return 'torn'
    const end = endBy(response, part.from)
    return end ?? (await takeAll(response, part))
  } finally {
    sending.destroy()
  }
}

async function responseTo(
  sending: ReturnType<typeof request>,
): Promise<IncomingMessage | undefined> {
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>
  return answered.then(
    ([response]) => response,
    () => undefined,
  )
}

/** Nothing where its bytes are the ones that were asked for. */
function endBy({ statusCode, headers }: IncomingMessage, from: number): FileEnd | undefined {
  if (statusCode === 429 || statusCode === 503) return 'busy'
  if (statusCode === 200 && from === 0) return undefined
  const range = /^bytes ([0-9]+)-/.exec(headers['content-range'] ?? '')
  return statusCode === 206 && Number(range?.[1]) === from ? undefined : 'missing'
}

async function takeAll(response: IncomingMessage, { most, take }: FilePart): Promise<FileEnd> {
  let left = most
  const chunks = response[Symbol.asyncIterator]()
  for (;;) {
    const next = await nextOf(chunks)
    if (next === 'torn') return 'torn'
    if (next === undefined) return 'whole'
    await take(next.subarray(0, left))
    left -= next.length
    if (left < 0) return 'whole'
  }
}

async function nextOf(chunks: AsyncIterator<unknown>): Promise<Buffer | 'torn' | undefined> {
  try {
    const next = await chunks.next()
    if (next.done === true) return undefined
    return Buffer.isBuffer(next.value) ? next.value : 'torn'
  } catch (thrown) {
    // Reset, cut or too late: all of them are a line that is gone.
    if (thrown instanceof Error) return 'torn'
    throw thrown
  }
}
