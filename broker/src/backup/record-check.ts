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
    if (table !== 'checkpoint') return true
    const list = textOf(values[leaves], 'base64')
    return this.#take({ kind: 'checkpoint', note: values[note], leaves: list })
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
