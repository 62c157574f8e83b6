// What one sign-in is bound by. The state says which errand; nonce, code verifier and the browser's
// cookie come from it by a key, so that none of them is kept and any broker can check them. Pure.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { tapId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { SignInSecrets } from '../../../identity/account/account-provider.ts'

export interface BoundSignIn extends SignInSecrets {
  /** For the browser that redeemed the ticket, and no other: a cookie. */
  readonly browser: string
}

/** 32 random bytes make it one that nobody guesses. */
export function stateOf(errand: TapId, random: Buffer): string {
  return `${errand}.${random.toString('base64url')}`
}

/** Of which errand; nothing for what is no state of ours. */
export function errandIn(state: string): TapId | undefined {
  const [id, random, ...rest] = state.split('.')
  if (rest.length > 0 || !/^[A-Za-z0-9_-]{43}$/.test(random ?? '')) return undefined
  return tapId.safeParse(id).data
}

export function boundBy(
  state: string,
  at: WorkstationId | 'console',
  key: Uint8Array,
): BoundSignIn {
  const derive = (what: string): string =>
    createHmac('sha256', key).update(`${what}\n${at}\n${state}`).digest('base64url')
  return {
    state,
    nonce: derive('nonce'),
    verifier: derive('verifier'),
    browser: derive('browser'),
  }
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** In constant time. */
export function isSame(given: string, kept: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(kept)
  return a.length === b.length && timingSafeEqual(a, b)
}
