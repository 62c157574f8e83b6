// Backups of before and of after a purge, restored on each engine: what was purged and is back is
// said, verifies, and goes again, by itself or after two people have looked.

import { createPublicKey } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../test/kit/broker-core.ts'
import { dayMs, RetentionHouse, usualDays } from '../../../test/kit/retention-house.ts'
import { engines, postgresPlace, sqlitePlace } from '../../../test/kit/stores.ts'
import type { TestPlace, TestStore } from '../../../test/kit/stores.ts'
import { parseVerifierKey } from '../audit/signed-note.ts'
import { makeIdentity } from '../platform/age/age-keys.ts'
import { openSnapshot } from '../store/snapshot/open-snapshot.ts'
import { lookPastItsTime, pastItsTimeWords } from './past-its-time.ts'
import { restoreBackup } from './restore-backup.ts'
import { verifyBackup } from './verify-backup.ts'
import { writeBackup } from './write-backup.ts'

const mine = makeIdentity()
const quiet = () => undefined

describe.each(engines)('a backup of a purged record on $engine', ({ engine, open, isHere }) => {
  let house: RetentionHouse
  let opened: TestStore
  let root: string
  let later: RetentionHouse[]

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    root = mkdtempSync(join(tmpdir(), 'wardkey-purged-'))
    later = []
    opened = await open()
    house = await RetentionHouse.open({ open: () => Promise.resolve(opened) })
    await house.live(300)
  })
  afterEach(async () => {
    if (!isHere) return
    for (const one of later) await one.core.close()
    await house.core.close()
    rmSync(root, { recursive: true })
  })

  const key = () => {
    const parsed = parseVerifierKey(house.core.recordKey)
    if (!parsed) throw new Error('no key')
    return parsed
  }
  async function backUp(name: string): Promise<string> {
    await house.core.needs.perform.idle()
    const snapshot = await openSnapshot(opened.place)
    const file = join(root, name)
    const about = { release: '0.1.0', madeMs: house.core.nowMs(), origin: 'kit.example/record' }
    const recipients = [createPublicKey(mine.key)]
    try {
      await writeBackup(snapshot, { file, recipients, about, recordKey: key(), onRows: quiet })
      return file
    } finally {
      await snapshot.close()
    }
  }
  /** In a place of its own, with the record's key and that time. */
  async function restored(file: string, nowMs: number): Promise<RetentionHouse> {
    const to: TestPlace = await (engine === 'SQLite' ? sqlitePlace() : postgresPlace())
    const order = { file, opener: mine, recordKey: key(), place: to.place, onRows: quiet }
    await restoreBackup({ ...order, nowMs: () => nowMs })
    const store = await to.open()
    const test = { store, place: to.place, reopen: to.open, remove: to.remove }
    const { signer } = house.core
    const core = await openCore({ open: () => Promise.resolve(test), signer })
    core.pass(nowMs - core.nowMs())
    const again = new RetentionHouse(core)
    later.push(again)
    await again.sealer.catchUp()
    await again.sealer.sealNow()
    return again
  }
  const count = async ({ core }: RetentionHouse, code: string): Promise<number> => {
    const rows = core.store.read.selectFrom('fact').select('idx').where('code', '=', code)
    return (await rows.execute()).length
  }
  const look = ({ core }: RetentionHouse) => lookPastItsTime(core.store.read, core.nowMs())

  it('of before brings back what went, says so, and it goes again by itself', async () => {
    await house.agree()
    const file = await backUp('before.age')
    const there = await count(house, 'WKS-004')
    await house.run(5)
    const left = await count(house, 'WKS-004')
    expect(left).toBeLessThan(there)
    expect(await verifyBackup(file, mine, key())).toMatchObject({ gone: 0 })

    const again = await restored(file, house.core.nowMs())
    expect(await count(again, 'WKS-004')).toBe(there)
    expect(await again.verdict()).toMatchObject({ kind: 'valid', unsigned: 0 })
    const past = await look(again)
    expect(past).toMatchObject({ rule: 1, isStopped: false })
    expect(past.classes.map((one) => one.class)).toEqual(['presence', 'operational'])
    const words = pastItsTimeWords(past)
    expect(words).toContain('What was purged after this backup was made is BACK.')
    expect(words).toContain('takes it again once it serves')

    await again.run(5)
    expect(await count(again, 'WKS-004')).toBeLessThanOrEqual(left)
    const verdict = await again.verdict()
    expect(verdict).toMatchObject({ kind: 'valid', unsigned: 0 })
    expect(verdict).toHaveProperty('gone')
    expect(pastItsTimeWords(await look(again))).toContain('nothing in it is past its time')
  })
  it('of before, long ago, stops until two people have looked, and then goes again', async () => {
    await house.agree()
    const file = await backUp('before.age')
    const again = await restored(file, house.core.nowMs() + 30 * dayMs)
    const past = await look(again)
    expect(past.isStopped).toBe(true)
    expect(pastItsTimeWords(past)).toContain('--clock-is-right')
    await again.run(2)
    expect(await again.verdict()).not.toHaveProperty('gone')
    await again.agree(usualDays, true)
    await again.run(5)
    expect(await again.verdict()).toMatchObject({
      kind: 'valid',
      gone: expect.any(Number) as number,
    })
    expect((await look(again)).classes).toEqual([])
  })
  it('of before any rule says that one may have been agreed since', async () => {
    const file = await backUp('before.age')
    await house.agree()
    await house.run(3)
    const again = await restored(file, house.core.nowMs())
    const past = await look(again)
    expect(past.rule).toBeUndefined()
    expect(pastItsTimeWords(past)).toContain('propose and approve it again')
    await again.run(2)
    expect(await again.verdict()).not.toHaveProperty('gone')
  })
  it('of after has what is left and the hashes of what went, and purging goes on', async () => {
    await house.agree()
    await house.run(5)
    const file = await backUp('after.age')
    const { core } = house
    const before = await core.store.read.selectFrom('fact_gone').select('idx').execute()
    const backed = await verifyBackup(file, mine, key())
    expect(backed.gone).toBe(before.length)
    expect(backed.gone).toBeGreaterThan(0)

    const again = await restored(file, core.nowMs())
    expect(await again.verdict()).toMatchObject({ kind: 'valid', gone: before.length })
    expect((await look(again)).classes).toEqual([])
    await again.live(60)
    await again.run(3)
    const verdict = await again.verdict()
    expect(verdict).toMatchObject({ kind: 'valid' })
    expect(verdict.kind === 'valid' ? verdict.gone : 0).toBeGreaterThan(before.length)
  })
})
