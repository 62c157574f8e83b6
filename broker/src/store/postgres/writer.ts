// The one connection of a broker that writes to PostgreSQL: a batch of units in one transaction and
// two round trips. It knows statements and rows, and nothing of what they mean.

import pg from 'pg'
import { Fault } from '../../platform/fault.ts'
import type { Outcome } from '../commit-queue.ts'
import { ParsedStatements, StatementFailed, runPipeline } from './pipeline.ts'
import { judgeDone, judgeFailed, planBatch, prepareUnit } from './plan.ts'
import type { Attempt, Plan } from './plan.ts'
import type { Unit } from '../store.ts'

/** Batches tried as one; after that each of what is left goes by itself, so that it ends. */
const passesMax = 4
const statementMaxMs = 8_000
const lockMaxMs = 4_000
/** A broker that stops in the middle of a batch must not hold up the others for long. */
const idleInTransactionMaxMs = 5_000
/** No answer to a whole batch for so long: the server is not there. */
const answerMaxMs = 9_000

interface Connected {
  readonly client: pg.Client
  readonly parsed: ParsedStatements
}

export class PostgresWriter {
  readonly #url: string
  #connected: Connected | undefined

  constructor(url: string) {
    this.#url = url
  }

  /**
   * Nearly always every unit of a batch holds, so they are tried as one; those that do not hold are
   * taken out, and the rest is tried again. Throws Fault: transient where nothing was written,
   * ambiguous where nobody knows.
   */
  async write(units: readonly Unit[]): Promise<readonly Outcome[]> {
    const prepared = units.map(prepareUnit)
    const outcomes = prepared.map((one): Outcome | undefined =>
      one.kind === 'failed' ? one : undefined,
    )
    const isLeft = (at: number): boolean => outcomes[at] === undefined
    let left = [...units.keys()].filter(isLeft)
    let isAlone = false
    for (let pass = 1; left.length > 0; pass++) {
      isAlone ||= pass > passesMax
      const batch = isAlone ? left.slice(0, 1) : left
      try {
        const inBatch = batch.flatMap((at) => prepared[at] ?? [])
        const plan = planBatch(inBatch.filter((one) => one.kind === 'prepared'))
        const attempt = await this.#attempt(plan)
        for (const [at, outcome] of outcomesOf(attempt, plan)) outcomes[batch[at] ?? -1] = outcome
        isAlone ||= attempt.kind === 'undone' && attempt.because.size === 0
      } catch (thrown) {
        if (!(thrown instanceof Fault) || left.length === units.length) throw thrown
        // Some are committed already: only what is left has failed.
        for (const at of left) outcomes[at] = { kind: 'failed', fault: thrown }
      }
      left = left.filter(isLeft)
    }
    return outcomes.flatMap((outcome) => outcome ?? [])
  }

  /** Throws Fault where the server acknowledges commits that a power cut would lose. */
  async assertDurable(): Promise<void> {
    const { client } = await this.#connect()
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      const { rows } = await client.query<Record<string, string>>(`show ${name}`)
      if (Object.values(rows[0] ?? {})[0] === 'off') {
        throw new Fault('settings-not-valid', 'permanent', { cause: new Error(`${name} is off`) })
      }
    }
  }

  async close(): Promise<void> {
    await this.#connected?.client.end()
    this.#connected = undefined
  }

  async #attempt(plan: Plan): Promise<Attempt> {
    const progress = { isCommitting: false }
    try {
      const { client, parsed } = await this.#connect()
      return await inTime(client, async () => {
        const attempt = await run(client, plan, parsed)
        progress.isCommitting = attempt.kind === 'written'
        await client.query(progress.isCommitting ? 'commit' : 'rollback')
        return attempt
      })
    } catch (cause) {
      this.#drop()
      throw faultOf(cause, progress.isCommitting)
    }
  }

  async #connect(): Promise<Connected> {
    if (this.#connected) return this.#connected
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: lockMaxMs,
      keepAlive: true,
      application_name: 'wardkey-broker-writer',
      statement_timeout: statementMaxMs,
      lock_timeout: lockMaxMs,
      idle_in_transaction_session_timeout: idleInTransactionMaxMs,
    })
    const connected = { client, parsed: new ParsedStatements() }
    // A connection that breaks is replaced at the next batch; without a listener it would end us.
    client.on('error', () => {
      if (this.#connected === connected) this.#connected = undefined
    })
    await client.connect()
    this.#connected = connected
    return connected
  }

  #drop(): void {
    const client = this.#connected?.client
    this.#connected = undefined
    client?.end().catch(() => undefined) // It is being thrown away: how it ends is of no interest.
  }
}

async function run(client: pg.Client, plan: Plan, parsed: ParsedStatements): Promise<Attempt> {
  try {
    return judgeDone(plan, await runPipeline(client, plan.statements, parsed))
  } catch (thrown) {
    if (thrown instanceof StatementFailed) return judgeFailed(plan, thrown)
    throw thrown
  }
}

/** Cuts the connection when no answer comes, which ends whatever waits on it. */
async function inTime<Result>(client: pg.Client, act: () => Promise<Result>): Promise<Result> {
  const deadline = setTimeout(() => {
    client.connection.stream.destroy()
  }, answerMaxMs)
  try {
    return await act()
  } finally {
    clearTimeout(deadline)
  }
}

/** By place in the batch: everybody's where it was written, else of those that were the reason. */
function outcomesOf(attempt: Attempt, { facts, count }: Plan): Iterable<[number, Outcome]> {
  if (attempt.kind === 'undone') return attempt.because
  const outcomes: [number, Outcome][] = []
  let at = 0
  for (let place = 0; place < count; place++) {
    outcomes.push([place, { kind: 'committed', firstIndex: attempt.firstIndex + at }])
    while (facts[at]?.place === place) at += 1
  }
  return outcomes
}

function faultOf(cause: unknown, isCommitting: boolean): Fault {
  if (cause instanceof Fault) return cause
  // 53100: the server's disk is full.
  const isFull = cause instanceof pg.DatabaseError && cause.code === '53100'
  if (isFull && !isCommitting) return new Fault('store-full', 'transient', { cause })
  return new Fault('store-unavailable', isCommitting ? 'ambiguous' : 'transient', { cause })
}
