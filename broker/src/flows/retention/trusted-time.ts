// Whether the time can be trusted by which facts would go. A clock that leaps ahead would empty the
// house: so the times of the record's own facts and its witnesses are asked first, and in doubt
// nothing goes until two people have said that the time is right. A clock that is behind does no
// harm: then less goes.

import type { Kysely } from 'kysely'
import { clockLeapMs } from '../../audit/retention/gone-check.ts'
import { parseBase64 } from '../../audit/signed-note.ts'
import type { Schema } from '../../store/schema.ts'
import { readState } from './retention-state.ts'

type Db = Kysely<Schema>

export type ClockFlaw =
  /** From what came before to a fact more time passed than a house is ever silent. */
  | 'clock-leapt'
  /** A witness, whose clock is another, says that it is another time. */
  | 'witness-differs'

export type TimeTold =
  /** Up to which fact. */
  | { readonly kind: 'trusted'; readonly looked: number }
  | { readonly kind: 'flawed'; readonly flaw: ClockFlaw; readonly at: number }
  /** There is more to look at, or nothing new that says what time it is. */
  | { readonly kind: 'unfinished'; readonly looked: number }

const pageMax = 2000
/** In one look; a record of years is looked at in several. */
const pagesMax = 500
const witnessMaxMs = 2 * 86_400_000
/** After the key's id comes the time, in seconds (C2SP tlog-cosignature). */
const timeAt = 4
const cosignatureBytes = 76
const cosignaturesMax = 20

/** Looks on from where the last look ended. */
export async function tellTime(db: Db, nowMs: number): Promise<TimeTold> {
  const { looked_idx: from } = await readState(db)
  const newest = await db
    .selectFrom('fact')
    .select(['idx', 'at_ms'])
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!newest) return { kind: 'unfinished', looked: from }
  const witnessMs = await witnessTime(db)
  if (witnessMs !== undefined && Math.abs(nowMs - witnessMs) > witnessMaxMs) {
    return { kind: 'flawed', flaw: 'witness-differs', at: newest.idx }
  }
  const told = await lookForLeap(db, from)
  // The next fact will say whether it is the house that was silent.
  const isSilent = nowMs > newest.at_ms + clockLeapMs
  return told.kind === 'trusted' && isSilent ? { ...told, kind: 'unfinished' } : told
}

/** Against the latest of a page or two before it: a clock that was behind for a moment is none. */
async function lookForLeap(db: Db, from: number): Promise<TimeTold> {
  let looked = from
  let beforeMs = await latestBefore(db, from)
  for (let page = 0; page < pagesMax; page++) {
    const rows = await db
      .selectFrom('fact')
      .select(['idx', 'at_ms'])
      .where('idx', '>=', looked)
      .orderBy('idx')
      .limit(pageMax)
      .execute()
    let latestMs = 0
    for (const { idx, at_ms: atMs } of rows) {
      // Before the very first there was nothing.
      const knownMs = Math.max(beforeMs ?? rows[0]?.at_ms ?? atMs, latestMs)
      if (atMs > knownMs + clockLeapMs) return { kind: 'flawed', flaw: 'clock-leapt', at: idx }
      latestMs = Math.max(latestMs, atMs)
      looked = idx + 1
    }
    if (rows.length < pageMax) return { kind: 'trusted', looked }
    beforeMs = latestMs
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { kind: 'unfinished', looked }
}

/** The latest that any of them said with its newest words; nothing where none says a time. */
async function witnessTime(db: Db): Promise<number | undefined> {
  const rows = await db
    .selectFrom('cosignature')
    .select('line')
    .orderBy('size', 'desc')
    .limit(cosignaturesMax)
    .execute()
  const times = rows.flatMap(({ line }) => {
    const blob = parseBase64(line.trimEnd().split(' ')[2] ?? '')
    return blob?.length === cosignatureBytes ? [Number(blob.readBigUInt64BE(timeAt)) * 1000] : []
  })
  return times.length === 0 ? undefined : Math.max(...times)
}

async function latestBefore(db: Db, index: number): Promise<number | undefined> {
  const rows = await db
    .selectFrom('fact')
    .select('at_ms')
    .where('idx', '<', index)
    .orderBy('idx', 'desc')
    .limit(pageMax)
    .execute()
  return rows.length === 0 ? undefined : Math.max(...rows.map(({ at_ms: atMs }) => atMs))
}
