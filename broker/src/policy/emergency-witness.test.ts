// Whose badge may speak in an emergency: whom the zone names, or those who work and speak for others
// there; and nobody is refused for want of a setting.

import { describe, expect, it } from 'vitest'
import { maySpeakInEmergency } from './emergency-witness.ts'
import { zoneSettings } from './zone-settings.ts'

const may = (rules: object, ...roles: string[]): boolean =>
  maySpeakInEmergency(zoneSettings.parse(rules), roles)

describe('a colleague in an emergency', () => {
  const ward = { roles: ['nurse', 'physician'], witnessRoles: ['charge-nurse'] }
  const named = { ...ward, emergency: { witnessRoles: ['physician'] } }

  it('is somebody who works there, or who speaks for colleagues there', () => {
    expect(may(ward, 'nurse')).toBe(true)
    expect(may(ward, 'porter', 'physician')).toBe(true)
    expect(may(ward, 'charge-nurse')).toBe(true)
  })
  it('is whom the zone names for it, and then nobody else', () => {
    expect(may(named, 'physician')).toBe(true)
    expect(may(named, 'nurse')).toBe(false)
    expect(may(named, 'charge-nurse')).toBe(false)
  })
  it('is nobody whose work is elsewhere', () => {
    expect(may(ward, 'billing')).toBe(false)
    expect(may(ward)).toBe(false)
  })
  it('is anybody at work where it was never said who speaks for anybody', () => {
    expect(may({}, 'billing')).toBe(true)
    expect(may({ roles: ['pharmacist'] }, 'nurse')).toBe(true)
  })
  it('is anybody at work where written policies say who works there, and not the zone', () => {
    const byKind = { roles: [], witnessRoles: ['charge-nurse'] }
    expect(may(byKind, 'nurse')).toBe(true)
    expect(may({ ...byKind, emergency: { witnessRoles: ['nurse'] } }, 'billing')).toBe(false)
  })
  it('cannot be set to nobody', () => {
    expect(zoneSettings.safeParse({ emergency: { witnessRoles: [] } }).success).toBe(false)
  })
})
