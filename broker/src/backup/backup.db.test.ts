// Backups of a real record under load, restored into either engine: row for row what was there, whole
// or not at all, and never over anything.

import { createPublicKey, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { checkRecord } from '../../../test/kit/check-record.ts'
import { engines, postgresPlace, sqlitePlace } from '../../../test/kit/stores.ts'
import type { TestPlace, TestStore } from '../../../test/kit/stores.ts'
import { parseVerifierKey } from '../audit/signed-note.ts'
import { makeIdentity } from '../platform/age/age-keys.ts'
import { openSnapshot } from '../store/snapshot/open-snapshot.ts'
import type { DatabasePlace } from '../store/open-for-reading.ts'
import { restoreBackup } from './restore-backup.ts'
import { verifyBackup } from './verify-backup.ts'
import { writeBackup } from './write-backup.ts'

const mine = makeIdentity()

describe.each(engines)('a backup of $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let opened: TestStore
  let ward: WorkstationId
  let anna: KitPerson
  let root: string
  let places: TestPlace[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    root = mkdtempSync(join(tmpdir(), 'wardkey-backup-'))
    places = []
    opened = await open()
    core = await openCore({ open: () => Promise.resolve(opened) })
    await core.addZone('4-west')
    ward = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    await core.leave(ward, await core.signIn(ward, anna))
    await core.record()
  })
  afterEach(async () => {
    if (!isHere) return
    for (const place of places) await place.remove()
    await core.close()
    rmSync(root, { recursive: true })
  })

  const key = () => {
    const parsed = parseVerifierKey(core.recordKey)
    if (!parsed) throw new Error('no key')
    return parsed
  }
  const quiet = () => undefined
  async function backUp(name = 'a.age') {
    const snapshot = await openSnapshot(opened.place)
    const file = join(root, name)
    const about = { release: '0.1.0', madeMs: 1_800_000_000_000, origin: 'kit.example/record' }
    const recipients = [createPublicKey(mine.key)]
    try {
      const order = { file, recipients, about, recordKey: key(), onRows: quiet }
      return { file, backed: await writeBackup(snapshot, order) }
    } finally {
      await snapshot.close()
    }
  }
  async function target(engine: 'SQLite' | 'PostgreSQL'): Promise<TestPlace> {
    const place = await (engine === 'SQLite' ? sqlitePlace() : postgresPlace())
    places.push(place)
    return place
  }
  const restore = (file: string, { place }: TestPlace, opener = mine) =>
    restoreBackup({ file, opener, recordKey: key(), place, nowMs: () => 1, onRows: quiet })

  it.each(engines)('restores into $engine row for row', async ({ engine, isHere: isThere }) => {
    if (!isThere) return
    const { file, backed } = await backUp()
    const to = await target(engine)
    await restore(file, to)
    const before = await everything(opened.place)
    const after = await everything(to.place)
    const facts = after.get('fact') ?? []
    expect(facts.pop()).toContain('BCK-003')
    expect(after).toEqual(before)
    expect(backed.signed).toBe(facts.length)
    const store = await to.open()
    await checkRecord(store.read, core.recordKey)
    await store.close()
  })
  it('is one moment, while taps go on and none of them fails', async () => {
    const taps = (async () => {
      for (let n = 0; n < 20; n++) {
        const frame = await core.tap(ward, anna)
        if (frame.kind !== 'admitted') throw new Error(frame.kind)
        await core.leave(ward, await core.signIn(ward, anna))
      }
    })()
    const { file, backed } = await backUp()
    await taps
    const to = await target('SQLite')
    await restore(file, to)
    const store = await to.open()
    const { size } = await store.read
      .selectFrom('fact')
      .select(sql<number>`count(*)`.as('size'))
      .executeTakeFirstOrThrow()
    expect(size).toBe(backed.signed + backed.unsigned + 1)
    await store.close()
  })
  it('says nothing to whoever has the file: no name, no fact, no key', async () => {
    const { file } = await backUp()
    const bytes = readFileSync(file)
    for (const word of ['kit.example', 'TAP-001', '4-west', 'fact']) {
      expect(bytes.includes(word)).toBe(false)
    }
  })
  it('is never over another one, and leaves nothing unfinished', async () => {
    await backUp()
    await expect(backUp()).rejects.toThrow('never replaced')
    expect(readdirSync(root)).toEqual(['a.age'])
  })
  it('is refused where the record was changed, and does not bear its name', async () => {
    const query = sql`update fact set body = ${Buffer.from('{}')} where idx = 1`
    const writes = [{ query: query.compile(core.store.read) }]
    await core.store.commit({ kind: 'housekeeping', writes })
    await expect(backUp()).rejects.toMatchObject({ code: 'backup-not-valid' })
    expect(readdirSync(root)).toEqual([])
  })
  it('is refused by another identity, another record’s key, and where it was changed or cut', async () => {
    const { file } = await backUp()
    const bytes = readFileSync(file)
    const wrong = { code: 'backup-not-valid' }
    await expect(verifyBackup(file, makeIdentity(), key())).rejects.toMatchObject(wrong)
    const other = await openCore()
    const stranger = parseVerifierKey(other.recordKey) ?? key()
    await other.close()
    await expect(verifyBackup(file, mine, stranger)).rejects.toMatchObject(wrong)
    const to = await target('SQLite')
    const bad = join(root, 'bad.age')
    for (const at of [10, 200, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      writeFileSync(bad, changed)
      await expect(restore(bad, to)).rejects.toMatchObject(wrong)
      writeFileSync(bad, bytes.subarray(0, at))
      await expect(restore(bad, to)).rejects.toMatchObject(wrong)
    }
    // Nothing of those stayed: the whole one goes in.
    await restore(file, to)
  })
  it('is not restored over anything', async () => {
    const { file } = await backUp()
    const refused = { code: 'store-not-empty' }
    const here = { place: opened.place, open: () => opened.reopen(), remove: () => opened.remove() }
    await expect(restore(file, here)).rejects.toMatchObject(refused)
    const to = await target('SQLite')
    await restore(file, to)
    await expect(restore(file, to)).rejects.toMatchObject(refused)
  })
  it('is read by nobody who brings random bytes', async () => {
    const file = join(root, 'random.age')
    writeFileSync(file, randomBytes(10_000))
    const to = await target('SQLite')
    await expect(restore(file, to)).rejects.toMatchObject({ code: 'backup-not-valid' })
    expect(to.place.kind === 'sqlite' && existsSync(to.place.path)).toBe(false)
  })
})

/** Each table's rows as text, in an order of their own. */
async function everything(place: DatabasePlace): Promise<Map<string, string[]>> {
  const snapshot = await openSnapshot(place)
  const all = new Map<string, string[]>()
  for (const table of snapshot.tables) {
    const rows: string[] = []
    const order = table.name === 'fact' ? 'idx' : undefined
    for await (const row of snapshot.rows(table, order)) {
      const plain = row.map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      )
      const pairs = table.columns.map((name, at) => [name, plain[at] ?? null] as const)
      rows.push(JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1))))
    }
    all.set(table.name, order === undefined ? rows.sort() : rows)
  }
  await snapshot.close()
  return all
}
