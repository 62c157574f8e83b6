// One JSON question over HTTPS with one JSON answer: TLS 1.3, one authority believed, a deadline
// and a size. It follows nothing and keeps nothing.

import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { Fault } from '../platform/fault.ts'
import { addressText, serverNameOf } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'

const withinMs = 15_000
const answerBytesMax = 64 * 1024

export interface Posted {
  readonly status: number
  readonly text: string
}

export interface PostTls {
  readonly ca: string
  readonly cert?: string
  readonly key?: string
  /** Cuts it at once, as the deadline does. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Throws Fault `link-down`, transient where the broker was not reached and so cannot have acted.
 */
export function post(
  broker: BrokerAddress,
  path: string,
  body: object,
  tls: PostTls,
): Promise<Posted> {
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    let isSent = false
    const sending = request({
      ...tls,
      host: broker.host,
      port: broker.port,
      servername: serverNameOf(broker),
      minVersion: 'TLSv1.3',
      method: 'POST',
      path,
      headers: {
        host: addressText(broker),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      },
      // The whole exchange, not just silence: an answer that drips would never end.
      signal: AbortSignal.any([AbortSignal.timeout(withinMs), ...(tls.signal ? [tls.signal] : [])]),
      agent: false,
    })
    const fail = (cause: unknown): void => {
      reject(new Fault('link-down', isSent ? 'ambiguous' : 'transient', { cause }))
    }
    sending.once('socket', (socket) => {
      socket.once('secureConnect', () => {
        isSent = true
      })
    })
    sending.on('error', fail)
    sending.on('response', (response) => {
      readAll(response).then(resolve, fail)
    })
    sending.end(text)
  })
}

async function readAll(response: IncomingMessage): Promise<Posted> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('bytes were expected')
    bytes += chunk.length
    if (bytes > answerBytesMax) throw new RangeError('the answer is too large')
    chunks.push(chunk)
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }
}
