// The code to quote: short, plain, and what the protocol allows.

import { expect, it } from 'vitest'
import { quoteOf } from './quote-of.ts'

it('is six plain characters of an id, always the same ones', () => {
  const quotes = Array.from({ length: 500 }, (_, n) => quoteOf(`tap ${String(n)}`))
  for (const quote of quotes) expect(quote).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}$/)
  expect(new Set(quotes).size).toBe(500)
  expect(quoteOf('tap 1')).toBe(quotes[1])
})
