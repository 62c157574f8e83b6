// Reads the record for the rules of alerts, after it was written and never in the way of a tap:
// each fact once, in order, by one of the brokers at a time. What rules remember is made again from
// the record by whoever takes over.

import type { AlertRuleName } from '@wardkey/protocol/admin/alerts/alert-rules'
import { firstAfter } from '../first-after.ts'
import type { Log } from '../../platform/log.ts'
import type { AlertLimits } from '../../policy/alerts/alert-limits.ts'
import type { Sighting } from '../../policy/alerts/alert-fact.ts'
import { AlertWatch, watchedCodes } from '../../policy/alerts/alert-watch.ts'
import type { Store } from '../../store/store.ts'
import type { Perform } from '../perform.ts'
import { moveCursor, takeTurn, TurnLost } from './alert-cursor.ts'
import type { AlertCursor } from './alert-cursor.ts'
import { raiseAlerts } from './raise-alerts.ts'
import type { RaiseNeeds, Turn } from './raise-alerts.ts'
import { findUnsealed, readWatched } from './read-watched.ts'

export interface AlertDeskNeeds extends RaiseNeeds {
  readonly store: Store
  readonly perform: Perform
  readonly log: Log
  /** Of this run of this broker. */
  readonly me: string
  readonly limits: AlertLimits
  readonly off: ReadonlySet<AlertRuleName>
  /** Something new is to be told. */
  readonly onRaised: () => void
}

/** As long as the longest memory of a rule, and never more facts than that. */
const memoryMs = 24 * 3_600_000
const memoryMax = 500_000
/** Facts that brought nothing are read again after a crash: so many, or so old. */
const uncommittedMax = 5_000
const uncommittedMs = 60_000

export class AlertDesk {
  readonly #needs: AlertDeskNeeds
  #watch: AlertWatch | undefined
  /** As the database has it, and where the rules are. */
  #kept: AlertCursor = { nextIndex: 0, passedMs: 0 }
  #at: AlertCursor = { nextIndex: 0, passedMs: 0 }

  constructor(needs: AlertDeskNeeds) {
    this.#needs = needs
  }

  /** One look: to the end of what is there, if it is this broker's turn. */
  async look(): Promise<void> {
    try {
      while (await this.#page()) await new Promise((resolve) => setImmediate(resolve))
    } catch (thrown) {
      // Another's turn, or a database that does not answer: what was remembered may be ahead.
      this.#watch = undefined
      if (!(thrown instanceof TurnLost)) throw thrown
      this.#needs.log.info('alerts.turn-lost', {})
    }
  }

  /** True where there is more. */
  async #page(): Promise<boolean> {
    const { db, nowMs } = this.#needs
    const watch = await this.#turn()
    if (!watch) return false
    const rows = await readWatched(db, this.#at.nextIndex)
    const seen: Sighting[] = []
    let { nextIndex, passedMs } = this.#at
    for (const { index, atMs, fact } of rows) {
      if (index !== nextIndex) seen.push(...watch.missing({ index, atMs }))
      if (fact) seen.push(...watch.take(fact))
      nextIndex = index + 1
      passedMs = Math.max(passedMs, fact?.recordedMs ?? 0)
    }
    const last = rows.at(-1)
    if (!last) {
      // Nothing more came: time passes by the clock.
      passedMs = Math.max(passedMs, nowMs())
      const unsealed = await findUnsealed(db)
      seen.push(...watch.pass(passedMs, unsealed ? { unsealed } : {}))
    }
    this.#at = { nextIndex, passedMs }
    await this.#keep(seen)
    return last !== undefined
  }

  async #turn(): Promise<AlertWatch | undefined> {
    const { me, nowMs } = this.#needs
    const turn = await takeTurn(me, nowMs(), this.#needs)
    if (!turn) {
      this.#watch = undefined
      return undefined
    }
    if (this.#watch && !turn.isNew) return this.#watch
    this.#kept = turn.cursor
    this.#at = turn.cursor
    this.#watch = await this.#remember(turn.cursor)
    return this.#watch
  }

  /** What was seen up to there, seen again without a word. */
  async #remember({ nextIndex, passedMs }: AlertCursor): Promise<AlertWatch> {
    const { db, limits, off, me, nowMs } = this.#needs
    const watch = new AlertWatch(limits, off)
    let at = await firstAfter(db, passedMs - memoryMs, nextIndex, memoryMax)
    while (at < nextIndex) {
      const rows = await readWatched(db, at, [...watchedCodes])
      for (const { index, fact } of rows) if (fact && index < nextIndex) watch.take(fact)
      at = (rows.at(-1)?.index ?? nextIndex) + 1
      await new Promise((resolve) => setImmediate(resolve))
      // A long memory must not lose the turn.
      if (!(await takeTurn(me, nowMs(), this.#needs))) throw new TurnLost()
    }
    watch.pass(passedMs)
    return watch
  }

  async #keep(seen: readonly Sighting[]): Promise<void> {
    const isFar =
      this.#at.nextIndex - this.#kept.nextIndex >= uncommittedMax ||
      (this.#at.nextIndex > this.#kept.nextIndex &&
        this.#at.passedMs - this.#kept.passedMs >= uncommittedMs)
    if (seen.length === 0 && !isFar) return
    const turn = { me: this.#needs.me, from: this.#kept, to: this.#at }
    const isNew = await this.#commit(seen, turn)
    this.#kept = this.#at
    if (isNew) this.#needs.onRaised()
  }

  /** True where something is to be told. Throws `TurnLost` where it is another's turn. */
  async #commit(seen: readonly Sighting[], turn: Turn): Promise<boolean> {
    const { db, store, perform } = this.#needs
    const raised =
      seen.length === 0
        ? { facts: [], writes: [moveCursor(db, turn.me, turn.from, turn.to)], isNew: false }
        : await raiseAlerts(seen, turn, this.#needs)
    if (raised.facts.length === 0) {
      // One more time of what stands, that the record need not be told of.
      const done = await store.commit({ kind: 'housekeeping', writes: raised.writes })
      if (done.kind === 'conflict') throw new TurnLost()
      return false
    }
    const { answer } = await perform(async () => {
      const { facts, writes, isNew } = await raiseAlerts(seen, turn, this.#needs)
      const [first, ...rest] = facts
      if (!first) throw new TurnLost()
      return { answer: isNew, facts: [first, ...rest], writes, notices: [] }
    })
    return answer
  }
}
