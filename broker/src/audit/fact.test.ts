// A fact's bytes: the same whoever writes them down, in one spelling, and with nothing in them that
// another reader would read differently.

import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFact, factBytesMax } from './fact.ts'
import type { Fact } from './fact.ts'
import { openField, sealFields } from './sealed-fields.ts'

const bodyOf = (fact: Fact): string => Buffer.from(encodeFact(fact).body).toString('utf8')
const fact = (more: Partial<Fact> = {}): Fact => ({ id: 'a', code: 'TAP-001', atMs: 1, ...more })

describe('a fact’s bytes', () => {
  it('do not depend on the order in which it was written down', () => {
    const parts = fc.shuffledSubarray(
      [
        ['person', 'p'],
        ['zone', 'z'],
        ['tap', 't'],
        ['fields', { b: 1, a: 'x' }],
      ] as const,
      { minLength: 4 },
    )
    fc.assert(
      fc.property(parts, (entries) => {
        expect(bodyOf({ ...Object.fromEntries(entries), ...fact() })).toBe(
          '{"atMs":1,"code":"TAP-001","fields":{"a":"x","b":1},"id":"a","person":"p","tap":"t","v":1,"zone":"z"}',
        )
      }),
    )
  })
  it('are JSON that says the same again', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 })
    const value = fc.oneof(text, fc.boolean(), fc.maxSafeInteger())
    const fields = fc.dictionary(text, value, { maxKeys: 4 })
    fc.assert(
      fc.property(fields, (some) => {
        const parsed = JSON.parse(bodyOf(fact({ fields: some }))) as { fields: unknown }
        expect(parsed.fields).toEqual({ ...some })
      }),
      { numRuns: 40 },
    )
  })
  it('sort keys as RFC 8785 §3.2.3 has them: by UTF-16 unit', () => {
    const fields = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': 7,
    }
    expect(bodyOf(fact({ fields }))).toContain(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    )
  })
  it('hold no half of a character', () => {
    expect(bodyOf(fact({ fields: { a: 'x\ud800y' } }))).toContain('{"a":"x\ufffdy"}')
    expect(bodyOf(fact({ fields: { a: '\\ud800' } }))).toContain('{"a":"\\\\ud800"}')
  })
  it('refuses/numbers that JSON writes differently elsewhere', () => {
    for (const value of [0.1, NaN, Infinity, 2 ** 60]) {
      expect(() => encodeFact(fact({ fields: { value } }))).toThrow('whole numbers')
    }
  })
  it('refuses/more than an entry can be long', () => {
    const some = (length: number) => fact({ fields: { a: 'x'.repeat(length) } })
    expect(() => encodeFact(some(factBytesMax - 100))).not.toThrow()
    expect(() => encodeFact(some(factBytesMax))).toThrow('bytes')
  })
})

describe('a sealed field', () => {
  const key = randomBytes(32)
  const person = randomUUID()
  const about = { id: randomUUID(), person }
  const sealed = sealFields(about, { name: 'Rosa Santos', badge: '04a1b2' }, key)
  const kept = { ...about, sealed }

  it('opens under the person’s key, and is nowhere in the fact’s bytes', () => {
    expect(openField(kept, 'name', key)).toBe('Rosa Santos')
    expect(openField(kept, 'badge', key)).toBe('04a1b2')
    expect(openField(kept, 'none', key)).toBeUndefined()
    const body = bodyOf(fact(kept))
    expect(body).not.toContain('Rosa')
    expect(body).not.toContain('04a1b2')
  })
  it('is another each time, so that two facts do not show that they are about one number', () => {
    expect(sealFields(about, { badge: '04a1b2' }, key)['badge']).not.toBe(sealed['badge'])
  })
  it('refuses/another key, fact, person or name', () => {
    const name = sealed['name'] ?? ''
    expect(() => openField(kept, 'name', randomBytes(32))).toThrow()
    expect(() => openField({ ...kept, id: randomUUID() }, 'name', key)).toThrow()
    expect(() => openField({ ...kept, person: randomUUID() }, 'name', key)).toThrow()
    expect(() => openField({ ...about, sealed: { badge: name } }, 'badge', key)).toThrow()
  })
  it('refuses/any changed bit', () => {
    const bytes = Buffer.from(sealed['name'] ?? '', 'base64')
    for (let at = 0; at < bytes.length; at++) {
      const bent = Buffer.from(bytes)
      bent[at] = (bent[at] ?? 0) ^ 1
      const other = { ...about, sealed: { name: bent.toString('base64') } }
      expect(() => openField(other, 'name', key)).toThrow()
    }
  })
  it('refuses/more than a name or a number is long', () => {
    expect(() => sealFields(about, { name: 'x'.repeat(1001) }, key)).toThrow('too long')
  })
})
