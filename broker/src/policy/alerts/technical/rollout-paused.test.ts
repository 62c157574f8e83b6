// That a roll-out which stopped itself is told of, and nothing else of roll-outs.

import { expect, it } from 'vitest'
import { RolloutPaused } from './rollout-paused.ts'

const fact = (code: string) => ({
  ...{ index: 7, code, atMs: 1000, recordedMs: 1000 },
  fields: { rollout: 'a', ring: 1, unwell: 3 },
})

it('tells of a roll-out that paused by itself', () => {
  expect(new RolloutPaused().take(fact('UPD-104'))).toEqual([
    {
      ...{ rule: 'rollout-paused', subject: 'rollout a', people: [] },
      ...{ fromMs: 1000, untilMs: 1000, facts: [7] },
    },
  ])
})
it.each(['UPD-004', 'UPD-103', 'UPD-008'])('says nothing about %s', (code) => {
  expect(new RolloutPaused().take(fact(code))).toEqual([])
})
