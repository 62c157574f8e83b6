// What the page says of legal holds: whom and what they cover, and how they stand.

import { expect, it } from 'vitest'
import type { HoldShown } from '@wardkey/protocol/admin/forget/holds'
import { coversText, holdStateText, inTheirOrder, spanText } from './hold-words.ts'

const named = { person: () => 'Rosa Testcase', place: () => '4 West 2' }

it.each([
  [{}, 'everybody, everywhere'],
  [{ personId: 'p' }, 'Rosa Testcase, everywhere'],
  [{ workstationId: 'w' }, 'everybody at 4 West 2'],
  [{ personId: 'p', workstationId: 'w' }, 'Rosa Testcase at 4 West 2'],
])('covers by %j: %s', (about, text) => {
  expect(coversText(about, named)).toBe(text)
})

it('says its time in UTC, with an open end where it has one', () => {
  const at = Date.UTC(2026, 4, 4)
  expect(spanText({})).toBe('all of it')
  expect(spanText({ fromMs: at })).toBe('2026-05-04 00:00:00 UTC to now and later')
  expect(spanText({ untilMs: at })).toBe('the beginning to 2026-05-04 00:00:00 UTC')
})

it('puts first what waits, says that it still holds, and last what is over', () => {
  const hold = (state: HoldShown['state']): HoldShown => ({
    ...{ id: state, reason: 'case', state, placed: { atMs: 0, by: 'token' } },
  })
  const order = inTheirOrder([hold('lifted'), hold('holds'), hold('lift-asked')])
  expect(order.map(({ state }) => state)).toEqual(['lift-asked', 'holds', 'lifted'])
  expect(holdStateText({ state: 'lift-asked' })).toMatch(/^holds;/)
})
