// One hashing thread: argon2id over a peppered PIN, by the library's synchronous calls, so that
// libuv's pool (which every disk flush needs) is never waited for.

import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import type { PinAnswer, PinOrder } from './pin-hashing.ts'

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Behind the event loop and the writer: a badge tap must not wait for somebody else's PIN. */
const niceness = 10

if (parentPort) {
  const port = parentPort
  // On Linux a priority belongs to the thread; elsewhere this would slow the whole broker down.
  if (process.platform === 'linux') setPriority(0, niceness)
  port.on('message', (order: PinOrder) => {
    const answer: PinAnswer =
      order.kind === 'hash'
        ? { hash: hashSync(order.peppered, options), isMatch: false }
        : { hash: '', isMatch: verifySync(order.hash, order.peppered) }
    port.postMessage(answer)
  })
}
