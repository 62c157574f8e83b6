// A fetch for the hospital's sign-in alone: it follows no redirect, takes no long answer, waits for
// no slow one, and believes the certificates that settings name beside the usual ones.

import { request as plainRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'

export interface FetchLimits {
  readonly bytesMax: number
  readonly withinMs: number
  readonly caPem?: string
}

interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** A form, or nothing: nobody asks for anything else here. */
  readonly body?: unknown
}

/** A redirect comes back as it is: with its status, for the caller to refuse. */
export function makeFetchWithin(limits: FetchLimits) {
  return async (url: string, asked: Asked = {}): Promise<Response> => {
    const { method = 'GET', headers = {}, body } = asked
    const text = body instanceof URLSearchParams ? body.toString() : undefined
    if (text === undefined && body !== undefined && body !== null) throw new Error('no-form')
    const to = new URL(url)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = {
        method,
        headers: {
          ...headers,
          // A compressed answer could grow past every limit.
          'accept-encoding': 'identity',
          ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
        },
        agent: false,
        signal: AbortSignal.timeout(limits.withinMs),
        ...(limits.caPem === undefined ? {} : { ca: [...rootCertificates, limits.caPem] }),
      }
      const send = to.protocol === 'https:' ? tlsRequest : plainRequest
      const sending = send(to, options, resolve)
      sending.on('error', reject)
      sending.end(text)
    })
    const answer = await bodyOf(response, limits.bytesMax)
    const status = response.statusCode ?? 0
    if (status < 200) throw new Error('no-answer')
    const isEmpty = status === 204 || status === 205 || status === 304
    return new Response(isEmpty ? null : answer, {
      status,
      headers: { 'content-type': response.headers['content-type'] ?? '' },
    })
  }
}

/** Cut off at the first byte too many; the time limit is the request's. */
async function bodyOf(response: IncomingMessage, bytesMax: number): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > bytesMax) {
      response.destroy()
      throw new Error('answer-too-long')
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
