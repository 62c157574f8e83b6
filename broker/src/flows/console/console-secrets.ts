// What a sign-in to the console is bound by, and what a session is known by. Nonce, verifier and
// cookie come from the state by a key, so that nothing of a sign-in is kept. Pure.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { consoleRoles } from '@wardkey/protocol/console/signed-in'
import type { SignInSecrets } from '../../identity/account/account-provider.ts'
import type { ConsoleWays } from './console-needs.ts'

export interface ConsoleSignIn extends SignInSecrets {
  /** For the browser that began it, and no other: a cookie. */
  readonly browser: string
}

const secretText = /^[A-Za-z0-9_-]{43}$/

/** Nothing for what is no state of ours: 256 random bits, base64url. */
export function consoleSignIn(state: string, key: Uint8Array): ConsoleSignIn | undefined {
  if (!secretText.test(state)) return undefined
  const derive = (what: string): string => derived(key, what, state)
  return {
    state,
    nonce: derive('nonce'),
    verifier: derive('verifier'),
    browser: derive('browser'),
  }
}

/**
 * 256 random bits: a plain hash is enough, as with administration tokens. The groups are in it: a
 * role that settings gave to others, or took away, is nobody's by a session of before.
 */
export function hashConsoleSecret(secret: string, groups: ConsoleWays['groups']): string {
  return createHash('sha256')
    .update('wardkey console session\n')
    .update(JSON.stringify(consoleRoles.map((role) => [role, [...groups[role]].sort()])))
    .update(`\n${secret}`)
    .digest('hex')
}

export const isConsoleSecret = (text: string): boolean => secretText.test(text)

/** What a change brings beside the cookie: another site can have one sent, and not the other. */
export const csrfOf = (secret: string, key: Uint8Array): string => derived(key, 'csrf', secret)

/** In constant time. */
export function isSameSecret(given: string, kept: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(kept)
  return a.length === b.length && timingSafeEqual(a, b)
}

function derived(key: Uint8Array, what: string, of: string): string {
  return createHmac('sha256', key).update(`console ${what}\n${of}`).digest('base64url')
}
