// What HR may do about somebody as things stand, and that a dismissal is the end of it.

import { describe, expect, it } from 'vitest'
import type { Hired } from './hr-book.ts'
import { acts, wordsAfter } from './hr-words.ts'

const nora: Hired = {
  ...({ key: 'nora', id: 'x', given: 'Nora', family: 'Inventia' } as const),
  ...({ position: 'nurse', employment: 'active', uid: '04', staffNumber: 'N-1' } as const),
  pin: '1',
}
const before = { position: 'nurse', employment: 'active' } as const

describe('what can be done', () => {
  it.each<[string, Partial<Hired>, string[]]>([
    ['at work', {}, ['move', 'leave', 'suspend', 'dismiss']],
    ['at work after a move', { before }, ['move', 'leave', 'suspend', 'dismiss', 'undo']],
    ['on leave', { employment: 'on-leave', before }, ['return', 'suspend', 'dismiss', 'undo']],
    ['suspended', { employment: 'suspended' }, ['return', 'dismiss']],
    ['dismissed, whatever was before', { employment: 'terminated', before }, ['hire-again']],
  ])('%s', (_name, change, expected) => {
    expect(acts({ ...nora, ...change })).toEqual(expected)
  })
  it('without a PIN that comes first, but not for whoever is away', () => {
    const { pin: _none, ...without } = nora
    expect(acts(without)[0]).toBe('give-pin')
    expect(acts({ ...without, employment: 'on-leave' })).not.toContain('give-pin')
  })
})

it.each(['active', 'on-leave', 'suspended', 'terminated'] as const)('says what %s means', (to) => {
  expect(wordsAfter('undo', { ...nora, employment: to })).toMatch(/^Nora Inventia is .+[.].+/)
})
