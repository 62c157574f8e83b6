// The private key in a file: who may read it, and what is refused.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from './fault.ts'
import { openKeyFile } from './sealed-storage.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-sealed-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})
const modeOf = (path: string): number => statSync(path).mode & 0o777

describe.runIf(process.platform !== 'win32')('a key in a file', () => {
  it('is found as it was kept, and nobody else may read it', () => {
    const inner = join(folder, 'data')
    const storage = openKeyFile(inner, 'workstation.key')
    expect(storage.find()).toBeUndefined()
    storage.keep('secret')
    expect(storage.find()).toBe('secret')
    expect(modeOf(inner)).toBe(0o700)
    expect(modeOf(join(inner, 'workstation.key'))).toBe(0o600)
  })
  it('closes a folder that was open to others', () => {
    const inner = join(folder, 'data')
    mkdirSync(inner, { mode: 0o755 })
    openKeyFile(inner, 'k').keep('secret')
    expect(modeOf(inner)).toBe(0o700)
  })
  it('is replaced whole, and nothing is left beside it', () => {
    const storage = openKeyFile(folder, 'k')
    storage.keep('one')
    storage.keep('two')
    expect(storage.find()).toBe('two')
    expect(readdirSync(folder)).toEqual(['k'])
  })
  it('proves that it could be kept without keeping anything', () => {
    const storage = openKeyFile(folder, 'k')
    storage.keep('secret')
    storage.prove()
    expect(readdirSync(folder)).toEqual(['k'])
    expect(storage.find()).toBe('secret')
    writeFileSync(join(folder, 'file'), '')
    expect(() => {
      openKeyFile(join(folder, 'file'), 'k').prove()
    }).toThrow(Fault)
  })
  it.each([0o640, 0o604, 0o660, 0o644])('refuses/one of mode %o', (mode) => {
    const storage = openKeyFile(folder, 'k')
    storage.keep('secret')
    chmodSync(join(folder, 'k'), mode)
    expect(() => storage.find()).toThrow(Fault)
  })
})
