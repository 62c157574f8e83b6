// A workstation tells what is gone of its journal: whether it is missing is judged by what was
// merged. It is written down and put up for review, and it changes nothing about who may what.

import type { WorkstationId } from '@wardkey/protocol/ids'
import type { JournalGap } from '@wardkey/protocol/workstation/journal-gaps'
import type { Fact } from '../../audit/fact.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { keepReview } from './offline-writes.ts'

interface Noted {
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
}
type Place = Required<Pick<Fact, 'workstation' | 'zone'>>

/** Within a week at one workstation; somebody who makes more of them fills no table. */
const gapsMax = 50
const gapsWithinMs = 7 * 24 * 3_600_000
const reasons = { 'lines-gone': 'journal-lines-gone', 'count-gone': 'journal-count-gone' } as const

/** Each is noted once, however often it is told, and by whichever broker. */
export async function noteGaps(
  gaps: readonly JournalGap[],
  at: { readonly id: WorkstationId; readonly zone: { readonly id: string } },
  needs: FlowNeeds,
): Promise<Noted> {
  if (gaps.length === 0) return { facts: [], writes: [] }
  const known = await knownGaps(gaps, at.id, needs)
  const most = gapsMax - (await countOfWeek(at.id, needs))
  const facts: Fact[] = []
  const writes: Write[] = []
  for (const gap of gaps) {
    const [journal, seq] = placeOf(gap)
    const name = nameOf([journal, seq])
    if (facts.length >= most || known.has(name)) continue
    const fact = await factOf(gap, { workstation: at.id, zone: at.zone.id }, needs)
    if (!fact) continue
    known.add(name)
    facts.push(fact)
    writes.push(
      keepReview(needs.db, {
        ...{ id: needs.newId(), workstation_id: at.id, journal_id: journal, seq },
        ...{ person_id: null, session_id: null, tap_id: null, reasons: reasons[gap.kind] },
        ...{ at_ms: Math.min(gap.atMs, needs.nowMs()), opened_ms: needs.nowMs() },
      }),
    )
  }
  return { facts, writes }
}

/**
 * Where its review stands in the books: below 0, about the journal as a whole, since a line that is
 * written anew under that number may have one of its own.
 */
const placeOf = (gap: JournalGap): readonly [string, number] =>
  gap.kind === 'lines-gone' ? [gap.journalId, -gap.seq] : [gap.gapId, -1]

/** Nothing where all of it had been merged: it is gone here because it is in the record. */
async function factOf(gap: JournalGap, place: Place, needs: FlowNeeds): Promise<Fact | undefined> {
  const rule = reasons[gap.kind]
  if (gap.kind === 'count-gone') {
    const fields = { foundAtMs: gap.atMs }
    return newFact(needs, 'OFF-103', { ...place, rule, fields })
  }
  const { journalId: journal, seq: counted, foundSeq: found, atMs: countedAtMs } = gap
  const merged = await mergedUpTo(place.workstation, journal, needs)
  if (merged >= counted) return undefined
  const lines = counted - Math.max(found, merged)
  const fields = { journal, counted, found, merged, lines, countedAtMs }
  return newFact(needs, 'OFF-102', { ...place, rule, fields })
}

async function mergedUpTo(at: string, journal: string, { db }: FlowNeeds): Promise<number> {
  const row = await db
    .selectFrom('offline_journal')
    .select('upto_seq')
    .where('workstation_id', '=', at)
    .where('journal_id', '=', journal)
    .executeTakeFirst()
  return row?.upto_seq ?? 0
}

/** However long ago: what is in the books is not put there again. */
async function knownGaps(
  gaps: readonly JournalGap[],
  at: WorkstationId,
  { db }: FlowNeeds,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('offline_review')
    .select(['journal_id', 'seq'])
    .where('workstation_id', '=', at)
    .where('seq', '<', 0)
    .where(
      'journal_id',
      'in',
      gaps.map((gap) => placeOf(gap)[0]),
    )
    .execute()
  return new Set(rows.map((row) => nameOf([row.journal_id, row.seq])))
}

async function countOfWeek(at: WorkstationId, { db, nowMs }: FlowNeeds): Promise<number> {
  const rows = await db
    .selectFrom('offline_review')
    .select('id')
    .where('workstation_id', '=', at)
    .where('seq', '<', 0)
    .where('opened_ms', '>', nowMs() - gapsWithinMs)
    .limit(gapsMax)
    .execute()
  return rows.length
}

const nameOf = ([journal, seq]: readonly [string, number]): string => `${journal} ${String(seq)}`
