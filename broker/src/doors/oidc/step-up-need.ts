// Whether an authorization request may be answered from the open session, or only by the person
// proving it is she, now. Pure: the request's words in, the verdict out.

import { acrFresh, acrValues } from '../../policy/assurance.ts'

export interface RequestWords {
  readonly acr_values?: unknown
  readonly max_age?: unknown
  readonly prompt?: unknown
  readonly claims?: unknown
  readonly authorization_details?: unknown
}

/**
 * True when the session as it stands is not enough.
 *
 * A signature always asks anew. `max_age` is measured from the last PIN, not from the last tap: a
 * badge within the grace window is not an active authentication (OpenID Connect Core 1.0 §3.1.2.1).
 */
export function needsStepUp(words: RequestWords, pinAtMs: number, nowMs: number): boolean {
  if (words.authorization_details !== undefined) return true
  if (asksFor(words.acr_values, acrFresh)) return true
  if (typeof words.prompt === 'string' && words.prompt.split(' ').includes('login')) return true
  if (essentialAcrs(words.claims).includes(acrFresh)) return true
  const maxAgeSeconds = Number(words.max_age)
  if (words.max_age === undefined || words.max_age === '') return false
  return !Number.isFinite(maxAgeSeconds) || nowMs - pinAtMs > maxAgeSeconds * 1000
}

/**
 * `acr_values` is a list of preferences (§3.1.2.1): fresh is asked for when it comes before every
 * value that the open session could answer with.
 */
function asksFor(acrValuesText: unknown, acr: string): boolean {
  if (typeof acrValuesText !== 'string') return false
  const known = acrValuesText.split(' ').filter((value) => acrValues.some((ours) => ours === value))
  return known[0] === acr
}

function essentialAcrs(claimsText: unknown): readonly unknown[] {
  if (typeof claimsText !== 'string') return []
  try {
    const claims: unknown = JSON.parse(claimsText)
    const acr = child(child(claims, 'id_token'), 'acr')
    if (child(acr, 'essential') !== true) return []
    const values = child(acr, 'values')
    return Array.isArray(values) ? values : [child(acr, 'value')]
  } catch (thrown) {
    // The provider has parsed the same text before; what it let through and we cannot read asks.
    if (thrown instanceof SyntaxError) return [acrFresh]
    throw thrown
  }
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}
