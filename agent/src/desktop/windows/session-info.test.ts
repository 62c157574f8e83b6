import { describe, expect, it } from 'vitest'
import { parseLocked } from './session-info.ts'

const info = (level: number, flags: number) => {
  const bytes = Buffer.alloc(240)
  bytes.writeUInt32LE(level, 0)
  bytes.writeUInt32LE(3, 8)
  bytes.writeInt32LE(flags, 16)
  return bytes
}

describe('what Windows says of a session', () => {
  it('is locked at 0 and unlocked at 1, as since Windows 8', () => {
    expect(parseLocked(info(1, 0))).toBe(true)
    expect(parseLocked(info(1, 1))).toBe(false)
  })

  it('is unknown when it says so, or is of another level or length', () => {
    expect(parseLocked(info(1, -1))).toBeUndefined()
    expect(parseLocked(info(2, 0))).toBeUndefined()
    expect(parseLocked(info(1, 0).subarray(0, 19))).toBeUndefined()
    expect(parseLocked(new Uint8Array(0))).toBeUndefined()
  })
})
