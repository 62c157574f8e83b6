// Who is signed in, for every part of a page; and that it is over, once the broker has said so or
// nobody has touched the page for as long as a session may rest.

import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { SignedIn } from '@wardkey/protocol/console/signed-in'
import { Refused, signOut } from '../../api/ask.ts'
import type { Pass } from '../../api/acts.ts'
import { sessionQuery } from '../../api/queries.ts'
import { Trouble } from '../trouble.tsx'
import { SignInPage } from './sign-in-page.tsx'

interface Session {
  readonly who: SignedIn
  readonly can: (scope: Scope) => boolean
  /** For one act: a new key each time it is called. */
  readonly pass: () => Pass
  readonly leave: () => void
}
const Current = createContext<Session | undefined>(undefined)
const lookAtIdleMs = 5000

/** Throws outside of a gate: a page without somebody who looks at it is a bug. */
export function useSession(): Session {
  const session = use(Current)
  if (!session) throw new Error('nobody is signed in')
  return session
}

type Over = 'signed-out' | 'over' | 'idle'

export function SessionGate({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient()
  const [over, setOver] = useState<Over>()
  const { data: who, error } = useQuery({ ...sessionQuery, enabled: over === undefined })
  const end = useCallback(
    (why: Over) => {
      setOver(why)
      // Names do not outlast the right to see them.
      client.clear()
    },
    [client],
  )
  const isSignedIn = who !== undefined
  useEffect(() => (isSignedIn ? onUnauthorized(client, end) : undefined), [client, end, isSignedIn])
  useIdle(over === undefined ? who : undefined, end)
  const session = useMemo(() => who && sessionOf(who, end), [who, end])

  if (over !== undefined) return <SignInPage why={over} />
  if (session) return <Current value={session}>{children}</Current>
  if (error instanceof Refused && error.status === 401) return <SignInPage why="first" />
  if (error) {
    return (
      <main className="wk-alone">
        <h1>Does the console work?</h1>
        <Trouble error={error} />
      </main>
    )
  }
  return <div className="wk-alone" aria-busy="true" />
}

function sessionOf(who: SignedIn, end: (why: Over) => void): Session {
  const scopes = new Set(who.scopes)
  return {
    who,
    can: (scope) => scopes.has(scope),
    pass: () => ({ csrf: who.csrf, key: crypto.randomUUID() }),
    leave: () => {
      const done = (): void => {
        end('signed-out')
      }
      // Over on this page in any case: a broker that is away ends it by itself when it is idle.
      signOut(who.csrf).then(done, done)
    },
  }
}

function onUnauthorized(
  client: ReturnType<typeof useQueryClient>,
  end: (why: Over) => void,
): () => void {
  const isOver = (error: unknown): boolean => error instanceof Refused && error.status === 401
  const offQueries = client.getQueryCache().subscribe(({ query }) => {
    if (isOver(query.state.error)) end('over')
  })
  const offActs = client.getMutationCache().subscribe(({ mutation }) => {
    if (isOver(mutation?.state.error)) end('over')
  })
  return () => {
    offQueries()
    offActs()
  }
}

/**
 * A page that asks by itself every few seconds would keep a session alive that nobody sits at, so
 * it is the page that watches for hands, and signs out.
 */
function useIdle(who: SignedIn | undefined, end: (why: Over) => void): void {
  const csrf = who?.csrf
  const idleMs = who?.idleMs
  const endsMs = who?.endsMs
  useEffect(() => {
    if (csrf === undefined || idleMs === undefined || endsMs === undefined) return undefined
    let touchedMs = Date.now()
    const touch = (): void => {
      touchedMs = Date.now()
    }
    const look = (): void => {
      const nowMs = Date.now()
      if (nowMs >= endsMs) end('over')
      else if (nowMs - touchedMs >= idleMs) {
        const done = (): void => {
          end('idle')
        }
        signOut(csrf).then(done, done)
      }
    }
    const events = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
    for (const event of events) addEventListener(event, touch, { passive: true })
    const timer = setInterval(look, lookAtIdleMs)
    return () => {
      clearInterval(timer)
      for (const event of events) removeEventListener(event, touch)
    }
  }, [csrf, idleMs, endsMs, end])
}
