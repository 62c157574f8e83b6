// What the page says of keys: of every kind that the broker names, also of one that came later.

import { describe, expect, it } from 'vitest'
import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyKind } from '@wardkey/protocol/admin/keys/key-words'
import { waitWords, workstationWords } from './authority-words.ts'
import { inTheirOrder, problemOf } from './key-problem.ts'
import { keyAddress, keyPurpose, keyStateText, keyTitle } from './key-standing.ts'
import { nextText, sinceText } from './key-standing.ts'

const atMs = Date.UTC(2026, 10, 27, 8)
const record: KeyShown = {
  ...{ kind: 'record', state: 'in-force', rotation: 'command', isOlder: false },
  ...{ command: 'wardkey-broker keys rotate record', id: '00a95f18', sinceMs: atMs },
}
/** As an answer has it, also one of a broker that knows more than this page. */
const said = (change: Readonly<Record<string, unknown>>): KeyShown =>
  Object.assign({ ...record }, change)
const later = said({ kind: 'key-of-a-later-release' })

describe('a key', () => {
  it('has a title and a purpose for each kind that there is', () => {
    for (const kind of keyKind.options) {
      expect(keyTitle({ ...record, kind }), kind).toMatch(/^[A-Z]/)
      expect(keyPurpose({ ...record, kind }), kind).toMatch(/\w/)
    }
  })
  it('of a kind that came later is shown by its own name', () => {
    expect(keyTitle(later)).toBe('Key of a later release')
    expect(keyPurpose(later)).toBe('')
    expect(nextText(later)).toBe('by command')
  })
  it.each([
    [{}, '2026-11-27 08:00:00 UTC', 'in force', 'by command'],
    [{ isOlder: true }, '2026-11-27 08:00:00 UTC or earlier', 'in force', 'by command'],
    [{ nextMs: atMs }, '2026-11-27 08:00:00 UTC', 'in force', '2026-11-27 08:00:00 UTC'],
    [{ endsMs: atMs }, '2026-11-27 08:00:00 UTC', 'in force', 'ends 2026-11-27 08:00:00 UTC'],
    [{ state: 'ended', endsMs: atMs }, '2026-11-27 08:00:00 UTC', 'ended', ''],
    [{ state: 'prepared' }, '2026-11-27 08:00:00 UTC', /prepared/, 'when it is ordered'],
    [{ state: 'ended', reason: 'compromised' }, /UTC/, 'ended, compromised', ''],
    [{ rotation: 'file' }, /UTC/, 'in force', 'by another file'],
    [{ rotation: 'schedule' }, /UTC/, 'in force', 'by itself'],
  ] as const)('with %j is said so', (change, since, state, next) => {
    const key: KeyShown = { ...record, ...change }
    expect(sinceText(key)).toEqual(expect.stringMatching(since))
    expect(keyStateText(key)).toEqual(expect.stringMatching(state))
    expect(nextText(key)).toBe(next)
  })
  it('that nobody wrote down, and that no command changes, is said to be so', () => {
    const pepper: KeyShown = {
      ...{ kind: 'pin-pepper', state: 'in-force', rotation: 'not-yet', isOlder: true },
    }
    expect(sinceText(pepper)).toBe('not known')
    expect(nextText(pepper)).toBe('cannot be changed yet')
    expect(problemOf(pepper)).toBeUndefined()
  })
  it('that something is wrong with says what, and what to do', () => {
    const soon = problemOf({ ...record, warning: 'ends-soon', endsMs: atMs })
    expect(soon?.wrong).toContain('2026-11-27 08:00:00 UTC')
    expect(soon?.todo).toContain('its command')
    const none = said({ command: undefined, warning: 'ends-soon' })
    expect(problemOf(none)?.todo).toContain('No command')
    expect(problemOf({ ...record, warning: 'not-here' })?.todo).toContain('key folder')
    const unheard = said({ warning: 'of-a-later-release' })
    expect(problemOf(unheard)?.wrong).toBe('Of a later release')
    expect(problemOf(record)).toBeUndefined()
    const wrong: KeyShown = { ...record, warning: 'not-here' }
    expect(inTheirOrder([record, wrong, later])).toEqual([wrong, record, later])
  })
  it('that comes next to workstations says how far they have come with it', () => {
    const next = said({ workstations: { active: 14, told: 13, renewed: 11 } })
    expect(workstationWords(next)).toBe('told 13, renewed 11 of 14 workstations')
    expect(workstationWords(record)).toBe('')
    expect(waitWords({ ...next, without: 3 })).toContain('until 3 workstations have')
    expect(waitWords({ ...next, without: 1 })).toContain('until 1 workstation has')
    expect(waitWords({ ...next, without: 0 })).toContain('can be ended')
    expect(waitWords({ ...next, state: 'shown' })).toContain('rotate to it')
    expect(waitWords({ ...next, state: 'ending' })).toContain('Nothing')
  })
  it('has an address of its own among those of its kind', () => {
    const keys = [record, { ...record, id: 'ffffffff' }, { ...record, name: 'two words' }, later]
    const addresses = keys.map(keyAddress)
    expect(new Set(addresses).size).toBe(keys.length)
    expect(addresses.join('')).not.toContain(' ')
    expect(keyList.shape.keys.element.safeParse(later).success).toBe(false)
  })
})
