// The floors that are no servers: a flush, a bare group commit, a bare PIN hash. Each is measured
// the way the product uses it, and with nothing else.

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from '@node-rs/argon2'
import Database from 'better-sqlite3'

const recordBytes = 512

export function inScratch<T>(run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-bench-'))
  try {
    return run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Milliseconds of each append and flush, in order. */
export function flushesMs(folder: string, seconds: number): number[] {
  const fd = openSync(join(folder, 'flush'), 'a')
  const bytes = Buffer.alloc(recordBytes, 97)
  const taken: number[] = []
  const untilMs = performance.now() + seconds * 1000
  while (performance.now() < untilMs) {
    const beganMs = performance.now()
    writeSync(fd, bytes)
    fdatasyncSync(fd)
    taken.push(performance.now() - beganMs)
  }
  closeSync(fd)
  return taken
}

/** Rows a second when each transaction holds what `outstanding` callers wait for. */
export function groupCommitRate(folder: string, seconds: number, outstanding: number): number {
  const db = new Database(join(folder, 'group.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table r (id integer primary key, body blob)')
  const insert = db.prepare('insert into r (body) values (?)')
  const bytes = Buffer.alloc(recordBytes, 97)
  let rows = 0
  const beganMs = performance.now()
  while (performance.now() - beganMs < seconds * 1000) {
    db.exec('begin immediate')
    for (let n = 0; n < outstanding; n++) insert.run(bytes)
    db.exec('commit')
    rows += outstanding
  }
  const rate = rows / ((performance.now() - beganMs) / 1000)
  db.close()
  return rate
}

/** CPU milliseconds of one argon2id at the product's parameters. */
export function argonMs(times: number): number {
  const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
  hashSync('warm', options)
  const began = process.cpuUsage()
  for (let n = 0; n < times; n++) hashSync('12345678', options)
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000 / times
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
