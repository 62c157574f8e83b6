// What somebody reads before an authority ends: who is lost, what to do first, and what hinders it.

import { describe, expect, it } from 'vitest'
import type { AuthorityShown } from '@wardkey/protocol/admin/keys/authority-end'
import { hinderedBy, lostTable } from './authority-text.ts'

const station = { workstationId: 'w', place: '4 West', zoneId: '4-west', believes: false }
const shown: AuthorityShown = {
  present: 'a'.repeat(64),
  next: { sha256: 'b'.repeat(64), state: 'rotating' },
  without: 2,
  lost: [station, { ...station, place: '5 East', believes: true, reachedMs: 1_800_000_000_000 }],
  lacking: [],
}

describe('the end of an authority', () => {
  it('names who would be lost, how many get there by themselves, and what to do', () => {
    const text = lostTable(shown)
    expect(text).toContain('2 active workstations have no certificate')
    expect(text).toMatch(/4 West +4-west +never +when it connects/)
    expect(text).toMatch(/5 East +4-west +2027-01-15 08:00 +with its next renewal/)
    expect(text).toContain('1 of those listed believe it already')
    expect(text).toContain('believe the next one already lock at\nonce and let nobody in')
    expect(text).toContain('enrolled again: workstation reissue')
    expect(text).not.toContain('has asked')
  })
  it('says who has asked for it, and that more are lost than are listed', () => {
    const asked = { by: 'token one', atMs: 1_800_000_000_000, without: 2 }
    const text = lostTable({ ...shown, asked, without: 502 })
    expect(text).toContain('… and 2 more.')
    expect(text).toContain('token one has asked to end it (2027-01-15 08:00 UTC, 2 lost then).')
  })
  it.each([
    [{ next: undefined }, 'keys prepare authority'],
    [{ next: { sha256: 'b', state: 'prepared' } }, 'keys rotate authority'],
    [{ next: { sha256: 'b', state: 'taken-back' } }, 'keys rotate authority'],
    [{ lacking: [{ at: 'two.example', missing: ['one.crt'] }] }, 'two.example  one.crt'],
  ] as const)('is hindered by %o: %s', (change, said) => {
    const { next: _next, ...rest } = { ...shown, ...change }
    const next = 'next' in change ? change.next : shown.next
    const lacking =
      'lacking' in change
        ? change.lacking.map((one) => ({ ...one, missing: [...one.missing] }))
        : []
    expect(hinderedBy({ ...rest, lacking, ...(next ? { next } : {}) })).toContain(said)
  })
  it('is hindered by nothing else', () => {
    expect(hinderedBy(shown)).toBeUndefined()
  })
})
