// Ids in the order of their times: still UUIDs as the protocol has them, and still unlike.

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import { orderedId } from './ordered-id.ts'

const atMs = 1_800_000_000_000

describe('an ordered id', () => {
  it('is a UUID of version 7 with the time before the random part', () => {
    expect(orderedId('00000000-0000-4abc-9def-0123456789ab', 0x0123_4567_89ab)).toBe(
      '01234567-89ab-7abc-9def-0123456789ab',
    )
    expect(messageId.safeParse(orderedId(randomUUID(), atMs)).success).toBe(true)
  })
  it('sorts by its time, whatever is random', () => {
    for (let n = 0; n < 200; n++) {
      const [early, late] = [
        orderedId(randomUUID(), atMs + n),
        orderedId(randomUUID(), atMs + n + 1),
      ]
      expect(early < late).toBe(true)
    }
  })
  it('refuses/to be the same twice at the same moment', () => {
    const all = Array.from({ length: 5000 }, () => orderedId(randomUUID(), atMs))
    expect(new Set(all).size).toBe(all.length)
  })
  it('is a UUID with any clock', () => {
    for (const nowMs of [0, 1, -5, 2 ** 48, Number.MAX_SAFE_INTEGER]) {
      expect(messageId.safeParse(orderedId(randomUUID(), nowMs)).success).toBe(true)
    }
  })
})
