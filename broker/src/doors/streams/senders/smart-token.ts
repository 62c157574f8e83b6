// A token for a FHIR server by SMART Backend Services: asked for with a signed assertion, and kept
// until shortly before its end. The key never leaves the key folder but to sign.

import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, SignJWT } from 'jose'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { StreamOf } from '../../../platform/setting-rows/stream-settings.ts'
import { guardedRequest } from '../../guarded-request.ts'
import type { PrivateAddresses } from '../../oidc/outgoing.ts'
import { classOfStatus, failedBy, SendFailed } from './sender.ts'

type Smart = NonNullable<StreamOf<'fhir'>['smart']>

/** SMART asks for RS384 or ES384. */
const alg = 'ES384'
const assertionSeconds = 240
const earlyMs = 30_000
const answerMax = 64 * 1024
const answered = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z.number().min(1).max(86_400).default(300),
})

export interface SmartNeeds {
  /** PEM of a P-384 key. */
  readonly keyPem: string
  readonly privateAddresses: PrivateAddresses
  readonly caFile: string | undefined
  readonly nowMs: () => number
  readonly newId: () => string
}

export class SmartToken {
  readonly #smart: Smart
  readonly #needs: SmartNeeds
  readonly #key: KeyObject
  #kept: { readonly token: string; readonly untilMs: number } | undefined

  constructor(smart: Smart, needs: SmartNeeds) {
    this.#smart = smart
    this.#needs = needs
    this.#key = createPrivateKey(needs.keyPem)
  }

  async get(): Promise<string> {
    const nowMs = this.#needs.nowMs()
    if (!this.#kept || nowMs >= this.#kept.untilMs) this.#kept = await this.#ask(nowMs)
    return this.#kept.token
  }

  /** The server does not take it any more. */
  forget(): void {
    this.#kept = undefined
  }

  async #ask(nowMs: number) {
    const { tokenUrl, scope } = this.#smart
    const { privateAddresses, caFile } = this.#needs
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.#assertion(nowMs),
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = { method: 'POST', url: tokenUrl, headers, body } as const
    const { status, text } = await guardedRequest({
      ...{ ...asked, privateAddresses, caFile, answerMax },
    }).catch((thrown: unknown) => {
      throw failedBy(thrown)
    })
    if (status !== 200)
      throw new SendFailed(`token-status-${String(status)}`, classOfStatus(status))
    const parsed = answered.safeParse(parseJson(text))
    if (!parsed.success) throw new SendFailed('token-not-understood', 'permanent')
    const { access_token: token, expires_in: seconds } = parsed.data
    return { token, untilMs: nowMs + seconds * 1000 - earlyMs }
  }

  async #assertion(nowMs: number): Promise<string> {
    const { clientId, tokenUrl } = this.#smart
    const kid = await calculateJwkThumbprint(createPublicKey(this.#key).export({ format: 'jwk' }))
    const seconds = Math.floor(nowMs / 1000)
    return new SignJWT({})
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(tokenUrl)
      .setJti(this.#needs.newId())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + assertionSeconds)
      .sign(this.#key)
  }
}

/** As the server is told it: its JWKS holds this. */
export async function publicJwk(keyPem: string): Promise<JWK> {
  const jwk = createPublicKey(createPrivateKey(keyPem)).export({ format: 'jwk' })
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return undefined
  }
}
