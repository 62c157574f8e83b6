// What came of “this was not me”, in words.

import { expect, it } from 'vitest'
import { disownedText } from './not-me-words.ts'

it.each([
  [{ badges: 1, sessions: 2, wasSaid: false }, /^1 badge suspended, 2 sessions ended. Privacy/],
  [{ badges: 2, sessions: 0, wasSaid: false }, /^2 badges suspended, nothing was open. /],
  [{ badges: 0, sessions: 0, wasSaid: false }, /^The badge opened nothing any more before this, /],
  [{ badges: 0, sessions: 0, wasSaid: true }, /^You had said so before: nothing changed.$/],
])('%j is told', (done, expected) => {
  expect(disownedText(done)).toMatch(expected)
})
it('refuses to promise a loaner where nothing was taken', () => {
  const done = { badges: 0, sessions: 0, wasSaid: false }
  expect(disownedText(done)).not.toMatch(/loaner/)
})
