// The journal of a cut-off workstation is killed in mid-write, again and again, and runs out of
// disk: what was acknowledged is there once and in order, what was not opens nothing.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const script = new URL('./journal-forever.ts', import.meta.url).pathname
const kills = 12
const made: string[] = []
afterAll(() => {
  for (const folder of made) {
    spawnSync('umount', ['-l', folder], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
})

interface Run {
  readonly found: readonly string[]
  readonly begun: readonly string[]
  readonly durable: readonly string[]
  readonly failed: readonly string[]
  readonly said: string
}

/** Runs a writer; `when` hears all it has said so far, and may kill it. */
function run(folder: string, when: (said: string, kill: () => void) => void): Promise<Run> {
  return new Promise((resolve) => {
    const flags = ['--disable-warning=ExperimentalWarning', script, folder]
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      when(said, () => child.kill('SIGKILL'))
    })
    child.once('close', () => {
      const lines = said.split('\n').slice(0, -1)
      const of = (what: string) =>
        lines
          .filter((line) => line.startsWith(`${what} `))
          .map((line) => line.slice(what.length + 1))
      const found =
        of('found')[0]
          ?.split(',')
          .filter((id) => id !== '') ?? []
      resolve({ found, begun: of('begun'), durable: of('durable'), failed: of('failed'), said })
    })
  })
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-alone-'))
  made.push(folder)
  return folder
}

describe('a journal that is killed', () => {
  it('has everything that was acknowledged, once, in order, and nothing that was not begun', async () => {
    const folder = newFolder()
    const durable: string[] = []
    const begun = new Set<string>()
    for (let n = 0; n <= kills; n++) {
      let isBegun = false
      const { found, ...now } = await run(folder, (said, kill) => {
        if (isBegun || !said.includes('durable')) return
        isBegun = true
        setTimeout(kill, Math.random() * 150)
      })
      expect(new Set(found).size).toBe(found.length)
      // Some lines were durable and their word was lost with the process; none the other way round.
      expect(found.filter((id) => durable.includes(id))).toEqual(durable)
      expect(found.every((id) => begun.has(id))).toBe(true)
      durable.push(...now.durable)
      for (const id of now.begun) begun.add(id)
      expect(now.said).not.toContain('damaged')
    }
    expect(durable.length).toBeGreaterThan(kills * 3)
  }, 120_000)
})

const small = newFolder()
const isMounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', small]).status === 0

describe.runIf(isMounted)('a journal on a full disk', () => {
  it('acknowledges nothing, loses nothing, and goes on when there is room', async () => {
    const ballast = join(small, 'ballast')
    writeFileSync(ballast, Buffer.alloc(200_000, 1))
    const count = (said: string, what: string): number => said.split(`\n${what} `).length - 1
    let isFreed = false
    let since = 0
    const first = await run(small, (said, kill) => {
      if (!isFreed && count(said, 'failed') > 5) {
        unlinkSync(ballast)
        isFreed = true
        since = count(said, 'durable')
      }
      if (isFreed && count(said, 'durable') > since + 20) kill()
    })
    expect(first.said).toContain('offline.not-written ENOSPC')
    const second = await run(small, (_said, kill) => {
      kill()
    })
    expect(second.found.filter((id) => first.durable.includes(id))).toEqual(first.durable)
    expect(second.found.some((id) => first.failed.includes(id))).toBe(false)
  }, 60_000)
})
