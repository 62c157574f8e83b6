// A request's body as a JSON value, within limits. What the value is, is for a schema to say.

import type { IncomingMessage } from 'node:http'
import type { ProblemCode } from '../problem.ts'

export type ReadJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'no'; readonly status: number; readonly code: ProblemCode }

const bodyBytesMax = 16_384

/** The server's request timeout ends a body that never does. */
export function readJson(request: IncomingMessage): Promise<ReadJson> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json( *;|$)/i.test(type)) return Promise.resolve(no(415, 'not-json'))
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bodyBytesMax) chunks.push(chunk)
      else {
        // Not read to its end: a stranger does not decide how much we take in.
        request.pause()
        resolve(no(413, 'too-large'))
      }
    })
    request.once('end', () => {
      resolve(parse(Buffer.concat(chunks)))
    })
    request.once('error', () => {
      resolve(no(400, 'not-json'))
    })
    request.once('close', () => {
      resolve(no(400, 'not-json'))
    })
  })
}

function parse(bytes: Buffer): ReadJson {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { kind: 'value', value: JSON.parse(text) }
  } catch (thrown) {
    // Bytes that are not UTF-8, or text that is not JSON.
    if (!(thrown instanceof TypeError) && !(thrown instanceof SyntaxError)) throw thrown
    return no(400, 'not-json')
  }
}

function no(status: number, code: ProblemCode): ReadJson {
  return { kind: 'no', status, code }
}
