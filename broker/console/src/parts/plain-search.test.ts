import { describe, expect, it } from 'vitest'
import { readSearch, takes, writeSearch } from './plain-search.ts'

describe('what stands in an address', () => {
  it('is text, never a number or an object', () => {
    expect(readSearch('?q=007&open=%7B%7D')).toEqual({ q: '007', open: '{}' })
  })
  it('is written as it is read, without what is empty', () => {
    const search = { from: '2026-11-26T07:00Z', q: 'a&b=c', open: '', to: undefined }
    expect(writeSearch(search)).toBe('?from=2026-11-26T07:00Z&q=a%26b%3Dc')
    expect(readSearch(writeSearch(search))).toEqual({ from: search.from, q: search.q })
    expect(writeSearch({})).toBe('')
  })
  it('is taken by name, and only where a page can use it', () => {
    const take = takes('q', 'open')
    expect(take({ q: 'x', open: 'y'.repeat(401), evil: 'z' })).toEqual({ q: 'x' })
    expect(take({ q: 1, open: '' })).toEqual({})
  })
})
