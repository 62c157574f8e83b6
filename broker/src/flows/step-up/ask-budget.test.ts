// How often somebody may be asked for a signature in vain.

import { describe, expect, it } from 'vitest'
import { inVainMax, inVainMs, restsUntilMs } from './ask-budget.ts'

const minute = 60_000
const nowMs = 1_800_000_000_000

const asked = (signature: string, agoMs: number) => ({
  ...{ code: 'SIG-001', atMs: nowMs - agoMs, fields: { signature } },
})
const signed = (signature: string) => ({ code: 'SIG-002', atMs: nowMs, fields: { signature } })
const many = (count: number, everyMs = minute) =>
  Array.from({ length: count }, (_, n) => asked(`s${String(n)}`, n * everyMs))

describe('asking for signatures', () => {
  it('goes on below the limit', () => {
    expect(restsUntilMs([], nowMs)).toBeUndefined()
    expect(restsUntilMs(many(inVainMax - 1), nowMs)).toBeUndefined()
  })
  it('rests at the limit until the first of them is long ago', () => {
    expect(restsUntilMs(many(inVainMax), nowMs)).toBe(nowMs - 4 * minute + inVainMs)
  })
  it('rests until fewer than the limit are left, however many there were', () => {
    expect(restsUntilMs(many(9), nowMs)).toBe(nowMs - 4 * minute + inVainMs)
  })
  it('goes on for whoever signs, however often', () => {
    const all = many(40, 1000)
    const done = all.map(({ fields }) => signed(fields.signature))
    expect(restsUntilMs([...done, ...all], nowMs)).toBeUndefined()
  })
  it('refuses to let one signature make up for those that were in vain', () => {
    expect(restsUntilMs([signed('s9'), asked('s9', 0), ...many(inVainMax)], nowMs)).toBeDefined()
  })
  it('goes on once they are long ago', () => {
    expect(restsUntilMs(many(40, inVainMs), nowMs)).toBeUndefined()
    const old = Array.from({ length: 9 }, (_, n) => asked(`o${String(n)}`, inVainMs + n))
    expect(restsUntilMs(old, nowMs)).toBeUndefined()
  })
})
