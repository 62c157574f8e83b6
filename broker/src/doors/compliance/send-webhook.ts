// One signed message to a webhook of the settings (Standard Webhooks): the receiver knows by its id
// whether it has it already, and by its signature whose it is.

import { Webhook } from 'standardwebhooks'
import { guardedRequest } from '../guarded-request.ts'
import type { GuardedRequest } from '../guarded-request.ts'
import type { PrivateAddresses } from '../oidc/outgoing.ts'

export interface WebhookSettings {
  readonly url: string
  /** `whsec_` and base64. */
  readonly secret: string
  readonly privateAddresses: PrivateAddresses
}

type More = Pick<GuardedRequest, 'caFile' | 'agent'> & {
  readonly headers?: Readonly<Record<string, string>>
}

/** Throws where it was not taken: with the reason in a word, and nothing of what was sent. */
export async function sendWebhook(
  notice: { readonly id: string; readonly body: string; readonly nowMs: number },
  settings: WebhookSettings,
  { headers = {}, ...more }: More = {},
): Promise<void> {
  const { id, body, nowMs } = notice
  const { url, secret, privateAddresses } = settings
  const { status } = await guardedRequest({
    ...{ method: 'POST', url, body, privateAddresses },
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(nowMs / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(nowMs), body),
      ...headers,
    },
    ...more,
  })
  if (status < 200 || status > 299) throw new Error(`status-${String(status)}`)
}
