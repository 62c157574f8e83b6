// Facts by signed webhook, many in one request, each request under an id that a repeated one has
// too: as our own envelope, or as the plain arrays and lines that collectors take.

import { readFileSync, statSync } from 'node:fs'
import { Agent as PlainAgent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { StreamOf } from '../../../platform/setting-rows/stream-settings.ts'
import { sendWebhook } from '../../compliance/send-webhook.ts'
import type { PrivateAddresses } from '../../oidc/outgoing.ts'
import { jsonEvent } from '../formats/json-event.ts'
import { ocsfEvent } from '../formats/ocsf.ts'
import type { StreamEvent } from '../formats/stream-event.ts'
import { failedBy, SendFailed } from './sender.ts'
import type { Sender } from './sender.ts'

export interface WebhookSenderNeeds {
  /** `whsec_` and base64. */
  readonly secret: string
  readonly privateAddresses: PrivateAddresses
  readonly nowMs: () => number
  readonly newId: () => string
  readonly version: string
}

export class WebhookSender implements Sender {
  readonly settling = undefined
  readonly isCut = false
  readonly #setting: StreamOf<'webhook'>
  readonly #needs: WebhookSenderNeeds
  readonly #agent: PlainAgent

  constructor(setting: StreamOf<'webhook'>, needs: WebhookSenderNeeds) {
    this.#setting = setting
    this.#needs = needs
    const isTls = setting.url.startsWith('https:')
    this.#agent = isTls ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true })
  }

  get batchMax(): number {
    return this.#setting.batch
  }

  open(): Promise<boolean> {
    return Promise.resolve(false)
  }

  async send(events: readonly StreamEvent[]): Promise<void> {
    const [first, last] = [events[0], events.at(-1)]
    if (!first || !last) return
    const { name } = this.#setting
    // The same facts in the same request have the same id: a receiver that has it may drop it.
    const id = `${name}.${String(first.index)}.${String(last.index)}`
    await this.#post(id, this.#body(events, last))
  }

  async probe(): Promise<void> {
    const { body } = this.#setting
    // An empty array is nothing to a collector; an empty line would be an event.
    const text = body === 'envelope' ? envelope('wardkey.test', {}, this.#needs.nowMs()) : '[]'
    try {
      await this.#post(`test.${this.#needs.newId()}`, body === 'lines' ? '' : text)
    } catch (thrown) {
      // That nothing is in it is all that a collector has against it: it is there, and knows us.
      const isEmpty = thrown instanceof SendFailed && thrown.message === 'status-400'
      if (body === 'envelope' || !isEmpty) throw thrown
    }
  }

  close(): Promise<void> {
    this.#agent.destroy()
    return Promise.resolve()
  }

  #body(events: readonly StreamEvent[], last: StreamEvent): string {
    const { format, body, name } = this.#setting
    const shown = events.map((event) =>
      format === 'ocsf' ? ocsfEvent(event, this.#needs.version) : jsonEvent(event),
    )
    if (body === 'array') return JSON.stringify(shown)
    if (body === 'lines') return shown.map((one) => `${JSON.stringify(one)}\n`).join('')
    const { origin, checkpoint } = last
    const data = { stream: name, record: origin, checkpoint, events: shown }
    return envelope(format === 'ocsf' ? 'wardkey.ocsf' : 'wardkey.events', data, last.atMs)
  }

  async #post(id: string, body: string): Promise<void> {
    const { url, caFile, body: form } = this.#setting
    const { secret, privateAddresses, nowMs } = this.#needs
    const headers = {
      ...this.#authorization(),
      ...(form === 'lines' ? { 'content-type': 'application/x-ndjson' } : {}),
    }
    try {
      await sendWebhook(
        { id, body, nowMs: nowMs() },
        { url, secret, privateAddresses },
        { headers, caFile, agent: this.#agent },
      )
    } catch (thrown) {
      throw failedBy(thrown)
    }
  }

  #authorization(): Readonly<Record<string, string>> {
    const { tokenFile, scheme } = this.#setting
    return tokenFile === undefined ? {} : { authorization: `${scheme} ${readToken(tokenFile)}` }
  }
}

/** Read for each request: whoever renews a token need not start the broker again. */
export function readToken(file: string): string {
  let text: string
  let isOpen: boolean
  try {
    isOpen = process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0
    text = readFileSync(file, 'utf8').trim()
  } catch (thrown) {
    throw failedBy(thrown)
  }
  if (isOpen) throw new SendFailed('token-open-to-all', 'permanent')
  if (!/^[\x21-\x7e]{8,4096}$/.test(text)) throw new SendFailed('token-not-one', 'permanent')
  return text
}

function envelope(type: string, data: object, atMs: number): string {
  return JSON.stringify({ type, timestamp: new Date(atMs).toISOString(), data })
}
