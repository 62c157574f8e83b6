// The root key: opened under one master key, sealed under another while nothing else changes, and
// whole at every moment at which that can be broken off.

import { createPublicKey, randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, readFileSync } from 'node:fs'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seal } from '../seal.ts'
import { makeKeyFolder, openKeyFolder } from './key-folder.ts'
import type { KeyFolder } from './key-folder.ts'
import { makeKeys, openKeys } from './keys.ts'
import { makeMasterKey, openMasterKey } from './master-key.ts'
import { makePrivateKey, privateKeyNames } from './private-keys.ts'
import { changeMasterKey, sealingOf } from './root-key.ts'

let made: string
let root: string
let keysDir: string
beforeAll(() => {
  made = mkdtempSync(join(tmpdir(), 'wardkey-root-made-'))
  makeKeys({ keysDir: join(made, 'keys'), masterKey: '' })
  makeOldFolder(join(made, 'old'))
})
afterAll(() => {
  rmSync(made, { recursive: true })
})
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-root-'))
  keysDir = join(root, 'keys')
  cpSync(join(made, 'keys'), keysDir, { recursive: true })
  chmodSync(keysDir, 0o700)
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const inFolder = { masterKey: '' }
const open = (masterKey = '') => openKeys({ keysDir, masterKey })
const change = (given?: string) => {
  changeMasterKey(openKeyFolder(keysDir), inFolder, given)
}
const masterText = () => readFileSync(join(keysDir, 'master.key'), 'utf8').trim()
const anotherKey = () => randomBytes(32).toString('base64url')

/** What must never change by it: looked up by it, sealed under it, or given out. */
async function essence(masterKey = ''): Promise<readonly string[]> {
  const keys = await open(masterKey)
  const pem = createPublicKey(keys.record).export({ format: 'pem', type: 'spki' }).toString()
  const derived = [keys.cardKey, keys.staffKey, keys.pinPepper, keys.personKek]
  return [...derived.map((key) => key.toString('hex')), pem, JSON.stringify(keys.jwks)]
}

/** A folder whose process is killed after so many writes. */
function mortal(folder: KeyFolder, writes: number): KeyFolder {
  let left = writes
  const die = (): void => {
    if (left === 0) throw new Error('killed')
    left -= 1
  }
  return {
    ...folder,
    replace: (name, text) => {
      die()
      folder.replace(name, text)
    },
    remove: (name) => {
      die()
      folder.remove(name)
    },
  }
}

describe('a change of the master key', () => {
  it('leaves every other key as it is, and all files but two', async () => {
    const before = await essence()
    const files = new Map(readdirSync(keysDir).map((name) => [name, readKeyFile(name)]))
    const old = masterText()
    change()
    expect(await essence()).toEqual(before)
    const changed = readdirSync(keysDir).filter((name) => files.get(name) !== readKeyFile(name))
    expect(changed.sort()).toEqual(['master.key', 'root.key.sealed'])
    expect(masterText()).not.toBe(old)
  })
  it('takes what the old one opened away from it', async () => {
    const old = masterText()
    change()
    await expect(open(old)).rejects.toMatchObject({ code: 'key-missing' })
  })
  it('can be to one that settings hold', async () => {
    const before = await essence()
    const next = anotherKey()
    change(`${next}\n`)
    expect(await essence(next)).toEqual(before)
    await expect(open()).rejects.toMatchObject({ code: 'key-missing' })
  })
  it('is seen by its sealing, which tells nothing', () => {
    const before = sealingOf(openKeyFolder(keysDir))
    change()
    const after = sealingOf(openKeyFolder(keysDir))
    expect(after).toMatch(/^[0-9a-f]{32}$/)
    expect(after).not.toBe(before)
  })
  it.each([0, 1, 2, 3])(
    'killed after %i writes opens all the same, and goes on',
    async (writes) => {
      const before = await essence()
      const dying = () => {
        changeMasterKey(mortal(openKeyFolder(keysDir), writes), inFolder)
      }
      expect(dying).toThrow('killed')
      expect(await essence()).toEqual(before)
      change()
      expect(await essence()).toEqual(before)
      expect(readdirSync(keysDir)).not.toContain('master.key.next')
    },
  )
})

describe('a folder of an older release', () => {
  beforeEach(() => {
    cpSync(join(made, 'old'), join(root, 'old'), { recursive: true })
    keysDir = join(root, 'old')
    chmodSync(keysDir, 0o700)
  })
  it('opens as before, gets no root key by itself, and one by the first change', async () => {
    const before = await essence()
    expect(makeKeys({ keysDir, masterKey: '' })).toEqual([])
    expect(readdirSync(keysDir)).not.toContain('root.key.sealed')
    change()
    expect(await essence()).toEqual(before)
    expect(readdirSync(keysDir)).toContain('root.key.sealed')
  })
  it.each([0, 1, 2, 3])('survives being killed after %i writes', async (writes) => {
    const before = await essence()
    expect(() => {
      changeMasterKey(mortal(openKeyFolder(keysDir), writes), inFolder)
    }).toThrow('killed')
    expect(await essence()).toEqual(before)
  })
})

describe('refuses', () => {
  it('a root key that another master key sealed', async () => {
    const other = seal('x', randomBytes(32), 'root-key').toString('base64')
    writeFileSync(join(keysDir, 'root.key.sealed'), other, { mode: 0o600 })
    await expect(open()).rejects.toMatchObject({ code: 'key-missing' })
  })
  it('a lost root key beside keys that it sealed, and makes no new one', async () => {
    rmSync(join(keysDir, 'root.key.sealed'))
    await expect(open()).rejects.toMatchObject({ code: 'key-missing' })
    makeKeys({ keysDir, masterKey: '' })
    expect(readdirSync(keysDir)).not.toContain('root.key.sealed')
  })
  it('a left-over new master key that opens nothing', async () => {
    const before = await essence()
    writeFileSync(join(keysDir, 'master.key.next'), anotherKey(), { mode: 0o600 })
    expect(await essence()).toEqual(before)
    writeFileSync(join(keysDir, 'master.key'), anotherKey(), { mode: 0o600 })
    await expect(open()).rejects.toMatchObject({ code: 'key-missing' })
  })
  it.each(['', 'short', 'A'.repeat(44)])('a new master key like %j', async (given) => {
    const before = await essence()
    expect(() => {
      change(given)
    }).toThrow()
    expect(await essence()).toEqual(before)
  })
})

function readKeyFile(name: string): string {
  return readFileSync(join(keysDir, name), 'utf8')
}

/** As `init` made it before there was a root key: the master key in its place. */
function makeOldFolder(path: string): void {
  const folder = makeKeyFolder(path)
  makeMasterKey(folder)
  const master = openMasterKey(folder, inFolder)
  for (const name of privateKeyNames) makePrivateKey(folder, master, name)
}
