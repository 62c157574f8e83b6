// Takes what is past its time out of the record, once a day, by one of the brokers at a time, in
// small lots between which everything else has its turn. Broken off anywhere, the next one goes on.
// Without a rule that two people approved, or with a time that cannot be trusted, it takes nothing.

import { endingClasses } from '@wardkey/protocol/retention-classes'
import type { EndingClass } from '@wardkey/protocol/retention-classes'
import type { Log } from '../../platform/log.ts'
import type { Store, Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import type { Perform } from '../perform.ts'
import { dropDerived } from './drop-derived.ts'
import { planRun } from './preview-run.ts'
import { nextLot } from './purge-lot.ts'
import type { LotNeeds, LotOrder, LotTaken } from './purge-lot.ts'
import { daysOf, ruleInForce } from './retention-rules.ts'
import type { RetentionRule } from './retention-rules.ts'
import { movePlace, readState, takeTurn } from './retention-state.ts'
import { tellTime } from './trusted-time.ts'
import type { TimeTold } from './trusted-time.ts'

export interface RetentionNeeds extends LotNeeds {
  readonly store: Store
  readonly perform: Perform
  readonly log: Log
  /** The newest checkpoint that this broker has compared with what is on disk. */
  readonly head: () => { readonly size: number } | undefined
}

/** So long after the last run the next may begin: once a day, whenever the broker is started. */
const everyMs = 20 * 3_600_000

class NotOurs extends Error {}
class NothingDue extends Error {}

export class RetentionDesk {
  readonly #needs: RetentionNeeds
  #isStopped = false

  constructor(needs: RetentionNeeds) {
    this.#needs = needs
  }

  /** A run that is under way ends with its lot; the next broker goes on. */
  stop(): void {
    this.#isStopped = true
  }

  /** One look: a run, where one is due and it is this broker's turn. */
  async look(): Promise<void> {
    try {
      await this.#look()
    } catch (thrown) {
      if (!(thrown instanceof NotOurs)) throw thrown
      this.#needs.log.info('retention.turn-lost', {})
    }
  }

  async #look(): Promise<void> {
    const { db, nowMs, log } = this.#needs
    const rule = await ruleInForce(this.#needs)
    if (!rule) return
    const { run_ms: runMs, stopped } = await readState(db)
    const isDone = runMs <= nowMs() && nowMs() < runMs + everyMs
    if (stopped !== null || isDone) return
    await this.#holdTurn()
    const told = await tellTime(db, nowMs())
    if (told.kind !== 'trusted') {
      await this.#notTrusted(told)
      return
    }
    const toIndex = await this.#limit(told.looked)
    await this.#write([this.#state({ looked_idx: told.looked })])
    let count = 0
    for (const name of endingClasses) count += await this.#runClass(name, rule, toIndex)
    await dropDerived(() => this.#holdTurn(), this.#needs)
    await this.#write([this.#state({ run_ms: nowMs() })])
    if (count > 0) log.info('retention.done', { count })
  }

  /** Only what is signed, was looked at for the time, and was read by the rules of alerts. */
  async #limit(looked: number): Promise<number> {
    const cursor = await this.#needs.db
      .selectFrom('alert_cursor')
      .select('next_idx')
      .executeTakeFirst()
    return Math.min(this.#needs.head()?.size ?? 0, looked, cursor?.next_idx ?? 0)
  }

  async #runClass(name: EndingClass, rule: RetentionRule, toIndex: number): Promise<number> {
    const { db } = this.#needs
    const days = daysOf(rule)[name]
    const plan = await planRun(name, days, this.#needs)
    if (!plan) return 0
    const { beforeMs } = plan
    const order = { class: name, rule: rule.number, days, beforeMs, toIndex }
    let count = 0
    for (let hasMore = true; hasMore;) {
      await this.#holdTurn()
      const answer = await this.#lot(order)
      if (answer.kind === 'taken') count += answer.count
      hasMore = answer.hasMore
      await new Promise((resolve) => setImmediate(resolve))
    }
    await this.#write([movePlace(db, name, { beforeMs })])
    return count
  }

  /** Where nothing is due there is nothing to record, and the place alone moves on. */
  async #lot(order: LotOrder): Promise<LotTaken> {
    const state: { none?: Extract<LotTaken, { kind: 'none' }> } = {}
    try {
      const { answer } = await this.#needs.perform(async () => {
        const next = await nextLot(order, this.#needs)
        if (!('kind' in next)) return next
        state.none = next
        throw new NothingDue()
      })
      return answer
    } catch (thrown) {
      if (!(thrown instanceof NothingDue) || !state.none) throw thrown
    }
    if (state.none.writes.length > 0) await this.#write(state.none.writes)
    return state.none
  }

  async #notTrusted(told: Exclude<TimeTold, { kind: 'trusted' }>): Promise<void> {
    const { perform, nowMs, log, db } = this.#needs
    if (told.kind === 'unfinished') {
      await this.#write([this.#state({ looked_idx: told.looked })])
      return
    }
    const { flaw, at } = told
    log.error('retention.clock-not-trusted', { code: flaw })
    const query = db
      .updateTable('retention_state')
      .set({ stopped: flaw, stopped_idx: at, stopped_ms: nowMs() })
      .where('stopped', 'is', null)
      .compile()
    await perform(() =>
      Promise.resolve({
        answer: undefined,
        facts: [newFact(this.#needs, 'RET-102', { rule: flaw, fields: { at } })],
        writes: [{ query, expectRows: 1 }],
        notices: [],
      }),
    )
  }

  #state(set: { readonly looked_idx?: number; readonly run_ms?: number }): Write {
    const { db, me } = this.#needs
    const query = db.updateTable('retention_state').set(set).where('holder', '=', me).compile()
    return { query, expectRows: 1 }
  }

  async #holdTurn(): Promise<void> {
    const { me, nowMs, store } = this.#needs
    if (this.#isStopped || !(await takeTurn(me, nowMs(), store))) throw new NotOurs()
  }

  async #write(writes: readonly Write[]): Promise<void> {
    const done = await this.#needs.store.commit({ kind: 'housekeeping', writes })
    if (done.kind === 'conflict') throw new NotOurs()
  }
}
