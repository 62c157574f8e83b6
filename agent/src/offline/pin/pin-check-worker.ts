// The thread that checks PINs, by the library's synchronous call: libuv's pool, which every flush
// of the journal needs, is never waited for.

import { parentPort } from 'node:worker_threads'
import { verifySync } from '@node-rs/argon2'
import type { PinOrder } from './pin-check.ts'

if (parentPort) {
  const port = parentPort
  port.on('message', ({ n, peppered, hash }: PinOrder) => {
    port.postMessage({ n, isMatch: verifySync(hash, peppered) })
  })
}
