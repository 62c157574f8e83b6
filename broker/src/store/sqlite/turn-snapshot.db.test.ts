// What is asked in one turn sees one state; what is asked after an answer of the store sees what
// the answer says.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../sqlite-store.ts'
import type { Store } from '../store.ts'
import { openForReading, openForWriting } from './connection.ts'
import { keepStatements } from './kept-statements.ts'
import { TurnSnapshot } from './turn-snapshot.ts'

const folder = mkdtempSync(join(tmpdir(), 'wardkey-turn-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('a turn of the event loop', () => {
  const path = join(folder, 'turn.db')
  const writer = openForWriting(path)
  writer.exec('create table n (value integer); insert into n values (0)')
  const reader = openForReading(path)
  const broken: Error[] = []
  const snapshot = new TurnSnapshot(reader, (cause) => broken.push(cause))
  const kept = keepStatements(reader, snapshot)
  const look = () => kept.prepare('select value from n').all([])
  afterAll(() => {
    kept.close()
    writer.close()
  })
  beforeEach(async () => {
    await nextTurn()
    writer.exec('update n set value = 0')
  })

  it('sees one state, and the next turn the new one', async () => {
    expect(look()).toEqual([{ value: 0 }])
    writer.exec('update n set value = 1')
    expect(look()).toEqual([{ value: 0 }])
    await nextTurn()
    expect(look()).toEqual([{ value: 1 }])
  })
  it('sees the new one at once after it was left', () => {
    expect(look()).toEqual([{ value: 0 }])
    writer.exec('update n set value = 2')
    snapshot.leave()
    expect(look()).toEqual([{ value: 2 }])
  })
  it('leaves nothing open behind, which would keep the WAL from its file', async () => {
    look()
    await nextTurn()
    expect(reader.inTransaction).toBe(false)
    expect(writer.pragma('wal_checkpoint(TRUNCATE)')).toEqual([
      { busy: 0, log: 0, checkpointed: 0 },
    ])
  })
  it('tells when its end cannot be read, which nobody asked for and nobody else would hear', async () => {
    const real = openForReading(path)
    const malformed = new Proxy(real, {
      get: (target, name) => {
        if (name !== 'prepare') return Reflect.get(target, name, target)
        return (sql: string) => target.prepare(sql === 'commit' ? 'select json(?)' : sql)
      },
    })
    const own = new TurnSnapshot(malformed, (cause) => broken.push(cause))
    own.enter()
    await nextTurn()
    expect(broken).toMatchObject([{ code: 'store-unavailable', class: 'permanent' }])
    expect(real.inTransaction).toBe(true)
    real.close()
    broken.length = 0
  })
  it('ends quietly where the file was closed in it', async () => {
    const other = openForReading(path)
    const own = new TurnSnapshot(other, (cause) => broken.push(cause))
    own.enter()
    other.close()
    await nextTurn()
    expect(() => new Database(path).close()).not.toThrow()
  })
})

describe('the store, while somebody asks in every turn', () => {
  let store: Store
  let isOn = true
  beforeEach(async () => {
    store = await openSqliteStore({
      path: join(folder, 'store.db'),
      onFatal: (cause) => {
        throw cause
      },
    })
    isOn = true
    const ask = (): void => {
      if (!isOn) return
      void zones().then(() => setImmediate(ask))
    }
    setImmediate(ask)
    // From its second turn on there is always a look that began before whatever is answered.
    for (let turn = 0; turn < 3; turn++) await nextTurn()
  })
  afterEach(async () => {
    isOn = false
    await nextTurn()
    await store.close()
  })
  const zones = () => store.read.selectFrom('zone').select('id').execute()
  const add = (id: string) => {
    const row = { id, kind: 'ward', label: id, settings: '{}', version: 1 }
    const query = store.read.insertInto('zone').values(row).compile()
    return store.commit({ kind: 'housekeeping', writes: [{ query, expectRows: 1 }] })
  }

  it('shows what it has just said is committed', async () => {
    for (let n = 0; n < 20; n++) {
      await add(`zone-${String(n)}`)
      expect(await zones()).toHaveLength(n + 1)
    }
  })
  it('refuses/to show, after a conflict, what was before the one who was first', async () => {
    for (let n = 0; n < 20; n++) {
      const id = `twice-${String(n)}`
      const [first, second] = await Promise.all([add(id), add(id)])
      expect([first.kind, second.kind]).toEqual(['committed', 'conflict'])
      expect((await zones()).map((zone) => zone.id)).toContain(id)
    }
  })
})
