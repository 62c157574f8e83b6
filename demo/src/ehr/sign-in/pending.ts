// Authorization requests that are out at the provider: bound to one browser, taken once, bounded.

import type { SignatureAsk } from '../signing/judge-signature.ts'

interface Request {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** The browser that asked. Another one that brings this state was lured here (login CSRF). */
  readonly browserId: string
}

export interface PendingSignIn extends Request {
  readonly kind: 'sign-in'
  readonly returnTo: string | undefined
}

export interface PendingSignature extends Request {
  readonly kind: 'signature'
  readonly sessionId: string
  readonly orderId: string
  readonly writtenOn: string
  readonly ask: SignatureAsk
}

export type Pending = PendingSignIn | PendingSignature

export interface PendingRequests {
  put(pending: Pending, nowMs: number): void
  /** Gives a request out once; undefined when it is unknown, too old or another browser’s. */
  take(state: string, browserId: string | undefined, nowMs: number): Pending | undefined
}

export function createPendingRequests(limit: number, lifeMs: number): PendingRequests {
  const pending = new Map<string, { readonly request: Pending; readonly untilMs: number }>()
  return {
    put(request, nowMs) {
      for (const [state, each] of pending) if (each.untilMs <= nowMs) pending.delete(state)
      const oldest = pending.keys().next()
      if (pending.size >= limit && !oldest.done) pending.delete(oldest.value)
      pending.set(request.state, { request, untilMs: nowMs + lifeMs })
    },
    take(state, browserId, nowMs) {
      const held = pending.get(state)
      if (held === undefined || held.request.browserId !== browserId) return undefined
      pending.delete(state)
      return held.untilMs > nowMs ? held.request : undefined
    },
  }
}
