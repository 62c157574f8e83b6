// Holds that nobody is sent elsewhere after signing in (open redirect).

import { describe, expect, it } from 'vitest'
import { ownPath } from './sign-in-routes.ts'

const origin = 'http://127.0.0.1:4100'

describe('ownPath', () => {
  it('takes pages of ours, by path or by address', () => {
    expect(ownPath('/patients/orla-testcase', origin)).toBe('/patients/orla-testcase')
    expect(ownPath(`${origin}/wards/4-west?x#y`, origin)).toBe('/wards/4-west')
    expect(ownPath('/pharmacy/verification', origin)).toBe('/pharmacy/verification')
  })

  it.each([
    'https://evil.example/patients/x',
    '//evil.example/patients/x',
    '/\\evil.example/patients/x',
    'http://127.0.0.1:4101/patients/x',
    'http://127.0.0.1:4100@evil.example/patients/x',
    'javascript:alert(1)',
    'data:text/html,x',
    '/login',
    '/callback?code=x',
    '/patients/../login',
    '/patients/x/y/z',
    '/',
    '',
  ])('drops %j', (target) => {
    expect(ownPath(target, origin)).toBeUndefined()
  })
})
