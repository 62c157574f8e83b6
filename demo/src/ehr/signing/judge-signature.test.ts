// Holds that only a fresh, strong enough token of the same person that names the order is a
// signature.

import { describe, expect, it } from 'vitest'
import type { SignIn } from '../sign-in/sign-in-claims.ts'
import { whyNotSigned, type SignatureAsk } from './judge-signature.ts'

const startedAtMs = Date.UTC(2026, 10, 24, 7, 2, 11, 640)
const nowMs = startedAtMs + 5000
const hash = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE'
const ask: SignatureAsk = {
  acr: 'urn:wardkey:acr:badge-pin-fresh',
  type: 'wardkey_signature',
  hash,
  sub: 'p-1',
  startedAtMs,
}
const detail = { type: ask.type, hash, hash_alg: 'sha-256' }
const token: SignIn = {
  sub: 'p-1',
  sid: 's-1',
  issuedAtS: nowMs / 1000,
  authTimeS: Math.floor(startedAtMs / 1000) + 3,
  acr: ask.acr,
  amr: ['user', 'pin'],
  name: 'Imani Okafor',
  role: 'nurse-practitioner',
  zone: '4-west',
  zoneKind: 'nurse-station',
  workstation: '4 West, station 2',
  purpose: 'TREAT',
  session: 's-1',
  authorizationDetails: [detail],
}

describe('whyNotSigned', () => {
  it('takes a token that is all of it', () => {
    expect(whyNotSigned(token, ask, nowMs)).toBeUndefined()
  })

  it('takes the very second in which it was asked', () => {
    const authTimeS = Math.floor(startedAtMs / 1000)
    expect(whyNotSigned({ ...token, authTimeS }, ask, nowMs)).toBeUndefined()
  })

  it.each<[string, Partial<SignIn>, string]>([
    ['somebody else', { sub: 'p-2' }, 'another-person'],
    ['the ordinary acr', { acr: 'urn:wardkey:acr:badge-pin' }, 'too-weak'],
    ['an acr that only begins like it', { acr: `${ask.acr}-not` }, 'too-weak'],
    ['a second too old', { authTimeS: Math.floor(startedAtMs / 1000) - 1 }, 'not-fresh'],
    ['the morning’s PIN', { authTimeS: Math.floor(startedAtMs / 1000) - 3600 }, 'not-fresh'],
    ['the future', { authTimeS: Math.floor(nowMs / 1000) + 60 }, 'not-fresh'],
    ['no details', { authorizationDetails: [] }, 'not-bound'],
    ['another hash', { authorizationDetails: [{ ...detail, hash: `${hash}x` }] }, 'not-bound'],
    ['no hash', { authorizationDetails: [{ type: ask.type }] }, 'not-bound'],
    ['another type', { authorizationDetails: [{ ...detail, type: 'payment' }] }, 'not-bound'],
    ['another algorithm', { authorizationDetails: [{ ...detail, hash_alg: 'md5' }] }, 'not-bound'],
    ['two details', { authorizationDetails: [detail, detail] }, 'not-bound'],
  ])('refuses %s', (_name, change, why) => {
    expect(whyNotSigned({ ...token, ...change }, ask, nowMs)).toBe(why)
  })
})
