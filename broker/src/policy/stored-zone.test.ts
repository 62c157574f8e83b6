// What a zone may say, and what is made of zones that were stored when it might say more.

import { describe, expect, it } from 'vitest'
import { parseStoredZone } from './stored-zone.ts'
import { rulesFor, zoneSettings } from './zone-settings.ts'

const digits = { min: 4, max: 12 }
const stored = (change: object) => JSON.stringify({ ...zoneSettings.parse({}), ...change })

describe('a zone’s sessions behind the lock screen', () => {
  it.each([0, 1, 4])('are %i where it says so', (suspendedMax) => {
    expect(zoneSettings.parse({ suspendedMax }).suspendedMax).toBe(suspendedMax)
    expect(parseStoredZone(stored({ suspendedMax })).suspendedMax).toBe(suspendedMax)
  })
  it.each([5, 16])('refuses/%i, which no workstation keeps, and says what it keeps', (most) => {
    const parsed = zoneSettings.safeParse({ suspendedMax: most })
    expect(parsed.error?.issues[0]?.message).toContain('a workstation keeps 4 at most')
  })
  it.each([5, 16])('are 4 where %i was stored before that was refused', (suspendedMax) => {
    const settings = parseStoredZone(stored({ suspendedMax }))
    const zone = { id: '4-west', kind: 'nurse-station', label: '4 West', settings }
    expect(rulesFor(zone, digits).suspendedMax).toBe(4)
  })
})

describe('how long a screen stays without a broker', () => {
  it.each([0, 4999])('refuses/%i ms, before which nobody knows of it, and says so', (staleMs) => {
    const parsed = zoneSettings.safeParse({ staleMs })
    expect(parsed.error?.issues[0]?.message).toContain('5000 or more')
  })
  it.each([0, 3000])('is five seconds where %i ms were stored before', (staleMs) => {
    expect(parseStoredZone(stored({ staleMs })).staleMs).toBe(5000)
  })
})

describe('a stored zone', () => {
  it('has what later versions added', () => {
    expect(parseStoredZone('{"roles":["nurse"]}')).toEqual(zoneSettings.parse({ roles: ['nurse'] }))
  })
  it.each([
    ['a rule that is none', '{"speed":3}'],
    ['fewer than none', '{"suspendedMax":-1}'],
    ['no JSON', 'x'],
  ])('refuses/%s', (_what, text) => {
    expect(() => parseStoredZone(text)).toThrow()
  })
})
