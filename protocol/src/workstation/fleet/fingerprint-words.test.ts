// What people compare: words that are never alike, and are the same on both sides for ever.

import { expect, it } from 'vitest'
import { fingerprintWords } from './fingerprint-words.ts'
import { wordList } from './word-list.ts'

const key = Uint8Array.from({ length: 91 }, (_none, i) => i)

it('has a word of its own for each byte, short and plain', () => {
  expect(wordList).toHaveLength(256)
  expect(new Set(wordList)).toHaveLength(256)
  for (const word of wordList) expect(word).toMatch(/^[a-z]{4,10}$/)
})
it('says the same for the same key and salt, today and after an update', () => {
  const words = ['crayon', 'ladder', 'fossil', 'silver', 'shepherd']
  expect(fingerprintWords(key, 'salt')).toEqual(words)
})
it('says something else for another key, or another salt', () => {
  const words = fingerprintWords(key, 'salt').join(' ')
  expect(fingerprintWords(key.with(90, 0), 'salt').join(' ')).not.toBe(words)
  expect(fingerprintWords(key, 'other').join(' ')).not.toBe(words)
})
