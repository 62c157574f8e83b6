// The writer is killed at random under load, again and again, on both stores: what was acknowledged
// is there once, with its fact, and the index has no gap.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openPostgresStore } from '@wardkey/broker/store/postgres-store'
import { openSqliteStore } from '@wardkey/broker/store/sqlite-store'
import type { Store } from '@wardkey/broker/store/store'

const kills = 25
const script = new URL('./commit-forever.ts', import.meta.url).pathname
const onFatal = (cause: Error): void => {
  throw cause
}

/**
 * Runs the writer for a random short while, kills it, and returns what it had been told is safe.
 */
function runAndKill(engine: string, where: string, afterMs: number): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, engine, where],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      // The clock starts when it works: how long a start takes says nothing about a kill.
      if (text === '') setTimeout(() => child.kill('SIGKILL'), afterMs)
      text += chunk.toString()
    })
    child.once('close', () => {
      resolve(text.split('\n').slice(0, -1))
    })
  })
}

async function check(store: Store, acknowledged: ReadonlySet<string>): Promise<void> {
  const facts = await store.read.selectFrom('fact').select(['idx', 'id']).orderBy('idx').execute()
  const rows = await store.read.selectFrom('enrol_token').select('hash').execute()
  expect(facts.map(({ idx }) => idx)).toEqual(facts.map((_, n) => n))
  const ids = new Set(facts.map(({ id }) => id))
  expect(ids.size).toBe(facts.length)
  expect(rows.map(({ hash }) => hash).toSorted()).toEqual([...ids].toSorted())
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
}

describe('kill -9 under load', () => {
  it('on SQLite loses nothing acknowledged, and has nothing twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-kill-'))
    const path = join(folder, 'a.db')
    const acknowledged = new Set<string>()
    for (let n = 0; n < kills; n++) {
      for (const id of await runAndKill('SQLite', path, Math.random() * 60)) acknowledged.add(id)
    }
    const store = await openSqliteStore({ path, onFatal })
    await check(store, acknowledged)
    expect(acknowledged.size).toBeGreaterThan(kills * 10)
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }, 120_000)

  const base = process.env['WARDKEY_TEST_POSTGRES_URL']
  it.runIf(base !== undefined)(
    'on PostgreSQL loses nothing acknowledged, and has nothing twice',
    async () => {
      const name = `wardkey_${randomUUID().replaceAll('-', '')}`
      const admin = new pg.Client({ connectionString: base })
      await admin.connect()
      await admin.query(`create database ${name}`)
      const url = new URL(base ?? '')
      url.pathname = `/${name}`
      const acknowledged = new Set<string>()
      for (let n = 0; n < kills; n++) {
        const told = await runAndKill('PostgreSQL', url.href, Math.random() * 60)
        for (const id of told) acknowledged.add(id)
      }
      const store = await openPostgresStore({ url: url.href, onFatal })
      await check(store, acknowledged)
      expect(acknowledged.size).toBeGreaterThan(kills * 10)
      await store.close()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
    120_000,
  )
})
