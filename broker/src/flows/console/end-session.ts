// She signs out of the console, or its sessions are swept when they are over.

import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import type { Store } from '../../store/store.ts'
import type { ConsoleWays } from './console-needs.ts'
import { hashConsoleSecret } from './console-secrets.ts'
import { consoleIdleMs } from './find-session.ts'
import type { ConsoleSession } from './find-session.ts'

export function endConsoleSession(
  secret: string,
  { caller }: Pick<ConsoleSession, 'caller'>,
  needs: FlowNeeds & { readonly console: Pick<ConsoleWays, 'groups'> },
): Recorded<undefined> {
  const query = needs.db
    .deleteFrom('console_session')
    .where('hash', '=', hashConsoleSecret(secret, needs.console.groups))
    .compile()
  return {
    answer: undefined,
    facts: [newFact(needs, 'CON-002', { person: caller.person })],
    // Signed out twice at once is signed out.
    writes: [{ query }],
    notices: [],
  }
}

/** Also of whoever may not be here: back at work, she signs in anew. */
export async function sweepConsoleSessions(store: Store, nowMs: number): Promise<void> {
  const gone = store.read
    .selectFrom('person')
    .select('id')
    .where((person) =>
      person.or([person('status', '<>', 'active'), person('held_ms', 'is not', null)]),
    )
  const query = store.read
    .deleteFrom('console_session')
    .where((row) =>
      row.or([
        row('ends_ms', '<=', nowMs),
        row('last_ms', '<=', nowMs - consoleIdleMs),
        row('person_id', 'in', gone),
      ]),
    )
    .compile()
  await store.commit({ kind: 'housekeeping', writes: [{ query }] })
}
