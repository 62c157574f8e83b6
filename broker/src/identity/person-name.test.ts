// How much of a name is shown, and that it opens only where it was sealed.

import { describe, expect, it } from 'vitest'
import { openName, personName, sealName, shownName } from './person-name.ts'

const rosa = { given: 'Rosa', family: 'Santos' }

describe('a name', () => {
  it.each([
    ['none', undefined],
    ['initials', 'RS'],
    ['short', 'R. Santos'],
    ['full', 'Rosa Santos'],
  ] as const)('is shown %s', (shown, text) => {
    expect(shownName(rosa, shown)).toBe(text)
  })
  it('is cut to what a frame can hold, and never in the middle of a character', () => {
    const long = { given: 'A'.repeat(60), family: '🧑'.repeat(30) }
    const text = shownName(long, 'full') ?? ''
    expect(text.length).toBeLessThanOrEqual(80)
    expect(Buffer.from(text).toString()).toBe(text)
  })
  it.each(['', ' ', 'a\nb', 'a\u202eb', 'x'.repeat(61)])('is refused as %j', (given) => {
    expect(personName.safeParse({ given, family: 'Santos' }).success).toBe(false)
  })
  it('opens under its key and for its person only', () => {
    const key = Buffer.alloc(32, 1)
    const sealed = sealName(rosa, key, 'p1')
    expect(openName(sealed, key, 'p1')).toEqual(rosa)
    expect(() => openName(sealed, key, 'p2')).toThrow()
    expect(() => openName(sealed, Buffer.alloc(32, 2), 'p1')).toThrow()
  })
})
