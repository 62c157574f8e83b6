// When a workstation was last reached, and from when it is believed again after a boot or a sleep:
// PINs given before that open nothing there any more.

import type { Kysely } from 'kysely'
import type { Schema } from '../store/schema.ts'
import type { Write } from '../store/store.ts'
import type { Workstation } from './find-workstation.ts'

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
