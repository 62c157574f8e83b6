// HR's line to the broker, as any SCIM client has one (RFC 7644): an address, a token and JSON. It
// knows nothing of what is behind, and what stands in the way is a sentence for people.

import { z } from 'zod'
import { scimPath } from '@wardkey/protocol/admin/scopes'

export interface DoorAddress {
  readonly port: number
  readonly token: string
}

export type ScimAnswer =
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'taken'; readonly sentence: string }
  | { readonly kind: 'trouble'; readonly sentence: string }

export interface PatchWord {
  readonly path: string
  readonly value: unknown
}

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const clinicianUrn = 'urn:wardkey:params:scim:schemas:extension:clinician:2.0:User'
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const answerMaxMs = 10_000

const resource = z.looseObject({ id: z.string() })
const flaw = z.looseObject({ detail: z.string() })
const list = z.looseObject({
  Resources: z.array(z.looseObject({ id: z.string(), externalId: z.string().optional() })),
})

export class ScimDoor {
  readonly #address: DoorAddress

  constructor(address: DoorAddress) {
    this.#address = address
  }

  add(user: object): Promise<ScimAnswer> {
    return this.#change('POST', '/Users', user)
  }

  replace(id: string, words: readonly PatchWord[]): Promise<ScimAnswer> {
    const Operations = words.map((word) => ({ op: 'replace', ...word }))
    return this.#change('PATCH', `/Users/${id}`, { schemas: [patchUrn], Operations })
  }

  /** An answer that was lost may have been a yes: who is asked for by name again is found. */
  async find(userName: string, externalId: string): Promise<string | undefined> {
    const filter = encodeURIComponent(`userName eq "${userName}"`)
    const answer = await this.#ask('GET', `/Users?filter=${filter}`)
    const parsed = list.safeParse(answer?.body)
    return parsed.data?.Resources.find((one) => one.externalId === externalId)?.id
  }

  async #change(method: string, path: string, body: object): Promise<ScimAnswer> {
    const answer = await this.#ask(method, path, body)
    if (!answer) {
      return { kind: 'trouble', sentence: 'The broker does not answer. Wait a moment, try again.' }
    }
    const done = answer.isOk ? resource.safeParse(answer.body) : undefined
    if (done?.success === true) return { kind: 'done', id: done.data.id }
    const said = flaw.safeParse(answer.body).data?.detail
    // The code at its end is for whoever reads a log.
    const sentence = said?.replace(/ \[[a-z-]+\]$/, '') ?? 'The broker did not take it. Try again.'
    return { kind: answer.status === 409 ? 'taken' : 'trouble', sentence }
  }

  async #ask(method: string, path: string, body?: object) {
    const { port, token } = this.#address
    try {
      const answer = await fetch(`http://127.0.0.1:${String(port)}${scimPath}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerMaxMs),
      })
      const said: unknown = await answer.json().catch(() => undefined)
      return { isOk: answer.ok, status: answer.status, body: said }
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown
      return undefined
    }
  }
}
