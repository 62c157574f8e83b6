// The writes by which what happened at a cut-off workstation enters the books, marked with the
// journal that told it. Each is held to what was read for it.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { acrBadge, acrBreakGlass, amrBadge } from '../../policy/assurance.ts'
import type { Schema } from '../../store/schema.ts'
import type { Write } from '../../store/store.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { StandingSession } from './standing.ts'

type Db = FlowNeeds['db']

export interface From {
  readonly journalId: string
  readonly workstationId: WorkstationId
  /** When its connection was greeted: what a tap opened since then is newer than its lines. */
  readonly greetedMs: number
}

/**
 * A session that only the workstation knew. No PIN is believed of it: tokens of it are worth the
 * badge, and the next tap asks again.
 */
function rowOf(session: StandingSession, from: From) {
  return {
    id: session.sessionId,
    person_id: session.personId,
    workstation_id: from.workstationId,
    acr: session.emergency ? acrBreakGlass : acrBadge,
    amr: JSON.stringify(amrBadge),
    pin_at_ms: 0,
    opened_ms: session.fromMs,
    journal_id: from.journalId,
    grant_id: session.emergency?.grantId ?? null,
    until_ms: session.emergency?.untilMs ?? null,
    counted_ms: null,
    version: 1,
  }
}

/** Ended as it was left; one that was left before and taken up again ends later. */
export function keepEnded(
  db: Db,
  session: StandingSession,
  from: From,
  ended: { readonly atMs: number; readonly reason: string },
): Write {
  const end = { state: 'ended' as const, changed_ms: ended.atMs, ended_ms: ended.atMs }
  const query = db
    .insertInto('session')
    .values({ ...rowOf(session, from), ...end, slot: 0, end_reason: ended.reason })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({
          ...end,
          end_reason: ended.reason,
          version: eb('session.version', '+', 1),
        }))
        .where('session.journal_id', '=', from.journalId)
        .where('session.state', '=', 'ended'),
    )
    .compile()
  return { query, expectRows: 1 }
}

/** Open, as its screen has it: the unique indexes hold that nothing else is. */
export function keepOpen(
  db: Db,
  session: StandingSession,
  from: From,
  slot: number,
  openedMs: number,
): Write {
  // By the journal's own time: a leave that it tells later is later.
  const state = { state: 'open' as const, slot, changed_ms: openedMs }
  const open = { ...state, ended_ms: null, end_reason: null }
  const query = db
    .insertInto('session')
    .values({ ...rowOf(session, from), ...open })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({ ...open, version: eb('session.version', '+', 1) }))
        .where('session.journal_id', '=', from.journalId)
        .where('session.state', '=', 'ended'),
    )
    .compile()
  return { query, expectRows: 1 }
}

/** One that a broker had opened: as it was, and worth what it was worth. */
export function reopenAsWas(db: Db, was: Schema['session'], slot: number, openedMs: number): Write {
  const query = db
    .updateTable('session')
    .set({ state: 'open', slot, changed_ms: openedMs, counted_ms: null, version: was.version + 1 })
    .where('id', '=', was.id)
    .where('version', '=', was.version)
    .where('state', '<>', 'ended')
    .compile()
  return { query, expectRows: 1 }
}

export function keepPresence(
  { db, newId }: Pick<FlowNeeds, 'db' | 'newId'>,
  { sessionId, personId, presence }: StandingSession,
  from: From,
  untilMs: number | null,
): Write {
  const query = db
    .insertInto('presence')
    .values({
      id: newId(),
      session_id: sessionId,
      person_id: personId,
      workstation_id: from.workstationId,
      kind: presence.kind,
      confidence: presence.confidence,
      from_ms: presence.fromMs,
      until_ms: untilMs === null ? null : Math.max(presence.fromMs, untilMs),
      journal_id: from.journalId,
    })
    .compile()
  return { query, expectRows: 1 }
}

export function keepReview(
  db: Db,
  review: Omit<
    Schema['offline_review'],
    'closed_ms' | 'closed_by' | 'outcome' | 'note' | 'version'
  >,
): Write {
  const open = { closed_ms: null, closed_by: null, outcome: null, note: null, version: 1 }
  const query = db
    .insertInto('offline_review')
    .values({ ...review, ...open })
    .compile()
  return { query, expectRows: 1 }
}

export function keepJournal(
  db: Db,
  was: Schema['offline_journal'] | undefined,
  next: Omit<Schema['offline_journal'], 'version'>,
): Write {
  const query = was
    ? db
        .updateTable('offline_journal')
        .set({ ...next, version: was.version + 1 })
        .where('workstation_id', '=', was.workstation_id)
        .where('journal_id', '=', was.journal_id)
        .where('version', '=', was.version)
        .compile()
    : db
        .insertInto('offline_journal')
        .values({ ...next, version: 1 })
        .compile()
  return { query, expectRows: 1 }
}
