// Puts together what decides alone, from a folder and a key that only this workstation has. What it
// finds broken it says in the log and does without: then a broker must come first.

import { join } from 'node:path'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { openSealer } from '../platform/seal.ts'
import type { SealedStorage } from '../platform/sealed-storage.ts'
import { Alone } from './alone.ts'
import type { AloneEars, AlonePort } from './alone-port.ts'
import { BundleStore } from './bundle/bundle-store.ts'
import { Journal } from './journal/journal.ts'
import { Memory } from './memory.ts'
import { PinCheck } from './pin/pin-check.ts'

export interface OpenAloneNeeds {
  readonly dataDir: string
  /** Where the key of everything below is kept. */
  readonly sealed: SealedStorage
  readonly workstationId: () => string | undefined
  readonly upMs: number
  readonly newId: () => string
  readonly clock: Clock
  readonly log: Log
}

/** Throws what the storage of the key throws. */
export function openAlone(needs: OpenAloneNeeds): (ears: AloneEars) => AlonePort {
  const folder = join(needs.dataDir, 'offline')
  const sealer = openSealer(needs.sealed)
  const parts = {
    ...needs,
    memory: new Memory(folder, sealer),
    store: new BundleStore(folder, sealer),
    journal: new Journal({ ...needs, folder, sealer }),
    check: new PinCheck(),
  }
  return (ears) => new Alone(parts, ears)
}
