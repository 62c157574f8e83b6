// When a workstation was last reached, and from when it is believed again after a boot or a sleep:
// PINs given before that open nothing there any more.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { Store, Write } from '../store/store.ts'
import type { Workstation } from './find-workstation.ts'
import type { FlowNeeds } from './flow-needs.ts'

/** It was reached, and nothing else about it changed: another broker that lost it need not look. */
export function noteReached(db: Kysely<Schema>, id: Workstation['id'], nowMs: number): Write {
  const query = db
    .updateTable('workstation')
    .set({ reached_ms: nowMs })
    .where('id', '=', id)
    .where('status', '=', 'active')
    .compile()
  return { query, expectRows: 1 }
}

/**
 * Until when it was heard, told when its connection is over: never earlier than was known, and
 * never of a machine that has taken its place since and has not come yet. In whole milliseconds:
 * it is reckoned back by a clock that has finer ones, and a store has none.
 */
export function noteHeard(db: Kysely<Schema>, id: Workstation['id'], heardMs: number): Write {
  return { query: laterThan(db, [id], Math.floor(heardMs)) }
}

const reachedMax = 500

/** Of those who are connected: what others go by, and what is left where this broker dies. */
export async function sayReached(
  ids: readonly Workstation['id'][],
  needs: Pick<FlowNeeds, 'db' | 'nowMs'> & { readonly store: Pick<Store, 'commit'> },
): Promise<void> {
  for (let from = 0; from < ids.length; from += reachedMax) {
    const some = ids.slice(from, from + reachedMax)
    const query = laterThan(needs.db, some, needs.nowMs())
    await needs.store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
}

function laterThan(db: Kysely<Schema>, ids: readonly string[], reachedMs: number) {
  return db
    .updateTable('workstation')
    .set({ reached_ms: reachedMs })
    .where('id', 'in', ids)
    .where('reached_ms', '<', reachedMs)
    .compile()
}

export function trustFrom(
  db: Kysely<Schema>,
  was: Pick<Workstation, 'id' | 'version'>,
  bootId: string | null,
  nowMs: number,
): Write {
  const query = db
    .updateTable('workstation')
    .set({ boot_id: bootId, trusted_since_ms: nowMs, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .compile()
  return { query, expectRows: 1 }
}
