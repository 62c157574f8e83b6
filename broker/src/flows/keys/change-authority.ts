// The authority that comes after the present one, by the database: read by each broker, and changed
// where the host has ordered it. Of several brokers one does it, with a fact. No key is in the row.

import { encodeFact } from '../../audit/fact.ts'
import { keyNoteWrite } from '../../audit/key-changes/key-note-write.ts'
import type { AuthorityOrder } from '../../platform/keys/authority-keys.ts'
import type { Log } from '../../platform/log.ts'
import type { Store } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { parseStanding, stepFor } from './authority-standing.ts'
import type { AuthorityStanding, NextStanding, StandingStep } from './authority-standing.ts'

export interface AuthorityChangeNeeds extends FlowNeeds {
  readonly store: Store
  readonly log: Log
  /** SHA-256 of the present one's certificate. */
  readonly caSha256: string
  /** Both files, durable when it resolves; gives the SHA-256 of the certificate. */
  readonly makeNext: (generation: string) => Promise<string>
}

const name = 'authority'

/** With it the row as it was read: only who has read the last one may change it. */
export async function readStanding({
  db,
}: Pick<FlowNeeds, 'db'>): Promise<{ standing: AuthorityStanding; text: string } | undefined> {
  const row = await db
    .selectFrom('key_note')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row && { standing: parseStanding(row.value), text: row.value }
}

/** Reads how it stands, and carries out what was ordered. */
export async function keepAuthority(
  order: AuthorityOrder | undefined,
  needs: AuthorityChangeNeeds,
): Promise<NextStanding | undefined> {
  const known = await readStanding(needs)
  const before = known?.standing.next
  if (!order || order.id === known?.standing.order) return before
  const step = await madeOf(stepFor(order, before), needs)
  const next = step.kind === 'change' ? step.next : before
  const value: AuthorityStanding = { version: 1, order: order.id, ...(next ? { next } : {}) }
  const note = { name, before: known?.text, value: JSON.stringify(value) }
  const writes = [keyNoteWrite(note, needs)]
  if (step.kind === 'change') {
    const { sha256, state } = step.next
    const fields = { by: 'host', state, next: sha256, authority: needs.caSha256 }
    const facts = [encodeFact(newFact(needs, 'KEY-006', { fields }))] as const
    const done = await needs.store.commit({ kind: 'recorded', writes, facts })
    // Another broker was first: what it did is read at the next look.
    return done.kind === 'committed' ? next : before
  }
  // Only that the order was seen is new.
  const done = await needs.store.commit({ kind: 'housekeeping', writes })
  if (step.kind === 'refused' && done.kind === 'committed') {
    needs.log.error('authority.order-refused', { kind: order.step, reason: step.reason })
  }
  return before
}

type Done = Exclude<StandingStep, { kind: 'make' }>

async function madeOf(step: StandingStep, needs: AuthorityChangeNeeds): Promise<Done> {
  if (step.kind !== 'make') return step
  // Before anybody is told of them: a row never names files that are not there.
  const sha256 = await needs.makeNext(step.generation)
  const { generation } = step
  return { kind: 'change', next: { generation, sha256, state: 'prepared' } }
}
