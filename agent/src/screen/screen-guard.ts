// Who may talk to the lock screen: this agent's own window, told by a secret made at each start.
// Pure judgement; the server acts on it.

import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export type Verdict = 'allowed' | 'wrong-host' | 'wrong-origin' | 'wrong-method'

/**
 * Host is compared whole: a name that an attacker points at 127.0.0.1 (DNS rebinding) arrives with
 * that name in it. A page elsewhere cannot forge Host or Origin, a program can: against programs
 * there is the secret.
 */
export function judgeRequest(headers: IncomingHttpHeaders, method: string, port: number): Verdict {
  if (method !== 'GET') return 'wrong-method'
  if (headers.host !== `127.0.0.1:${String(port)}`) return 'wrong-host'
  const { origin } = headers
  if (origin !== undefined && origin !== ownOrigin(port)) return 'wrong-origin'
  return 'allowed'
}

/** A socket always comes from a script, so its Origin must be there and be ours. */
export function judgeUpgrade(headers: IncomingHttpHeaders, method: string, port: number): Verdict {
  const verdict = judgeRequest(headers, method, port)
  if (verdict !== 'allowed') return verdict
  return headers.origin === ownOrigin(port) ? 'allowed' : 'wrong-origin'
}

/** Compares in constant time; both are 43 characters of base64url by then. */
export function isSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(secret)
  return a.length === b.length && timingSafeEqual(a, b)
}

export function ownOrigin(port: number): string {
  return `http://127.0.0.1:${String(port)}`
}
