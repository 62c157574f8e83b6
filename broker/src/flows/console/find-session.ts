// Who a browser with the console's cookie is: her roles, as long as her session lasts and she is
// active here. Looked at with every request, so that a leaver is out at once.

import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import type { PersonId } from '@wardkey/protocol/ids'
import { consoleRole, scopesOfRole } from '@wardkey/protocol/console/signed-in'
import type { ConsoleRole } from '@wardkey/protocol/console/signed-in'
import { parseAccess } from '../../identity/access-facts.ts'
import { termAt } from '../../policy/access-standing.ts'
import { prepared } from '../../store/prepared-query.ts'
import type { Store } from '../../store/store.ts'
import type { AdminCaller } from '../admin-tokens.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { byPerson } from '../own-record.ts'
import type { ConsoleWays } from './console-needs.ts'
import { hashConsoleSecret } from './console-secrets.ts'

/** A browser that is left alone for so long is nobody's. */
export const consoleIdleMs = 15 * 60_000
/** How exactly `last_ms` is kept: writing it with every request would be a write for every look. */
const touchMs = 60_000

export interface ConsoleSession {
  readonly caller: AdminCaller & { readonly person: PersonId }
  /** None: she sees her own record, and nothing else. */
  readonly roles: readonly ConsoleRole[]
  readonly endsMs: number
}

const roleList = z.array(consoleRole)

const bySecret = prepared<{ hash: string }>()((db, hole) =>
  db
    .selectFrom('console_session')
    .innerJoin('person', 'person.id', 'console_session.person_id')
    .where('hash', '=', hole('hash'))
    .select(['person_id', 'console_session.roles', 'console_session.created_ms', 'last_ms'])
    .select(['ends_ms', 'person.status', 'person.held_ms'])
    .select(['person.access', 'person.exceptions']),
)

/** Nothing where there is none, it is over, or she may not be here any more. */
export async function findConsoleSession(
  secret: string,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'> & {
    readonly store: Store
    readonly console: Pick<ConsoleWays, 'groups' | 'ownRecord'>
  },
): Promise<ConsoleSession | undefined> {
  const { db } = needs
  const hash = hashConsoleSecret(secret, needs.console.groups)
  const [row] = (await db.executeQuery(bySecret(db, { hash }))).rows
  const nowMs = needs.nowMs()
  if (!row || nowMs >= row.ends_ms || nowMs - row.last_ms >= consoleIdleMs) return undefined
  // Set back so far, a clock says nothing of how long she was away.
  if (row.last_ms - nowMs >= consoleIdleMs) return undefined
  const roles = roleList.parse(row.roles.split(' ').filter((word) => word !== ''))
  // She came for her own record alone, and the house shows it no more.
  if (roles.length === 0 && !needs.console.ownRecord) return undefined
  const isActive = row.status === 'active' && row.held_ms === null
  if (!isActive || termAt(parseAccess(row), nowMs) !== 'within') return undefined
  // A clock that was set back must not make a session older than it is, nor last longer.
  if (Math.abs(nowMs - row.last_ms) >= touchMs) await touch(hash, row.last_ms, needs)
  const person = personId.parse(row.person_id)
  const by = byPerson(person)
  return {
    caller: {
      ...{ by, name: by, person, madeMs: row.created_ms },
      scopes: new Set(roles.flatMap((role) => scopesOfRole[role])),
    },
    roles,
    endsMs: row.ends_ms,
  }
}

/** It says nothing of anybody's access; where two ask at once, one of them is enough. */
async function touch(
  hash: string,
  lastMs: number,
  { store, nowMs }: Pick<FlowNeeds, 'nowMs'> & { readonly store: Store },
): Promise<void> {
  const query = store.read
    .updateTable('console_session')
    .set({ last_ms: nowMs() })
    .where('hash', '=', hash)
    .where('last_ms', '=', lastMs)
    .compile()
  await store.commit({ kind: 'housekeeping', writes: [{ query }] })
}
