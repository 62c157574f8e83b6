// A flush that fails must never be tried again: what a disk says after it cannot be trusted. The
// process ends, and nothing that was not flushed was acknowledged.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import { WrittenSoFar, runWriter } from '../kit/killed-writer.ts'
import { sqlitePlace } from '../kit/stores.ts'

const folder = mkdtempSync(join(tmpdir(), 'wardkey-flush-'))
const library = join(folder, 'failing-flush.so')
const source = new URL('./failing-flush.c', import.meta.url).pathname
const compiled = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe.runIf(process.platform === 'linux' && compiled.status === 0)('a failed flush', () => {
  // Each a batch of its own: in the middle of the migration, at the first commit, and under load.
  for (const flushes of [1, 4, 20, 60]) {
    it(`ends the process, after ${String(flushes)} flushes`, async () => {
      const spot = await sqlitePlace()
      const path = spot.place.kind === 'sqlite' ? spot.place.path : ''
      const env = { ...process.env, LD_PRELOAD: library, WARDKEY_TEST_FLUSHES: String(flushes) }
      const ended = await runWriter('SQLite', path, [], () => undefined, { env, isQuiet: true })
      expect(ended.signal).toBeNull()
      expect(ended.exitCode).not.toBe(0)
      const [before = '', after = ''] = ended.said.split('fatal ')
      expect(after).not.toContain('durable')
      const written = new WrittenSoFar()
      written.take(before)
      // Nothing is acknowledged that no flush stands behind: at most 24 callers share one.
      expect(written.durable.size).toBeLessThanOrEqual(flushes * 24)
      if (flushes >= 20) expect(written.durable.size).toBeGreaterThan(0)

      const store = await spot.open()
      await store.close()
      const db = openToRead(spot.place)
      expect(await written.check(db)).toBeGreaterThanOrEqual(written.durable.size)
      await db.destroy()
      await spot.remove()
    }, 60_000)
  }
})
