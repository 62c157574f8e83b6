// Who is signed in to the chart, in memory: made at sign-in, ended by back-channel logout or time.
// A session is found by its cookie, and ended by the provider’s `sid` and `sub`.

import type { SignIn } from './sign-in-claims.ts'

export interface ChartSession {
  readonly id: string
  readonly signIn: SignIn
  /** Kept for `id_token_hint` alone; never shown, never logged. */
  readonly idToken: string
  /** Stands in every form: a page of another origin on this machine cannot know it. */
  readonly formToken: string
  readonly endsAtMs: number
}

export interface EndedBy {
  readonly sid: string | undefined
  readonly sub: string | undefined
  readonly issuedAtS: number
}

export interface ChartSessions {
  /** Undefined when the provider already ended this very sign-in while it was on its way. */
  open(signIn: SignIn, idToken: string, nowMs: number): ChartSession | undefined
  find(id: string | undefined, nowMs: number): ChartSession | undefined
  end(id: string): void
  /** Ends what a logout names: `sid` and `sub` both have to fit where both are given. */
  endMatching(by: EndedBy, nowMs: number): number
  /** Calls back once, when the session ends in whatever way; the answer takes it back. */
  onEnd(id: string, listener: () => void): () => void
  close(): void
}

export interface SessionRules {
  readonly limit: number
  readonly lifeMs: number
  readonly newId: () => string
}

/** How long a logout is remembered against a sign-in that was issued before it and arrives late. */
const rememberEndedMs = 10 * 60_000

interface Remembered extends EndedBy {
  readonly untilMs: number
}

function fits(by: EndedBy, signIn: SignIn): boolean {
  if (by.sid === undefined && by.sub === undefined) return false
  if (by.sid !== undefined && by.sid !== signIn.sid) return false
  return by.sub === undefined || by.sub === signIn.sub
}

export function createChartSessions(rules: SessionRules): ChartSessions {
  const sessions = new Map<string, ChartSession>()
  const listeners = new Map<string, Set<() => void>>()
  let ended: Remembered[] = []

  const end = (id: string): void => {
    sessions.delete(id)
    const waiting = listeners.get(id)
    listeners.delete(id)
    for (const listener of waiting ?? []) listener()
  }
  const sweep = (nowMs: number): void => {
    for (const session of [...sessions.values()]) if (session.endsAtMs <= nowMs) end(session.id)
    ended = ended.filter((each) => each.untilMs > nowMs).slice(-rules.limit)
  }

  return {
    open(signIn, idToken, nowMs) {
      sweep(nowMs)
      // A logout that overtakes its sign-in must win, or the chart stays open with nobody there.
      const overtaken = ended.some((by) => fits(by, signIn) && signIn.issuedAtS <= by.issuedAtS)
      if (overtaken) return undefined
      const oldest = sessions.keys().next()
      if (sessions.size >= rules.limit && !oldest.done) end(oldest.value)
      const session: ChartSession = {
        id: rules.newId(),
        signIn,
        idToken,
        formToken: rules.newId(),
        endsAtMs: nowMs + rules.lifeMs,
      }
      sessions.set(session.id, session)
      return session
    },
    find(id, nowMs) {
      const session = id === undefined ? undefined : sessions.get(id)
      if (session === undefined) return undefined
      if (session.endsAtMs > nowMs) return session
      end(session.id)
      return undefined
    },
    end,
    endMatching(by, nowMs) {
      sweep(nowMs)
      const matching = [...sessions.values()].filter((session) => fits(by, session.signIn))
      for (const session of matching) end(session.id)
      ended.push({ ...by, untilMs: nowMs + rememberEndedMs })
      return matching.length
    },
    onEnd(id, listener) {
      if (!sessions.has(id)) {
        listener()
        return () => undefined
      }
      const waiting = listeners.get(id) ?? new Set<() => void>()
      waiting.add(listener)
      listeners.set(id, waiting)
      return () => {
        waiting.delete(listener)
      }
    },
    close() {
      for (const id of [...sessions.keys()]) end(id)
    },
  }
}
