// The list of keys as people and spreadsheets get it: what is said of each, and of one that ends.

import { describe, expect, it } from 'vitest'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyKind, keyWords } from '@wardkey/protocol/admin/keys/key-words'
import { csvOf, tableOf } from './key-list-text.ts'

const dayMs = 86_400_000
const atMs = Date.UTC(2026, 10, 27, 8)
const record: KeyShown = {
  ...{ kind: 'record', state: 'in-force', rotation: 'command', isOlder: false },
  ...{ command: 'wardkey-broker keys rotate record', id: '00a95f18', sinceMs: atMs - 40 * dayMs },
}
const authority: KeyShown = {
  ...{ kind: 'authority', state: 'in-force', rotation: 'not-yet', isOlder: false },
  ...{ id: 'c'.repeat(64), sinceMs: atMs - 3600 * dayMs, endsMs: atMs + 50 * dayMs },
}
const table = (...keys: readonly KeyShown[]): string => tableOf({ atMs, keys: [...keys] })

describe('the list of keys', () => {
  it('says since when, how old, how it changes, and by which command', () => {
    const text = table(record)
    expect(text).toMatch(/Record signing +in force +2026-10-18 08:00 +40 d +by command +00a95f18/)
    expect(text).toContain('To change one: wardkey-broker keys rotate record.')
    expect(text).not.toContain('ends')
  })
  it.each([
    [{ ...record, isOlder: true }, '40 d or more'],
    [{ ...record, state: 'ended', reason: 'compromised' }, 'ended, compromised'],
    [{ ...record, state: 'prepared' }, 'when it is ordered'],
    [{ ...record, kind: 'sign-in', state: 'shown', nextMs: atMs + dayMs }, '2026-11-28 08:00'],
    [{ ...record, warning: 'not-here' }, 'NOT IN THIS KEY FOLDER'],
    [{ kind: 'pin-pepper', state: 'in-force', rotation: 'not-yet', isOlder: true }, 'cannot be'],
    [{ kind: 'downtime', name: 'x', state: 'in-force', rotation: 'file', isOlder: true }, 'file'],
  ] as const)('says of %j: %s', (key, words) => {
    expect(table(key)).toContain(words)
  })
  it('says loudly that the authority ends, and that none takes its place', () => {
    expect(table(authority)).not.toContain('SOON')
    const text = table({ ...authority, warning: 'ends-soon' })
    expect(text).toContain('ENDS SOON')
    expect(text).toContain('ends 2027-01-16 08:00: from then on no workstation')
    expect(text).toContain('wardkey-broker keys prepare authority')
  })
  it('says how many have no certificate of the next authority, where there is one', () => {
    const next: KeyShown = { ...authority, name: 'the next one', state: 'shown', without: 3 }
    const text = table(authority, next)
    expect(text).toContain('Workstation authority: the next one')
    expect(text).toContain('without a certificate of the next authority: 3.')
    const workstations = { active: 9, told: 8, renewed: 6 }
    const told = 'Active workstations that believe the next authority: 8 of 9.'
    expect(table(authority, { ...next, workstations })).toContain(told)
    expect(table(authority)).not.toContain('next authority')
  })
  it('goes into CSV whole, a line for each, and no field is a formula', () => {
    const odd = { ...record, kind: 'downtime', name: '=1+1' } as const
    const lines = csvOf({ atMs, keys: [authority, odd] }).split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[1]).toContain(`"${'c'.repeat(64)}"`)
    expect(lines[1]).toContain('"3600"')
    expect(csvOf({ atMs, keys: [odd] })).not.toMatch(/(^|,)"?[=+@]/m)
  })
  it('has words for every kind, and a command only where one changes it', () => {
    for (const kind of keyKind.options) {
      const { rotation, command } = keyWords[kind]
      expect(rotation === 'not-yet' && command !== undefined, kind).toBe(false)
      expect(rotation === 'command' && command === undefined, kind).toBe(false)
    }
  })
})
