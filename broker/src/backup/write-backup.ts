// Writes a backup: the whole database as it was at one moment, compressed, and sealed for those who
// may open it (age). It is read again from the disk before it bears its name.

import { randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { NoteVerifier } from '../audit/signed-note.ts'
import { fileKeyBytes } from '../platform/age/age-header.ts'
import { encryptAge } from '../platform/age/age-stream.ts'
import type { Row, Snapshot, TableShape } from '../store/snapshot/table-shape.ts'
import { endLine, headerLine, rowLine } from './backup-lines.ts'
import type { BackupHeader } from './backup-lines.ts'
import { verifyBackup } from './verify-backup.ts'
import type { Backed } from './verify-backup.ts'

export interface BackupOrder {
  readonly file: string
  readonly recipients: readonly KeyObject[]
  readonly about: Pick<BackupHeader, 'release' | 'madeMs' | 'origin'>
  readonly recordKey: NoteVerifier
  readonly onRows: (rows: number) => void
}

const pieceChars = 256 * 1024

/**
 * Throws where the file is there already, Fault `backup-not-valid` where what lies on the disk
 * afterwards is not whole; the file does not bear its name then.
 */
export async function writeBackup(snapshot: Snapshot, order: BackupOrder): Promise<Backed> {
  const { file } = order
  if (existsSync(file)) throw new Error(`${file} is there already: a backup is never replaced`)
  const unfinished = `${file}.unfinished`
  const fileKey = randomBytes(fileKeyBytes)
  try {
    await write(unfinished, snapshot, order, fileKey)
    const backed = await verifyBackup(unfinished, { fileKey }, order.recordKey, order.onRows)
    await rename(unfinished, file)
    await flush(dirname(file))
    return backed
  } catch (thrown) {
    await rm(unfinished, { force: true })
    throw thrown
  } finally {
    fileKey.fill(0)
  }
}

async function write(
  path: string,
  snapshot: Snapshot,
  { recipients, about, onRows }: BackupOrder,
  fileKey: Buffer,
): Promise<void> {
  // Nobody else's to read, sealed as it is.
  const target = await open(path, 'w', 0o600)
  try {
    await pipeline(
      Readable.from(pieces(linesOf(snapshot, about, onRows))),
      createGzip({ level: 6 }),
      encryptAge(recipients, Buffer.from(fileKey)),
      async (source: AsyncIterable<Buffer>) => {
        for await (const piece of source) await target.appendFile(piece)
      },
    )
    await target.sync()
  } finally {
    await target.close()
  }
}

async function* pieces(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = ''
  for await (const line of lines) {
    piece += line
    if (piece.length < pieceChars) continue
    yield Buffer.from(piece)
    piece = ''
  }
  yield Buffer.from(piece)
}

async function* linesOf(
  snapshot: Snapshot,
  about: BackupOrder['about'],
  onRows: (rows: number) => void,
): AsyncGenerator<string> {
  const { tables, migrations } = snapshot
  yield headerLine({ ...about, migrations: [...migrations] }, tables)
  const counts = tables.map(() => 0)
  let rows = 0
  for await (const [table, row] of allRows(snapshot)) {
    yield rowLine(table, row)
    counts[table] = (counts[table] ?? 0) + 1
    rows += 1
    if (rows % 1000 === 0) onRows(rows)
  }
  yield endLine(counts)
}

async function* allRows(snapshot: Snapshot): AsyncGenerator<readonly [number, Row]> {
  for (const [at, table] of snapshot.tables.entries()) {
    if (table.name === 'fact') yield* recordRows(snapshot, at)
    if (table.name === 'fact' || table.name === 'checkpoint') continue
    for await (const row of snapshot.rows(table)) yield [at, row]
  }
}

/** Each checkpoint after the facts that it covers, so that the record is verified as it goes by. */
async function* recordRows(
  snapshot: Snapshot,
  factAt: number,
): AsyncGenerator<readonly [number, Row]> {
  const { tables } = snapshot
  const checkpointAt = tables.findIndex(({ name }) => name === 'checkpoint')
  const [facts, checkpoints] = [tables[factAt], tables[checkpointAt]]
  if (!facts || !checkpoints) throw new Error('there is no record')
  const idx = placeOf(facts, 'idx')
  const size = placeOf(checkpoints, 'size')
  const signed = snapshot.rows(checkpoints, 'size')[Symbol.asyncIterator]()
  let next = await signed.next()
  for await (const row of snapshot.rows(facts, 'idx')) {
    while (next.done !== true && Number(next.value[size]) <= Number(row[idx])) {
      yield [checkpointAt, next.value]
      next = await signed.next()
    }
    yield [factAt, row]
  }
  for (; next.done !== true; next = await signed.next()) yield [checkpointAt, next.value]
}

function placeOf({ name, columns }: TableShape, column: string): number {
  const at = columns.indexOf(column)
  if (at < 0) throw new Error(`${name} has no ${column}`)
  return at
}

async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
