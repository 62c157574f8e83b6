// Keystrokes of a sensor that is a keyboard, and everything that is none of its two.

import { describe, expect, it } from 'vitest'
import { parseSensorKeys, readKeys } from './sensor-keys.ts'

const keys = parseSensorKeys('away:gui+l/near:f24')
const report = (modifiers: number, ...held: number[]): Uint8Array =>
  Uint8Array.from([modifiers, 0, ...held, 0, 0, 0, 0, 0, 0].slice(0, 8))

describe('a keystroke', () => {
  it('is the one that settings name, with what is held beside it', () => {
    expect(keys).toEqual({ away: { modifiers: 8, key: 0x0f }, near: { modifiers: 0, key: 0x73 } })
    expect(parseSensorKeys('away:f1')).toEqual({ away: { modifiers: 0, key: 0x3a } })
    expect(parseSensorKeys('away:ctrl+alt+pause')).toEqual({ away: { modifiers: 5, key: 0x48 } })
    expect(parseSensorKeys('near:0')).toEqual({ near: { modifiers: 0, key: 0x27 } })
    expect(parseSensorKeys('near:9/away:0x65')).toEqual({
      near: { modifiers: 0, key: 0x26 },
      away: { modifiers: 0, key: 0x65 },
    })
  })
  it.each([
    ['away', report(0x08, 0x0f), 'away'],
    ['away, with the right one of two keys', report(0x80, 0x0f), 'away'],
    ['near', report(0, 0x73), 'near'],
    ['near, beside another key', report(0, 0x04, 0x73), 'near'],
    ['the key without what is held', report(0, 0x0f), 'not-ours'],
    ['the key with more held than that', report(0x0a, 0x0f), 'not-ours'],
    ['a digit of a badge', report(0, 0x1e), 'not-ours'],
    ['all keys up', report(0), 'not-ours'],
    ['too many keys to tell', report(0, 1, 1, 1, 1, 1, 1), 'not-ours'],
    ['half a report', report(0, 0x73).subarray(0, 5), 'not-understood'],
    ['more than a report', Uint8Array.of(1, 0, 0, 0x73, 0, 0, 0, 0, 0), 'not-understood'],
    ['nothing', new Uint8Array(), 'not-understood'],
  ])('%s', (_name, bytes, word) => {
    expect(readKeys(keys, bytes)).toBe(word)
  })
  it('that settings do not name is never one', () => {
    expect(readKeys(parseSensorKeys('away:f23'), report(0, 0))).toBe('not-ours')
  })
})
