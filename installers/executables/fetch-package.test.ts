import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLockfile } from './fetch-package.ts'
import { programs } from './programs.ts'
import { nodeVersion, targets } from './targets.ts'

const real = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardkey-lock-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the lockfile', () => {
  it('has a hash for Node on each target, of one version, and for every package beside it', () => {
    const lockfile = readLockfile(real)
    for (const target of targets) {
      expect(lockfile(`node_modules/${target.nodePackage}`).version).toBe(nodeVersion)
      for (const program of programs) {
        for (const { name } of program.packages(target)) {
          expect(lockfile(`node_modules/${name}`).integrity).toMatch(/^sha512-/)
        }
      }
    }
  })

  it('gives nothing that it has no hash for', () => {
    const file = join(folder, 'lock.json')
    const packages = { 'node_modules/a': { version: '1.0.0' } }
    writeFileSync(file, JSON.stringify({ packages }))
    const lockfile = readLockfile(file)
    for (const name of ['a', 'b']) expect(() => lockfile(`node_modules/${name}`)).toThrow('no hash')
  })

  it('knows a package that another one has for itself', () => {
    const file = join(folder, 'lock.json')
    const place = 'node_modules/a/node_modules/@b/c'
    const locked = { version: '1.0.0', integrity: 'sha512-x', license: 'ISC' }
    writeFileSync(file, JSON.stringify({ packages: { [place]: locked } }))
    expect(readLockfile(file)(place)).toMatchObject({ name: '@b/c', licence: 'ISC' })
  })
})
