// Asks the provider (authorization code, PKCE, state, nonce) and takes its answer. Decides nothing
// about what the answer is worth: that is sign-in-claims.ts and signing/judge-signature.ts.

import {
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Pending } from './pending.ts'
import type { Provider } from './provider.ts'
import { parseSignIn, type SignIn } from './sign-in-claims.ts'

export interface Secrets {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export function newSecrets(): Secrets {
  return {
    state: randomState(),
    nonce: randomNonce(),
    codeVerifier: randomPKCECodeVerifier(),
  }
}

export interface Asking {
  readonly redirectUri: string
  readonly scope: string
  readonly loginHint?: string | undefined
}

async function parameters(asking: Asking, secrets: Secrets): Promise<Record<string, string>> {
  return {
    redirect_uri: asking.redirectUri,
    scope: asking.scope,
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await calculatePKCECodeChallenge(secrets.codeVerifier),
    code_challenge_method: 'S256',
  }
}

export async function signInUrl(
  provider: Provider,
  asking: Asking,
  secrets: Secrets,
): Promise<URL> {
  const base = await parameters(asking, secrets)
  const hint = asking.loginHint === undefined ? {} : { login_hint: asking.loginHint }
  return buildAuthorizationUrl(provider.configuration, { ...base, ...hint })
}

export interface SignatureAsking extends Asking {
  readonly acr: string
  readonly type: string
  readonly description: string
  readonly hash: string
  readonly idToken: string
}

/**
 * The stronger sign-in for one signature.
 *
 * `max_age=0` asks for a sign-in made now, whatever happened a second ago (OIDC Core 3.1.2.1), and
 * brings `auth_time`; `acr_values` says how (RFC 9470); `prompt` stays absent, so that the provider
 * chooses where it asks. The request is pushed (RFC 9126) where the provider can take it: the
 * description names a patient, and a URL ends up in histories and proxy logs.
 */
export async function signatureUrl(
  provider: Provider,
  asking: SignatureAsking,
  secrets: Secrets,
): Promise<URL> {
  const { type, description, hash } = asking
  const request = {
    ...(await parameters(asking, secrets)),
    acr_values: asking.acr,
    max_age: '0',
    id_token_hint: asking.idToken,
    authorization_details: JSON.stringify([{ type, description, hash, hash_alg: 'sha-256' }]),
  }
  const metadata = provider.configuration.serverMetadata()
  if (metadata.pushed_authorization_request_endpoint === undefined) {
    return buildAuthorizationUrl(provider.configuration, request)
  }
  return buildAuthorizationUrlWithPAR(provider.configuration, request)
}

export type Answer =
  | { readonly kind: 'token'; readonly signIn: SignIn; readonly idToken: string }
  /** The provider said no, with a code of OAuth or OpenID Connect. */
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'failed'; readonly why: string }

/** A sign-in for one signature may take a while at the workstation; its token may not be old. */
const signatureMaxAgeS = 120

function failure(error: unknown): Answer {
  if (error instanceof AuthorizationResponseError) {
    return { kind: 'refused', error: error.error }
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return { kind: 'failed', why: code.slice(0, 64) }
}

/** Every check of Core 3.1.3.7 is made by openid-client; a failed one is told by its code alone. */
export async function takeAnswer(
  provider: Provider,
  answerUrl: URL,
  pending: Pending,
): Promise<Answer> {
  try {
    const tokens = await authorizationCodeGrant(provider.configuration, answerUrl, {
      pkceCodeVerifier: pending.codeVerifier,
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
      ...(pending.kind === 'signature' && { maxAge: signatureMaxAgeS }),
    })
    const parsed = parseSignIn(tokens.claims())
    if (parsed.kind === 'invalid') return { kind: 'failed', why: `claims ${parsed.claims}` }
    if (tokens.id_token === undefined) return { kind: 'failed', why: 'no-id-token' }
    return { kind: 'token', signIn: parsed.signIn, idToken: tokens.id_token }
  } catch (error) {
    return failure(error)
  }
}
