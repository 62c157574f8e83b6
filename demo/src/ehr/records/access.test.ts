// Holds who lands where, and who may see and do what.

import { describe, expect, it } from 'vitest'
import { landingFor, maySeeWard, maySign, mayVerify, type Context } from './access.ts'

const wardOfZone = { '4-west': '4-west' }
const at = (role: string, zone: string, zoneKind: string): Context => ({
  role,
  zone,
  zoneKind,
  purpose: 'TREAT',
})
const nurse = at('nurse', '4-west', 'nurse-station')
const pharmacist = at('pharmacist', 'pharmacy', 'pharmacy')

describe('landing', () => {
  it('brings the nurse to her ward and the pharmacist to the queue', () => {
    expect(landingFor(nurse, wardOfZone)).toEqual({ kind: 'ward', wardId: '4-west' })
    expect(landingFor(pharmacist, wardOfZone)).toEqual({ kind: 'verification' })
  })

  it('brings a pharmacist on the ward to its list, and a nurse in the pharmacy to none', () => {
    const rounding = at('pharmacist', '4-west', 'nurse-station')
    expect(landingFor(rounding, wardOfZone)).toEqual({ kind: 'ward', wardId: '4-west' })
    expect(landingFor({ ...nurse, ...pharmacist, role: 'nurse' }, wardOfZone)).toEqual({
      kind: 'wards',
    })
  })

  it('has nothing for a role that treats nobody', () => {
    expect(landingFor(at('registrar', '4-west', 'nurse-station'), wardOfZone).kind).toBe(
      'nothing-here',
    )
  })

  it('finds no ward in what every object inherits', () => {
    for (const zone of ['constructor', 'toString', '__proto__']) {
      expect(landingFor(at('nurse', zone, 'nurse-station'), wardOfZone).kind).toBe('wards')
      expect(maySeeWard(at('nurse', zone, 'nurse-station'), '4-west', wardOfZone)).toBe(false)
    }
  })
})

describe('seeing', () => {
  it('shows a nurse the ward she stands in and no other', () => {
    expect(maySeeWard(nurse, '4-west', wardOfZone)).toBe(true)
    expect(maySeeWard(nurse, '5-east', wardOfZone)).toBe(false)
  })

  it('opens every ward in an emergency, but only to clinical roles', () => {
    expect(maySeeWard({ ...nurse, purpose: 'BTG' }, '5-east', wardOfZone)).toBe(true)
    const registrar = { ...nurse, role: 'registrar', purpose: 'BTG' } as const
    expect(maySeeWard(registrar, '4-west', wardOfZone)).toBe(false)
  })
})

describe('doing', () => {
  it('lets prescribers sign and nobody else', () => {
    for (const role of ['physician', 'nurse-practitioner']) {
      expect(maySign({ ...nurse, role })).toBe(true)
    }
    for (const role of ['nurse', 'pharmacist', 'none', 'Physician']) {
      expect(maySign({ ...nurse, role })).toBe(false)
    }
  })

  it('lets pharmacists verify, in the pharmacy', () => {
    expect(mayVerify(pharmacist)).toBe(true)
    expect(mayVerify(at('pharmacist', '4-west', 'nurse-station'))).toBe(false)
    expect(mayVerify({ ...pharmacist, role: 'nurse' })).toBe(false)
  })
})
