// The hospital's own sign-in, spoken with as a confidential client (OpenID Connect, code flow with
// PKCE). It keeps nothing between two questions, so that no key and no address is stale.

import * as client from 'openid-client'
import { isLoopback } from '../../platform/settings-together.ts'
import type { AccountSettings } from './account-settings.ts'
import { makeFetchWithin } from './fetch-within.ts'
import { judgeClaims } from './judge-claims.ts'
import type { JudgedClaims } from './judge-claims.ts'

/** What one sign-in is bound by. */
export interface SignInSecrets {
  readonly state: string
  readonly nonce: string
  /** PKCE (RFC 7636). */
  readonly verifier: string
}

/** `code`: what was wrong, in a closed word of the protocol or of the client; for the operator. */
export interface Unreachable {
  readonly kind: 'unreachable'
  readonly code: string
}

export type AccountAnswer =
  | (JudgedClaims & { readonly code?: string })
  /** She was asked and did not sign in, or the provider would not have her. */
  | { readonly kind: 'not-signed-in' }
  | Unreachable

export interface AccountProvider {
  /** Where its pages may be. */
  origins(): Promise<readonly string[] | Unreachable>
  /** Where the browser is sent to sign in. */
  begin(secrets: SignInSecrets): Promise<URL | Unreachable>
  /** What came back to `redirectUri`, judged. Never throws for what the provider does. */
  answer(query: URLSearchParams, secrets: SignInSecrets): Promise<AccountAnswer>
}

export interface ProviderNeeds {
  readonly redirectUri: string
  readonly nowMs: () => number
  readonly limits?: { readonly withinMs: number; readonly bytesMax: number }
}

const usualLimits = { withinMs: 4000, bytesMax: 256 * 1024 }
/** A sign-in of a moment ago, at another computer, is none: she signs in here and now. */
const askedAnew = { prompt: 'login', max_age: '0' }
const signedInWithinSeconds = 300
/** A workstation waits for this, and what else it says waits behind it: an emergency may. */
const originsWithinMs = 2000

export function makeAccountProvider(
  settings: AccountSettings,
  { redirectUri, nowMs, limits = usualLimits }: ProviderNeeds,
): AccountProvider {
  const discover = (withinMs = limits.withinMs) => discovered(settings, { ...limits, withinMs })
  return {
    async origins() {
      const found = await attempt(() => discover(Math.min(limits.withinMs, originsWithinMs)))
      if (found.kind === 'failed') return { kind: 'unreachable', code: found.code }
      const page = found.value.serverMetadata().authorization_endpoint
      if (page === undefined) return { kind: 'unreachable', code: noAnswer }
      const all = [new URL(settings.issuer).origin, new URL(page).origin, ...settings.origins]
      return [...new Set(all)]
    },
    async begin(secrets) {
      const url = await attempt(async () =>
        beginAt(await discover(), settings, secrets, redirectUri),
      )
      return url.kind === 'got' ? url.value : { kind: 'unreachable', code: url.code }
    },
    async answer(query, { state, nonce, verifier }) {
      const error = query.get('error')
      if (error !== null) {
        const isTheirs = error === 'server_error' || error === 'temporarily_unavailable'
        return isTheirs ? { kind: 'unreachable', code: error } : { kind: 'not-signed-in' }
      }
      const url = new URL(redirectUri)
      url.search = query.toString()
      const told = await attempt(async () =>
        client.authorizationCodeGrant(await discover(), url, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
          maxAge: signedInWithinSeconds,
        }),
      )
      if (told.kind === 'failed') return failed(told.code)
      const claims = told.value.claims()
      if (!claims) return notTold
      return judgeClaims(claims, nonce, settings, nowMs())
    },
  }
}

async function beginAt(
  config: client.Configuration,
  settings: AccountSettings,
  { state, nonce, verifier }: SignInSecrets,
  redirectUri: string,
): Promise<URL> {
  const parameters = {
    redirect_uri: redirectUri,
    scope: settings.scope,
    ...{ state, nonce },
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    acr_values: settings.acr.join(' '),
    ...askedAnew,
  }
  // Where the provider takes them pushed (RFC 9126), nobody at the browser can change them.
  return config.serverMetadata().pushed_authorization_request_endpoint === undefined
    ? client.buildAuthorizationUrl(config, parameters)
    : client.buildAuthorizationUrlWithPAR(config, parameters)
}

/**
 * What it says of itself is another party's word: a page or a door of it that is not TLS is not
 * gone to, except on loopback.
 */
async function discovered(
  { issuer, clientId, clientSecret, caPem }: AccountSettings,
  { withinMs, bytesMax }: NonNullable<ProviderNeeds['limits']>,
): Promise<client.Configuration> {
  const isPlain = new URL(issuer).protocol === 'http:'
  const limits = { withinMs, bytesMax, ...(caPem === undefined ? {} : { caPem }) }
  const config = await client.discovery(new URL(issuer), clientId, {}, secretIn(clientSecret), {
    [client.customFetch]: makeFetchWithin(limits),
    timeout: Math.ceil(withinMs / 1000),
    execute: [
      // Without this a token would be believed for the sake of its TLS alone.
      client.enableNonRepudiationChecks,
      // Named deprecated so that it stands out: settings allow plain HTTP on loopback only.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      ...(isPlain ? [client.allowInsecureRequests] : []),
    ],
  })
  const said = config.serverMetadata()
  const places = [
    ...[said.authorization_endpoint, said.token_endpoint, said.jwks_uri],
    said.pushed_authorization_request_endpoint ?? issuer,
  ]
  if (!places.every((place) => place !== undefined && isGoneTo(place))) {
    throw new Error('a place that is not gone to')
  }
  return config
}

function isGoneTo(place: string): boolean {
  if (!URL.canParse(place)) return false
  const { protocol, hostname } = new URL(place)
  if (protocol === 'https:') return true
  return protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, ''))
}

/** In the header where the provider takes it there (RFC 6749 section 2.3.1), or in the form. */
function secretIn(secret: string): client.ClientAuth {
  const basic = client.ClientSecretBasic(secret)
  const post = client.ClientSecretPost(secret)
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const put = taken.includes('client_secret_basic') ? basic : post
    put(server, ...rest)
  }
}

const notTold = { kind: 'no', rule: 'account-is-told' } as const

/** An answer that does not hold is a no; one that did not come, or is none, is not. */
function failed(code: string): AccountAnswer {
  return unanswered.includes(code) ? { kind: 'unreachable', code } : { ...notTold, code }
}

/** It does not know this broker, or not by this secret: nobody's account can mend that. */
const notItsClient: readonly unknown[] = ['invalid_client', 'unauthorized_client']

const noAnswer = 'no-answer'
const unanswered: readonly unknown[] = [
  noAnswer,
  ...notItsClient,
  'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]

type Attempt<T> =
  { readonly kind: 'got'; readonly value: T } | { readonly kind: 'failed'; readonly code: string }

/** A closed word for what went wrong: the library's texts and causes hold what came back. */
async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: 'got', value: await act() }
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    const said = thrown instanceof client.ResponseBodyError ? thrown.error : undefined
    if (said !== undefined && notItsClient.includes(said)) return { kind: 'failed', code: said }
    const isWord = typeof code === 'string' && code.startsWith('OAUTH_')
    return { kind: 'failed', code: isWord ? code : noAnswer }
  }
}
