// Sign-in keys that change under sign-ins: two brokers in processes of their own, and an EHR that keeps
// a copy of the keys as jose does. It never meets a key that its copy lacks, and no tap fails.

import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BrokerProgram } from '../../../../test/kit/processes/broker-program.ts'
import type { Worker } from '../../../../test/kit/processes/broker-program.ts'
import { PostgresServer } from '../../../../test/kit/processes/postgres-server.ts'
import { until } from '../../../../test/kit/processes/program.ts'
import { Undo } from '../../../../test/kit/processes/undo.ts'
import { WireHand } from '../../../../test/kit/processes/wire-hand.ts'
import { Visitor } from '../../../../test/kit/sign-in/visitor.ts'

const isHere = process.env['WARDKEY_HAS_POSTGRES'] === '1'
/** Nobody is there: a redirect to it has left the broker. */
const chartUrl = 'http://127.0.0.1:9'
const secret = 'a-secret-of-a-test-and-of-nothing-else'
const shownMs = 10_000
/** The copy is good for less than that, and an unknown key makes nobody fetch it before. */
const copy = { cacheMaxAge: 8_000, cooldownDuration: 3_600_000 }
const signInsMin = 5

describe.runIf(isHere)('sign-in keys that change under sign-ins', () => {
  let first: BrokerProgram
  let second: BrokerProgram
  let hands: readonly [WireHand, WireHand]
  let rosa: Worker
  const undo = new Undo()

  beforeAll(async () => {
    const postgres = undo.add(await PostgresServer.make(), (one) => one.dispose())
    const make = async (keysDir?: string): Promise<BrokerProgram> => {
      const settings = { oidc: { keyShownMs: shownMs, clients: [chart] } }
      const rules = { idleMs: 600_000, pin: 'never' }
      const plan = { postgresUrl: postgres.url, rules, settings, ...(keysDir && { keysDir }) }
      const made = undo.add(await BrokerProgram.make(plan), (one) => one.dispose())
      await made.start()
      return made
    }
    first = await make()
    second = await make(first.keysDir)
    rosa = await first.addPerson('Rosa', '04a1b2c3d4e580', '48261739')
    const enrolled = async (broker: BrokerProgram, place: string): Promise<WireHand> => {
      const hand = undo.add(await WireHand.enrol(broker, place), (one) => {
        one.close()
      })
      await hand.connect(broker)
      return hand
    }
    hands = [await enrolled(first, '4 West, 1'), await enrolled(second, '4 West, 2')]
  }, 300_000)
  afterAll(() => undo.run(), 60_000)

  const chart = {
    ...{ clientId: 'chart', name: 'Chart', secret, redirectUris: [`${chartUrl}/callback`] },
    launch: { id: 'chart', adapter: 'oidc-web', launchUrl: `${chartUrl}/start` },
  }
  const issuerOf = ({ webPort }: BrokerProgram): string =>
    `http://127.0.0.1:${String(webPort)}/oidc`
  const kidsOf = async (broker: BrokerProgram): Promise<readonly string[]> => {
    const answer = await fetch(`${issuerOf(broker)}/jwks`)
    const { keys } = (await answer.json()) as { keys: { kid: string; alg: string }[] }
    return keys.filter(({ alg }) => alg === 'ES256').map(({ kid }) => kid)
  }

  const isLeaving = ({ origin }: URL): boolean => origin === chartUrl

  /** Her tap there, and the id token that her chart gets for it. */
  async function signIn(broker: BrokerProgram, hand: WireHand): Promise<string> {
    const admitted = await hand.tap(rosa)
    if (admitted.kind !== 'admitted') throw new Error(`not admitted: ${admitted.kind}`)
    const [step] = admitted.steps
    if (step?.kind !== 'open-web' || !step.signIn) throw new Error('nothing to launch')
    const visitor = new Visitor('')
    await visitor.once(step.signIn.url, { [step.signIn.field]: step.signIn.ticket })
    const config = await client.discovery(
      new URL(issuerOf(broker)),
      'chart',
      { client_secret: secret, id_token_signed_response_alg: 'ES256' },
      undefined,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback only, in a test
      { execute: [client.allowInsecureRequests] },
    )
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const asked = client.buildAuthorizationUrl(config, {
      ...{ redirect_uri: `${chartUrl}/callback`, scope: 'openid', state },
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const { url: callback } = await visitor.go(asked, undefined, isLeaving)
    const checks = { pkceCodeVerifier: verifier, expectedState: state }
    const { id_token: token } = await client.authorizationCodeGrant(config, callback, checks)
    if (token === undefined) throw new Error('no id token')
    return token
  }

  it('an EHR with a copy of the keys verifies every token, before, while and after', async () => {
    const sides = [first, second].map((broker, at) => {
      const hand = hands[at]
      if (!hand) throw new Error('no hand')
      const keys = createRemoteJWKSet(new URL(`${issuerOf(broker)}/jwks`), copy)
      return { broker, hand, keys, kids: [] as string[] }
    })
    let last = ''
    const round = async (): Promise<void> => {
      for (const { broker, hand, keys, kids } of sides) {
        const token = await signIn(broker, hand)
        await jwtVerify(token, keys, { issuer: issuerOf(broker), audience: 'chart' })
        kids.push(decodeProtectedHeader(token).kid ?? '')
        last = token
      }
    }
    await round()
    const before = await kidsOf(first)
    expect(before).toHaveLength(1)
    const early = last
    expect((await first.run(['keys', 'rotate', 'sign-in'])).code).toBe(0)
    const endMs = performance.now() + 90_000
    const after = (kids: readonly string[]) => kids.filter((kid) => kid !== before[0]).length
    while (sides.some(({ kids }) => after(kids) < signInsMin)) {
      if (performance.now() > endMs) throw new Error('the next key never signed')
      await round()
    }
    for (const { kids } of sides) {
      // Two keys and one change: no broker went back.
      expect(new Set(kids).size).toBe(2)
      expect(kids.lastIndexOf(before[0] ?? '')).toBe(kids.length - after(kids) - 1)
    }
    // What was signed before is still worth what it was, for an EHR that fetches the keys only now.
    const fresh = createRemoteJWKSet(new URL(`${issuerOf(second)}/jwks`))
    await jwtVerify(early, fresh, { issuer: issuerOf(second), audience: 'chart' })
    const facts = await first.facts()
    expect(facts.filter(({ code }) => code === 'KEY-004')).toHaveLength(1)
  }, 240_000)

  it('keys that others may have are gone at once, from both brokers', async () => {
    const before = new Set(await kidsOf(first))
    const ended = await second.run(['keys', 'rotate', 'sign-in', '--reason', 'compromised'])
    expect(ended.code).toBe(0)
    const isGone = async (broker: BrokerProgram): Promise<boolean> => {
      const kids = await kidsOf(broker)
      return kids.length === 1 && !before.has(kids[0] ?? '')
    }
    await until(async () => (await isGone(first)) && (await isGone(second)), 'one key, a new one')
    const keys = createRemoteJWKSet(new URL(`${issuerOf(first)}/jwks`))
    await jwtVerify(await signIn(first, hands[0]), keys)
    for (const hand of hands) hand.close()
    expect(await first.stop()).toBe(0)
    await second.checkRecord()
  }, 120_000)
})
