// PINs of tests, hashed for real: in one thread for all cores of a test file that ask for nothing
// else. To start one for each test takes longer than most tests.

import { randomBytes } from 'node:crypto'
import { PinHashing } from '@wardkey/broker/identity/pin-hashing'
import type { PinHashingSettings } from '@wardkey/broker/identity/pin-hashing'

export interface PinThread {
  readonly pepper: Uint8Array
  readonly hashing: PinHashing
  /** Of one that others use too: nothing. */
  readonly close: () => Promise<void>
}

let forAll: Omit<PinThread, 'close'> | undefined

export function openPinThread(own: Partial<Omit<PinHashingSettings, 'pepper'>>): PinThread {
  if (own.threads === undefined && own.queueMax === undefined) {
    forAll ??= start({})
    return { ...forAll, close: () => Promise.resolve() }
  }
  const started = start(own)
  return { ...started, close: () => started.hashing.close() }
}

function start({ threads = 1, queueMax = 200 }: Parameters<typeof openPinThread>[0]) {
  const pepper = randomBytes(32)
  return { pepper, hashing: new PinHashing({ threads, queueMax, pepper }) }
}
