// Many statements to PostgreSQL in one go, one answer back: on a connection of its own a statement
// costs a round trip, in a pipeline next to nothing. It begins and ends no transaction by itself.

import type pg from 'pg'
import type { WireValue } from './values.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly WireValue[]
}

/** Rows touched, and of what it returned the first value of the first row. */
export interface StatementDone {
  readonly rowCount: number
  readonly first: string | null
}

/** One statement of a pipeline failed; those before it were carried out, those after it not. */
export class StatementFailed extends Error {
  readonly done: readonly StatementDone[]

  constructor(done: readonly StatementDone[], cause: Error) {
    super(`statement ${String(done.length)} failed`, { cause })
    this.done = done
  }
}

/** More texts than this are parsed each time: lists of values have a text for each length. */
const namesMax = 500

/** Statements that one connection has parsed already. Dies with the connection. */
export class ParsedStatements {
  readonly #names = new Map<string, string>()
  #made = 0

  /** The name to bind to, and whether the text has to be parsed under it first. */
  nameOf(text: string): { readonly name: string; readonly isNew: boolean } {
    const known = this.#names.get(text)
    if (known !== undefined) return { name: known, isNew: false }
    if (this.#names.size >= namesMax) return { name: '', isNew: true }
    this.#made += 1
    const name = `w${String(this.#made)}`
    this.#names.set(text, name)
    return { name, isNew: true }
  }

  /** After a failure nobody knows whether these were parsed: they get new names. */
  forget(texts: Iterable<string>): void {
    for (const text of texts) this.#names.delete(text)
  }
}

/** Rejects with StatementFailed, or with the connection's own error. */
export function runPipeline(
  client: pg.Client,
  statements: readonly Statement[],
  parsed: ParsedStatements,
): Promise<readonly StatementDone[]> {
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(statements, parsed, resolve, reject))
  })
}

/** The methods that `pg` calls on whatever is queued as a query (as pg-cursor does it). */
class Pipeline implements pg.Submittable {
  readonly #statements: readonly Statement[]
  readonly #parsed: ParsedStatements
  readonly #resolve: (done: readonly StatementDone[]) => void
  readonly #reject: (cause: Error) => void
  readonly #done: StatementDone[] = []
  readonly #newTexts: string[] = []
  #first: string | null = null

  constructor(
    statements: readonly Statement[],
    parsed: ParsedStatements,
    resolve: (done: readonly StatementDone[]) => void,
    reject: (cause: Error) => void,
  ) {
    this.#statements = statements
    this.#parsed = parsed
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    // One write to the socket for all of it.
    connection.stream.cork()
    try {
      for (const { text, values } of this.#statements) {
        const { name, isNew } = this.#parsed.nameOf(text)
        if (isNew) {
          this.#newTexts.push(text)
          connection.parse({ name, text, types: [] }, true)
        }
        connection.bind({ statement: name, values: [...values] }, true)
        connection.execute(null, true)
      }
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  handleRowDescription(): void {
    // Never asked for: rows are read as text.
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    this.#first ??= fields[0] ?? null
  }

  handleCommandComplete({ text }: { text: string }): void {
    // "INSERT 0 1", "UPDATE 3", "BEGIN".
    const rowCount = Number(/ (\d+)$/.exec(text)?.[1] ?? 0)
    this.#done.push({ rowCount, first: this.#first })
    this.#first = null
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  handlePortalSuspended(): void {
    // Only with a row limit, which no statement here has.
  }

  handleCopyInResponse(): void {
    this.handleError(new Error('copy is not for here'))
  }

  handleCopyData(): void {
    this.handleError(new Error('copy is not for here'))
  }

  handleError(cause: Error): void {
    this.#parsed.forget(this.#newTexts)
    this.#reject(new StatementFailed(this.#done, cause))
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#done)
  }
}
