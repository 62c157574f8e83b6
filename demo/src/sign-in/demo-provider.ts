// The demo's stand-in for a hospital's own sign-in: a real OpenID provider on loopback, where whoever
// comes chooses which invented person she is. No password: nothing of it may ever be real.

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { interactionPolicy, Provider } from 'oidc-provider'
import type { Configuration } from 'oidc-provider'
import { randomBytes } from 'node:crypto'
import { choicePage } from './choice-page.ts'
import { MemoryModels } from './memory-models.ts'
import { officePeople, userNameOf } from './office-people.ts'

export interface DemoProvider {
  close(): Promise<void>
}

export interface DemoProviderNeeds {
  readonly port: number
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** How everybody signs in here, as a hospital's would say it for two factors. */
export const demoAcr = 'demo-mfa'

const minutes = (count: number): number => count * 60

const wayOf = /^\/choose\/[\w-]{1,64}$/

export async function openDemoProvider(needs: DemoProviderNeeds): Promise<DemoProvider> {
  const provider = new Provider(issuerAt(needs.port), await configuration(needs))
  const handle = provider.callback()
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuerAt(needs.port))
    if (!wayOf.test(pathname)) {
      void handle(request, response)
      return
    }
    void choose(provider, request, response, searchParams.get('who')).catch(() => {
      // A way that is over: the library says so by throwing.
      response.writeHead(400, headers).end(choicePage('This sign-in is over.', []))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(needs.port, '127.0.0.1', resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

export const issuerAt = (port: number): string => `http://127.0.0.1:${String(port)}`

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}

async function choose(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  key: string | null,
): Promise<void> {
  await provider.interactionDetails(request, response)
  const person = officePeople.find((one) => one.key === key)
  if (!person) {
    response.writeHead(200, headers).end(choicePage('Who is signing in?', officePeople))
    return
  }
  const login = { accountId: person.key, acr: demoAcr, amr: ['mfa'], remember: false }
  await provider.interactionFinished(request, response, { login })
}

async function configuration(needs: DemoProviderNeeds): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'demo' }
  const prompts = interactionPolicy.base()
  prompts.remove('consent')
  return {
    adapter: MemoryModels,
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: needs.clientId,
        client_secret: needs.clientSecret,
        redirect_uris: [needs.redirectUri],
        id_token_signed_response_alg: 'ES256',
        require_auth_time: true,
      },
    ],
    claims: { openid: ['sub', 'acr', 'auth_time', 'groups', 'preferred_username'], profile: [] },
    conformIdTokenClaims: false,
    acrValues: [demoAcr],
    features: { devInteractions: { enabled: false } },
    ttl: {
      ...{ Interaction: minutes(10), Session: minutes(10), Grant: minutes(10) },
      ...{ AccessToken: minutes(5), IdToken: minutes(5), AuthorizationCode: minutes(1) },
    },
    interactions: {
      policy: prompts,
      url: (_context, interaction) => `/choose/${interaction.uid}`,
    },
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc
      const grant = new context.oidc.provider.Grant({
        accountId: session?.accountId ?? '',
        clientId: client?.clientId ?? '',
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
    findAccount: (_context, sub) => {
      const person = officePeople.find((one) => one.key === sub)
      if (!person) return undefined
      const claims = { sub, groups: [person.group], preferred_username: userNameOf(person) }
      return { accountId: sub, claims: () => claims }
    },
  }
}
