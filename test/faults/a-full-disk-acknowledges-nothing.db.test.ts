// A full disk, the real thing: what cannot be written is not acknowledged, nothing that was is lost,
// and when there is room again it goes on without a restart.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openToRead } from '@wardkey/broker/store/open-for-reading'
import { WrittenSoFar, runWriter } from '../kit/killed-writer.ts'

const folder = mkdtempSync(join(tmpdir(), 'wardkey-full-'))
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]).status === 0
afterAll(() => {
  if (isMounted) spawnSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
})

const count = (said: string, what: string): number => said.split(`${what} `).length - 1

describe.runIf(isMounted)('a full disk', () => {
  it('acknowledges nothing, loses nothing, and is forgotten when there is room', async () => {
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, Buffer.alloc(1_000_000, 1))
    const path = join(folder, 'a.db')
    let failed = 0
    let durableSince = 0
    const ended = await runWriter('SQLite', path, [], (saidNow, kill) => {
      const isFull = failed > 200
      failed += count(saidNow, 'failed')
      if (!isFull && failed > 200) unlinkSync(ballast)
      if (isFull) durableSince += count(saidNow, 'durable')
      if (durableSince > 200) kill()
    })
    expect(ended).toMatchObject({ signal: 'SIGKILL' })
    const written = new WrittenSoFar()
    written.take(ended.said)
    expect([...written.failed.keys()]).toEqual(['store-full'])
    const db = openToRead({ kind: 'sqlite', path })
    expect(await written.check(db)).toBeGreaterThanOrEqual(written.durable.size)
    await db.destroy()
  }, 60_000)
})
