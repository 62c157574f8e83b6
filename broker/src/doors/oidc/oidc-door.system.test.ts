// The whole sign-in over real HTTP with an ordinary OIDC client: launch, silent code flow, lock,
// step-up, logout. Only the store is in memory.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import Fastify from 'fastify'
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StepUpEnd } from '../../flows/step-up/step-up-end.ts'
import type { Seated } from '../../sessions/find-seated.ts'
import { ceremonyId, personId, sessionId, workstationId, zoneId } from '@wardkey/protocol/ids'
import type { ModelRow, ModelStore } from './models/model-store.ts'
import { registerOidc } from './oidc-door.ts'
import type { OidcDoor } from './oidc-door.ts'
import type { OidcNeeds, StepUpAsk } from './oidc-needs.ts'
import { parsePrivateAddresses } from './outgoing.ts'

const redirectUri = 'http://127.0.0.1:9/callback'
const acrFresh = 'urn:wardkey:acr:badge-pin-fresh'
const ticket = 'T'.repeat(43)
const hash = 'h'.repeat(43)

function memoryModels(): ModelStore {
  const rows = new Map<string, ModelRow>()
  const key = (model: string, id: string): string => `${model} ${id}`
  const done = Promise.resolve()
  return {
    put: (row) => (rows.set(key(row.model, row.id), row), done),
    find: (model, id) => Promise.resolve(rows.get(key(model, id))),
    findByUid: (model, uid) =>
      Promise.resolve([...rows.values()].find((row) => row.model === model && row.uid === uid)),
    findByUserCode: () => Promise.resolve(undefined),
    allByUid: (model, uid) =>
      Promise.resolve([...rows.values()].filter((row) => row.model === model && row.uid === uid)),
    consume: (model, id, nowMs) => {
      const row = rows.get(key(model, id))
      if (row) rows.set(key(model, id), { ...row, consumedMs: nowMs })
      return done
    },
    remove: (model, id) => (rows.delete(key(model, id)), done),
    removeByGrant: (grantId) => {
      for (const [id, row] of rows) if (row.grantId === grantId) rows.delete(id)
      return done
    },
    sweep: () => done,
  }
}

/** A browser context: cookies of one host, redirects followed by hand within the broker. */
class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  async send(url: string, form?: Record<string, string>): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return response
  }

  /** Follows redirects until one leaves the broker, or a page stands. */
  async visit(url: string): Promise<{ leftTo?: URL; response: Response }> {
    let at = url
    for (let hops = 0; hops < 12; hops++) {
      const response = await this.send(at)
      const location = response.headers.get('location')
      if (location === null) return { response }
      const next = new URL(location, at)
      if (next.origin !== this.#base) return { leftTo: next, response }
      at = next.href
    }
    throw new Error('too many redirects')
  }
}

describe('the OIDC door', () => {
  let fastify: FastifyInstance
  let base: string
  let door: OidcDoor
  let seated: Seated | undefined
  let asks: StepUpAsk[]
  let end: StepUpEnd | undefined
  let isResting: boolean
  let tokens: string[]
  let logoutServer: Server
  let logoutTokens: string[]
  let config: client.Configuration
  let told: boolean[]
  let accessToken: string

  beforeEach(async () => {
    asks = []
    isResting = false
    tokens = []
    logoutTokens = []
    told = []
    seated = {
      sessionId: sessionId.parse(randomUUID()),
      workstationId: workstationId.parse(randomUUID()),
      personId: personId.parse(randomUUID()),
      roles: ['nurse'],
      zoneId: zoneId.parse('4-west'),
      zoneKind: 'nurse-station',
      place: '4 West, station 2',
      acr: 'urn:wardkey:acr:badge-pin',
      amr: ['pin', 'user'],
      pinAtMs: Date.now() - 3_600_000,
    }
    const first = seated
    logoutServer = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        logoutTokens.push(new URLSearchParams(text).get('logout_token') ?? '')
        response.writeHead(200).end()
      })
    })
    const logoutPort = await new Promise<number>((resolve) => {
      logoutServer.listen(0, '127.0.0.1', () => {
        const address = logoutServer.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    fastify = Fastify()
    await fastify.register(formbody)
    // The address has to be known before the provider is made.
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const address = free.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await new Promise((resolve) => free.close(resolve))
    base = `http://127.0.0.1:${String(port)}`
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const needs: OidcNeeds = {
      publicUrl: base,
      clients: [
        {
          clientId: 'ehr',
          clientSecret: 's'.repeat(32),
          name: 'Larkfield Chart',
          redirectUris: [redirectUri],
          postLogoutRedirectUris: [],
          backchannelLogoutUri: `http://127.0.0.1:${String(logoutPort)}/logout`,
          idTokenAlg: 'ES256',
        },
      ],
      launchUrls: new Map([['chart', 'http://127.0.0.1:9/login']]),
      jwks: [{ ...privateKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }],
      cookieKey: Buffer.alloc(32, 7),
      models: memoryModels(),
      privateAddresses: parsePrivateAddresses(['127.0.0.1']),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      nowMs: Date.now,
      findSeated: (session, workstation) =>
        Promise.resolve(
          seated?.sessionId === session && seated.workstationId === workstation
            ? seated
            : undefined,
        ),
      nameOf: () => Promise.resolve('Rosa Santos'),
      redeemTicket: (given) =>
        Promise.resolve(
          given === ticket && seated
            ? { sessionId: first.sessionId, workstationId: first.workstationId }
            : undefined,
        ),
      recordToken: (who, clientId, acr) => {
        tokens.push(`${clientId} ${acr}`)
        return Promise.resolve(seated?.sessionId === who.sessionId)
      },
      askStepUp: (ask) => {
        if (isResting) return Promise.resolve(undefined)
        asks.push(ask)
        return Promise.resolve(ask.interactionUid)
      },
      stepUpEnded: () => Promise.resolve(end),
      recordLogoutTold: (_session, _client, isTold) => (told.push(isTold), Promise.resolve()),
    }
    door = await registerOidc(fastify, needs)
    await fastify.listen({ host: '127.0.0.1', port })
    config = await client.discovery(
      new URL(`${base}/oidc`),
      'ehr',
      { client_secret: 's'.repeat(32), id_token_signed_response_alg: 'ES256' },
      undefined,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback only, in a test
      { execute: [client.allowInsecureRequests] },
    )
  })

  afterEach(async () => {
    await fastify.close()
    logoutServer.closeAllConnections()
    await new Promise((resolve) => logoutServer.close(resolve))
  })

  async function launched(): Promise<Browser> {
    const browser = new Browser(base)
    const answer = await browser.send(`${base}/launch/chart`, { ticket })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('http://127.0.0.1:9/login')
    return browser
  }

  async function authorize(browser: Browser, extra: Record<string, string> = {}) {
    const verifier = client.randomPKCECodeVerifier()
    const nonce = client.randomNonce()
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
      state,
      ...extra,
    })
    const { leftTo, response } = await browser.visit(url.href)
    const exchange = async (): Promise<client.IDToken> => {
      if (!leftTo) throw new Error(`no answer: ${String(response.status)}`)
      const result = await client.authorizationCodeGrant(config, leftTo, {
        pkceCodeVerifier: verifier,
        expectedNonce: nonce,
        expectedState: state,
        ...(extra['max_age'] === undefined ? {} : { maxAge: Number(extra['max_age']) }),
      })
      accessToken = result.access_token
      const claims = result.claims()
      if (!claims) throw new Error('no id token')
      return claims
    }
    return { leftTo, response, exchange }
  }

  it('signs a launched browser in without a prompt, with the context in the token', async () => {
    const { exchange } = await authorize(await launched())
    expect(await exchange()).toMatchObject({
      sub: seated?.personId,
      name: 'Rosa Santos',
      zone: '4-west',
      zone_kind: 'nurse-station',
      workstation: '4 West, station 2',
      role: 'nurse',
      purpose: 'TREAT',
      session: seated?.sessionId,
      acr: 'urn:wardkey:acr:badge-pin',
      amr: ['pin', 'user'],
      auth_time: Math.floor((seated?.pinAtMs ?? 0) / 1000),
    })
    expect(tokens).toEqual(['ehr urn:wardkey:acr:badge-pin'])
  })

  it('says in every token that an emergency opened the session', async () => {
    if (!seated) throw new Error('nobody')
    const acr = 'urn:wardkey:acr:break-glass'
    seated = { ...seated, acr, amr: ['user'], pinAtMs: 0, grantId: randomUUID() }
    const { exchange, leftTo } = await authorize(await launched())
    expect(leftTo?.searchParams.get('code')).toBeTruthy()
    const claims = await exchange()
    expect(claims).toMatchObject({ purpose: 'BTG', acr, amr: ['user'], auth_time: 0 })
    const introspected = await client.tokenIntrospection(config, accessToken)
    expect(introspected).toMatchObject({ active: true, purpose: 'BTG', acr })
    const info = await client.fetchUserInfo(config, accessToken, claims.sub)
    expect(info['purpose']).toBe('BTG')
  })

  it('gives an emergency no fresh proof but by a signature of its own', async () => {
    if (!seated) throw new Error('nobody')
    seated = { ...seated, acr: 'urn:wardkey:acr:break-glass', grantId: randomUUID() }
    const { leftTo } = await authorize(await launched(), { acr_values: acrFresh })
    expect(leftTo).toBeUndefined()
    expect(asks).toHaveLength(1)
  })

  it('answers prompt=none from the open session once it has one', async () => {
    const browser = await launched()
    await (await authorize(browser)).exchange()
    const { exchange } = await authorize(browser, { prompt: 'none' })
    expect((await exchange()).sub).toBe(seated?.personId)
  })

  it('follows a PIN given since, without asking anybody', async () => {
    const browser = await launched()
    await (await authorize(browser)).exchange()
    if (seated) seated = { ...seated, pinAtMs: Date.now() - 1000 }
    const claims = await (await authorize(browser, { prompt: 'none' })).exchange()
    expect(claims.auth_time).toBe(Math.floor((seated?.pinAtMs ?? 0) / 1000))
  })

  it('asks for a signature at the workstation and binds the token to what was signed', async () => {
    const browser = await launched()
    await (await authorize(browser)).exchange()
    const who = seated
    if (!who) throw new Error('nobody sits here')
    const detail = { type: 'wardkey_signature', description: 'Sign: x', hash, hash_alg: 'sha-256' }
    const signedAtMs = Date.now()
    end = {
      outcome: 'signed',
      ceremonyId: ceremonyId.parse(randomUUID()),
      personId: who.personId,
      sessionId: who.sessionId,
      workstationId: who.workstationId,
      signedAtMs,
      amr: ['pin', 'user'],
      detail: { type: 'wardkey_signature', description: 'Sign: x', hash, hash_alg: 'sha-256' },
    }
    const verifier = client.randomPKCECodeVerifier()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      acr_values: acrFresh,
      max_age: '60',
      authorization_details: JSON.stringify([detail]),
    })
    const page = await browser.visit(url.href)
    expect(page.leftTo).toBeUndefined()
    const html = await page.response.text()
    expect(html).toContain('Sign: x')
    const wait = /url=([^"]+)"/.exec(html)?.[1] ?? ''
    const { leftTo } = await browser.visit(new URL(wait, base).href)
    if (!leftTo) throw new Error('no answer')
    const result = await client.authorizationCodeGrant(config, leftTo, {
      pkceCodeVerifier: verifier,
      maxAge: 60,
      idTokenExpected: true,
    })
    expect(result.claims()).toMatchObject({
      acr: acrFresh,
      auth_time: Math.floor(signedAtMs / 1000),
      authorization_details: [detail],
    })
    expect(asks).toHaveLength(1)
    expect(asks[0]).toMatchObject({ description: 'Sign: x', application: 'Larkfield Chart' })
    // What was signed once is not signed again: the next ordinary token is the session's.
    const next = await (await authorize(browser)).exchange()
    expect(next.acr).toBe('urn:wardkey:acr:badge-pin')
    expect(next['authorization_details']).toBeUndefined()
  })

  it('tells the EHR when the session has left, and takes its tokens back', async () => {
    const browser = await launched()
    const { exchange } = await authorize(browser)
    const claims = await exchange()
    if (!seated) throw new Error('nobody sits here')
    await door.tellEhrs.sessionLeft(seated.sessionId, seated.workstationId, seated.personId)
    expect(logoutTokens).toHaveLength(1)
    expect(decodeJwt(logoutTokens[0] ?? '')).toMatchObject({ sub: claims.sub, aud: 'ehr' })
    expect(told).toEqual([true])
    const { leftTo } = await authorize(browser, { prompt: 'none' })
    expect(leftTo?.searchParams.get('error')).toBe('login_required')
  })

  describe('refuses', () => {
    const errorOf = (leftTo: URL | undefined): string | null | undefined =>
      leftTo?.searchParams.get('error')

    it('a ticket that is not one', async () => {
      const browser = new Browser(base)
      const answer = await browser.send(`${base}/launch/chart`, { ticket: 'U'.repeat(43) })
      expect(answer.status).toBe(403)
      expect(answer.headers.getSetCookie()).toEqual([])
    })
    it('an application that is not in the settings', async () => {
      const answer = await new Browser(base).send(`${base}/launch/other`, { ticket })
      expect(answer.status).toBe(403)
    })
    it('a browser without a seat', async () => {
      expect(errorOf((await authorize(new Browser(base))).leftTo)).toBe('login_required')
    })
    it('a browser whose session is locked, until it is open again', async () => {
      const browser = await launched()
      await (await authorize(browser)).exchange()
      const was = seated
      seated = undefined
      expect(errorOf((await authorize(browser)).leftTo)).toBe('login_required')
      expect(errorOf((await authorize(browser, { prompt: 'none' })).leftTo)).toBe('login_required')
      seated = was
      expect((await (await authorize(browser)).exchange()).sub).toBe(was?.personId)
    })
    it('a code whose session was locked before it was exchanged', async () => {
      const { exchange } = await authorize(await launched())
      seated = undefined
      await expect(exchange()).rejects.toThrow()
      expect(tokens).toEqual([])
    })
    it('userinfo while locked', async () => {
      const { leftTo } = await authorize(await launched())
      expect(leftTo?.searchParams.get('code')).toBeTruthy()
      seated = undefined
      const answer = await fetch(`${base}/oidc/me`, { headers: { authorization: 'Bearer x' } })
      expect(answer.status).toBe(401)
    })
    it('another person’s seat: a grace window of hers is not mine', async () => {
      const browser = await launched()
      await (await authorize(browser)).exchange()
      if (seated) seated = { ...seated, personId: personId.parse(randomUUID()) }
      const { leftTo } = await authorize(browser, { prompt: 'none' })
      expect(errorOf(leftTo)).toBe('login_required')
    })
    it('a signature that was not given', async () => {
      const browser = await launched()
      end = { outcome: 'cancelled', ceremonyId: ceremonyId.parse(randomUUID()) }
      const { response } = await authorize(browser, { acr_values: acrFresh })
      const wait = /url=([^"]+)"/.exec(await response.text())?.[1] ?? ''
      const { leftTo } = await browser.visit(new URL(wait, base).href)
      expect(errorOf(leftTo)).toBe('access_denied')
      expect(tokens).toEqual([])
    })
    it('a signature while asking rests, and shows no page that waits', async () => {
      const browser = await launched()
      isResting = true
      const { leftTo } = await authorize(browser, { acr_values: acrFresh })
      expect(errorOf(leftTo)).toBe('temporarily_unavailable')
      expect([asks, tokens]).toEqual([[], []])
    })
    it('a signature given at another workstation', async () => {
      const browser = await launched()
      const who = seated
      if (!who) throw new Error('nobody sits here')
      end = {
        outcome: 'signed',
        ceremonyId: ceremonyId.parse(randomUUID()),
        personId: who.personId,
        sessionId: who.sessionId,
        workstationId: workstationId.parse(randomUUID()),
        signedAtMs: Date.now(),
        amr: ['pin', 'user'],
      }
      const { response } = await authorize(browser, { max_age: '10' })
      const wait = /url=([^"]+)"/.exec(await response.text())?.[1] ?? ''
      const { leftTo } = await browser.visit(new URL(wait, base).href)
      expect(errorOf(leftTo)).toBe('login_required')
    })
    it('a fresh proof under prompt=none', async () => {
      const browser = await launched()
      await (await authorize(browser)).exchange()
      const { leftTo } = await authorize(browser, { prompt: 'none', acr_values: acrFresh })
      expect(errorOf(leftTo)).toBe('login_required')
    })
    it('a signature request that a person could not read', async () => {
      const details = [
        { type: 'wardkey_signature', description: 'a\u202eb', hash, hash_alg: 'sha-256' },
      ]
      const { leftTo } = await authorize(await launched(), {
        authorization_details: JSON.stringify(details),
      })
      expect(errorOf(leftTo)).toBe('invalid_authorization_details')
    })
    it('a request without PKCE', async () => {
      const browser = await launched()
      const url = new URL(`${base}/oidc/auth`)
      url.search = new URLSearchParams({
        client_id: 'ehr',
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
      }).toString()
      expect(errorOf((await browser.visit(url.href)).leftTo)).toBe('invalid_request')
    })
  })
})
