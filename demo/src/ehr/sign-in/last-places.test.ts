// The chart that somebody finds again, and everybody who does not.

import { expect, it } from 'vitest'
import { createLastPlaces } from './last-places.ts'

const rosa = { sub: 'p-rosa', session: 's-1' }

it('is found again by the same person in the same session', () => {
  const places = createLastPlaces(2)
  places.note(rosa, 'orla', 0)
  places.note(rosa, 'tove', 1)
  expect(places.find(rosa, 2)).toBe('tove')
})

it.each([
  ['another person', { sub: 'p-ben', session: 's-1' }, 1],
  ['her next session', { sub: 'p-rosa', session: 's-2' }, 1],
  ['a session without a name', { sub: 'p-rosa', session: undefined }, 1],
  ['her, half an hour later', rosa, 30 * 60_000],
])('refuses/%s', (_name, who, nowMs) => {
  const places = createLastPlaces(2)
  places.note(rosa, 'orla', 0)
  places.note({ sub: 'p-rosa', session: undefined }, 'tove', 0)
  expect(places.find(who, nowMs)).toBeUndefined()
})

it('keeps no more than it may, and forgets the oldest', () => {
  const places = createLastPlaces(1)
  places.note(rosa, 'orla', 0)
  places.note({ sub: 'p-ben', session: 's-2' }, 'tove', 0)
  expect(places.find(rosa, 1)).toBeUndefined()
})
