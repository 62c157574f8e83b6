// How locks that were said to be wrong are laid beside the waits of their zones.

import { expect, it } from 'vitest'
import { lockRows, sentenceOf, shareText } from './lock-rows.ts'

const zone = (zoneId: string, rules: Record<string, unknown> = {}) => ({
  ...{ zoneId, kind: 'ward', label: zoneId.toUpperCase(), rules },
})
const count = (zoneId: string, reason: string, locks: number, saidWrong: number) => ({
  ...{ zoneId, reason, locks, saidWrong },
})

it('has every zone, with most wrong locks first, and its waits beside it', () => {
  const counts = [count('a', 'idle', 10, 1), count('b', 'idle', 5, 4), count('b', 'away', 9, 0)]
  const rows = lockRows({ counts }, [
    zone('a', { idleMs: 300_000, fadeMs: 'x' }),
    zone('b'),
    zone('c'),
  ])
  expect(rows.map(({ zoneId, reason }) => [zoneId, reason])).toEqual([
    ['b', 'idle'],
    ['a', 'idle'],
    ['b', 'away'],
    ['c', undefined],
  ])
  expect(rows[1]?.waits).toEqual({
    ...{ idleMs: 300_000, fadeMs: undefined, presentIdleMs: undefined, awayIdleMs: undefined },
  })
  expect(sentenceOf(rows)).toBe('5 locks of 24 said to be wrong, most of them in B.')
})

it('says nothing of a zone that is no more', () => {
  expect(lockRows({ counts: [count('gone', 'idle', 3, 3)] }, [zone('a')])).toMatchObject([
    { zoneId: 'a', locks: 0 },
  ])
  expect(sentenceOf(lockRows({ counts: [] }, [zone('a')]))).toBe('0 locks of 0 said to be wrong.')
})

it.each([
  [0, 0, '–'],
  [0, 2, '100'],
  [10, 0, '0'],
  [1000, 3, '0.3'],
  [10, 3, '30'],
  [2, 5, '100'],
])('of %i locks, %i of them wrong, writes the share as %s', (locks, saidWrong, text) => {
  expect(shareText({ locks, saidWrong })).toBe(text)
})
