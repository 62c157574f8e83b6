// An operator moves a stream: back, so that something is sent again, or on, past what a receiver
// will never take. It is a fact, since a stream that was moved on has a gap that somebody made.

import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'
import { findStream, moveStreamTo } from './stream-row.ts'

export interface StreamMove extends Actor {
  readonly name: string
  /** The fact that is sent next. */
  readonly to: number
}

export interface StreamMoved {
  readonly kind: 'moved'
  readonly from: number
  readonly to: number
}

/** `previousOf` finds what the stream would have sent before a fact. */
export async function moveStream(
  { by, name, to }: StreamMove,
  previousOf: (index: number) => Promise<number | undefined>,
  needs: FlowNeeds,
): Promise<Recorded<StreamMoved | AdminRefused>> {
  const row = await findStream(needs.db, name)
  const place = { by, stream: name, to }
  if (!row) return refused('stream-unknown', place, needs)
  const last = await needs.db
    .selectFrom('fact')
    .select('idx')
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (to > (last?.idx ?? -1) + 1) return refused('stream-place', place, needs)
  const from = row.nextIndex
  return {
    answer: { kind: 'moved', from, to },
    facts: [newFact(needs, 'STR-001', { fields: { ...place, from } })],
    writes: [moveStreamTo(needs.db, row, { nextIndex: to, previousIndex: await previousOf(to) })],
    notices: [],
  }
}

function refused(
  code: 'stream-unknown' | 'stream-place',
  place: { readonly by: string; readonly stream: string; readonly to: number },
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  const fields = { ...place, action: 'stream.move', reason: code }
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ADM-001', { fields })],
    writes: [],
    notices: [],
  }
}
