// That a file bears its name whole or not at all, also of a process that is ended in the middle.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileTaken, writeWhole } from './whole-file.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-whole-'))
  file = join(folder, 'a.ndjson')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const whole = () =>
  writeWhole(file, async (target) => {
    await target.writeFile('all of it')
    return 9
  })

describe('a whole file', () => {
  it('bears its name at the end, is nobody else’s to read, and nothing is beside it', async () => {
    const result = await writeWhole(file, async (target) => {
      await target.writeFile('all of it')
      expect(existsSync(file)).toBe(false)
      return 9
    })
    expect(result).toBe(9)
    expect(readFileSync(file, 'utf8')).toBe('all of it')
    expect(readdirSync(folder)).toEqual(['a.ndjson'])
    expect(statSync(file).mode & 0o077).toBe(0)
  })
  it('is none where writing breaks off, and the same name is taken again', async () => {
    const broken = writeWhole(file, async (target) => {
      await target.writeFile('the first half')
      throw new Error('the disk is full')
    })
    await expect(broken).rejects.toThrow('the disk is full')
    expect(readdirSync(folder)).toEqual([])
    await whole()
    expect(readFileSync(file, 'utf8')).toBe('all of it')
  })
  it('does not go over another one, also over one that came meanwhile', async () => {
    writeFileSync(file, 'of somebody')
    await expect(whole()).rejects.toThrow(FileTaken)
    rmSync(file)
    const late = writeWhole(file, async (target) => {
      await target.writeFile('all of it')
      writeFileSync(file, 'of somebody')
    })
    await expect(late).rejects.toThrow(FileTaken)
    expect(readFileSync(file, 'utf8')).toBe('of somebody')
    expect(readdirSync(folder)).toEqual(['a.ndjson'])
  })
  it.each([
    ['SIGTERM', []],
    ['SIGINT', []],
    ['SIGKILL', ['a.ndjson.unfinished']],
  ] as const)('is none of a process that got %s in the middle', async (signal, left) => {
    const module = pathToFileURL(join(import.meta.dirname, 'whole-file.ts')).href
    const program =
      `import { writeWhole } from ${JSON.stringify(module)}\n` +
      `await writeWhole(${JSON.stringify(file)}, async (target) => {\n` +
      "  await target.writeFile('the first half')\n" +
      "  process.stdout.write('begun')\n" +
      '  await new Promise((resolve) => setTimeout(resolve, 600_000))\n' +
      '})'
    const run = spawn(process.execPath, ['--input-type=module', '-e', program])
    await once(run.stdout, 'data')
    expect(existsSync(file)).toBe(false)
    run.kill(signal)
    await once(run, 'close')
    expect(run.signalCode).toBe(signal)
    expect(readdirSync(folder)).toEqual(left)
    // Whoever comes next begins anew.
    await whole()
    expect(readdirSync(folder)).toEqual(['a.ndjson'])
    expect(readFileSync(file, 'utf8')).toBe('all of it')
  })
})
