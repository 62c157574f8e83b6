// What a sign-in to the console is bound by, as one at a workstation is, and what a session is
// known by. Nothing of a sign-in is kept. Pure.

import { createHash, createHmac } from 'node:crypto'
import { consoleRoles } from '@wardkey/protocol/console/signed-in'
import { boundBy } from '../errands/sign-in/sign-in-secrets.ts'
import type { BoundSignIn } from '../errands/sign-in/sign-in-secrets.ts'
import type { ConsoleWays } from './console-needs.ts'

const secretText = /^[A-Za-z0-9_-]{43}$/

/** Nothing for what is no state of ours: 256 random bits, base64url. */
export const consoleSignIn = (state: string, key: Uint8Array): BoundSignIn | undefined =>
  secretText.test(state) ? boundBy(state, 'console', key) : undefined

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
export const csrfOf = (secret: string, key: Uint8Array): string =>
  createHmac('sha256', key).update(`console csrf\n${secret}`).digest('base64url')
