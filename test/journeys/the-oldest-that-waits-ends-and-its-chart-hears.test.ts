// From a workstation's word that one session too many waits there, through the whole broker, to the
// logout that the EHR of the oldest receives: signed, about her and her sign-in, and nobody else's.

import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench } from '@wardkey/agent/machine/proofs/bench'
import type { Effect } from '@wardkey/agent/machine/effect'
import type { Card } from '@wardkey/agent/machine/state'
import { tapId } from '@wardkey/protocol/ids'
import { createBrowser } from '../../demo/src/ehr/kit/browser.ts'
import { openBroker } from '../kit/broker.ts'
import type { Broker } from '../kit/broker.ts'
import type { KitPerson } from '../kit/broker-core.ts'
import type { WiredAgent } from '../kit/wired-broker.ts'

/** Nobody is there: a redirect to it has left the broker. */
const redirectUri = 'http://127.0.0.1:9/callback'
const secret = 's'.repeat(40)
const rules = { roles: ['nurse'], pin: 'never', suspendedMax: 1 }
const backchannelEvent = 'http://schemas.openid.net/event/backchannel-logout'

describe('one session too many waits behind a lock screen', () => {
  let broker: Broker
  let agent: WiredAgent
  let ehr: Server
  let received: string[]
  let machine: Bench

  beforeEach(async () => {
    received = []
    ehr = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString()))
      request.on('end', () => {
        received.push(new URLSearchParams(text).get('logout_token') ?? '')
        response.writeHead(200).end()
      })
    })
    await new Promise<void>((resolve) => ehr.listen(0, '127.0.0.1', resolve))
    const { port } = ehr.address() as AddressInfo
    const chart = {
      ...{ clientId: 'chart', name: 'Chart', secret, redirectUris: [redirectUri] },
      launch: { id: 'chart', adapter: 'oidc-web', launchUrl: 'http://127.0.0.1:9/start' },
      backchannelLogoutUri: `http://127.0.0.1:${String(port)}/logout`,
    }
    broker = await openBroker({
      zones: [{ id: '4-west', kind: 'nurse-station', label: '4 West', rules }],
      'oidc.clients': [chart],
      'oidc.privateAddresses': ['127.0.0.1'],
    })
    agent = await broker.connect(await broker.enrol('4-west', 'Station 1'))
    machine = new Bench()
    if (agent.welcome) machine.says(agent.welcome)
  })
  afterEach(async () => {
    await broker.record()
    await broker.close()
    await new Promise((resolve) => ehr.close(resolve))
  })

  /** Her badge at the workstation's own machine: what it has to say goes out over the line. */
  async function opens(who: KitPerson) {
    const mark = machine.effects.length
    const card: Card = { technology: 'csn', canonical: who.card.canonical }
    const asked = tapId.parse(crypto.randomUUID())
    machine.does({ kind: 'card-seen', card, tapId: asked, isShown: true })
    for (const effect of machine.since(mark)) carryOut(effect, who)
    const admitted = await agent.next('admitted')
    machine.says(admitted).does({ kind: 'launch-shown', sessionId: admitted.sessionId })
    machine.does({ kind: 'card-gone' }, 2000)
    return admitted
  }

  function carryOut(effect: Effect, { card }: KitPerson): void {
    const atMs = Date.now()
    if (effect.kind === 'send-tap') agent.tap(card, effect.tapId)
    if (effect.kind === 'send-leave' || effect.kind === 'send-end') {
      const { sessionId, reason } = effect
      const kind = effect.kind === 'send-leave' ? 'leave' : 'end'
      agent.say({ kind, sessionId, reason, atMs })
    }
  }

  /** Signed in to the chart as its page does it, with the ticket of the launch. */
  async function signsIn({ steps }: Awaited<ReturnType<typeof opens>>): Promise<client.IDToken> {
    const [step] = steps
    if (step?.kind !== 'open-web' || !step.signIn) throw new Error('nothing to launch')
    const browser = createBrowser()
    const { url, field, ticket } = step.signIn
    await expect(browser.submit(url, { [field]: ticket })).rejects.toThrow(TypeError)
    const config = await client.discovery(
      new URL(`${broker.running.webUrl}/oidc`),
      'chart',
      { client_secret: secret, id_token_signed_response_alg: 'ES256' },
      undefined,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback only, in a test
      { execute: [client.allowInsecureRequests] },
    )
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const asked = client.buildAuthorizationUrl(config, {
      ...{ redirect_uri: redirectUri, scope: 'openid profile', state },
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const callback = await follow(asked.href, new Map(browser.cookies))
    const checks = { pkceCodeVerifier: verifier, expectedState: state }
    const claims = (await client.authorizationCodeGrant(config, callback, checks)).claims()
    if (!claims) throw new Error('no id token')
    return claims
  }

  async function heard() {
    const keys = createRemoteJWKSet(new URL(`${broker.running.webUrl}/oidc/jwks`))
    const issuer = `${broker.running.webUrl}/oidc`
    const all = received.map((token) => jwtVerify(token, keys, { issuer, audience: 'chart' }))
    return (await Promise.all(all)).map(({ payload }) => payload)
  }

  it('the oldest is over, and her chart is told so, once, and nobody else’s', async () => {
    const [anna, ben, cyd] = [
      await broker.addPerson({ given: 'Anna' }),
      await broker.addPerson({ given: 'Ben' }),
      await broker.addPerson({ given: 'Cyd' }),
    ]
    const first = await opens(anna)
    const hers = await signsIn(first)
    await signsIn(await opens(ben))
    // One waits, as many as may: nothing is over yet.
    expect(received).toEqual([])
    await opens(cyd)
    await expect.poll(() => received.length, { timeout: 5000 }).toBe(1)
    const [logout] = await heard()
    expect(logout).toMatchObject({ sub: anna.personId })
    expect(Object.keys(Object(logout?.['events']))).toEqual([backchannelEvent])
    expect(logout?.['nonce']).toBeUndefined()
    expect(logout?.['sid']).toEqual(hers['sid'] ?? expect.any(String))
    await expect
      .poll(async () => (await broker.record()).map(({ code }) => code))
      .toContain('SSO-003')
    const facts = await broker.record()
    const ended = facts.filter(({ code }) => code === 'SES-004')
    expect(ended).toMatchObject([
      { session: first.sessionId, fields: { reason: 'too-many-suspended' } },
    ])
    expect(facts.filter(({ code }) => code === 'SSO-003')).toMatchObject([
      { session: first.sessionId },
    ])
    // Whoever comes back to it finds another.
    expect((await opens(anna)).sessionId).not.toBe(first.sessionId)
  })
})

/** Up to the address that only the EHR would answer. */
async function follow(from: string, cookies: Map<string, string>): Promise<URL> {
  let at = from
  for (let hop = 0; hop < 10; hop++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const cut = pair.indexOf('=')
      const [name, value] = [pair.slice(0, cut), pair.slice(cut + 1)]
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`it stood still: ${String(answer.status)}`)
    at = new URL(location, at).href
    if (at.startsWith(redirectUri)) return new URL(at)
  }
  throw new Error('too many redirects')
}
