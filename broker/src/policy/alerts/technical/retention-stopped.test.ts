// That a purge which stopped itself is told of, and nothing else of retention.

import { expect, it } from 'vitest'
import { RetentionStopped } from './retention-stopped.ts'

const fact = (code: string) => ({
  ...{ index: 7, code, atMs: 1000, recordedMs: 1000 },
  ...{ rule: 'clock-leapt', fields: { at: 6 } },
})

it('tells of a purge that stopped itself', () => {
  expect(new RetentionStopped().take(fact('RET-102'))).toEqual([
    {
      ...{ rule: 'retention-stopped', subject: 'retention', people: [] },
      ...{ fromMs: 1000, untilMs: 1000, facts: [7] },
    },
  ])
})
it.each(['RET-001', 'RET-002', 'RET-101'])('says nothing about %s', (code) => {
  expect(new RetentionStopped().take(fact(code))).toEqual([])
})
