// Whose badge may speak in an emergency: whom the zone names, or those who speak for others there
// and whose place it is by policy; and nobody is refused for want of a setting, or for the hour.

import { describe, expect, it } from 'vitest'
import { compiledOf, usualHouse } from '../../../test/kit/usual-house.ts'
import { accessFacts } from '../identity/access-facts.ts'
import { usualPolicies } from './cedar/usual-policies.ts'
import { startingPolicies } from './cedar/starting-policies.ts'
import { maySpeakInEmergency } from './emergency-witness.ts'
import { zoneSettings } from './zone-settings.ts'

const nowMs = Date.UTC(2026, 0, 5, 3)
type Given = Readonly<{ rules: object; roles: string[]; text?: string; access?: object }>

function may({ rules, roles, text = usualPolicies, access = {} }: Given): boolean {
  const zone = { id: '4-west', kind: 'nurse-station', settings: zoneSettings.parse(rules) }
  const colleague = { id: 'she', roles, access: accessFacts.parse(access) }
  const { calendar } = usualHouse
  return maySpeakInEmergency(zone, colleague, { policies: compiledOf(text), calendar, nowMs })
}

describe('a colleague in an emergency', () => {
  const ward = { roles: ['nurse', 'physician'], witnessRoles: ['charge-nurse'] }
  const named = { ...ward, emergency: { witnessRoles: ['physician'] } }

  it.each([
    ['works there', { rules: ward, roles: ['nurse'] }, true],
    ['has one role of several that does', { rules: ward, roles: ['porter', 'physician'] }, true],
    ['speaks for colleagues there', { rules: ward, roles: ['charge-nurse'] }, true],
    ['works elsewhere', { rules: ward, roles: ['billing'] }, false],
    ['has no role', { rules: ward, roles: [] }, false],
    ['is named for it', { rules: named, roles: ['physician'] }, true],
    ['works there where others are named', { rules: named, roles: ['nurse'] }, false],
    [
      'speaks for colleagues where others are named',
      { rules: named, roles: ['charge-nurse'] },
      false,
    ],
    ['is anybody where nobody was ever named', { rules: {}, roles: ['billing'] }, true],
    [
      'is anybody where only work was named',
      { rules: { roles: ['pharmacist'] }, roles: ['nurse'] },
      true,
    ],
    [
      'is anybody where nothing says who works there',
      { rules: { roles: [], witnessRoles: ['charge-nurse'] }, roles: ['nurse'] },
      true,
    ],
  ] as const)('who %s', (_name, given, expected) => {
    expect(may({ ...given, roles: [...given.roles] })).toBe(expected)
  })
  it('cannot be set to nobody', () => {
    expect(zoneSettings.safeParse({ emergency: { witnessRoles: [] } }).success).toBe(false)
  })
})

describe('where the zone’s roles and written policies disagree, policies say whose place it is', () => {
  const text = startingPolicies
  const zone = { roles: ['billing'], witnessRoles: ['charge-nurse'] }
  it.each([
    ['a role of the zone that no policy permits there', zone, ['billing'], false],
    ['a role that a policy permits and the zone does not have', zone, ['nurse'], true],
    ['the same where the zone has no roles at all', { ...zone, roles: [] }, ['nurse'], true],
    ['no role of either', { ...zone, roles: [] }, ['billing'], false],
    ['who speaks for colleagues there, though no policy lets her in', zone, ['charge-nurse'], true],
  ] as const)('%s', (_name, rules, roles, expected) => {
    expect(may({ rules, roles: [...roles], text })).toBe(expected)
  })
  it('nobody else than whom the zone names for it', () => {
    const rules = { ...zone, emergency: { witnessRoles: ['porter'] } }
    expect(may({ rules, roles: ['nurse'], text })).toBe(false)
    expect(may({ rules, roles: ['porter'], text })).toBe(true)
  })
  it('who is forbidden there, though the zone names her role', () => {
    const no =
      '@id("no") @refusal("not-permitted") forbid (principal in Role::"nurse", action, resource);'
    const rules = { roles: ['nurse'], witnessRoles: ['charge-nurse'] }
    expect(may({ rules, roles: ['nurse'], text: `${usualPolicies}${no}` })).toBe(false)
  })
})

describe('the hour is no matter', () => {
  const rules = {
    ...{ roles: ['nurse'], witnessRoles: ['charge-nurse'] },
    ...{ asksShift: 'refuse', asksTraining: ['acls'], lockdownRoles: ['physician'] },
  }
  it('off her shift, with training that has lapsed', () => {
    expect(may({ rules, roles: ['nurse'], access: { training: { acls: 1 } } })).toBe(true)
  })
  it('but whose place it is not stays so', () => {
    const access = { zones: ['lab'] }
    expect(may({ rules, roles: ['nurse'], access })).toBe(false)
    expect(may({ rules, roles: ['nurse'], access: { needsEscort: true } })).toBe(false)
  })
  it('a role that an exception gave her counts while it holds', () => {
    const role = { kind: 'role', what: 'nurse' } as const
    const given = (untilMs: number) => ({
      ...accessFacts.parse({}),
      exceptions: [{ ...role, untilMs }],
    })
    const zone = { id: '4-west', kind: 'nurse-station', settings: zoneSettings.parse(rules) }
    const { policies, calendar } = usualHouse
    const ask = (untilMs: number): boolean =>
      maySpeakInEmergency(
        zone,
        { id: 'she', roles: ['billing'], access: given(untilMs) },
        { policies, calendar, nowMs },
      )
    expect([ask(nowMs + 1), ask(nowMs)]).toEqual([true, false])
  })
})
