// How a SQLite file is opened: for writing only with every commit flushed, for reading only for
// that.

import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Database as Connection } from 'better-sqlite3'

/** Another process on this machine (a command) may hold the file so long. */
const busyMaxMs = 5_000
/** Pages kept in memory, in KiB. */
const writerCacheKib = 16 * 1024
const readerCacheKib = 32 * 1024

/**
 * Opens with every commit flushed, and looks whether that is really so: better-sqlite3 comes with
 * NORMAL for databases that are in WAL mode already, under which an acknowledged commit can be lost
 * in a power cut. Throws where it is not so.
 */
export function openForWriting(path: string): Connection {
  // Created here, so that nobody else can read it for even a moment; the WAL takes its mode from
  // it.
  closeSync(openSync(path, 'a', 0o600))
  const db = new Database(path, { timeout: busyMaxMs })
  try {
    const isWal = db.pragma('journal_mode = WAL', { simple: true }) === 'wal'
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    // What is taken away is overwritten: a destroyed key must not lie about in a free page.
    db.pragma('secure_delete = ON')
    db.pragma(`cache_size = -${String(writerCacheKib)}`)
    const isFull = db.pragma('synchronous', { simple: true }) === 2
    if (!isFull || !isWal) throw new Error('SQLite does not flush every commit here')
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/** The file must be there, and its writer or this user able to make its WAL index. */
export function openForReading(path: string): Connection {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyMaxMs })
  db.pragma(`cache_size = -${String(readerCacheKib)}`)
  return db
}
