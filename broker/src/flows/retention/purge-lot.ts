// Takes one lot of facts of a class out of the record: their rows go, their hashes stay, and the
// fact that says so is of the same unit. Nothing goes that is not, byte for byte, what was signed;
// nothing that a hold keeps, also one that comes meanwhile: then the unit fails, and looks again.

import type { EndingClass } from '@wardkey/protocol/retention-classes'
import { retentionClassOf } from '@wardkey/protocol/retention-classes'
import { signerNow } from '../../audit/key-changes/signer-now.ts'
import type { SignerNeeds } from '../../audit/key-changes/signer-now.ts'
import { leafHash } from '../../audit/merkle/tree-hash.ts'
import type { Hash } from '../../audit/merkle/tree-hash.ts'
import { RecordOnDisk } from '../../audit/record-on-disk.ts'
import { holdsHash, purgeList, signPurge, textHash } from '../../audit/retention/purge-statement.ts'
import type { PurgeStatement } from '../../audit/retention/purge-statement.ts'
import { Fault } from '../../platform/fault.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { notHeld, standingHolds } from './find-holds.ts'
import type { DueFact, StandingHold } from './find-holds.ts'
import { stillTurn } from './hold-guards.ts'
import { movePlace, readPlace, readState } from './retention-state.ts'

export interface LotNeeds extends FlowNeeds, SignerNeeds {
  readonly me: string
}

export interface LotOrder {
  readonly class: EndingClass
  readonly rule: number
  readonly days: number
  readonly beforeMs: number
  /** Nothing from there on. */
  readonly toIndex: number
}

export interface Lot {
  /** In the order of the record; what a hold keeps is not among them. */
  readonly due: readonly DueFact[]
  /** Where the next lot of the class begins. */
  readonly nextIndex: number
  readonly hasMore: boolean
}

/** Rows that are looked at in one go, and rows that go in one unit. */
const pageMax = 2000
const lotMax = 500
/** Its hashes are compared with the lists of all checkpoints between its first and its last. */
const spanMax = 20_000
/** Rows in one statement: always as many, so that the database keeps few statements. */
const rowsMax = 50
/** What is of a time to come was written by a clock that was ahead: it is passed over. */
const aheadMs = 86_400_000

/** The next of a class, from a place on. */
export async function findLot(
  order: Pick<LotOrder, 'class' | 'beforeMs' | 'toIndex'>,
  from: number,
  holds: readonly StandingHold[],
  { db, nowMs }: Pick<FlowNeeds, 'db' | 'nowMs'>,
): Promise<Lot> {
  const rows = await db
    .selectFrom('fact')
    .select(['idx', 'code', 'at_ms'])
    .where('idx', '>=', from)
    .where('idx', '<', order.toIndex)
    .orderBy('idx')
    .limit(pageMax)
    .execute()
  const isPast = ({ at_ms: atMs }: { readonly at_ms: number }): boolean => atMs < order.beforeMs
  const old = rows.filter(isPast)
  const all = old.filter(({ code }) => retentionClassOf(code) === order.class)
  const [first] = all
  const own = all.slice(0, lotMax).filter(({ idx }) => idx <= (first?.idx ?? 0) + spanMax)
  const isCut = own.length < all.length
  const isAllAhead = rows.length > 0 && rows.every(({ at_ms: atMs }) => atMs > nowMs() + aheadMs)
  const lastLooked = isCut ? own.at(-1)?.idx : isAllAhead ? rows.at(-1)?.idx : old.at(-1)?.idx
  const hasMore = isCut || isAllAhead || (rows.length === pageMax && old.length > 0)
  const place = { nextIndex: lastLooked === undefined ? from : lastLooked + 1, hasMore }
  if (own.length === 0) return { due: [], ...place }
  const due = await db
    .selectFrom('fact')
    .select(['idx', 'code', 'at_ms', 'person_id', 'workstation_id', 'session_id', 'body'])
    .where(
      'idx',
      'in',
      own.map(({ idx }) => idx),
    )
    .orderBy('idx')
    .execute()
  return { due: await notHeld(due, holds, db), ...place }
}

export type LotTaken =
  | { readonly kind: 'taken'; readonly count: number; readonly hasMore: boolean }
  | { readonly kind: 'none'; readonly hasMore: boolean; readonly writes: readonly Write[] }

/** Nothing of the record is changed where nothing is due: then the place alone moves on. */
export async function nextLot(
  order: LotOrder,
  needs: LotNeeds,
): Promise<Recorded<LotTaken> | Extract<LotTaken, { kind: 'none' }>> {
  const { db, me } = needs
  const state = await readState(db)
  const holds = await standingHolds(db)
  const { nextIndex: from } = await readPlace(db, order.class)
  const { due, nextIndex, hasMore } = await findLot(order, from, holds, needs)
  const move = [stillTurn(db, me, state), movePlace(db, order.class, { nextIndex })]
  if (due.length === 0) {
    return { kind: 'none', hasMore, writes: nextIndex === from ? [] : move }
  }
  const leaves = await signedLeaves(due, needs)
  const list = purgeList(due.map((one) => ({ index: one.idx, code: one.code, atMs: one.at_ms })))
  const statement = await statementOf(order, due, holds, list, needs)
  const fact = newFact(needs, 'RET-004', {
    fields: { ...signPurge(statement, await signerNow(needs)), by: 'retention' },
  })
  return {
    answer: { kind: 'taken', count: due.length, hasMore },
    facts: [fact],
    writes: [...move, ...taken(due, leaves, statement, list, fact.atMs, needs)],
    notices: [],
  }
}

/** Throws Fault `record-not-valid` where one is not what was signed: that is no time to remove it. */
async function signedLeaves(
  due: readonly DueFact[],
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<readonly Hash[]> {
  const first = due[0]?.idx ?? 0
  const signed = await new RecordOnDisk(db).listedLeaves(first, (due.at(-1)?.idx ?? first) + 1)
  return due.map(({ idx, body }) => {
    const leaf = leafHash(body)
    if (signed[idx - first]?.equals(leaf) === true) return leaf
    const cause = new Error(`entry ${String(idx)} is not the one that was signed`)
    throw new Fault('record-not-valid', 'permanent', { cause })
  })
}

async function statementOf(
  { class: name, rule, days, beforeMs }: LotOrder,
  due: readonly DueFact[],
  holds: readonly StandingHold[],
  list: string,
  { db }: Pick<FlowNeeds, 'db'>,
): Promise<PurgeStatement> {
  const last = await db
    .selectFrom('retention_purge')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirst()
  return {
    purge: (last?.number ?? 0) + 1,
    ...{ class: name, rule, days, beforeMs },
    first: due[0]?.idx ?? 0,
    last: due.at(-1)?.idx ?? 0,
    count: due.length,
    holds: holds.length,
    holdsHash: holdsHash(holds.map(({ id }) => id)),
    listHash: textHash(list),
  }
}

function taken(
  due: readonly DueFact[],
  leaves: readonly Hash[],
  statement: PurgeStatement,
  list: string,
  atMs: number,
  { db }: Pick<FlowNeeds, 'db'>,
): readonly Write[] {
  const { purge, class: name, rule, beforeMs, first, last, count } = statement
  const row = { class: name, rule, before_ms: beforeMs, first_idx: first, last_idx: last, count }
  const purged = db
    .insertInto('retention_purge')
    .values({ number: purge, ...row, at_ms: atMs, list })
    .compile()
  const writes: Write[] = [{ query: purged, expectRows: 1 }]
  const gone = due.map(({ idx }, at) => ({ idx, leaf: leaves[at] ?? Buffer.alloc(0), purge }))
  for (let from = 0; from < gone.length; from += rowsMax) {
    const some = gone.slice(from, from + rowsMax)
    const indexes = some.map(({ idx }) => idx)
    const removed = db.deleteFrom('fact').where('idx', 'in', indexes).compile()
    const kept = db.insertInto('fact_gone').values(some).compile()
    writes.push({ query: removed, expectRows: some.length })
    writes.push({ query: kept, expectRows: some.length })
  }
  return writes
}
