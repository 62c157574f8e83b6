import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readUid } from './read-uid.ts'

const answering = (...answers: readonly string[]) => {
  const asked: string[] = []
  const left = [...answers]
  const reading = readUid((command) => {
    asked.push(Buffer.from(command).toString('hex'))
    return Buffer.from(left.shift() ?? '', 'hex')
  })
  return { reading, asked }
}

describe('reading a UID', () => {
  it('asks with FF CA and takes the bytes before 9000', () => {
    const { reading, asked } = answering('04a1b2c3d4e5f69000')
    expect(asked).toEqual(['ffca000000'])
    expect(reading).toEqual({
      kind: 'card',
      card: { technology: 'csn', canonical: '04a1b2c3d4e5f6' },
    })
  })

  it('asks again with the length that the card wants', () => {
    const { reading, asked } = answering('6c07', '04a1b2c3d4e5f69000')
    expect(asked).toEqual(['ffca000000', 'ffca000007'])
    expect(reading.kind).toBe('card')
  })

  it('fetches what waits', () => {
    const { reading, asked } = answering('6104', '04a1b2c39000')
    expect(asked).toEqual(['ffca000000', 'ffc0000004'])
    expect(reading.kind).toBe('card')
  })

  it('asks no third time', () => {
    const { reading, asked } = answering('6c07', '6c07', '04a1b2c3d4e5f69000')
    expect(asked).toHaveLength(2)
    expect(reading).toEqual({ kind: 'refused', code: 'card-unreadable' })
  })

  it.each([
    ['', 'card-torn'],
    ['90', 'card-torn'],
    ['9000', 'card-torn'],
    ['049000', 'card-uid-not-valid'],
    ['04a1b29000', 'card-uid-not-valid'],
    ['000000009000', 'card-uid-not-valid'],
    ['081122339000', 'card-uid-random'],
    ['6a81', 'card-no-uid'],
    ['6d00', 'card-no-uid'],
    ['6e00', 'card-no-uid'],
    ['6300', 'card-unreadable'],
    ['6982', 'card-unreadable'],
    ['04a1b2c36282', 'card-unreadable'],
    ['04a1b2c39001', 'card-unreadable'],
  ])('refuses the answer "%s" as %s', (answer, code) => {
    expect(answering(answer).reading).toEqual({ kind: 'refused', code })
  })

  it('lets what the reader throws pass, for the loop to judge', () => {
    expect(() =>
      readUid(() => {
        throw new Error('torn')
      }),
    ).toThrow('torn')
  })

  it('makes a card of nothing but a success with enough bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        (one, two) => {
          const left = [one, two]
          const reading = readUid(() => left.shift() ?? new Uint8Array())
          if (reading.kind !== 'card') return
          const last = left.length === 1 ? one : two
          expect(Buffer.from(last.subarray(-2)).toString('hex')).toBe('9000')
          expect(last.length).toBeGreaterThanOrEqual(6)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
