// Closes the review of an emergency by the broker's own administration door, as its command does
// (wardkey-broker break-glass review). What stands in the way is a sentence for people.

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { NewReview } from '@wardkey/protocol/admin/break-glass'

export interface AdminDoor {
  readonly port: number
  /** Of a token that may review emergencies and nothing else. */
  readonly token: string
}

const problem = z.looseObject({ title: z.string(), next: z.string() })
const answerMaxMs = 10_000

/** Nothing where it is closed. */
export async function closeReview(
  grantId: string,
  review: Pick<NewReview, 'outcome' | 'note'>,
  { port, token }: AdminDoor,
): Promise<string | undefined> {
  const url = `http://127.0.0.1:${String(port)}${adminPath}/break-glass/${grantId}/review`
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(review),
      signal: AbortSignal.timeout(answerMaxMs),
    })
    if (answer.status === 204) return undefined
    const parsed = problem.safeParse(await answer.json().catch(() => undefined))
    return parsed.success
      ? `${parsed.data.title} ${parsed.data.next}`
      : 'The broker did not take it. Try again.'
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    return 'The broker does not answer. Try again.'
  }
}
