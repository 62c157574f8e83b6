// That a file is written whole or not at all, for nobody else to read, and over no other.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeNew } from './write-new.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-write-new-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function* brokenOff(): AsyncGenerator<Buffer> {
  yield Buffer.from('the first half')
  await Promise.resolve()
  throw new Error('the disk is full')
}

it('is written, for nobody else to read', async () => {
  const file = join(folder, 'whole.zip')
  await writeNew(file, Buffer.from('all of it'))
  expect(readFileSync(file, 'utf8')).toBe('all of it')
  expect(statSync(file).mode & 0o077).toBe(0)
})
it('leaves nothing where writing broke off, and takes the same name again', async () => {
  const file = join(folder, 'again.zip')
  await expect(writeNew(file, brokenOff())).rejects.toThrow('it cannot be written')
  expect(() => statSync(file)).toThrow('ENOENT')
  await writeNew(file, Buffer.from('all of it'))
  expect(readFileSync(file, 'utf8')).toBe('all of it')
})
it('leaves a file that was there as it is', async () => {
  const file = join(folder, 'taken.zip')
  writeFileSync(file, 'of somebody')
  await expect(writeNew(file, brokenOff())).rejects.toThrow('it is there already')
  expect(readFileSync(file, 'utf8')).toBe('of somebody')
})
it('says so where it cannot be begun', async () => {
  const file = join(folder, 'nowhere', 'one.zip')
  await expect(writeNew(file, Buffer.from('x'))).rejects.toThrow('it cannot be written')
})
