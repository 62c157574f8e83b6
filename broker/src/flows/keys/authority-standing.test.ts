// What an order makes of how it stands with the next authority; what is not understood is no order.

import { expect, it } from 'vitest'
import { parseStanding, stepFor } from './authority-standing.ts'
import type { NextStanding } from './authority-standing.ts'

const id = 'a'.repeat(16)
const of = (state: NextStanding['state']): NextStanding => ({
  ...{ generation: 'b'.repeat(16), sha256: 'c'.repeat(64), state },
})

it.each([
  ['prepare', undefined, { kind: 'make', generation: id }],
  ['prepare', 'prepared', { kind: 'nothing' }],
  ['prepare', 'rotating', { kind: 'refused', reason: 'rotating-already' }],
  ['prepare', 'taken-back', { kind: 'change', next: of('prepared') }],
  ['rotate', undefined, { kind: 'refused', reason: 'nothing-prepared' }],
  ['rotate', 'prepared', { kind: 'change', next: of('rotating') }],
  ['rotate', 'rotating', { kind: 'nothing' }],
  ['rotate', 'taken-back', { kind: 'refused', reason: 'nothing-prepared' }],
  ['take-back', undefined, { kind: 'refused', reason: 'nothing-prepared' }],
  ['take-back', 'prepared', { kind: 'change', next: of('taken-back') }],
  ['take-back', 'rotating', { kind: 'change', next: of('taken-back') }],
  ['take-back', 'taken-back', { kind: 'nothing' }],
] as const)('%s where it is %s', (step, state, expected) => {
  expect(stepFor({ id, step }, state && of(state))).toEqual(expected)
})
it.each(['', '{}', '{"version":2}', JSON.stringify({ version: 1, order: id, next: {} })])(
  'guesses nothing about the row %s',
  (value) => {
    expect(() => parseStanding(value)).toThrow('key-missing')
  },
)
