// Report descriptors of presence sensors as they are, as they may be, and as they must not be.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPresence } from './presence-input.ts'
import { findPresenceField } from './report-descriptor.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex')

/** A clinical all-in-one's own sensor (0bf8:101a): one byte of state, one of presence, no id. */
const allInOne = bytes(
  '05 20 09 11 a1 00 05 20 0a 16 03 15 00 25 04 75 08 95 01 a1 02 0a 40 08 0a 41 08 0a f0 08' +
    '0a c0 08 0a e0 08 0a b0 08 b1 02 c0 0a 01 02 15 00 25 06 75 08 95 01 a1 02 0a 00 08 0a 01' +
    '08 0a 02 08 0a 03 08 0a 04 08 0a 05 08 0a 06 08 81 03 c0 0a b1 04 15 00 25 01 75 08 95 01' +
    '81 03 c0',
)
/** Report 3 of a hub, after an ambient light in report 1: state from 1, then one bit, then a pad. */
const inHub = bytes(
  '05 20 09 01 a1 01' +
    '85 01 09 41 a1 00 0a d1 04 15 00 27 ff ff 00 00 75 20 95 01 81 02 c0' +
    '85 03 09 11 a1 00 0a 01 02 15 01 25 06 75 08 95 01 a1 02 1a 00 08 2a 05 08 81 00 c0' +
    '0a b1 04 15 00 25 01 75 01 95 01 81 02 75 07 95 01 81 01 c0 c0',
)
const bootKeyboard = bytes(
  '05010906a101050719e029e71500250175019508810275089501810119002965150025657508950681' + '00c0',
)

describe('a report descriptor', () => {
  it('of an all-in-one says where its state and its presence are', () => {
    expect(findPresenceField(allInOne)).toEqual({
      ...{ reportId: 0, bit: 8, bits: 8, min: 0, max: 1, means: 'present' },
      state: { bit: 0, bits: 8, min: 0, max: 6, ready: 1 },
    })
  })
  it('of a hub says which report, and counts bits for each report by itself', () => {
    expect(findPresenceField(inHub)).toEqual({
      ...{ reportId: 3, bit: 8, bits: 1, min: 0, max: 1, means: 'present' },
      state: { bit: 0, bits: 8, min: 1, max: 6, ready: 2 },
    })
  })
  it('may write a usage with its page in front, and after a long item', () => {
    const field = findPresenceField(
      bytes('fe 02 10 aa bb 0b b1 04 20 00 15 00 25 01 75 01 95 01 81 02'),
    )
    expect(field).toMatchObject({ bit: 0, bits: 1 })
  })
  it('may put back what it pushed', () => {
    const pushed = '05 20 15 00 25 01 75 01 95 01 a4 05 01 75 08 95 02 09 30 81 02 b4'
    expect(findPresenceField(bytes(`${pushed} 0a b1 04 81 02`))).toMatchObject({ bit: 16, bits: 1 })
  })
  it('may say only that somebody is out of range', () => {
    const field = findPresenceField(bytes('05 20 0a b3 04 15 00 25 01 75 08 95 01 81 02'))
    expect(field).toMatchObject({ means: 'out-of-range' })
    expect(field && readPresence(field, bytes('01'))).toBe('away')
    expect(field && readPresence(field, bytes('00'))).toBe('near')
  })

  describe('refuses', () => {
    it.each([
      ['nothing', ''],
      ['a keyboard', Buffer.from(bootKeyboard).toString('hex')],
      ['a presence that is only a feature', '05 20 0a b1 04 15 00 25 01 75 08 95 01 b1 02'],
      ['the same number on another page', '05 01 0a b1 04 15 00 25 01 75 08 95 01 81 02'],
      ['a field without bits', '05 20 0a b1 04 15 00 25 01 75 00 95 01 81 02'],
      ['a field without a number of them', '05 20 0a b1 04 15 00 25 01 75 08 95 00 81 02'],
      ['a field wider than any value', '05 20 0a b1 04 15 00 25 01 75 40 95 01 81 02'],
      ['a range that is none', '05 20 0a b1 04 15 01 25 01 75 08 95 01 81 02'],
      ['the id that no report may have', '05 20 85 00 0a b1 04 15 00 25 01 75 08 95 01 81 02'],
      ['a pop without a push', 'b4 05 20 0a b1 04 15 00 25 01 75 08 95 01 81 02'],
      [
        'a report larger than any',
        '05 20 75 ff 97 ff ff ff ff 81 02 0a b1 04 25 01 75 08 95 01 81 02',
      ],
      ['an item cut off', '05 20 0a b1 04 15 00 25 01 75 08 95 01 81 02 26 01'],
      ['a long item cut off', '05 20 0a b1 04 15 00 25 01 75 08 95 01 81 02 fe 09 00'],
      ['more pushes than anybody needs', 'a4'.repeat(17) + '05200ab1042501750895018102'],
      ['more bytes than a kernel takes', '05200ab1042501750895018102' + 'c0'.repeat(4096)],
    ])('%s', (_name, hex) => {
      expect(findPresenceField(bytes(hex))).toBeUndefined()
    })
  })

  it('of any bytes at all is read in bounds, and what is found lies in its report', () => {
    const mutated = fc
      .tuple(fc.constantFrom(allInOne, inHub), fc.nat(200), fc.uint8Array({ maxLength: 6 }))
      .map(([whole, at, put]) => Buffer.concat([whole.subarray(0, at), put, whole.subarray(at)]))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (descriptor) => {
        const field = findPresenceField(descriptor)
        if (!field) return
        expect(field.bits).toBeGreaterThan(0)
        expect(field.bit + field.bits).toBeLessThanOrEqual(8 * 4096)
        const whole = new Uint8Array(4097).fill(0xff)
        whole[0] = field.reportId === 0 ? 0xff : field.reportId
        expect(readPresence(field, whole)).not.toBe('not-understood')
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a report', () => {
  const field = findPresenceField(allInOne)
  const ofHub = findPresenceField(inHub)
  if (!field || !ofHub) throw new Error('no field')

  it.each([
    ['somebody there', '01 01', 'near'],
    ['nobody there', '01 00', 'away'],
    ['longer than it need be', '01 01 ff', 'near'],
    ['a sensor that is not ready', '04 01', 'unknown'],
    ['a sensor with an error', '06 00', 'unknown'],
    ['a value out of its range', '01 02', 'unknown'],
    ['half of it', '01', 'not-understood'],
    ['nothing', '', 'not-understood'],
  ])('of an all-in-one: %s', (_name, hex, word) => {
    expect(readPresence(field, bytes(hex))).toBe(word)
  })
  it.each([
    ['somebody there', '03 02 01', 'near'],
    ['nobody there, whatever the pad has', '03 02 fe', 'away'],
    ['of the light', '01 ff ff 00 00', 'not-ours'],
    ['without its end', '03 02', 'not-understood'],
    ['a state that is none', '03 00 01', 'unknown'],
  ])('of a hub: %s', (_name, hex, word) => {
    expect(readPresence(ofHub, bytes(hex))).toBe(word)
  })
  it('of any bytes says somebody is there only where it says so', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (report) => {
        const isNear = readPresence(field, report) === 'near'
        expect(isNear).toBe(report.length >= 2 && report[0] === 1 && report[1] === 1)
      }),
      { numRuns: 2000 },
    )
  })
})
