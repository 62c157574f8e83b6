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

/** Those that the record consists of go together, in its order. */
const ofRecord = new Set(['fact', 'checkpoint', 'fact_gone', 'retention_purge'])

async function* allRows(snapshot: Snapshot): AsyncGenerator<readonly [number, Row]> {
  for (const [at, table] of snapshot.tables.entries()) {
    if (table.name === 'fact') yield* recordRows(snapshot)
    if (ofRecord.has(table.name)) continue
    for await (const row of snapshot.rows(table)) yield [at, row]
  }
}

/**
 * Each checkpoint after the facts that it covers, so that the record is verified as it goes by;
 * what retention took in its place between them, and at the end the lists of it.
 */
async function* recordRows(snapshot: Snapshot): AsyncGenerator<readonly [number, Row]> {
  const facts = inOrderOf(snapshot, 'fact', 'idx')
  const gone = inOrderOf(snapshot, 'fact_gone', 'idx')
  const checkpoints = inOrderOf(snapshot, 'checkpoint', 'size')
  let [fact, lost, signed] = [await facts.next(), await gone.next(), await checkpoints.next()]
  while (fact || lost) {
    const isLost = lost !== undefined && (fact === undefined || lost.by < fact.by)
    const next = isLost ? lost : fact
    while (next && signed && signed.by <= next.by) {
      yield signed.row
      signed = await checkpoints.next()
    }
    if (next) yield next.row
    if (isLost) lost = await gone.next()
    else fact = await facts.next()
  }
  for (; signed; signed = await checkpoints.next()) yield signed.row
  const purges = inOrderOf(snapshot, 'retention_purge', 'number')
  for (let one = await purges.next(); one; one = await purges.next()) yield one.row
}

interface Ordered {
  readonly by: number
  readonly row: readonly [number, Row]
}

function inOrderOf(
  snapshot: Snapshot,
  name: string,
  column: string,
): { readonly next: () => Promise<Ordered | undefined> } {
  const at = snapshot.tables.findIndex((table) => table.name === name)
  const table = snapshot.tables[at]
  if (!table) throw new Error(`there is no ${name}`)
  const by = placeOf(table, column)
  const read = snapshot.rows(table, column)[Symbol.asyncIterator]()
  return {
    next: async () => {
      const one = await read.next()
      return one.done === true ? undefined : { by: Number(one.value[by]), row: [at, one.value] }
    },
  }
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
