// The keys of downtime views: made once, the EHR's own kept, and nothing that others could read.

import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Fault } from '../fault.ts'
import { openDowntimeKeys } from './downtime-keys.ts'
import { makeKeyFolder } from './key-folder.ts'

let root: string
const folder = () => makeKeyFolder(join(root, 'keys'))
const file = () => join(root, 'keys', 'downtime-ward.key')
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-downtime-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

it('makes one where there is none, and the same is found again', () => {
  const key = openDowntimeKeys(folder(), ['ward'])('ward')
  expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(openDowntimeKeys(folder(), ['ward'])('ward')).toBe(key)
})

it('keeps the one that the EHR gave', () => {
  folder().create('downtime-ward.key', `${'E'.repeat(64)}\n`)
  expect(openDowntimeKeys(folder(), ['ward'])('ward')).toBe('E'.repeat(64))
})

it('finds one that was put there later, and none that is not there', () => {
  const find = openDowntimeKeys(folder(), [])
  expect(find('ward')).toBeUndefined()
  folder().create('downtime-ward.key', 'L'.repeat(43))
  expect(find('ward')).toBe('L'.repeat(43))
})

it.each([
  ['is too short', 'short'],
  ['is no key', 'a key? '.repeat(10)],
  ['is empty', ''],
])('refuses a file that %s, and does not say what is in it', (_what, text) => {
  folder().create('downtime-ward.key', text)
  try {
    openDowntimeKeys(folder(), ['ward'])
    expect.unreachable()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault)
    const said =
      thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause.message : ''
    expect(said).toContain('downtime-ward.key')
    if (text !== '') expect(said).not.toContain(text)
  }
  expect(readFileSync(file(), 'utf8')).toBe(text)
})

it('refuses one that others can read', () => {
  writeFileSync(join(folder().path, 'downtime-ward.key'), 'R'.repeat(43))
  chmodSync(file(), 0o644)
  expect(() => openDowntimeKeys(folder(), ['ward'])).toThrow(Fault)
})
