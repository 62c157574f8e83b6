// The badge office: hands out a badge with its first PIN, by the broker's administration door. HR
// cannot: no SCIM client ever sets a PIN.

import { randomInt, randomUUID } from 'node:crypto'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { DoorAddress } from './scim-door.ts'

const answerMaxMs = 10_000
const triesMax = 5

/** The PIN that was taken; nothing where none was. A PIN that is too easy is drawn again. */
export async function givePin(
  personId: string,
  wanted: string | undefined,
  { port, token }: DoorAddress,
): Promise<string | undefined> {
  const url = `http://127.0.0.1:${String(port)}${adminPath}/people/${personId}/pin`
  for (let tries = 0; tries < triesMax; tries++) {
    const pin = wanted ?? String(randomInt(10_000_000, 100_000_000))
    try {
      const answer = await fetch(url, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify({ pin }),
        signal: AbortSignal.timeout(answerMaxMs),
      })
      if (answer.ok) return pin
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown
      return undefined
    }
  }
  return undefined
}
