// One HTTP request to an address of the settings. It follows no redirect, waits for no slow answer,
// and connects to no private address that is not listed: the name is looked up once, and that
// address is the one it goes to.

import { lookup } from 'node:dns'
import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import type { Agent as PlainAgent, IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { RequestOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'
import { isSpecialAddress } from './compliance/private-address.ts'
import type { PrivateAddresses } from './oidc/outgoing.ts'

export interface GuardedRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly privateAddresses: PrivateAddresses
  /** Certificates (PEM) that its TLS is believed by, beside the usual ones. */
  readonly caFile?: string | undefined
  /** So that many requests to one place share a connection. */
  readonly agent?: PlainAgent
  /** Bytes of the answer that are of interest; without it none is read. */
  readonly answerMax?: number
}

export interface GuardedAnswer {
  readonly status: number
  readonly text: string
}

/** Who is asked has this long, for all of it. */
const answerMaxMs = 10_000

/** Throws where no answer came: with the reason in a word, and nothing of what was sent. */
export async function guardedRequest(asked: GuardedRequest): Promise<GuardedAnswer> {
  const url = new URL(asked.url)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isListed = await asked.privateAddresses.allows(host)
  if (!isListed && isIP(host) !== 0 && isSpecialAddress(host)) throw new Error('private-address')
  const { method, caFile, agent, body = '' } = asked
  const options: RequestOptions = {
    method,
    lookup: isListed ? lookup : guardedLookup,
    signal: AbortSignal.timeout(answerMaxMs),
    headers: {
      'user-agent': 'wardkey-broker',
      ...(method === 'GET' ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...asked.headers,
    },
    ...(agent === undefined ? {} : { agent }),
    // Read each time: a hospital's authority may be renewed while the broker runs.
    ...(caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }),
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    const sending = send(url, options, resolve)
    sending.on('error', reject)
    sending.end(body)
  })
  return { status: response.statusCode ?? 0, text: await textOf(response, asked.answerMax ?? 0) }
}

async function textOf(response: IncomingMessage, max: number): Promise<string> {
  if (max === 0) {
    // What it says beside its status is of no interest, however long it is.
    response.destroy()
    return ''
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > max) throw new Error('answer-too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, [])
      return
    }
    if (addresses.some(({ address }) => isSpecialAddress(address))) {
      callback(new Error('private-address'), [])
      return
    }
    const [first] = addresses
    if (options.all === true) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family ?? 0)
  })
}
