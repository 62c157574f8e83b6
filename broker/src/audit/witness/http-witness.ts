// A program elsewhere as a witness (C2SP tlog-witness): it is sent each new checkpoint with the
// proof that it continues the last one, and answers with its cosignature, or with what it has seen.

import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { NoteVerifier } from '../signed-note.ts'
import { questionBytesMax, writeQuestion } from './add-checkpoint.ts'
import { ownLines } from './cosignature.ts'
import type { Offer, Shown, Witness } from './witness.ts'

/** Nobody waits for it but the next checkpoint of the same witness. */
const withinMs = 4_000
/** One for a size that it has seen, one for a key that it has not. */
const attemptsMax = 3

export interface HttpWitnessSettings {
  readonly name: string
  /** Its submission prefix. */
  readonly url: string
  readonly key: NoteVerifier
  /** Certificates (PEM) that its TLS is believed by, beside the usual ones. */
  readonly caFile?: string
  /** What it has cosigned last, as far as is known here; a guess costs one more question. */
  readonly lastSize: number
  /** The record's changes of key, oldest first, for a witness that knows an older one. */
  readonly changes?: () => readonly string[]
}

export function httpWitness(settings: HttpWitnessSettings): Witness {
  const { name, url, key, caFile, lastSize } = settings
  const state = { old: lastSize }
  const prefix = url.replace(/\/+$/, '')
  const target = new URL(`${prefix}/add-checkpoint`)
  const ask = async (offer: Offer, old: number): Promise<Shown | { readonly kind: 'again' }> => {
    const { note } = offer
    const question = writeQuestion({ old, proof: await offer.consistency(old), note })
    const answer = await post(target, question, caFile)
    if (answer.status === 403 && (await toldChanges(settings, prefix))) return { kind: 'again' }
    if (answer.status === 409) return conflicted(answer, offer, old, state)
    // Our proof holds for what is here; it does not hold for what the witness has seen.
    if (answer.status === 422 && old > 0) return { kind: 'forked', size: old }
    if (answer.status !== 200) return { kind: 'failed', reason: `status-${String(answer.status)}` }
    const lines = ownLines(offer.note, answer.text, key)
    if (lines.length === 0) return { kind: 'failed', reason: 'no-cosignature' }
    state.old = offer.size
    return { kind: 'kept', lines }
  }
  return {
    name,
    show: async (offer) => {
      try {
        for (let attempt = 0; attempt < attemptsMax; attempt++) {
          const shown = await ask(offer, Math.min(state.old, offer.size))
          if (shown.kind !== 'again') return shown
        }
        // Another broker of this record was faster each time: the next time is soon.
        return { kind: 'failed', reason: 'moved' }
      } catch (thrown) {
        return { kind: 'failed', reason: reasonOf(thrown) }
      }
    },
  }
}

/**
 * A witness of ours learns a new key from the one that it knows (add-key-change, not of C2SP).
 * False where it does not: then whoever runs it has to be told the key.
 */
async function toldChanges(
  { changes, caFile }: HttpWitnessSettings,
  prefix: string,
): Promise<boolean> {
  let isTold = false
  for (const note of changes?.() ?? []) {
    const { status } = await post(new URL(`${prefix}/add-key-change`), note, caFile)
    isTold = status === 200 || isTold
  }
  return isTold
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

function conflicted(
  { type, text }: Answer,
  offer: Offer,
  old: number,
  state: { old: number },
): Shown | { readonly kind: 'again' } {
  const size = /^(0|[1-9][0-9]{0,15})\n$/.exec(text)?.[1]
  if (!type.startsWith('text/x.tlog.size') || size === undefined) {
    return { kind: 'failed', reason: 'conflict-without-size' }
  }
  const seen = Number(size)
  if (seen > offer.size) return { kind: 'ahead', size: seen }
  if (seen === old) {
    // It has seen the size that we said, and still there is a conflict: another root.
    const isSame = old === offer.size
    return isSame ? { kind: 'forked', size: seen } : { kind: 'failed', reason: 'contradiction' }
  }
  state.old = seen
  return { kind: 'again' }
}

function post(target: URL, body: string, caFile: string | undefined): Promise<Answer> {
  const options = {
    method: 'POST',
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(withinMs),
    // Read each time: a hospital's authority may be renewed while the broker runs.
    ...(caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const request = target.protocol === 'https:' ? tlsRequest : plainRequest
  const sending = request(target, options, (response) => {
    const { statusCode: status = 0, headers } = response
    limited(response).then((text) => {
      resolve({ status, type: headers['content-type'] ?? '', text })
    }, reject)
  })
  sending.on('error', reject)
  sending.end(body)
  return promise
}

async function limited(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += chunk.length
    if (bytes > questionBytesMax) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'failed'
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
}
