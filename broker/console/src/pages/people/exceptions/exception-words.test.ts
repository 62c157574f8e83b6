import { expect, it } from 'vitest'
import type { ExceptionShown } from '@wardkey/protocol/admin/exceptions/exceptions'
import { exceptionStateText, inTheirOrder, whatText } from './exception-words.ts'

const of = (id: string, state: ExceptionShown['state'], atMs: number): ExceptionShown => ({
  ...{ id, state, personId: 'a', kind: 'role', what: 'charge-nurse', reason: 'a night' },
  ...{ ownerId: 'b', lastsMs: 1, proposed: { atMs, by: 'token kit' } },
})

it('says what it is and how it stands in words', () => {
  expect(whatText({ kind: 'zone', what: '4-west' })).toBe('zone 4-west')
  expect(exceptionStateText({ state: 'proposed' })).toBe('waits for a word')
})

it('puts first what waits, then what holds, and never what is over before them', () => {
  const all = [of('over', 'ended', 9), of('old', 'holds', 1), of('new', 'holds', 2)]
  const waits = of('waits', 'proposed', 0)
  const order = inTheirOrder([...all, waits, of('no', 'rejected', 3)]).map(({ id }) => id)
  expect(order).toEqual(['waits', 'new', 'old', 'over', 'no'])
  expect(inTheirOrder([])).toEqual([])
})
