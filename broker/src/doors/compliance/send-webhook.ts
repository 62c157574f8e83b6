// One signed notice to the webhook of the settings (Standard Webhooks). It follows no redirect,
// waits for no slow answer, and connects to no private address that is not listed: the name is
// looked up once, and that address is the one it goes to.

import { lookup } from 'node:dns'
import { request as plainRequest } from 'node:http'
import type { RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { PrivateAddresses } from '../oidc/outgoing.ts'
import { isSpecialAddress } from './private-address.ts'

export interface WebhookSettings {
  readonly url: string
  /** `whsec_` and base64. */
  readonly secret: string
  readonly privateAddresses: PrivateAddresses
}

/** Who is told has this long, for all of it. */
const answerMaxMs = 10_000

/** Throws where it was not taken: with the reason in a word, and nothing of what was sent. */
export async function sendWebhook(
  notice: { readonly id: string; readonly body: string; readonly nowMs: number },
  settings: WebhookSettings,
): Promise<void> {
  const { id, body, nowMs } = notice
  const url = new URL(settings.url)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isListed = await settings.privateAddresses.allows(host)
  if (!isListed && isIP(host) !== 0 && isSpecialAddress(host)) throw new Error('private-address')
  const sentAt = new Date(nowMs)
  const options: RequestOptions = {
    method: 'POST',
    lookup: isListed ? lookup : guardedLookup,
    signal: AbortSignal.timeout(answerMaxMs),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'wardkey-broker',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1000)),
      'webhook-signature': new Webhook(settings.secret).sign(id, sentAt, body),
    },
  }
  const status = await new Promise<number>((resolve, reject) => {
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    const sending = send(url, options, (response) => {
      // What it says beside its status is of no interest, however long it is.
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    sending.on('error', reject)
    sending.end(body)
  })
  if (status < 200 || status > 299) throw new Error(`status-${String(status)}`)
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
