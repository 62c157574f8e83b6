// A real oidc-provider on loopback for tests of the chart. It signs in whoever the test says, the
// way the test says, and asks nobody: so that a test can also make it answer wrongly.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import {
  interactionPolicy,
  Provider,
  type AuthorizationDetail,
  type Configuration,
  type InteractionResults,
} from 'oidc-provider'
import { z } from 'zod'

export interface Person {
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
}

export type Conduct =
  | {
      readonly kind: 'sign-in'
      readonly person: Person
      readonly acr: string
      readonly amr: readonly string[]
      readonly atS?: number
      /** What the id_token echoes in place of what was asked. */
      readonly echo?: readonly Readonly<Record<string, unknown>>[]
    }
  | { readonly kind: 'refuse'; readonly error: string }

export interface AskedFor {
  readonly acr: string | undefined
  readonly prompt: string
  readonly details: unknown
  readonly pushed: boolean
}

export interface RealProvider {
  readonly issuer: string
  /** How it answers from now on. */
  conduct: Conduct
  /** The questions it was asked, newest last. */
  readonly asked: readonly AskedFor[]
  /** The logout tokens it has sent to the relying party. */
  readonly sentLogouts: readonly string[]
  close(): Promise<void>
}

export interface Relying {
  readonly clientId: string
  readonly clientSecret: string
  readonly origin: () => string
}

const claimNames = ['name', 'role', 'zone', 'zone_kind', 'workstation', 'purpose', 'session']
const always = ['sub', 'sid', 'acr', 'amr', 'auth_time', 'authorization_details', ...claimNames]

const signatures = 'urn:example:signatures'

function policy() {
  const prompts = interactionPolicy.base()
  prompts.remove('consent')
  // A right provider never answers with another person than `id_token_hint` names; this one may.
  prompts.get('login')?.checks.remove('id_token_hint')
  return prompts
}

function detailsAsked(parameter: unknown): AuthorizationDetail[] {
  if (typeof parameter !== 'string') return []
  const details: unknown = JSON.parse(parameter)
  return z.array(z.looseObject({ type: z.string() })).parse(details)
}

function features(): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    // The library wants a resource with authorization details; a chart that asks for no access has
    // none to name, so the provider names its own.
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) =>
        ctx.oidc.params?.['authorization_details'] === undefined ? [] : signatures,
      getResourceServerInfo: () => ({ scope: '', audience: signatures }),
      useGrantedResource: () => true,
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { wardkey_signature: { validate: () => undefined } },
      authorizationDetailsForGrantSource: (ctx) =>
        detailsAsked(ctx.oidc.params?.['authorization_details']),
      authorizationDetailsForAccessToken: () => undefined,
      authorizationDetailsForIntrospection: () => undefined,
    },
  }
}

async function configuration(
  relying: Relying,
  state: { conduct: Conduct; readonly sentLogouts: string[] },
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'k1' }
  const origin = relying.origin()
  return {
    jwks: { keys: [key] },
    cookies: { keys: ['kept-only-for-this-test'] },
    clients: [
      {
        client_id: relying.clientId,
        client_secret: relying.clientSecret,
        redirect_uris: [`${origin}/callback`],
        backchannel_logout_uri: `${origin}/backchannel-logout`,
        backchannel_logout_session_required: true,
        require_auth_time: true,
        authorization_details_types: ['wardkey_signature'],
      },
    ],
    claims: { openid: always, profile: [] },
    acrValues: ['urn:wardkey:acr:badge-pin', 'urn:wardkey:acr:badge-pin-fresh'],
    features: features(),
    interactions: {
      policy: policy(),
      url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
    },
    // The library refuses to reach loopback, rightly; here the chart is on loopback.
    fetch: (url, options) => {
      const rest = { ...options }
      Reflect.deleteProperty(rest, 'dispatcher')
      const body = rest.body instanceof URLSearchParams ? rest.body : undefined
      state.sentLogouts.push(body?.get('logout_token') ?? '')
      return fetch(url, rest)
    },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({
        accountId: session?.accountId ?? '',
        clientId: client?.clientId ?? '',
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
    findAccount: (_ctx, sub, token) => ({
      accountId: sub,
      claims: () => {
        const { conduct } = state
        const person = conduct.kind === 'sign-in' ? conduct.person.claims : {}
        const rar = token !== undefined && 'rar' in token ? token.rar : undefined
        const echo = conduct.kind === 'sign-in' ? conduct.echo : undefined
        return { sub, ...person, authorization_details: echo ?? rar ?? [] }
      },
    }),
  }
}

function resultOf(conduct: Conduct): InteractionResults {
  if (conduct.kind === 'refuse')
    return { error: conduct.error, error_description: 'as the test says' }
  const { acr, amr, atS } = conduct
  const login = { accountId: conduct.person.sub, acr, amr: [...amr], remember: false }
  return { login: { ...login, ...(atS !== undefined && { ts: atS }) } }
}

/** Takes a port first, so that a relying party can be told the issuer before it is registered. */
export async function startRealProvider(first: Conduct) {
  const server = createServer()
  const notYet: RequestListener = (_request, response) => {
    response.writeHead(503).end()
  }
  server.on('request', notYet)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${String(port)}`
  const state = { conduct: first, sentLogouts: new Array<string>() }
  const asked: AskedFor[] = []

  /** Until then it answers 503, as a program that is still starting. */
  const serve = async (relying: Relying): Promise<RealProvider> => {
    const provider = new Provider(issuer, await configuration(relying, state))
    const handle = provider.callback()
    let pushed = false
    server.off('request', notYet)
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', issuer)
      if (pathname === '/request') pushed = true
      if (!pathname.startsWith('/interaction/')) {
        void handle(request, response)
        return
      }
      void (async () => {
        const { params, prompt } = await provider.interactionDetails(request, response)
        const details = params['authorization_details']
        const acr = params['acr_values']
        asked.push({
          acr: typeof acr === 'string' ? acr : undefined,
          prompt: prompt.name,
          details: typeof details === 'string' ? JSON.parse(details) : undefined,
          pushed,
        })
        pushed = false
        await provider.interactionFinished(request, response, resultOf(state.conduct))
      })()
    })
    return {
      issuer,
      asked,
      sentLogouts: state.sentLogouts,
      get conduct() {
        return state.conduct
      },
      set conduct(next) {
        state.conduct = next
      },
      close: () =>
        new Promise((resolve) => {
          server.close(() => {
            resolve()
          })
          server.closeAllConnections()
        }),
    }
  }
  return { issuer, serve }
}
