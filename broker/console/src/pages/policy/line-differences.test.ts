import { describe, expect, it } from 'vitest'
import { lineDifferences } from './line-differences.ts'

const shown = (before: string, after: string): string =>
  lineDifferences(before, after)
    .map(({ kind, text }) => ({ same: ' ', added: '+', removed: '-' })[kind] + text)
    .join('\n')

describe('differences by line', () => {
  it('show what was changed between what stayed', () => {
    expect(shown('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toBe(' a\n-b\n+x\n c\n d\n+e')
  })
  it('are none between equal texts', () => {
    expect(shown('a\nb', 'a\nb')).toBe(' a\n b')
  })
  it('hold where a line comes twice', () => {
    expect(shown('a\na', 'a')).toBe(' a\n-a')
    expect(shown('a', 'a\na')).toBe(' a\n+a')
  })
  it('give back both texts, also where they are too long to be compared', () => {
    const before = Array.from({ length: 3000 }, (_, n) => `b${String(n)}`).join('\n')
    const after = Array.from({ length: 3000 }, (_, n) => `a${String(n)}`).join('\n')
    const lines = lineDifferences(before, after)
    const of = (kind: string): string =>
      lines
        .filter((line) => line.kind !== kind)
        .map(({ text }) => text)
        .join('\n')
    expect([of('added'), of('removed')]).toEqual([before, after])
  })
})
