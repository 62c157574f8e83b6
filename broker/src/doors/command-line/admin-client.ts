// Speaks with the running broker's admin door. What comes back is parsed like anybody's; a problem
// becomes the sentence that the person at the terminal reads.

import { randomUUID, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { RequestOptions } from 'node:https'
import { checkServerIdentity, rootCertificates } from 'node:tls'
import type { z } from 'zod'
import { problem } from '@wardkey/protocol/admin/problem'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import { exitCodes, Refused } from './exit.ts'

export interface AdminAddress {
  readonly url: string
  readonly token: string
  /** The certificate the broker itself shows, where settings name it. */
  readonly certFile: string
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'

const withinMs = 60_000
const answerBytesMax = 64 * 1024 * 1024

export class AdminClient {
  readonly #address: AdminAddress

  constructor(address: AdminAddress) {
    this.#address = address
  }

  /** The answer's body. Throws Refused with what the broker said, or that there is none. */
  async ask<T>(method: Method, path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const response = await this.#send(method, path, body)
    const text = await textOf(response)
    if ((response.statusCode ?? 0) >= 400) throw refusedOf(response.statusCode ?? 0, text)
    const parsed = schema.safeParse(text === '' ? null : JSON.parse(text))
    if (parsed.success) return parsed.data
    throw new Refused(exitCodes.software, 'The broker’s answer is not understood: is it older?')
  }

  /** The answer as it comes in, for what may be large. */
  async stream(path: string): Promise<IncomingMessage> {
    const response = await this.#send('GET', path)
    const status = response.statusCode ?? 0
    if (status >= 400) throw refusedOf(status, await textOf(response))
    return response
  }

  #send(method: Method, path: string, body?: object): Promise<IncomingMessage> {
    const { url, token, certFile } = this.#address
    const target = new URL(`${adminPath}${path}`, url)
    const text = body === undefined ? undefined : JSON.stringify(body)
    const options: RequestOptions = {
      method,
      timeout: withinMs,
      headers: {
        authorization: `Bearer ${token}`,
        // Whatever happens on the way, one command changes one thing once.
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    }
    return new Promise((resolve, reject) => {
      const sending =
        target.protocol === 'https:'
          ? tlsRequest(target, { ...options, ...trust(certFile) }, resolve)
          : plainRequest(target, options, resolve)
      sending.on('timeout', () => {
        sending.destroy(new Error('no answer in time'))
      })
      sending.on('error', (cause) => {
        reject(unreachable(url, cause))
      })
      sending.end(text)
    })
  }
}

/**
 * The broker on this machine shows the certificate of the settings, whatever name we call it by.
 */
function trust(certFile: string): RequestOptions {
  if (certFile === '') return {}
  const pem = readFileSync(certFile, 'utf8')
  const own = new X509Certificate(pem).fingerprint256
  return {
    ca: [...rootCertificates, pem],
    // A chain ends below a hospital's own root as a rule: then what the file has is the end of it.
    allowPartialTrustChain: true,
    checkServerIdentity: (host, certificate) =>
      certificate.fingerprint256 === own ? undefined : checkServerIdentity(host, certificate),
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    text += String(chunk)
    if (text.length > answerBytesMax) {
      throw new Refused(exitCodes.software, 'The broker’s answer is larger than any can be.')
    }
  }
  return text
}

function refusedOf(status: number, text: string): Refused {
  const parsed = problem.safeParse(jsonOf(text))
  if (!parsed.success) {
    const sentence = `Something that is not the broker answered (${String(status)}).`
    return new Refused(exitCodes.unavailable, `${sentence}\nLook at admin.host and admin.port.`)
  }
  const { title, next, code, place } = parsed.data
  // Commands take what was typed as it is: the door is who knows that it is no id.
  const named = idWanted(place)
  if (named !== undefined) return new Refused(exitCodes.usage, `${named} [${code}]`)
  const where = place === undefined ? '' : ` (${place})`
  const exit =
    status < 500
      ? exitCodes.refused
      : code === 'internal'
        ? exitCodes.software
        : exitCodes.unavailable
  return new Refused(exit, `${title}${where}\n${next} [${code}]`, code)
}

/** What to type instead of what is no id, by the place where the door found it. */
function idWanted(place: string | undefined): string | undefined {
  switch (place) {
    case 'params/personId':
      return (
        'Here a person is named by her id, and not by her staff number or name.\n' +
        'wardkey-broker person list shows it.'
      )
    case 'params/badgeId':
      return (
        'Here a badge is named by its id, and not by its number.\n' +
        'wardkey-broker badge list <person> shows it; report-lost takes a person’s staff number.'
      )
    case 'params/workstationId':
      return (
        'Here a workstation is named by its id, and not by its place or asset tag.\n' +
        'wardkey-broker workstation list shows it.'
      )
    case 'params/alertId':
      return (
        'Here an alert is named by its id, and that is none.\n' +
        'wardkey-broker alerts list shows it, and alerts list --closed of those that are closed.'
      )
    default:
      return undefined
  }
}

/** What OpenSSL and Node say of a certificate that somebody did show. */
const disbelief = /CERT|SIGNATURE|ISSUER|ALTNAME/

function unreachable(url: string, cause: Error): Refused {
  const code = 'code' in cause ? String(cause.code) : cause.message
  if (disbelief.test(code)) {
    return new Refused(
      exitCodes.unavailable,
      `What answers at ${url} shows a certificate that is not believed here (${code}).\n` +
        'Believed are web.tlsCertFile of these settings, and authorities that all know. Where that ' +
        'file was renewed, start the broker anew.',
    )
  }
  return new Refused(
    exitCodes.unavailable,
    `No broker answers at ${url} (${code}).\n` +
      'Start it with wardkey-broker serve, or name another with --url.',
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
