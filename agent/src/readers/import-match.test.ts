import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalFrom, findTransforms, transforms, writeAs } from './import-match.ts'

const named = (name: string) => {
  const found = transforms.find((transform) => transform.name === name)
  if (found === undefined) throw new Error(name)
  return found
}
const namesOf = (written: string, canonical: string) =>
  findTransforms(written, canonical).map((transform) => transform.name)

describe('how other systems write a card', () => {
  it.each([
    ['decimal/as-read/whole', '04a1b2c3', '77705923'],
    ['decimal/bytes-reversed/whole', '04a1b2c3', '3283263748'],
    ['hex/bits-reversed/whole', '04a1b2c3', '20854dc3'],
    ['decimal/as-read/whole', '04782e21801d80', '1258039432715648'],
    ['decimal/bytes-reversed/whole', '04782e21801d80', '36061233168676868'],
    ['hex/bytes-reversed/whole', '04782e21801d80', '801d80212e7804'],
    ['decimal/bytes-reversed/low-32', '04782e21801d80', '556693508'],
    ['hex/as-read/low-24', '04782e21801d80', '801d80'],
  ])('%s writes %s as %s', (name, canonical, written) => {
    expect(writeAs(named(name), canonical)).toBe(written)
    expect(namesOf(written, canonical)).toContain(name)
  })

  it.each(['04:A1:B2:C3', '0x04A1B2C3', '04 a1 b2 c3', '4A1B2C3'])(
    'reads %s as the hex that it is',
    (written) => {
      expect(namesOf(written, '04a1b2c3')[0]).toBe('hex/as-read/whole')
    },
  )

  it('finds nothing for another card', () => {
    expect(namesOf('77705924', '04a1b2c3')).toEqual([])
    expect(namesOf('', '04a1b2c3')).toEqual([])
    expect(namesOf('Nurse 7', '04a1b2c3')).toEqual([])
  })

  it('is exact beyond what a double can hold', () => {
    expect(namesOf('36061233168676867', '04782e21801d80')).toEqual([])
  })

  it('turns any whole form back into the canonical one', () => {
    const whole = transforms.filter((transform) => transform.cut === 'whole')
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 16 }),
        fc.constantFrom(...whole),
        (uid, transform) => {
          const canonical = Buffer.from(uid).toString('hex')
          const written = writeAs(transform, canonical)
          expect(canonicalFrom(transform, written, uid.length)).toBe(canonical)
          expect(findTransforms(written, canonical)).toContain(transform)
        },
      ),
    )
  })

  it('turns nothing back that has lost bits, is too large or no number', () => {
    expect(canonicalFrom(named('decimal/as-read/low-32'), '77705923', 7)).toBeUndefined()
    expect(canonicalFrom(named('decimal/as-read/whole'), '1258039432715648', 4)).toBeUndefined()
    expect(canonicalFrom(named('decimal/as-read/whole'), '04a1b2c3', 4)).toBeUndefined()
    expect(canonicalFrom(named('hex/as-read/whole'), '04a1b2c3', 3)).toBeUndefined()
    expect(canonicalFrom(named('hex/as-read/whole'), '-1', 17)).toBeUndefined()
  })
})
