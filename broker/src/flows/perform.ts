// The one way from a flow to an answer: facts and writes become one unit of the store, and only the
// store's receipt makes an answer that a door can send.

import { Fault } from '../platform/fault.ts'
import type { Log } from '../platform/log.ts'
import { encodeFact } from '../audit/fact.ts'
import type { Fact } from '../audit/fact.ts'
import type { FactBytes, Receipt, Store, Write } from '../store/store.ts'
import { FactMarks } from './mark-facts.ts'
import type { Notice, Recorded } from './recorded.ts'

declare const answeredBrand: unique symbol
/** An answer that is true: what it says is durable. Only `perform` makes one. */
export interface Answered<Answer> {
  readonly answer: Answer
  readonly receipt: Receipt
  readonly [answeredBrand]: true
}

/** Carries out one notice. It may fail: what is committed stays committed. */
export type Notices = (notice: Notice) => void | Promise<void>

/**
 * How a flow may look at things. The first time round what is remembered will do, because guards in
 * the writes hold it to the truth; after a conflict everything is read anew.
 */
export type Look = 'remembered' | 'fresh'

export type Flow<Answer> = (look: Look) => Promise<Recorded<Answer>>

export interface PerformNeeds {
  readonly store: Store
  readonly notices: Notices
  readonly log: Log
  /** What other brokers must hear of a unit, as writes of that unit. */
  readonly post?: (notices: readonly Notice[]) => readonly Write[]
  /** Counts what is durable, once the notices are under way: nobody waits for it. */
  readonly onRecorded?: (facts: readonly Fact[]) => void | Promise<void>
  /** How long it took until they were durable, from the moment that they were ready. */
  readonly onFlushed?: (facts: readonly Fact[], tookMs: number) => void
}

export interface Perform {
  /**
   * Runs the flow, commits it, and repeats it from its start when something it had read was changed
   * meanwhile. Throws the store's Fault, or `store-contended` when others never let it through.
   */
  <Answer>(flow: Flow<Answer>): Promise<Answered<Answer>>
  /** Resolves when no notice is under way: for an orderly stop, and for tests. */
  idle(): Promise<void>
}

/** Each conflict means that somebody else got through, so this many in a row are no accident. */
export const attemptsMax = 24

export function makePerform(needs: PerformNeeds): Perform {
  const underWay = new Set<Promise<void>>()
  const marks = new FactMarks(needs.store.read)
  const carry = (notices: readonly Notice[], facts: readonly Fact[] = []): void => {
    const told = tell(needs, notices)
      .then(() => count(needs, facts))
      .finally(() => underWay.delete(told))
    underWay.add(told)
  }
  const perform = async <Answer>(flow: Flow<Answer>): Promise<Answered<Answer>> => {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const recorded = await flow(attempt === 0 ? 'remembered' : 'fresh')
      const unit = {
        kind: 'recorded',
        writes: writesOf(recorded, needs),
        facts: encodeAll(await marks.marked(recorded)),
      } as const
      const readyMs = performance.now()
      const committed = await needs.store.commit(unit).catch((thrown: unknown) => {
        const isInDoubt = thrown instanceof Fault && thrown.class === 'ambiguous'
        if (isInDoubt) carry(doubtsOf(recorded.notices))
        throw thrown
      })
      if (committed.kind === 'conflict') continue
      needs.onFlushed?.(recorded.facts, performance.now() - readyMs)
      marks.note(recorded.opens)
      carry(recorded.notices, recorded.facts)
      return { answer: recorded.answer, receipt: committed.receipt } as Answered<Answer>
    }
    throw new Fault('store-contended', 'transient')
  }
  return Object.assign(perform, {
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  })
}

function writesOf(
  { writes, notices }: Recorded<unknown>,
  { post }: PerformNeeds,
): readonly Write[] {
  return post === undefined || notices.length === 0 ? writes : [...writes, ...post(notices)]
}

/**
 * A unit whose answer never came may have been written: a screen that it locked would go unlocked,
 * since nobody else has a word for it.
 */
function doubtsOf(notices: readonly Notice[]): readonly Notice[] {
  const ids = notices.flatMap((notice) =>
    notice.kind === 'to-workstation' ? [notice.workstationId] : [],
  )
  return [...new Set(ids)].map((id) => ({ kind: 'workstation-in-doubt', workstationId: id }))
}

function encodeAll(facts: readonly [Fact, ...Fact[]]): readonly [FactBytes, ...FactBytes[]] {
  const [first, ...rest] = facts
  return [encodeFact(first), ...rest.map(encodeFact)]
}

/**
 * In order, each after the one before. The first ones (frames that lock a screen) are on their way
 * before `perform` returns; a slow one holds up only what comes after it.
 */
async function tell({ notices, log }: PerformNeeds, all: readonly Notice[]): Promise<void> {
  for (const notice of all) {
    try {
      const carried = notices(notice)
      if (carried) await carried
    } catch (thrown) {
      // The change is durable; whoever did not hear of it finds it at the next look.
      log.error('notice.failed', {
        kind: notice.kind,
        code: thrown instanceof Fault ? thrown.code : 'internal',
      })
    }
  }
}

async function count({ log, onRecorded }: PerformNeeds, facts: readonly Fact[]): Promise<void> {
  try {
    await onRecorded?.(facts)
  } catch (thrown) {
    // The record is whole; a graph misses something.
    log.warn('facts.not-counted', { code: thrown instanceof Fault ? thrown.code : 'internal' })
  }
}
