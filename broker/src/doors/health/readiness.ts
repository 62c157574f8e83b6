// Whether the broker can do its work now: the store takes writes, and what is written is signed.
// Asked by load balancers, so it never waits long and never shows why to strangers, only what.

import type { Kysely } from 'kysely'
import { Fault } from '../../platform/fault.ts'
import type { Schema } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'

export interface ReadinessNeeds {
  readonly store: Store
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** How many facts are under the newest checkpoint. */
  readonly sealedSize: () => number
  readonly isStopping: () => boolean
}

export interface Readiness {
  readonly isReady: boolean
  readonly store: 'ok' | 'failing'
  readonly record: 'ok' | 'behind'
  readonly broker: 'ok' | 'stopping'
}

/** A write and its flush may take this long; more is as good as not at all. */
const probeWithinMs = 2000
/** Asked more often than this the answer is the one before: a probe costs a flush. */
const probeEveryMs = 1000
/** Facts are signed within a quarter of a second; this long unsigned is a fault, not a delay. */
const unsignedMaxMs = 3000
/** The row that a probe writes; no request's key looks like it. */
const probeKey = 'readyz'

export function makeReadiness(needs: ReadinessNeeds): () => Promise<Readiness> {
  const last: { atMs: number; isWritable: Promise<boolean> } = {
    atMs: -Infinity,
    isWritable: Promise.resolve(false),
  }
  return async () => {
    const now = needs.monotonicMs()
    if (now - last.atMs >= probeEveryMs) {
      last.atMs = now
      last.isWritable = canWrite(needs)
    }
    const isWritable = await last.isWritable
    const store = isWritable ? 'ok' : 'failing'
    // A store that cannot be written is not asked more questions: they would wait as well.
    const record = isWritable && (await isSigned(needs)) ? 'ok' : 'behind'
    const broker = needs.isStopping() ? 'stopping' : 'ok'
    const isReady = store === 'ok' && record === 'ok' && broker === 'ok'
    return { isReady, store, record, broker }
  }
}

async function canWrite({ store, nowMs }: ReadinessNeeds): Promise<boolean> {
  const row = { answer: '', at_ms: nowMs() }
  const query = store.read
    .insertInto('request')
    .values({ key: probeKey, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .compile()
  const written = store.commit({ kind: 'housekeeping', writes: [{ query, expectRows: 1 }] }).then(
    ({ kind }) => kind === 'committed',
    (thrown: unknown) => {
      if (thrown instanceof Fault) return false
      throw thrown
    },
  )
  return within(written, probeWithinMs)
}

async function isSigned({ store, sealedSize, nowMs }: ReadinessNeeds): Promise<boolean> {
  const oldest = await oldestUnsigned(store.read, sealedSize())
  return oldest === undefined || nowMs() - oldest < unsignedMaxMs
}

async function oldestUnsigned(db: Kysely<Schema>, size: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('fact')
    .select('at_ms')
    .where('idx', '>=', size)
    .orderBy('idx')
    .limit(1)
    .executeTakeFirst()
  return row && row.at_ms
}

function within(answer: Promise<boolean>, ms: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(false)
    }, ms)
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer)
    })
  })
}
