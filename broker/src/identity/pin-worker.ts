// One hashing thread: argon2id over a peppered PIN, by the library's synchronous calls, so that
// libuv's pool (which every disk flush needs) is never waited for.

import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import type { PinAnswer, PinOrder } from './pin-hashing.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

if (parentPort) {
  const port = parentPort
  port.on('message', (order: PinOrder) => {
    const answer: PinAnswer =
      order.kind === 'hash'
        ? { jobId: order.jobId, hash: hashSync(order.peppered, options), isMatch: false }
        : { jobId: order.jobId, hash: '', isMatch: verifySync(order.hash, order.peppered) }
    port.postMessage(answer)
  })
}
