// From HR's word over SCIM to the workstation and the EHR, through the whole broker: the screen
// locks, and what was begun before the word is worth no token after it.

import { randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeAdminToken } from '@wardkey/broker/flows/admin-tokens'
import { createBrowser } from '../../demo/src/ehr/kit/browser.ts'
import { openBroker } from '../kit/broker.ts'
import type { Broker } from '../kit/broker.ts'
import { clinicianUrn, patchOp, userUrn } from '../kit/scim-client.ts'
import type { WiredAgent } from '../kit/wired-broker.ts'

const uid = '04a1b2c3d4e580'
/** Nobody is there: a redirect to it has left the broker. */
const redirectUri = 'http://127.0.0.1:9/callback'
const secret = 's'.repeat(40)
const chart = {
  clientId: 'chart',
  name: 'Chart',
  secret,
  redirectUris: [redirectUri],
  launch: { id: 'chart', adapter: 'oidc-web', launchUrl: 'http://127.0.0.1:9/start' },
}
const rules = { roles: ['nurse'], pin: 'never' }

describe('HR lets somebody go who is signed in', () => {
  let broker: Broker
  let agent: WiredAgent
  let token: string
  let her: string

  beforeEach(async () => {
    broker = await openBroker({
      zones: [{ id: '4-west', kind: 'nurse-station', label: '4 West', rules }],
      'people.roles': [{ name: 'nurses', jobCode: 'RN', roles: ['nurse'] }],
      'oidc.clients': [chart],
    })
    const { needs } = broker.running
    const order = { name: 'hr', scopes: ['scim:read', 'scim:write'] } as const
    const made = makeAdminToken(order, { ...needs, random: randomBytes })
    token = (await needs.perform(() => Promise.resolve(made))).answer.token
    const extension = { jobCode: 'RN', badges: [{ value: uid, format: 'hex' }] }
    const body = { schemas: [userUrn], userName: 'ana', [clinicianUrn]: extension }
    her = String((await scim('POST', '/Users', body)).body['id'])
    agent = await broker.connect(await broker.enrol('4-west', 'Station 1'))
  })
  afterEach(async () => {
    await broker.record()
    await broker.close()
  })

  const scim = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${broker.running.adminUrl}/scim/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { 'content-type': 'application/scim+json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const json: unknown = text === '' ? {} : JSON.parse(text)
    return { status: response.status, body: json as Record<string, unknown> }
  }
  const patch = (path: string, value: unknown) =>
    scim('PATCH', `/Users/${her}`, {
      schemas: [patchOp],
      Operations: [{ op: 'replace', path, value }],
    })

  /** Launched, with a code in hand that was given while she was there. */
  async function codeInHand() {
    const card = { technology: 'csn', canonical: uid }
    agent.tap(card)
    const { steps } = await agent.next('admitted')
    const [step] = steps
    if (step?.kind !== 'open-web' || !step.signIn) throw new Error('nothing to launch')
    const browser = createBrowser()
    const { url, field, ticket } = step.signIn
    // Its last redirect leads to the chart, where nobody is.
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
      redirect_uri: redirectUri,
      scope: 'openid profile',
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const callback = await follow(asked.href, new Map(browser.cookies))
    return () =>
      client.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier,
        expectedState: state,
      })
  }

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

  it('and a code is worth a token while she is there', async () => {
    const exchange = await codeInHand()
    expect((await exchange()).claims()).toMatchObject({ sub: her })
  })

  it.each([
    ['suspends her', () => patch('active', false), 'person-not-active'],
    [
      'puts her on leave',
      () => patch(`${clinicianUrn}:employmentStatus`, 'on-leave'),
      'person-not-active',
    ],
    [
      'ends her employment',
      () => patch(`${clinicianUrn}:employmentStatus`, 'terminated'),
      'person-not-active',
    ],
    ['deletes her', () => scim('DELETE', `/Users/${her}`), 'person-not-active'],
    [
      'gives her a job without the role',
      () => patch(`${clinicianUrn}:jobCode`, 'CLERK'),
      'role-not-in-zone',
    ],
  ] as const)(
    'and when HR %s, her screen locks and no token is given',
    async (_what, act, code) => {
      const exchange = await codeInHand()
      const { status } = await act()
      expect(status).toBeLessThan(300)
      // The word is there: not one more token, and the screen has heard it.
      await expect(exchange()).rejects.toThrow()
      expect(await agent.next('lock')).toMatchObject({ code })
      agent.tap({ technology: 'csn', canonical: uid })
      expect(await agent.any()).toMatchObject({ kind: 'refused' })
      const codes = (await broker.record()).map((fact) => fact.code)
      expect(codes).not.toContain('SSO-002')
    },
  )
})
