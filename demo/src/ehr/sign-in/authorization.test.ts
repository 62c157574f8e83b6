// Holds that a token which is not the provider’s own answer to this question signs nobody in. The
// provider here is made up, down to its keys; no socket is opened.

import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import type { CustomFetch } from 'openid-client'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseSettings } from '../settings.ts'
import { newSecrets, signatureUrl, signInUrl, takeAnswer } from './authorization.ts'
import type { Pending } from './pending.ts'
import { discoverProvider, type Provider } from './provider.ts'

const issuer = 'https://sign-in.example/oidc'
const clientId = 'larkfield-chart'
const clientSecret = 'a-made-up-secret-of-32-characters'
const settings = parseSettings({ port: 0, issuer, clientId, clientSecret })
const asking = { redirectUri: 'https://chart.example/callback', scope: 'openid profile' }

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Keys
let otherKeys: Keys

beforeAll(async () => {
  keys = await generateKeyPair('RS256')
  otherKeys = await generateKeyPair('RS256')
})

const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  id_token_signing_alg_values_supported: ['RS256'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
}

interface MadeUp {
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly idToken?: () => Promise<string>
  readonly seen?: { url: string; body: string; authorization: string | undefined }[]
}

function madeUp({ metadata: more, idToken, seen }: MadeUp): CustomFetch {
  return async (url, options) => {
    const path = new URL(url).pathname
    const body = options.body instanceof URLSearchParams ? options.body.toString() : ''
    seen?.push({ url, body, authorization: options.headers['authorization'] })
    if (path.endsWith('/openid-configuration')) return Response.json({ ...metadata, ...more })
    if (path.endsWith('/jwks')) {
      return Response.json({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k' }] })
    }
    if (path.endsWith('/par')) {
      return Response.json({ request_uri: 'urn:pushed:1', expires_in: 60 }, { status: 201 })
    }
    if (path.endsWith('/token') && idToken !== undefined) {
      const id_token = await idToken()
      return Response.json({ access_token: 'a', token_type: 'bearer', expires_in: 60, id_token })
    }
    return new Response(null, { status: 404 })
  }
}

const nowS = (): number => Math.floor(Date.now() / 1000)

function claims(nonce: string): JWTPayload {
  return {
    iss: issuer,
    aud: clientId,
    sub: 'p-1',
    iat: nowS(),
    exp: nowS() + 60,
    auth_time: nowS(),
    nonce,
    sid: 's-1',
    acr: 'urn:wardkey:acr:badge-pin',
    amr: ['user', 'pin'],
    name: 'Rosa Santos',
    role: 'nurse',
    zone: '4-west',
    zone_kind: 'nurse-station',
    workstation: '4 West, station 2',
    purpose: 'TREAT',
  }
}

function sign(payload: JWTPayload, by: Keys = keys, alg = 'RS256'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg, kid: 'k' }).sign(by.privateKey)
}

const secrets = newSecrets()
const pending: Pending = { kind: 'sign-in', ...secrets, browserId: 'b', returnTo: undefined }

async function answer(
  idToken: () => Promise<string>,
  parameters: Readonly<Record<string, string>> = {},
  asked: Pending = pending,
) {
  const provider = await discoverProvider(settings, madeUp({ idToken }))
  const url = new URL(asking.redirectUri)
  const given = { code: 'c', state: secrets.state, iss: issuer, ...parameters }
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value)
  return takeAnswer(provider, url, asked)
}

describe('the answer to a sign-in', () => {
  it('is taken when everything is right', async () => {
    const taken = await answer(() => sign(claims(secrets.nonce)))
    expect(taken).toMatchObject({ kind: 'token', signIn: { sub: 'p-1', zone: '4-west' } })
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another nonce', { nonce: 'n' }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['another audience', { aud: 'another-chart' }],
    ['several audiences and no azp', { aud: [clientId, 'another-chart'] }],
    ['an expiry that is past', { exp: nowS() - 120 }],
    ['no subject', { sub: undefined }],
    ['claims that do not parse', { purpose: 'MARKETING' }],
  ])('is refused with %s', async (_name, change) => {
    const taken = await answer(() => sign({ ...claims(secrets.nonce), ...change }))
    expect(taken.kind).toBe('failed')
  })

  it('is refused when another signed it', async () => {
    expect((await answer(() => sign(claims(secrets.nonce), otherKeys))).kind).toBe('failed')
  })

  it('is refused with an algorithm that the provider does not announce', async () => {
    const stray = await generateKeyPair('ES256')
    const taken = await answer(() => sign(claims(secrets.nonce), stray, 'ES256'))
    expect(taken.kind).toBe('failed')
  })

  it('is refused unsigned', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const bare = `${part({ alg: 'none' })}.${part(claims(secrets.nonce))}.`
    expect((await answer(() => Promise.resolve(bare))).kind).toBe('failed')
  })

  it('is refused with another state, another sender, or none named', async () => {
    const good = (): Promise<string> => sign(claims(secrets.nonce))
    expect((await answer(good, { state: 'x' })).kind).toBe('failed')
    expect((await answer(good, { iss: 'https://elsewhere.example' })).kind).toBe('failed')
  })

  it('is refused as a signature when the sign-in is minutes old', async () => {
    const ask = { acr: 'a', type: 't', hash: 'h', sub: 'p-1', startedAtMs: 0 }
    const signature = { sessionId: 's', orderId: 'o', writtenOn: 'd', ask }
    const asked: Pending = { ...pending, ...signature, kind: 'signature' }
    const old = { ...claims(secrets.nonce), auth_time: nowS() - 600 }
    expect((await answer(() => sign(old), {}, asked)).kind).toBe('failed')
    const missing = { ...claims(secrets.nonce), auth_time: undefined }
    expect((await answer(() => sign(missing), {}, asked)).kind).toBe('failed')
  })

  it('tells a refusal of the provider by its code, once the state fits', async () => {
    const never = (): Promise<string> => Promise.reject(new Error('never asked'))
    expect(await answer(never, { error: 'login_required' })).toEqual({
      kind: 'refused',
      error: 'login_required',
    })
    expect((await answer(never, { error: 'login_required', state: 'x' })).kind).toBe('failed')
  })
})

describe('the question', () => {
  const discovered = (fetchWith: CustomFetch): Promise<Provider> =>
    discoverProvider(settings, fetchWith)
  const signing = {
    ...asking,
    acr: 'urn:wardkey:acr:badge-pin-fresh',
    type: 'wardkey_signature',
    description: 'Sign: amoxicillin for Orla Testcase',
    hash: 'h',
    idToken: 'i',
  }

  it('has state, nonce and PKCE, and no prompt', async () => {
    const url = await signInUrl(await discovered(madeUp({})), asking, secrets)
    const asked = Object.fromEntries(url.searchParams)
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: clientId,
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge_method: 'S256',
    })
    expect(asked).not.toHaveProperty('prompt')
    expect(url.href).not.toContain(secrets.codeVerifier)
  })

  it('for a signature is pushed, so that no patient’s name is in an address', async () => {
    const seen: { url: string; body: string; authorization: string | undefined }[] = []
    const pushing = { pushed_authorization_request_endpoint: `${issuer}/par` }
    const provider = await discovered(madeUp({ metadata: pushing, seen }))
    const url = await signatureUrl(provider, signing, secrets)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: clientId,
      request_uri: 'urn:pushed:1',
    })
    const pushed = seen.find((each) => each.url.endsWith('/par'))
    expect(pushed?.authorization).toMatch(/^Basic /)
    const asked = Object.fromEntries(new URLSearchParams(pushed?.body))
    expect(asked).toMatchObject({ acr_values: signing.acr, max_age: '0', id_token_hint: 'i' })
    expect(JSON.parse(asked['authorization_details'] ?? '')).toEqual([
      {
        type: 'wardkey_signature',
        description: signing.description,
        hash: 'h',
        hash_alg: 'sha-256',
      },
    ])
    expect(asked).not.toHaveProperty('prompt')
  })

  it('for a signature goes by address where nothing can be pushed', async () => {
    const url = await signatureUrl(await discovered(madeUp({})), signing, secrets)
    expect(url.searchParams.get('acr_values')).toBe(signing.acr)
  })
})

describe('discovery', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another issuer', { issuer: 'https://elsewhere.example' }],
    ['a token endpoint without TLS', { token_endpoint: 'http://sign-in.example/token' }],
    ['no keys', { jwks_uri: undefined }],
    ['keys without TLS', { jwks_uri: 'http://10.0.0.1/jwks' }],
    ['no PKCE', { code_challenge_methods_supported: ['plain'] }],
  ])('refuses %s', async (_name, more) => {
    const attempt = discoverProvider(settings, madeUp({ metadata: more }))
    await expect(attempt).rejects.toThrow()
  })
})
