// Facts as AuditEvents, one request each and in order, to a FHIR R4 server. A repeated one does not
// double: the server looks for the number of the fact first, or is told an id that is always the
// same.

import { Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { StreamOf } from '../../../platform/setting-rows/stream-settings.ts'
import { guardedRequest } from '../../guarded-request.ts'
import type { GuardedAnswer, GuardedRequest } from '../../guarded-request.ts'
import type { PrivateAddresses } from '../../oidc/outgoing.ts'
import { auditEvent, auditEventId, factIdentifier } from '../formats/audit-event.ts'
import type { StreamEvent } from '../formats/stream-event.ts'
import { classOfStatus, failedBy, SendFailed } from './sender.ts'
import type { Sender } from './sender.ts'
import type { SmartToken } from './smart-token.ts'
import { readToken } from './webhook-sender.ts'

export interface FhirSenderNeeds {
  readonly privateAddresses: PrivateAddresses
  /** Where settings name a token endpoint. */
  readonly smart: SmartToken | undefined
}

/** Each is a request of its own, and none is begun again that has arrived. */
const batchMax = 25
const answerMax = 1024 * 1024
const json = 'application/fhir+json'

export class FhirSender implements Sender {
  readonly batchMax = batchMax
  readonly settling = undefined
  readonly isCut = false
  readonly #setting: StreamOf<'fhir'>
  readonly #needs: FhirSenderNeeds
  readonly #base: string
  readonly #agent: PlainAgent

  constructor(setting: StreamOf<'fhir'>, needs: FhirSenderNeeds) {
    this.#setting = setting
    this.#needs = needs
    this.#base = setting.url.replace(/\/+$/, '')
    const isTls = setting.url.startsWith('https:')
    this.#agent = isTls ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true })
  }

  open(): Promise<boolean> {
    return Promise.resolve(false)
  }

  async send(events: readonly StreamEvent[]): Promise<void> {
    for (const event of events) await this.#sendOne(event)
  }

  async probe(): Promise<void> {
    const { status } = await this.#ask({ method: 'GET', url: `${this.#base}/metadata` })
    if (status !== 200) throw new SendFailed(`status-${String(status)}`, classOfStatus(status))
  }

  close(): Promise<void> {
    this.#agent.destroy()
    return Promise.resolve()
  }

  async #sendOne(event: StreamEvent): Promise<void> {
    const { status } = await this.#ask(this.#requestOf(event))
    // 412: it is there more than once already, which is not ours to mend.
    if ((status >= 200 && status <= 299) || status === 412) return
    if (status === 401) this.#needs.smart?.forget()
    throw new SendFailed(`status-${String(status)}`, classOfStatus(status))
  }

  #requestOf(event: StreamEvent): Pick<GuardedRequest, 'method' | 'url' | 'headers' | 'body'> {
    const headers = { 'content-type': json }
    if (this.#setting.repeats === 'put') {
      const id = auditEventId(event)
      const body = JSON.stringify({ ...auditEvent(event), id })
      return { method: 'PUT', url: `${this.#base}/AuditEvent/${id}`, headers, body }
    }
    const { system, value } = factIdentifier(event)
    const search = `entity:identifier=${encodeURIComponent(`${system}|${value}`)}`
    return {
      method: 'POST',
      url: `${this.#base}/AuditEvent`,
      headers: { ...headers, 'if-none-exist': search },
      body: JSON.stringify(auditEvent(event)),
    }
  }

  async #ask(
    asked: Pick<GuardedRequest, 'method' | 'url' | 'body'> & Partial<GuardedRequest>,
  ): Promise<GuardedAnswer> {
    const { privateAddresses } = this.#needs
    try {
      return await guardedRequest({
        ...asked,
        headers: {
          accept: json,
          // Nothing of what was sent needs to come back.
          prefer: 'return=minimal',
          ...asked.headers,
          ...(await this.#authorization()),
        },
        ...{ privateAddresses, caFile: this.#setting.caFile, agent: this.#agent, answerMax },
      })
    } catch (thrown) {
      throw failedBy(thrown)
    }
  }

  async #authorization(): Promise<Readonly<Record<string, string>>> {
    const { tokenFile } = this.#setting
    const { smart } = this.#needs
    if (smart) return { authorization: `Bearer ${await smart.get()}` }
    return tokenFile === undefined ? {} : { authorization: `Bearer ${readToken(tokenFile)}` }
  }
}
