// The journal of a cut-off workstation and the file that counts it are killed between their writes,
// again and again: never is anything called gone. A line that is cut off is called so each time.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { journalGap } from '@wardkey/protocol/workstation/journal-gaps'
import type { JournalGap } from '@wardkey/protocol/workstation/journal-gaps'

const script = new URL('./count-forever.ts', import.meta.url).pathname
const kills = 15
const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

interface Run {
  readonly gaps: readonly JournalGap[]
  readonly found: string
  readonly counts: number
}

/** Killed some time after it has counted so often. */
function run(folder: string, counts: number, withinMs: number, isForgetting = 'yes'): Promise<Run> {
  return new Promise((resolve) => {
    const flags = ['--disable-warning=ExperimentalWarning', script, folder, isForgetting]
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    let isOver = false
    const count = (): number => said.split('\ncounted ').length - 1
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
      if (isOver || count() < counts) return
      isOver = true
      setTimeout(() => child.kill('SIGKILL'), Math.random() * withinMs)
    })
    child.once('close', () => {
      const of = (what: string): string =>
        said
          .split('\n')
          .find((line) => line.startsWith(`${what} `))
          ?.slice(what.length + 1) ?? ''
      const gaps = z.array(journalGap).parse(JSON.parse(of('gaps')))
      resolve({ gaps, found: of('found'), counts: count() })
    })
  })
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wardkey-counted-'))
  made.push(folder)
  return folder
}

describe('a journal and its count', () => {
  it('that are killed between their writes lack nothing', async () => {
    const folder = newFolder()
    let counts = 0
    for (let n = 0; n <= kills; n++) {
      const { gaps, found, ...ran } = await run(folder, 3, 120)
      expect(gaps).toEqual([])
      expect(found).toMatch(n === 0 ? /^absent 0$/ : /^whole /)
      counts += ran.counts
    }
    expect(counts).toBeGreaterThan(kills * 3)
  }, 120_000)

  it('that were killed and cut at a line’s end lack what was cut', async () => {
    const folder = newFolder()
    await run(folder, 5, 50, 'no')
    for (let cuts = 1; cuts <= 3; cuts++) {
      const path = join(folder, 'offline-journal')
      const lines = readFileSync(path, 'latin1').split('\n').slice(0, -1)
      // More than can have been written since the last count.
      const left = lines.slice(0, 1)
      writeFileSync(path, left.map((line) => `${line}\n`).join(''), 'latin1')
      const { gaps } = await run(folder, 5, 50, 'no')
      expect(gaps).toHaveLength(cuts)
      expect(gaps.at(-1)).toMatchObject({ kind: 'lines-gone', foundSeq: 0 })
    }
  }, 60_000)
})
