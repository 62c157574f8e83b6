// Whether a request with the console's cookie is one of its own pages': by where the browser says
// that it comes from, and for changes by the word that only the signed-in page was told.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { csrfHeader } from '@wardkey/protocol/console/signed-in'
import type { ConsoleWays } from '../../flows/console/console-needs.ts'
import { csrfOf, isConsoleSecret } from '../../flows/console/console-secrets.ts'
import { isSame } from '../../flows/errands/sign-in/sign-in-secrets.ts'
import { findConsoleSession } from '../../flows/console/find-session.ts'
import type { ConsoleSession } from '../../flows/console/find-session.ts'
import type { FlowNeeds } from '../../flows/flow-needs.ts'
import type { Store } from '../../store/store.ts'
import { problemOf, problemType } from '../problem.ts'
import { sessionIn } from './console-cookies.ts'

export interface ConsoleRequestNeeds extends Pick<FlowNeeds, 'db' | 'nowMs'> {
  readonly store: Store
  readonly console?: ConsoleWays | undefined
}

export type ConsoleRequest =
  | { readonly kind: 'session'; readonly secret: string; readonly session: ConsoleSession }
  | { readonly kind: 'signed-out' | 'not-its-page' }

export async function consoleRequest(
  request: Pick<FastifyRequest, 'headers' | 'method'>,
  needs: ConsoleRequestNeeds,
): Promise<ConsoleRequest> {
  const { console: ways } = needs
  const secret = ways && sessionIn(request.headers.cookie, isSecureAt(ways))
  if (!ways || secret === undefined || !isConsoleSecret(secret)) return { kind: 'signed-out' }
  // Before anything is looked up: what another site sends must not even keep a session awake.
  if (!isItsPage(request, secret, ways)) return { kind: 'not-its-page' }
  const session = await findConsoleSession(secret, { ...needs, console: ways })
  return session ? { kind: 'session', secret, session } : { kind: 'signed-out' }
}

export function refuseRequest(
  reply: FastifyReply,
  kind: Exclude<ConsoleRequest['kind'], 'session'>,
): FastifyReply {
  const [status, code] =
    kind === 'signed-out'
      ? ([401, 'console-signed-out'] as const)
      : ([403, 'console-not-its-page'] as const)
  return reply.code(status).type(problemType).send(problemOf(status, code))
}

export const isSecureAt = ({ adminUrl }: Pick<ConsoleWays, 'adminUrl'>): boolean =>
  adminUrl.startsWith('https:')

/** Every browser that keeps SameSite sends Sec-Fetch-Site (Fetch Metadata) to such an origin. */
function isItsPage(
  { headers, method }: Pick<FastifyRequest, 'headers' | 'method'>,
  secret: string,
  { adminUrl, key }: ConsoleWays,
): boolean {
  if (headers['sec-fetch-site'] !== 'same-origin') return false
  if (headers.origin !== undefined && headers.origin !== new URL(adminUrl).origin) return false
  if (method === 'GET' || method === 'HEAD') return true
  const word = headers[csrfHeader]
  return typeof word === 'string' && isSame(word, csrfOf(secret, key))
}
