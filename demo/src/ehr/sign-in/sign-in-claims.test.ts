// Holds that only a complete set of claims signs anybody in.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSignIn } from './sign-in-claims.ts'

const claims = {
  sub: 'p-1',
  sid: 's-1',
  iat: 1,
  auth_time: 1,
  acr: 'urn:wardkey:acr:badge-pin',
  amr: ['user', 'pin'],
  name: 'Rosa Santos',
  role: 'nurse',
  zone: '4-west',
  zone_kind: 'nurse-station',
  workstation: '4 West, station 2',
  purpose: 'TREAT',
}

describe('parseSignIn', () => {
  it('takes what is complete, and leaves what it does not know', () => {
    expect(parseSignIn({ ...claims, locale: 'en' })).toMatchObject({
      kind: 'sign-in',
      signIn: { sub: 'p-1', zoneKind: 'nurse-station', authTimeS: 1, authorizationDetails: [] },
    })
  })

  it.each(Object.keys(claims).filter((name) => name !== 'amr'))('refuses a lack of %s', (name) => {
    const lacking = Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
    expect(parseSignIn(lacking)).toEqual({ kind: 'invalid', claims: name })
  })

  it.each([
    ['auth_time', 'yesterday'],
    ['auth_time', -1],
    ['sub', ''],
    ['sub', 'x'.repeat(256)],
    ['name', 'x'.repeat(121)],
    ['role', 'Nurse; drop'],
    ['zone', '../etc'],
    ['purpose', 'MARKETING'],
    ['amr', 'pin'],
    ['authorization_details', [{ hash: 'x' }]],
    ['authorization_details', Array.from({ length: 9 }, () => ({ type: 't' }))],
  ])('refuses %s of %j', (name, value) => {
    expect(parseSignIn({ ...claims, [name]: value }).kind).toBe('invalid')
  })

  it('answers anything at all without throwing, and tells no value', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const parsed = parseSignIn(value)
        if (parsed.kind === 'invalid') expect(parsed.claims).toMatch(/^[a-z_0-9. ]*$/)
      }),
    )
  })
})
