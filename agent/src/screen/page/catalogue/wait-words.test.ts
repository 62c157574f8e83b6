// How a wait is told: in what people count in.

import { describe, expect, it } from 'vitest'
import { catalogues } from './choose-catalogue.ts'
import { waitWords } from './wait-words.ts'

describe('a wait', () => {
  it.each([
    [1, '1 s'],
    [30, '30 s'],
    [90, '90 s'],
    [91, '2 min'],
    [120, '2 min'],
    [121, '3 min'],
    [898, '15 min'],
    [900, '15 min'],
  ])('of %d seconds is %s', (seconds, words) => {
    expect(waitWords(seconds)).toBe(words)
  })
  it.each(catalogues.map((catalogue) => [catalogue.language, catalogue] as const))(
    'in %s is never told as hundreds of seconds',
    (_language, catalogue) => {
      for (const words of [catalogue.tryAgainIn(898), catalogue.closesIn(170)]) {
        expect(words).toMatch(/[0-9] min/)
        expect(words).not.toMatch(/[0-9]{3}/)
      }
      expect(catalogue.closesIn(60)).toContain('60 s')
    },
  )
})
