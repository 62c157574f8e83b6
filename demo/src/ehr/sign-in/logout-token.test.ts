// Holds every refusal of OpenID Connect Back-Channel Logout 1.0, section 2.6, with made-up keys.

import { generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { judgeLogoutToken, type LogoutExpectations } from './logout-token.ts'

const issuer = 'https://sign-in.example/oidc'
const clientId = 'larkfield-chart'
const nowS = 1_800_000_000
const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const good = {
  iss: issuer,
  aud: clientId,
  iat: nowS,
  exp: nowS + 120,
  jti: 'j-1',
  sub: 'p-1',
  sid: 's-1',
  events,
}

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Keys
let otherKeys: Keys
let expected: LogoutExpectations

beforeAll(async () => {
  keys = await generateKeyPair('ES256')
  otherKeys = await generateKeyPair('ES256')
  expected = {
    keys: () => keys.publicKey,
    issuer,
    clientId,
    algorithms: ['ES256', 'HS256', 'none'],
    now: new Date(nowS * 1000),
  }
})

function sign(claims: JWTPayload, typ: string | undefined = 'logout+jwt', by: Keys = keys) {
  const header = { alg: 'ES256', ...(typ !== '' && { typ }) }
  return new SignJWT(claims).setProtectedHeader(header).sign(by.privateKey)
}

function without(name: string): JWTPayload {
  return Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))
}

describe('judgeLogoutToken', () => {
  it('welcomes a good token, by sid and sub, by either alone', async () => {
    expect(await judgeLogoutToken(await sign(good), expected)).toEqual({
      kind: 'logout',
      logout: {
        sub: 'p-1',
        sid: 's-1',
        jti: 'j-1',
        issuedAtS: nowS,
        expiresAtS: nowS + 120,
      },
    })
    for (const name of ['sub', 'sid']) {
      const judged = await judgeLogoutToken(await sign(without(name)), expected)
      expect(judged.kind).toBe('logout')
    }
  })

  it.each<[string, JWTPayload]>([
    ['another issuer', { ...good, iss: 'https://elsewhere.example' }],
    ['another audience', { ...good, aud: 'another-chart' }],
    ['a token that has run out', { ...good, iat: nowS - 300, exp: nowS - 180 }],
    ['a token from the future', { ...good, iat: nowS + 300, exp: nowS + 420 }],
    ['a token that lives for an hour', { ...good, exp: nowS + 3600 }],
    ['a nonce', { ...good, nonce: 'n' }],
    ['an empty nonce', { ...good, nonce: '' }],
    ['neither sub nor sid', { ...without('sub'), sid: undefined }],
    ['no events', without('events')],
    ['events of another kind', { ...good, events: { 'https://example.com/event': {} } }],
    ['events as a list', { ...good, events: Object.keys(events) }],
    ['no jti', without('jti')],
    ['no exp', without('exp')],
    ['no iat', without('iat')],
  ])('refuses %s', async (_name, claims) => {
    expect((await judgeLogoutToken(await sign(claims), expected)).kind).toBe('invalid')
  })

  it('refuses an id_token, which has another type', async () => {
    for (const typ of ['JWT', 'at+jwt', '']) {
      expect((await judgeLogoutToken(await sign(good, typ), expected)).kind).toBe('invalid')
    }
  })

  it('refuses another’s key', async () => {
    const forged = await sign(good, 'logout+jwt', otherKeys)
    expect((await judgeLogoutToken(forged, expected)).kind).toBe('invalid')
  })

  it('refuses HMAC, even with an algorithm list that has it and a key that fits', async () => {
    const secret = new TextEncoder().encode('the-client-secret-of-this-chart-0123456789')
    const forged = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt' })
      .sign(secret)
    const judged = await judgeLogoutToken(forged, { ...expected, keys: () => secret })
    expect(judged).toEqual({ kind: 'invalid', why: 'ERR_JOSE_ALG_NOT_ALLOWED' })
  })

  it('refuses an unsigned token', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const bare = `${part({ alg: 'none', typ: 'logout+jwt' })}.${part(good)}.`
    expect((await judgeLogoutToken(bare, expected)).kind).toBe('invalid')
  })

  it('refuses a token that was changed in any part', async () => {
    const token = await sign(good)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const swapped = Buffer.from(JSON.stringify({ ...good, sid: 's-2' })).toString('base64url')
    for (const changed of [
      `${header}.${swapped}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}`,
      '',
      '...',
      'x'.repeat(9000),
    ]) {
      expect((await judgeLogoutToken(changed, expected)).kind).toBe('invalid')
    }
  })
})
