// What a proposal is read by: nothing that changed may be missing from it.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDifference } from './line-difference.ts'

describe('a difference', () => {
  it('is nothing between the same', () => {
    expect(lineDifference('a\nb', 'a\nb')).toBe('')
  })
  it('shows what is taken out and put in, with a little around it', () => {
    expect(lineDifference('1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nx\n5\n6\n7')).toBe(
      '  2\n  3\n- 4\n+ x\n  5\n  6\n  …\n',
    )
  })
  it('never leaves out a line that changed', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDifference(before.join('\n'), after.join('\n')).split('\n')
        const signed = (sign: string) => lines.filter((line) => line.startsWith(sign)).length
        expect(signed('+') - signed('-')).toBe(after.length - before.length)
        if (before.join() !== after.join()) expect(signed('+') + signed('-')).toBeGreaterThan(0)
      }),
    )
  })
})
