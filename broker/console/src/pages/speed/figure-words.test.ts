import { expect, it } from 'vitest'
import { figures } from './figure-words.ts'

const month = {
  ...{
    fromMs: 0,
    untilMs: 1,
    dayOne: { people: 3, right: 2 },
    revoked: { count: 1, medianMs: 940 },
  },
  ...{ exceptions: { approved: 4, ended: 1, medianHeldMs: 3_600_000 }, lostBadges: 2 },
  ...{ reviews: { due: 0, inTime: 0 }, incidents: { count: 1, medianDetectMs: 61_000 } },
  sharing: 0,
}

it('writes each month’s value, and a dash where there can be none', () => {
  expect(figures.map(({ text }) => text(month))).toEqual([
    ...['67 % (2 of 3)', '0.9 s', '4', '1 h', '–', '1 min 1 s', '–', '0', '2'],
  ])
})
