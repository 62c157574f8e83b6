// What an order makes of how it stands with the next authority; what is not understood is no order.

import { expect, it } from 'vitest'
import { ended, parseStanding, stepFor, withOrder } from './authority-standing.ts'
import type { NextStanding } from './authority-standing.ts'

const id = 'a'.repeat(16)
const of = (state: NextStanding['state']): NextStanding => ({
  ...{ generation: 'b'.repeat(16), sha256: 'c'.repeat(64), state },
})

const none = { lacking: 0, without: 0 }

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
  expect(stepFor({ id, step }, state && of(state), none)).toEqual(expected)
})
it.each([
  [undefined, none, 'nothing-rotating'],
  ['prepared', none, 'nothing-rotating'],
  ['taken-back', none, 'nothing-rotating'],
  ['rotating', { lacking: 1, without: 0 }, 'files-missing'],
  ['rotating', { lacking: 0, without: 1 }, 'workstations-without'],
] as const)('does not end the present one where the next is %s (%o): %s', (state, seen, reason) => {
  const step = stepFor({ id, step: 'end' }, state && of(state), seen)
  expect(step).toEqual({ kind: 'refused', reason })
})
it('rotates to none that a broker lacks', () => {
  const step = stepFor({ id, step: 'rotate' }, of('prepared'), { lacking: 1, without: 0 })
  expect(step).toEqual({ kind: 'refused', reason: 'files-missing' })
})
it('ends the present one where each workstation has a certificate of the next', () => {
  const step = stepFor({ id, step: 'end' }, of('rotating'), none)
  const present = { generation: 'b'.repeat(16), sha256: 'c'.repeat(64) }
  expect(step).toEqual({ kind: 'end', present })
  const before = { ...withOrder(undefined, id), next: of('rotating') }
  expect(ended(before, of('rotating'))).toEqual({ version: 1, orders: [id], present })
})
it('remembers the last sixteen orders', () => {
  const ids = Array.from({ length: 20 }, (_, at) => String(at).padStart(16, '0'))
  const all = ids.reduce<ReturnType<typeof withOrder> | undefined>(withOrder, undefined)
  expect(all?.orders).toEqual(ids.slice(4))
  expect(parseStanding(JSON.stringify(all))).toEqual(all)
})
it.each(['', '{}', '{"version":2}', JSON.stringify({ version: 1, order: id, next: {} })])(
  'guesses nothing about the row %s',
  (value) => {
    expect(() => parseStanding(value)).toThrow('key-missing')
  },
)
