// Verifies the record of a backup while its rows go by, exactly as an export of it is verified. It
// believes the record's key and nothing else of the backup.

import { RecordVerifier } from '../audit/verify-record.ts'
import type { Verdict } from '../audit/verify-record.ts'
import type { NoteVerifier } from '../audit/signed-note.ts'
import type { Row } from '../store/snapshot/table-shape.ts'
import type { BackupHeader } from './backup-lines.ts'

export class RecordCheck {
  readonly #verifier: RecordVerifier
  readonly #at: Readonly<Record<'idx' | 'body' | 'note' | 'leaves', number>>
  readonly #goneAt: Readonly<Record<'idx' | 'leaf' | 'number' | 'list', number>>

  constructor(key: NoteVerifier, { origin, madeMs, tables, keyChanges }: BackupHeader) {
    this.#verifier = new RecordVerifier([key])
    const columnsOf = (name: string): readonly string[] =>
      tables.find((table) => table.name === name)?.columns ?? []
    this.#at = {
      idx: columnsOf('fact').indexOf('idx'),
      body: columnsOf('fact').indexOf('body'),
      note: columnsOf('checkpoint').indexOf('note'),
      leaves: columnsOf('checkpoint').indexOf('leaves'),
    }
    this.#goneAt = {
      idx: columnsOf('fact_gone').indexOf('idx'),
      leaf: columnsOf('fact_gone').indexOf('leaf'),
      number: columnsOf('retention_purge').indexOf('number'),
      list: columnsOf('retention_purge').indexOf('list'),
    }
    this.#take({
      ...{ kind: 'header', format: 'wardkey-record-1', origin, exportedMs: madeMs },
      ...(keyChanges && { keyChanges }),
    })
  }

  /** False where the record is not as it was signed: the rest need not be read. */
  row(table: string, values: Row): boolean {
    const { idx, body, note, leaves } = this.#at
    if (table === 'fact') {
      return this.#take({ kind: 'entry', index: values[idx], body: textOf(values[body], 'utf8') })
    }
    if (table === 'fact_gone' || table === 'retention_purge') return this.#gone(table, values)
    if (table !== 'checkpoint') return true
    const list = textOf(values[leaves], 'base64')
    return this.#take({ kind: 'checkpoint', note: values[note], leaves: list })
  }

  /** What retention took, and the lists that say so, which come after the facts. */
  #gone(table: 'fact_gone' | 'retention_purge', values: Row): boolean {
    const { idx, leaf, number, list } = this.#goneAt
    return table === 'fact_gone'
      ? this.#take({ kind: 'gone', index: values[idx], leaf: textOf(values[leaf], 'base64') })
      : this.#take({ kind: 'purge', number: values[number], list: values[list] })
  }

  end(): Verdict {
    return this.#verifier.end()
  }

  #take(line: object): boolean {
    return this.#verifier.take(JSON.stringify(line))
  }
}

const textOf = (value: Row[number] | undefined, encoding: 'utf8' | 'base64'): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString(encoding) : ''
