// What "backup write" and "backup verify" do: settings and files in, words and a file out.

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { keyChangesMax } from '../audit/record-lines.ts'
import { RecordOnDisk } from '../audit/record-on-disk.ts'
import { parseVerifierKey, verifierKey } from '../audit/signed-note.ts'
import type { NoteVerifier } from '../audit/signed-note.ts'
import { exitCodes, Refused } from '../doors/command-line/exit.ts'
import { newFact } from '../flows/flow-needs.ts'
import { makePerform } from '../flows/perform.ts'
import { databaseFile, openStore } from '../open-store.ts'
import { openKeys } from '../platform/keys/keys.ts'
import type { Settings } from '../platform/settings.ts'
import { version } from '../platform/version.ts'
import { knownMigrations } from '../store/migrate.ts'
import { openToRead } from '../store/open-for-reading.ts'
import type { DatabasePlace } from '../store/open-for-reading.ts'
import { openSnapshot } from '../store/snapshot/open-snapshot.ts'
import type { OpenOptions, BackupTools } from './backup-tools.ts'
import { readIdentity, recipientsOf } from './recipients.ts'
import { verifyBackup } from './verify-backup.ts'
import type { Backed } from './verify-backup.ts'
import { writeBackup } from './write-backup.ts'

const tellEveryMs = 2_000
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export async function backUp(
  out: string,
  given: readonly string[],
  tools: BackupTools,
): Promise<void> {
  const settings = tools.settings()
  const recipients = recipientsOf(given.length > 0 ? given : settings['backup.recipients'])
  const recordKey = await recordKeyOf(settings)
  const atMs = Date.now()
  const file = isFolder(out) ? join(out, nameOf(atMs)) : out
  if (existsSync(file)) {
    throw new Refused(exitCodes.usage, `${file} is there already: a backup is never replaced.`)
  }
  const said = await sayer(settings)
  await said('BCK-001', { recipients: recipients.length })
  // Before the moment that is backed up: no change is named that is not in it.
  const changes = await keyChangesOf(settings)
  const snapshot = await openSnapshot(placeOf(settings))
  try {
    const about = {
      ...{ release: version, madeMs: atMs, origin: settings['record.origin'] },
      ...(changes.length === 0 ? {} : { keyChanges: changes.slice(-keyChangesMax) }),
    }
    const order = { file, recipients, about, recordKey, onRows: telling('rows') }
    const backed = await writeBackup(snapshot, order)
    await said('BCK-002', { madeMs: atMs, signed: backed.signed, rows: backed.rows })
    const { size: bytes } = statSync(file)
    tools.say(
      { file, bytes, rows: backed.rows, signed: backed.signed },
      `${file}: ${String(bytes)} bytes, ${wordsOf(backed)}\nIt was read again: it is whole.\n`,
    )
  } finally {
    await snapshot.close()
  }
}

export async function verifyOne(
  file: string,
  { identity, vkey }: OpenOptions,
  tools: BackupTools,
): Promise<void> {
  const key = vkey === undefined ? await recordKeyOf(tools.settings()) : readVkey(vkey)
  const backed = await verifyBackup(file, readIdentity(identity), key, telling('rows'))
  const { header, rows, signed, unsigned, gone } = backed
  const made = new Date(header.madeMs).toISOString()
  tools.say(
    { madeMs: header.madeMs, release: header.release, rows, signed, unsigned, gone },
    `Whole: made at ${made} by release ${header.release}, ${wordsOf(backed)}\n`,
  )
}

export function wordsOf({ rows, signed, unsigned, gone }: Backed): string {
  const rest = unsigned === 0 ? '' : `, ${String(unsigned)} more not signed yet`
  const lost = gone === 0 ? '' : `; of ${String(gone)} only the hash, gone by retention as they may`
  return `${String(rows)} rows, the record as it was signed (${String(signed)} facts${rest}${lost}).`
}

/** The record's key from the key folder. Throws Fault where that does not open. */
export async function recordKeyOf(settings: Settings): Promise<NoteVerifier> {
  const { record } = await openKeys(settings)
  return readVkey(verifierKey({ name: settings['record.origin'], key: record }))
}

export function readVkey(given: string): NoteVerifier {
  const isFile = parseVerifierKey(given) === undefined && existsSync(given)
  const key = parseVerifierKey(isFile ? readFileSync(given, 'utf8') : given)
  if (!key) throw new Refused(exitCodes.usage, '--vkey is not a verifier key.')
  return key
}

export function placeOf(settings: Settings): DatabasePlace {
  return settings['store.kind'] === 'postgres'
    ? { kind: 'postgres', url: settings['store.postgresUrl'] }
    : { kind: 'sqlite', path: join(settings.dataDir, databaseFile) }
}

async function keyChangesOf(settings: Settings): Promise<readonly string[]> {
  const db = openToRead(placeOf(settings))
  return new RecordOnDisk(db).keyChanges().finally(() => db.destroy())
}

/** To standard error every two seconds, for whoever waits. */
export function telling(what: string): (count: number) => void {
  let toldMs = performance.now()
  return (count) => {
    if (performance.now() - toldMs < tellEveryMs) return
    toldMs = performance.now()
    process.stderr.write(`${String(count)} ${what} …\n`)
  }
}

/**
 * Facts of the host, in the database itself: a broker that runs on it sees them like its own. It
 * changes no table: a database of another release is refused.
 */
async function sayer(settings: Settings) {
  const snapshot = await openSnapshot(placeOf(settings))
  const done = snapshot.migrations.join()
  await snapshot.close()
  if (done !== knownMigrations().join()) {
    const words = 'The database is of another release: back it up with the release that serves it.'
    throw new Refused(exitCodes.refused, words)
  }
  return async (code: 'BCK-001' | 'BCK-002', about: Readonly<Record<string, number>>) => {
    const store = await openStore(settings, (cause) => {
      throw cause
    })
    try {
      const perform = makePerform({ store, log, notices: () => undefined })
      const needs = { nowMs: Date.now, newId: randomUUID }
      const facts = [newFact(needs, code, { fields: { by: 'host', ...about } })] as const
      await perform(() => Promise.resolve({ answer: undefined, facts, writes: [], notices: [] }))
    } finally {
      await store.close()
    }
  }
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

function nameOf(atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')
  return `wardkey-${stamp}.age`
}
