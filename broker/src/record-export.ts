// Exporting a record straight from its database, for when no broker runs or none is to be asked.

import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { exportRecord } from './audit/export-record.ts'
import { RecordOnDisk } from './audit/record-on-disk.ts'
import { databaseFile } from './open-store.ts'
import { Fault } from './platform/fault.ts'
import { writeWhole } from './platform/files/whole-file.ts'
import { parseSettings } from './platform/settings.ts'
import { zoneSettings } from './policy/zone-settings.ts'
import { openToRead } from './store/open-for-reading.ts'
import type { DatabasePlace } from './store/open-for-reading.ts'

export interface ExportOptions {
  readonly settings?: string
  readonly sqlite?: string
  readonly out: string
  readonly json?: boolean
}

const tellEveryMs = 2_000
/** Characters written at once. */
const pieceChars = 256 * 1024

/** Throws Fault where the database cannot be read. No half of an export bears the name. */
export async function exportToFile(options: ExportOptions): Promise<void> {
  const db = openToRead(placeOf(options))
  try {
    const last = await new RecordOnDisk(db).lastCheckpoint().catch((cause: unknown) => {
      throw new Fault('store-unavailable', 'permanent', { cause })
    })
    const [origin = ''] = last?.note.split('\n') ?? []
    if (origin === '') throw new Error('nothing in this record is signed yet')
    // Never over another export, and nobody else's to read: it says who was where, if not by name.
    const entries = await writeWhole(options.out, (file) =>
      writeLines(file, exportRecord(db, origin, Date.now()), options),
    )
    const words =
      options.json === true
        ? JSON.stringify({ entries, signed: last?.size ?? 0 })
        : `${String(entries)} entries exported.`
    process.stdout.write(`${words}\n`)
  } finally {
    await db.destroy()
  }
}

async function writeLines(
  file: FileHandle,
  lines: ReturnType<typeof exportRecord>,
  { json }: ExportOptions,
): Promise<number> {
  let entries = 0
  let piece = ''
  let toldMs = performance.now()
  for await (const line of lines) {
    if (line.kind === 'entry') entries += 1
    piece += `${JSON.stringify(line)}\n`
    if (piece.length < pieceChars) continue
    await file.appendFile(piece)
    piece = ''
    if (json === true || performance.now() - toldMs < tellEveryMs) continue
    toldMs = performance.now()
    process.stderr.write(`${String(entries)} entries exported …\n`)
  }
  await file.appendFile(piece)
  return entries
}

function placeOf({ settings: file, sqlite }: ExportOptions): DatabasePlace {
  if (sqlite !== undefined) return { kind: 'sqlite', path: sqlite }
  if (file === undefined) throw new Error('name the database: --settings or --sqlite')
  const parsed = parseSettings({ file }, zoneSettings)
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('\n'))
  const { settings } = parsed
  return settings['store.kind'] === 'postgres'
    ? { kind: 'postgres', url: settings['store.postgresUrl'] }
    : { kind: 'sqlite', path: join(settings.dataDir, databaseFile) }
}
