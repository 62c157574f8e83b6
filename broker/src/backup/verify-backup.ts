// Reads a backup from its first byte to its last: opened, unpacked, parsed, counted, and its record
// verified. What reads it further on (restore) is handed each row, and believes it at the end only.

import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { NoteVerifier } from '../audit/signed-note.ts'
import { Fault } from '../platform/fault.ts'
import { decryptAge } from '../platform/age/age-stream.ts'
import type { Opener } from '../platform/age/age-stream.ts'
import type { Row } from '../store/snapshot/table-shape.ts'
import { backupLineMax, parseBackupLine } from './backup-lines.ts'
import type { BackupEnd, BackupHeader, BackupLine, BackupTable } from './backup-lines.ts'
import { RecordCheck } from './record-check.ts'

/** What a whole backup is. */
export interface Backed {
  readonly header: BackupHeader
  readonly rows: number
  /** Facts under its newest checkpoint, and after that. */
  readonly signed: number
  readonly unsigned: number
  /** Of those, what retention had taken before, as it may. */
  readonly gone: number
}

export interface BackupReader {
  readonly header: (header: BackupHeader) => Promise<void>
  readonly row: (table: BackupTable, values: Row) => Promise<void>
}

const broken = (sentence: string, cause?: unknown): Fault =>
  new Fault('backup-not-valid', 'permanent', { cause: new Error(sentence, { cause }) })

/** Throws Fault `backup-not-valid` where it is not whole, or its record is not as it was signed. */
export async function verifyBackup(
  file: string,
  opener: Opener,
  key: NoteVerifier,
  onRows: (rows: number) => void = () => undefined,
  reader?: BackupReader,
): Promise<Backed> {
  const reading = new Reading(key, onRows, reader)
  try {
    await pipeline(
      createReadStream(file),
      (source: AsyncIterable<Buffer>) => decryptAge(source, opener),
      createGunzip(),
      async (source: AsyncIterable<Buffer>) => {
        for await (const text of linesIn(source)) await reading.line(text)
      },
    )
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    throw broken(`${file}: ${thrown instanceof Error ? thrown.message : 'failed'}`, thrown)
  }
  return reading.end()
}

class Reading {
  readonly #key: NoteVerifier
  readonly #onRows: (rows: number) => void
  readonly #reader: BackupReader | undefined
  #header: BackupHeader | undefined
  #record: RecordCheck | undefined
  #counts: number[] = []
  #rows = 0
  #end: BackupEnd | undefined

  constructor(key: NoteVerifier, onRows: (rows: number) => void, reader?: BackupReader) {
    this.#key = key
    this.#onRows = onRows
    this.#reader = reader
  }

  async line(text: string): Promise<void> {
    const line = parseBackupLine(text)
    if (!line || this.#end) throw broken('a line is not of this format')
    if (line.kind === 'row') await this.#row(line)
    else if (line.kind === 'end') this.#end = line
    else if (this.#header) throw broken('there are two headers')
    else {
      this.#header = line
      this.#record = new RecordCheck(this.#key, line)
      this.#counts = line.tables.map(() => 0)
      await this.#reader?.header(line)
    }
  }

  async #row({ table: at, values }: Extract<BackupLine, { kind: 'row' }>): Promise<void> {
    const table = this.#header?.tables[at]
    if (!table || values.length !== table.columns.length) throw broken('a row is of no table')
    if (this.#record?.row(table.name, values) === false) throw this.#flaw()
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#rows += 1
    if (this.#rows % 1000 === 0) this.#onRows(this.#rows)
    await this.#reader?.row(table, values)
  }

  end(): Backed {
    const header = this.#header
    const verdict = this.#record?.end()
    if (!header || !verdict || !this.#end) throw broken('it ends before its end')
    const isCounted =
      this.#counts.length === this.#end.rows.length &&
      this.#end.rows.every((rows, at) => rows === this.#counts[at])
    if (!isCounted) throw broken('it holds other rows than it counts')
    if (verdict.kind === 'invalid') throw this.#flaw()
    const { signed, unsigned, gone = 0 } = verdict
    return { header, rows: this.#rows, signed, unsigned, gone }
  }

  #flaw(): Fault {
    const verdict = this.#record?.end()
    if (verdict?.kind !== 'invalid') return broken('the record is not understood')
    return broken(
      `the record is not as it was signed: entry ${String(verdict.entry)}, ${verdict.flaw}`,
    )
  }
}

async function* linesIn(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let from = 0
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10, from)) {
      yield held.toString('utf8', from, end)
      from = end + 1
    }
    held = held.subarray(from)
    if (held.length > backupLineMax) throw new Error('a line is too long')
  }
  if (held.length > 0) throw new Error('the last line has no end')
}
