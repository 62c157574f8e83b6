// The row in key_note that says how it stands with the workstation authority: read, written only
// over what was read of it, and held to by whoever signs with the present one. No key is in it.

import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'
import { Fault } from '../../platform/fault.ts'
import type { Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { parseStanding } from './authority-standing.ts'
import type { AuthorityStanding } from './authority-standing.ts'

const name = 'authority'

/** With the row as it was read: only who has read the last one may change it. */
export interface KnownStanding {
  readonly standing: AuthorityStanding
  readonly text: string
  readonly atMs: number
}

export async function readStanding({
  db,
}: Pick<FlowNeeds, 'db'>): Promise<KnownStanding | undefined> {
  const row = await db
    .selectFrom('key_note')
    .select(['value', 'at_ms'])
    .where('name', '=', name)
    .executeTakeFirst()
  return row && { standing: parseStanding(row.value), text: row.value, atMs: row.at_ms }
}

/** Conflicts with every change since it was read, and with whatever was signed meanwhile. */
export function standingWrite(
  known: KnownStanding | undefined,
  standing: AuthorityStanding,
  needs: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Write {
  const value = JSON.stringify(standing)
  if (!known) return keyNoteWrite({ name, before: undefined, value }, needs)
  const query = needs.db
    .updateTable('key_note')
    .set({ value, at_ms: Math.max(needs.nowMs(), known.atMs + 1) })
    .where('name', '=', name)
    .where('value', '=', known.text)
    .where('at_ms', '=', known.atMs)
    .compile()
  return { query, expectRows: 1 }
}

export interface SigningNeeds extends Pick<FlowNeeds, 'db'> {
  /** What this broker signs with now; nothing for the authority that it began with. */
  readonly presentLater?: () => string | undefined
}

/**
 * To go with what the present authority signs: were that one ended meanwhile, nobody is told of a
 * certificate that no broker takes; and it is not ended by who has not counted this one. Throws
 * Fault `store-contended` where another broker has ended it and this one has not heard yet.
 */
export async function whilePresent(needs: SigningNeeds): Promise<readonly Write[]> {
  const known = await readStanding(needs)
  if (!known) return []
  const { presentLater } = needs
  if (presentLater && presentLater() !== known.standing.present?.sha256) {
    throw new Fault('store-contended', 'transient')
  }
  const query = needs.db
    .updateTable('key_note')
    .set((eb) => ({ at_ms: eb('at_ms', '+', 1) }))
    .where('name', '=', name)
    .where('value', '=', known.text)
    .compile()
  return [{ query, expectRows: 1 }]
}
