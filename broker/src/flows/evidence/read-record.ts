// Reads the record once for evidence, from its first entry to a checkpoint: hashes all of it, and
// hands the facts of the period to the checks. A page at a time, so that taps have their turn, and
// no transaction stays open.

import type { Kysely } from 'kysely'
import type { Checkpoint } from '../../audit/checkpoint.ts'
import type { Outcome, Period } from '../../audit/evidence/evidence-rule.ts'
import { recordReachesBack } from '../../audit/evidence/record-checks.ts'
import { allChecks } from '../../audit/evidence/rules/all-rules.ts'
import { samplesBy } from '../../audit/evidence/samples.ts'
import { Tally } from '../../audit/evidence/tally.ts'
import { chainFrom, trustFrom } from '../../audit/key-changes/key-chain.ts'
import { keyChangeCode, keyChangeIn } from '../../audit/key-changes/key-change.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../../audit/merkle/tree-hash.ts'
import { RecordOnDisk } from '../../audit/record-on-disk.ts'
import { GoneCheck } from '../../audit/retention/gone-check.ts'
import { readGone } from '../../audit/retention/gone-rows.ts'
import { GoneSet } from '../../audit/retention/gone-set.ts'
import type { NoteVerifier } from '../../audit/signed-note.ts'
import { Fault } from '../../platform/fault.ts'
import type { Schema } from '../../store/schema.ts'
import { toldFact } from '../timeline/told-fact.ts'
import { countGone } from './count-gone.ts'
import type { GoneInPeriod } from './count-gone.ts'
import { SixYears } from './six-years.ts'

const pageMax = 500
/** Makings of evidence before this one, the newest: what each proved is proved on from there. */
const makingsMax = 24

export interface RecordRead {
  readonly outcomes: readonly (readonly [id: string, outcome: Outcome])[]
  readonly firstMs: number
  readonly factsInPeriod: number
  /** Of the period, what retention took: no check sees it. */
  readonly gone: readonly GoneInPeriod[]
  /** Where the record says that evidence was made, this time among them, the newest last. */
  readonly makings: readonly number[]
}

export interface ReadOrder {
  readonly checkpoint: Checkpoint
  /** That signed it: purges are held to it, and to those before it. */
  readonly key: NoteVerifier
  readonly period: Period
  /** When it is made: six years are counted from then. */
  readonly nowMs: number
  readonly onRead: (entries: number) => void
}

/**
 * Throws Fault `record-not-valid` where the entries are not those that were signed, and where one is
 * gone that no purge took as it may: what a verifier of an export would name.
 */
export async function readRecord(
  db: Kysely<Schema>,
  { checkpoint, key, period, nowMs, onRead }: ReadOrder,
): Promise<RecordRead> {
  const { size, root } = checkpoint
  const tally = new Tally(allChecks, samplesBy(root))
  const makings: number[] = []
  const gone = new GoneSet()
  const { first } = trustFrom([key], await new RecordOnDisk(db).keyChanges())
  const check = new GoneCheck(chainFrom(first))
  const sixYears = new SixYears(nowMs)
  let frontier = emptyFrontier
  let firstMs: number | undefined
  let factsInPeriod = 0
  while (frontier.size < size) {
    const { rows, leaves, missing } = await page(db, frontier.size, size)
    frontier = grow(frontier, leaves)
    for (const index of missing) {
      gone.add(index)
      check.gone(index)
    }
    for (const row of rows) {
      look(row, check)
      sixYears.take(row)
      firstMs ??= row.at_ms
      if (row.code === 'EVD-001') makings.push(row.idx)
      if (row.at_ms < period.fromMs || row.at_ms >= period.untilMs) continue
      factsInPeriod += 1
      if (tally.asksFor(row.code)) tally.take(toldFact(row))
    }
    if (makings.length > 2 * makingsMax) makings.splice(0, makings.length - makingsMax)
    onRead(frontier.size)
  }
  if (!rootOf(frontier).equals(root)) throw broken('entries are not those that were signed')
  await lookBehind(db, size, check)
  const { isKept } = sixYears
  const counted = await countGone(db, { gone, check, period, isKept })
  const found = check.end()
  if (found) throw broken(`entry ${String(found.entry)}: ${found.flaw}`)
  const reach = [recordReachesBack.id, sixYears.end(counted)] as const
  return {
    outcomes: [...tally.end(period), reach],
    firstMs: counted.firstMs ?? firstMs ?? 0,
    factsInPeriod,
    gone: counted.inPeriod,
    makings: makings.slice(-makingsMax),
  }
}

type Row = Pick<Schema['fact'], 'idx' | 'body'>

function look({ idx, body }: Row, check: GoneCheck): void {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const note = keyChangeIn(bytes)
  if (note === undefined) check.entry(idx, bytes)
  else check.change(note)
}

/** What was taken while it was read is signed by a fact behind the checkpoint. */
async function lookBehind(db: Kysely<Schema>, size: number, check: GoneCheck): Promise<void> {
  const rows = await db
    .selectFrom('fact')
    .select(['idx', 'body'])
    .where('idx', '>=', size)
    .where('code', 'in', ['RET-002', 'RET-004', 'HLD-001', 'HLD-003', keyChangeCode])
    .orderBy('idx')
    .execute()
  for (const row of rows) look(row, check)
}

/** Some of what there is; of what retention took, the hash in its place. */
async function page(db: Kysely<Schema>, from: number, end: number) {
  const to = Math.min(end, from + pageMax)
  // Whoever taps meanwhile waits for one page.
  await new Promise((resolve) => setImmediate(resolve))
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx')
    .execute()
  const leafAt = new Map(rows.map(({ idx, body }) => [idx, leafHash(body)]))
  const missing: number[] = []
  for (const { index, leaf } of rows.length === to - from ? [] : await readGone(db, from, to)) {
    if (leafAt.has(index)) continue
    leafAt.set(index, leaf)
    missing.push(index)
  }
  const leaves = Array.from({ length: to - from }, (_, offset) => {
    const leaf = leafAt.get(from + offset)
    if (!leaf) throw broken(`entry ${String(from + offset)} is gone`)
    return leaf
  })
  return { rows, leaves, missing }
}

const broken = (reason: string): Fault =>
  new Fault('record-not-valid', 'permanent', { cause: new Error(reason) })
