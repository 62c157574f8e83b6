// Retention in a process that is killed with SIGKILL before and after its writes: whoever comes next
// goes on, nothing goes twice or unsaid, and the record verifies after each of the kills.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkRecord } from '../../../../test/kit/check-record.ts'
import { dayMs, RetentionHouse } from '../../../../test/kit/retention-house.ts'
import { sqliteTestStore } from '../../../../test/kit/stores.ts'
import { openToRead } from '../../store/open-for-reading.ts'

const child = join(import.meta.dirname, '../../../../test/kit/processes/retention-child.ts')
const presence = 2600
const turnMs = 61_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-retention-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('retention that is killed', () => {
  it('goes on where it was, and leaves a record that verifies', async () => {
    const opened = await sqliteTestStore()
    const house = await RetentionHouse.open({ open: () => Promise.resolve(opened) })
    const { core } = house
    await house.add(Array.from({ length: presence }, () => ({ code: 'PRE-001' as const })))
    await house.live(300)
    await house.agree()
    core.pass(dayMs)
    await house.sealer.sealNow()
    const key = join(folder, 'record.key')
    writeFileSync(key, core.signer.key.export({ format: 'pem', type: 'pkcs8' }))
    const { place } = opened
    if (place.kind !== 'sqlite') throw new Error('not a file')
    await core.needs.perform.idle()
    await core.store.close()

    /** Ends at that line, or by itself; says whether it was done. */
    const look = (atLine: number, nowMs: number): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const run = spawn(process.execPath, [child, place.path, key, String(nowMs)])
        let [count, isDone, err] = [0, false, '']
        run.stderr.on('data', (data: Buffer) => (err += data.toString('utf8')))
        createInterface({ input: run.stdout }).on('line', (line) => {
          isDone ||= line === 'done'
          count += 1
          if (count === atLine) run.kill('SIGKILL')
        })
        run.on('close', (code, signal) => {
          if (code === 0 || signal === 'SIGKILL') resolve(isDone)
          else reject(new Error(err))
        })
      })
    const db = openToRead(place)
    let [nowMs, isDone] = [core.nowMs(), false]
    // Before a write and after one in turn: each gets a little further than the one before.
    for (let atLine = 2; !isDone; atLine += 3) {
      isDone = await look(atLine, nowMs)
      // The turn of the one that was killed is over.
      nowMs += turnMs
      await checkRecord(db, core.recordKey)
    }
    const purges = await db.selectFrom('retention_purge').select(['number', 'count']).execute()
    const gone = await db.selectFrom('fact_gone').select('idx').execute()
    const left = await db.selectFrom('fact').select('idx').where('code', '=', 'PRE-001').execute()
    await db.destroy()
    expect(purges.map(({ number }) => number)).toEqual(purges.map((_, at) => at + 1))
    expect(purges.reduce((sum, { count }) => sum + count, 0)).toBe(gone.length)
    expect(gone.length).toBeGreaterThan(presence)
    expect(left.length).toBeLessThan(60)
    await opened.remove()
  }, 240_000)
})
