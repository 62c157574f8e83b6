// The whole broker and a provider that somebody else wrote (oidc-provider), over real TLS: an
// unknown badge becomes hers by her hospital account, as it would at a workstation.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK } from 'jose'
import Provider from 'oidc-provider'
import type { Configuration } from 'oidc-provider'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBroker } from '../../../../test/kit/broker.ts'
import type { Broker } from '../../../../test/kit/broker.ts'
import { usualPin } from '../../../../test/kit/broker-core.ts'
import { Visitor } from '../../../../test/kit/sign-in/visitor.ts'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'

const card = { technology: 'csn', canonical: '04aabbccddeeff' } as const
const secret = 'of-this-client-only-0123456789'
const rules = { roles: ['nurse'], witnessRoles: ['charge-nurse'] }

describe('a hospital account at a provider that somebody else wrote', () => {
  let folder: string
  let caPem: string
  let server: Server
  let broker: Broker
  let signIn: { accountId: string; acr: string }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-account-'))
    const authority = await ThrowAwayAuthority.make()
    caPem = authority.caPem
    const { keyPem, chainPem } = await authority.server(['localhost'])
    writeFileSync(join(folder, 'ca.pem'), caPem)
    writeFileSync(join(folder, 'account.secret'), secret, { mode: 0o600 })
    server = createServer({ key: keyPem, cert: chainPem })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const issuer = `https://localhost:${String((server.address() as AddressInfo).port)}`
    broker = await openBroker({
      zones: [{ id: '4-west', kind: 'nurse-station', label: '4 West', rules }],
      'account.issuer': issuer,
      'account.clientId': 'wardkey',
      'account.secretFile': join(folder, 'account.secret'),
      'account.caFile': join(folder, 'ca.pem'),
      'account.acr': ['mfa'],
      'account.groups': ['staff'],
      'account.claim': 'staff',
      'account.person': 'staff-number',
    })
    signIn = { accountId: 'N-4711', acr: 'mfa' }
    const redirect = `${broker.running.webUrl}/enrol/callback`
    server.on(
      'request',
      answerAs(await provider(issuer, redirect), () => signIn),
    )
    await broker.addPerson({ given: 'Anna', family: 'Quartermaine', staffNumber: 'N-4711' })
  }, 60_000)
  afterEach(async () => {
    await broker.record()
    await broker.close()
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** As far as the page is over, and the frame that the workstation hears then. */
  const tried = async () => {
    const agent = await broker.connect(await broker.enrol('4-west', 'Bay 1'))
    const tapId = randomUUID()
    const say = (answer: object): void => {
      agent.say({ kind: 'errand-answer', tapId, answer, card })
    }
    agent.say({ kind: 'errand', tapId, errand: 'enrol', card, atMs: 1 })
    expect(await agent.next('ask-errand')).toMatchObject({ offersAccount: true })
    say({ by: 'sign-in' })
    const page = (await agent.next('ask-errand')).signIn
    const over = await new Visitor(caPem).go(page?.signIn?.url ?? '', {
      ticket: page?.signIn?.ticket ?? '',
    })
    expect(over.url.href).toBe(page?.url)
    say({ by: 'sign-in-ended' })
    return { agent, say, frame: await agent.next('ask-errand') }
  }

  it('makes an unknown badge hers', async () => {
    const { agent, say, frame } = await tried()
    expect(frame).toMatchObject({ step: 'confirm', name: 'Anna Quartermaine', byBadge: 'own' })
    say({ by: 'card', card })
    expect(await agent.next('ask-errand')).toMatchObject({ step: 'pin' })
    say({ by: 'pin', pin: usualPin })
    await agent.next('errand-done')
    agent.tap(card)
    expect(await agent.next('ask-pin')).toMatchObject({ name: 'A. Quartermaine' })
  }, 60_000)
  it.each([
    ['is nobody here', { accountId: 'N-404', acr: 'mfa' }],
    ['signed in with a password alone', { accountId: 'N-4711', acr: 'password' }],
  ])(
    'does not, where she %s',
    async (_name, as) => {
      signIn = as
      const { frame } = await tried()
      expect(frame).toMatchObject({ step: 'witness-badge', flaw: 'account-not-usable' })
    },
    60_000,
  )
})

async function provider(issuer: string, redirectUri: string): Promise<Provider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const configuration: Configuration = {
    clients: [{ client_id: 'wardkey', client_secret: secret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomUUID()] },
    acrValues: ['mfa', 'password'],
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'staff', 'groups'], profile: [] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, staff: id, groups: ['staff'] }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const { client, session } = oidc
      const grant = new oidc.provider.Grant({
        ...(client ? { clientId: client.clientId } : {}),
        ...(session?.accountId === undefined ? {} : { accountId: session.accountId }),
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  }
  return new Provider(issuer, configuration)
}

/** Whoever is asked to sign in does so at once. */
function answerAs(of: Provider, who: () => { accountId: string; acr: string }) {
  const handle = of.callback()
  return (...[request, response]: Parameters<typeof handle>): void => {
    if (request.url?.startsWith('/interaction/') !== true) {
      void handle(request, response)
      return
    }
    void of.interactionFinished(request, response, { login: { ...who(), remember: false } })
  }
}
