// A thread that plays seeds, one after the other, and tells each one's outcome. Seeds know nothing
// of each other, so that threads change nothing of what comes out.

import { parentPort, workerData } from 'node:worker_threads'
import { playSeed } from './play-seed.ts'
import type { SeedSize } from './play-seed.ts'
import { emptyImage } from './world/memory-store.ts'

export interface SeedOrder {
  readonly size: Omit<SeedSize, 'seed'>
  readonly seeds: readonly number[]
  readonly isShrinking: boolean
}

export interface SeedOutcome {
  readonly seed: number
  readonly events: number
  readonly simulatedMs: number
  readonly faults: Readonly<Record<string, number>>
  readonly failure: string | undefined
}

if (parentPort) {
  const { size, seeds, isShrinking } = workerData as SeedOrder
  const image = await emptyImage()
  for (const seed of seeds) {
    const result = await playSeed({ ...size, seed }, { image, isShrinking })
    const { events, simulatedMs, faults, failure } = result
    const outcome: SeedOutcome = { seed, events, simulatedMs, faults, failure }
    parentPort.postMessage(outcome)
  }
}
