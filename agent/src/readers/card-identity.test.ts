import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalOfBits } from '@wardkey/protocol/workstation/wiegand-format'
import { identifyUid } from './card-identity.ts'

const uidOf = (hex: string) => identifyUid(Buffer.from(hex, 'hex'))

describe('the identity of a card by its UID', () => {
  it.each([
    ['04A1B2C3', '04a1b2c3'],
    ['04782E21801D80', '04782e21801d80'],
    ['E00401500A1B2C3D', 'e00401500a1b2c3d'],
    ['04112233445566778899', '04112233445566778899'],
  ])('%s is %s: as read, in lower case', (hex, canonical) => {
    expect(uidOf(hex)).toEqual({ kind: 'card', card: { technology: 'csn', canonical } })
  })

  it('refuses a UID that is new at each tap: four bytes, the first 08', () => {
    expect(uidOf('08123456')).toEqual({ kind: 'refused', code: 'card-uid-random' })
  })

  it('takes a longer UID that happens to begin with 08', () => {
    expect(uidOf('08123456789abc').kind).toBe('card')
  })

  it.each(['', '04', '0401', '040102', '00000000', 'ffffffff', '00000000000000', '11'.repeat(17)])(
    'refuses %s, which names nobody',
    (hex) => {
      expect(uidOf(hex)).toEqual({ kind: 'refused', code: 'card-uid-not-valid' })
    },
  )

  it('never makes one card of two', () => {
    const uid = fc.uint8Array({ minLength: 4, maxLength: 16 })
    fc.assert(
      fc.property(uid, uid, (one, other) => {
        const [first, second] = [identifyUid(one), identifyUid(other)]
        if (first.kind !== 'card' || second.kind !== 'card') return
        const same = Buffer.from(one).equals(other)
        expect(first.card.canonical === second.card.canonical).toBe(same)
      }),
    )
  })
})

describe('the identity of a card by its bits', () => {
  it('has the length and every bit in it, 0 in front too', () => {
    expect(canonicalOfBits({ length: 26, value: 0x2f623aen })).toBe('26:02f623ae')
    expect(canonicalOfBits({ length: 37, value: 0x100eb79a2bn })).toBe('37:100eb79a2b')
    expect(canonicalOfBits({ length: 27, value: 0x2f623aen })).toBe('27:02f623ae')
  })
})
