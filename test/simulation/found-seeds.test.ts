// Longer worlds than those that run by the thousand: each of these seeds once broke a rule, and
// what it broke was mended, in the product or in the rule's own words.

import { beforeAll, expect, it } from 'vitest'
import { playSeed } from './play-seed.ts'
import { emptyImage } from './world/memory-store.ts'
import type { Image } from './world/memory-store.ts'

const size = { lengthMs: 20 * 60_000, workstations: 3, people: 6, brokers: 1, isCalm: false }
let image: Image
beforeAll(async () => {
  image = await emptyImage()
})

it.each([
  [253, 'an emergency’s screen stayed open for as long as its answer was on its way'],
  [678, 'the next badge was taken for the colleague’s that was being asked about'],
  [1009, 'the same, of one that was forgotten'],
])('seed %i breaks no rule: %s', async (seed) => {
  const played = await playSeed({ ...size, seed }, { image, isShrinking: false })
  expect(played.failure).toBeUndefined()
  expect(played.simulatedMs).toBeGreaterThan(size.lengthMs)
  // It is the history that it was found in: emergencies, and a colleague who spoke.
  expect(played.facts['BTG-002'] ?? 0).toBeGreaterThan(0)
  expect(played.facts['BTG-004'] ?? 0).toBeGreaterThan(0)
})
