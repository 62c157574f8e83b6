// Decides whether an id_token that came back is this person’s signature under this order. Pure.
// The token’s own validity (issuer, audience, keys, nonce, expiry) was checked before it comes
// here.

import type { SignIn } from '../sign-in/sign-in-claims.ts'

/** What was asked of the provider, kept on this side and never taken from the browser. */
export interface SignatureAsk {
  readonly acr: string
  readonly type: string
  readonly hash: string
  readonly sub: string
  readonly startedAtMs: number
}

export const notSignedReasons = [
  'another-person',
  'too-weak',
  'not-fresh',
  'not-bound',
  'order-changed',
  'already-signed',
  'cancelled',
  'not-possible-here',
  'screen-locked',
  'session-over',
  'sign-in-failed',
] as const
export type NotSigned = (typeof notSignedReasons)[number]

/** A provider whose clock is this far ahead is taken for right; further, and nothing is signed. */
const clockAheadMs = 30_000

/**
 * Undefined means signed. Each refusal is checked on its own, because a provider may ignore
 * `acr_values`, `max_age` and `authorization_details` without an error (OIDC Core 3.1.2.1: acr
 * is voluntary), and a token that is merely valid would then pass for a signature.
 */
export function whyNotSigned(
  token: SignIn,
  ask: SignatureAsk,
  nowMs: number,
): NotSigned | undefined {
  if (token.sub !== ask.sub) return 'another-person'
  if (token.acr !== ask.acr) return 'too-weak'
  // auth_time counts whole seconds: the second in which the question was put is fresh.
  if (token.authTimeS < Math.floor(ask.startedAtMs / 1000)) return 'not-fresh'
  if (token.authTimeS * 1000 > nowMs + clockAheadMs) return 'not-fresh'
  const [detail, ...more] = token.authorizationDetails
  if (detail === undefined || more.length > 0) return 'not-bound'
  if (detail.type !== ask.type || detail.hash_alg !== 'sha-256') return 'not-bound'
  return detail.hash === ask.hash ? undefined : 'not-bound'
}
