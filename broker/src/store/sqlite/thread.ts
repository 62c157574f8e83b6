// The writer thread as the store sees it: a batch goes out, an answer comes back, one at a time. It
// decides nothing about units.

import { Worker } from 'node:worker_threads'
import { Fault } from '../../platform/fault.ts'
import type { Outcome } from '../commit-queue.ts'
import type { BatchAnswer, BatchOrder, UnitAnswer, UnitOrder, WriteOrder } from './orders.ts'
import type { Unit } from '../store.ts'

/** Texts are few, because values are parameters; lists of values have a text for each length. */
const sqlMax = 1000

export class SqliteThread {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  readonly #sqlIndexes = new Map<string, number>()
  #newSql: string[] = []
  #isReset = false
  #answered: ((answer: BatchAnswer) => void) | undefined
  /** Why there will be no more answers. */
  #end: string | undefined

  private constructor(worker: Worker, onEnd: (fault: Fault) => void) {
    this.#worker = worker
    const end = (cause: string): void => {
      if (this.#end !== undefined) return
      this.#end = cause
      // Whoever waits for an answer is told by it; otherwise somebody has to be.
      if (this.#answered) this.#answered({ kind: 'ended', cause })
      else onEnd(diskFault(cause))
    }
    worker.on('message', (answer: BatchAnswer) => {
      if (answer.kind === 'ended') end(answer.cause)
      else this.#answered?.(answer)
    })
    worker.on('error', (thrown: unknown) => {
      end(thrown instanceof Error ? thrown.message : 'the writer ended')
    })
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        resolve()
        end('the writer ended')
      })
    })
  }

  /** Throws where the file cannot be opened with every commit flushed. */
  static async start(path: string, onEnd: (fault: Fault) => void): Promise<SqliteThread> {
    const worker = new Worker(new URL('./writer.ts', import.meta.url), {
      workerData: { path },
      name: 'wardkey-store',
    })
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', () => {
        worker.off('error', reject)
        resolve()
      })
    })
    return new SqliteThread(worker, onEnd)
  }

  /** Throws Fault: transient where nothing was written, permanent where the disk failed. */
  async write(units: readonly Unit[]): Promise<readonly Outcome[]> {
    if (this.#end !== undefined) throw diskFault(this.#end)
    if (this.#sqlIndexes.size > sqlMax) this.#forgetSql()
    const orders = units.map((unit) => this.#orderOf(unit))
    const answer = await new Promise<BatchAnswer>((resolve) => {
      this.#answered = resolve
      this.#send(orders)
    })
    this.#answered = undefined
    if (answer.kind === 'written') return answer.outcomes.map(outcomeOf)
    const cause = new Error(answer.cause)
    if (answer.kind === 'ended' || answer.reason === 'disk') throw diskFault(answer.cause)
    throw answer.reason === 'full'
      ? new Fault('store-full', 'transient', { cause })
      : new Fault('store-unavailable', 'transient', { cause })
  }

  async close(): Promise<void> {
    this.#end ??= 'the store is closed'
    this.#worker.postMessage('close')
    await this.#ended
  }

  #send(units: readonly UnitOrder[]): void {
    const order: BatchOrder = { newSql: this.#newSql, isReset: this.#isReset, units }
    this.#newSql = []
    this.#isReset = false
    this.#worker.postMessage(order)
  }

  #orderOf(unit: Unit): UnitOrder {
    return {
      writes: unit.writes.map(({ query, expectRows }): WriteOrder => [
        this.#indexOf(query.sql),
        expectRows ?? -1,
        ...query.parameters,
      ]),
      facts:
        unit.kind === 'housekeeping'
          ? []
          : unit.facts.map((fact) => [
              fact.id,
              fact.atMs,
              fact.code,
              fact.personId,
              fact.workstationId,
              fact.sessionId,
              textOf(fact.body),
            ]),
    }
  }

  #forgetSql(): void {
    this.#sqlIndexes.clear()
    this.#newSql = []
    this.#isReset = true
  }

  #indexOf(sql: string): number {
    const known = this.#sqlIndexes.get(sql)
    if (known !== undefined) return known
    const index = this.#sqlIndexes.size
    this.#sqlIndexes.set(sql, index)
    this.#newSql.push(sql)
    return index
  }
}

const textOf = (body: Uint8Array): string =>
  Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')

function outcomeOf(answer: UnitAnswer): Outcome {
  if (answer === null) return { kind: 'conflict' }
  if (typeof answer === 'number') return { kind: 'committed', firstIndex: answer }
  const fault = new Fault('internal', 'permanent', { cause: new Error(answer) })
  return { kind: 'failed', fault }
}

const diskFault = (cause: string): Fault =>
  new Fault('store-unavailable', 'permanent', { cause: new Error(cause) })
