// Each planted fault is found within a bounded number of seeds; and without one nothing is found in
// the same seeds, or the finding would say nothing.

import { beforeAll, describe, expect, it } from 'vitest'
import { planted, rulesWith } from './planted/planted.ts'
import { playSeed } from './play-seed.ts'
import type { SeedSize } from './play-seed.ts'
import { emptyImage } from './world/memory-store.ts'
import type { Image } from './world/memory-store.ts'

const size: Omit<SeedSize, 'seed' | 'brokers'> = {
  lengthMs: 20 * 60_000,
  workstations: 3,
  people: 6,
  isCalm: false,
}
const seedsMax = 40
let image: Image
beforeAll(async () => {
  image = await emptyImage()
})

describe('a planted fault is found', () => {
  it.each(planted)(
    '$name',
    async (fault) => {
      const found: string[] = []
      const first = fault.firstSeed ?? 1
      const end = first + (fault.seedsMax ?? seedsMax)
      for (let seed = first; seed < end && found.length === 0; seed++) {
        const world = { ...size, seed, brokers: fault.brokers ?? 1 }
        const result = await playSeed(world, {
          image,
          rules: rulesWith(fault),
          isShrinking: false,
        })
        if (result.violation) found.push(result.violation.message)
      }
      expect(found).toHaveLength(1)
      // By what it does, not by something of ours that it broke.
      expect(found[0]).not.toMatch(/^no (tick is passed over|flow fails by itself)/)
    },
    // Some take forty seeds.
    300_000,
  )
})
