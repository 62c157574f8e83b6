// What is said of a workstation's updates in a few words, and what is not.

import { expect, it } from 'vitest'
import { updateFlaws } from '../../workstation/updates/update-exchange.ts'
import { updateWords } from './update-words.ts'

const to = '1.2.0'
it.each([
  [{ underWay: { to, step: 'installing' as const } }, '1.2.0 is being installed'],
  [{ underWay: { to, step: 'on-trial' as const } }, '1.2.0 is on trial'],
  [{ underWay: { to, step: 'returning' as const } }, '1.2.0 is going back'],
  [{ installed: to }, '1.2.0 is installed, 1.1.0 still runs'],
  [
    { installed: to, underWay: { to, step: 'on-trial' as const } },
    '1.2.0 is on trial; 1.2.0 is installed, 1.1.0 still runs',
  ],
  [{ installed: '1.1.0', last: { to, outcome: 'healthy' as const } }, '1.2.0 went well'],
  [
    { installed: '1.1.0', last: { to, outcome: 'returned' as const, flaw: 'no-reader' as const } },
    '1.2.0 went back: no reader came up',
  ],
  [{ last: { to, outcome: 'failed' as const } }, '1.2.0 failed'],
])('of %j is said: %s', (updates, words) => {
  expect(updateWords(updates, '1.1.0')).toBe(words)
})
it.each([
  ['nobody told of any', undefined],
  ['none was made', { installed: '1.1.0' }],
  ['nothing is known but that there could be one', {}],
])('nothing is said where %s', (_what, updates) => {
  expect(updateWords(updates, '1.1.0')).toBeUndefined()
})
it('a release that went back is no news where it, or a newer one, is there all the same', () => {
  const last = { to, outcome: 'returned' as const, flaw: 'no-link' as const }
  for (const installed of ['1.2.0', '1.10.0']) {
    expect(updateWords({ installed, last }, installed)).toBeUndefined()
  }
  const stuck = { to, outcome: 'failed' as const, flaw: 'no-way-back' as const }
  expect(updateWords({ installed: to, last: stuck }, to)).toContain('could not be put back')
})
it('the one before is not spoken of while another is under way', () => {
  const last = { to, outcome: 'healthy' as const }
  const underWay = { to: '1.3.0', step: 'on-trial' as const }
  expect(updateWords({ last, underWay }, undefined)).toBe('1.3.0 is on trial')
})
it('every flaw has words', () => {
  for (const flaw of updateFlaws) {
    expect(updateWords({ last: { to, outcome: 'failed', flaw } }, '1.1.0')).toMatch(/: .{8,}/)
  }
})
