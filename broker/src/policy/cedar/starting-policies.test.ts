// The starting policies as a table: the usual roles at the usual kinds of zones.

import { describe, expect, it } from 'vitest'
import { compiledOf } from '../../../../test/kit/usual-house.ts'
import { zoneSettings } from '../zone-settings.ts'
import { questionOf } from './policy-question.ts'
import { startingPolicies } from './starting-policies.ts'

const policies = compiledOf(startingPolicies)
const kinds = [
  ...['nurse-station', 'medication-room', 'pharmacy', 'infusion-bay', 'registration'],
  ...['public-kiosk', 'server-room'],
]
/** By role, for each of those kinds: y is let in. */
const table = {
  nurse: 'yy-y-y-',
  physician: 'yy-y-y-',
  pharmacist: '-yyy---',
  'pharmacy-technician': '-yy----',
  registration: '----yy-',
  billing: '----y--',
  it: '-----yy',
  vendor: '--yy--y',
  nobody: '-------',
}
const ask = (role: string, kind: string, change: object = {}) => {
  const zone = { id: `a-${kind}`, kind, settings: zoneSettings.parse({}) }
  const ownZones = role === 'vendor' ? [zone.id] : undefined
  const standing = {
    ...({ term: 'within', shift: 'unknown', training: [], needsEscort: false } as const),
    ownZones,
  }
  const about = { roles: [role], standing, assurance: 1, mode: 'normal', zone } as const
  return policies.ask(questionOf({ ...about, ...change }), 'x')
}

describe.each(Object.entries(table))('%s', (role, row) => {
  it.each(kinds.map((kind, at) => [kind, row[at] === 'y'] as const))('%s: %s', (kind, isIn) => {
    const { use } = ask(role, kind)
    expect(use.kind).toBe(isIn ? 'permit' : 'forbid')
    if (use.kind === 'forbid') expect(use.code).toBe('role-not-in-zone')
  })
})

describe('the starting policies', () => {
  it('let no vendor in elsewhere than in the zones that are named for her', () => {
    const standing = { term: 'within', shift: 'on', training: [], needsEscort: false } as const
    for (const ownZones of [undefined, [], ['another']]) {
      expect(ask('vendor', 'pharmacy', { standing: { ...standing, ownZones } }).use.kind).toBe(
        'forbid',
      )
    }
  })
  it('ask the PIN where drugs are, unless the badge proves a key', () => {
    expect(ask('pharmacist', 'pharmacy').badgeAlone).toMatchObject({
      rule: 'strong-badge-or-pin-at-drugs',
    })
    expect(ask('pharmacist', 'pharmacy', { assurance: 3 }).badgeAlone.kind).toBe('permit')
    expect(ask('nurse', 'nurse-station').badgeAlone.kind).toBe('permit')
  })
  it('keep what zones ask by their settings', () => {
    const settings = zoneSettings.parse({ asksShift: 'refuse' })
    const zone = { id: 'w', kind: 'nurse-station', settings }
    expect(ask('nurse', 'nurse-station', { zone }).use).toMatchObject({ code: 'off-shift' })
    expect(ask('nurse', 'nurse-station', { mode: 'lockdown' }).use).toMatchObject({
      code: 'locked-down',
    })
  })
})
