// Drops what the doors remember only for a while: answers kept under an Idempotency-Key, and
// enrolment tokens and asks whose time is over. It says nothing about anybody's access, so it is no fact.

import type { Store } from '../store/store.ts'

const requestMemoryMs = 24 * 3_600_000
/** A used-up token stays for a day, so that the record's "expired" and "used up" stay true. */
const tokenMemoryMs = 24 * 3_600_000

export async function sweepRequests(store: Store, nowMs: number): Promise<void> {
  const { read } = store
  await store.commit({
    kind: 'housekeeping',
    writes: [
      {
        query: read
          .deleteFrom('request')
          .where('at_ms', '<', nowMs - requestMemoryMs)
          .compile(),
      },
      {
        query: read
          .deleteFrom('enrol_token')
          .where('expires_ms', '<', nowMs - tokenMemoryMs)
          .compile(),
      },
      {
        query: read
          .deleteFrom('enrol_ask')
          .where('ends_ms', '<', nowMs - tokenMemoryMs)
          .compile(),
      },
    ],
  })
}
