// Keys: made once, opened under one master key only, and never from where others can read.

import { createPublicKey, sign, verify } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../fault.ts'
import { makeKeys, openKeys } from './keys.ts'

let made: string
let names: readonly string[]
let root: string
let keysDir: string
beforeAll(() => {
  // Once, and copied for each test: an RSA key takes half a second.
  made = mkdtempSync(join(tmpdir(), 'wardkey-keys-made-'))
  names = makeKeys({ keysDir: join(made, 'keys'), masterKey: '' })
})
afterAll(() => {
  rmSync(made, { recursive: true })
})
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-keys-'))
  keysDir = join(root, 'keys')
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const make = (masterKey = ''): readonly string[] => {
  if (masterKey === '' && !existsSync(keysDir)) {
    cpSync(join(made, 'keys'), keysDir, { recursive: true })
    chmodSync(keysDir, 0o700)
  }
  return makeKeys({ keysDir, masterKey })
}
const open = (masterKey = '') => openKeys({ keysDir, masterKey })

async function faultOf(act: () => unknown): Promise<Fault> {
  try {
    await act()
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('it went through')
}

describe('keys', () => {
  it('are made where only this user can read them', () => {
    expect(names).toEqual([
      'master',
      'root',
      'record',
      'bundle',
      'authority',
      'server',
      'oidc-es256',
      'oidc-rs256',
    ])
    const folder = join(made, 'keys')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(folder)) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
    }
  })
  it('are the same at each opening, and made only once', async () => {
    make()
    const first = await open()
    expect(make()).toEqual([])
    const second = await open()
    expect(second.cardKey).toEqual(first.cardKey)
    expect(second.jwks).toEqual(first.jwks)
    const signature = sign(null, Buffer.from('x'), first.record)
    expect(verify(null, Buffer.from('x'), createPublicKey(second.record), signature)).toBe(true)
  })
  it('differ from purpose to purpose and from day to day', async () => {
    make()
    const keys = await open()
    const all = [keys.cardKey, keys.staffKey, keys.pinPepper, keys.personKek, keys.cookieKey]
    all.push(keys.ticketKeys(1), keys.ticketKeys(2))
    expect(new Set(all.map((key) => key.subarray(0, 32).toString('hex'))).size).toBe(all.length)
    expect(keys.ticketKeys(1)).toHaveLength(48)
  })
  it('are not readable without the master key', () => {
    make()
    for (const name of readdirSync(keysDir).filter((file) => file.endsWith('.sealed'))) {
      expect(readFileSync(join(keysDir, name), 'utf8')).not.toMatch(/PRIVATE/)
    }
  })
  it('can have their master key in settings', async () => {
    const masterKey = Buffer.alloc(32, 5).toString('base64url')
    expect(make(masterKey)).not.toContain('master')
    expect(existsSync(join(keysDir, 'master.key'))).toBe(false)
    await open(masterKey)
  })
})

describe('refuses', () => {
  it('a folder that is not there', async () => {
    expect((await faultOf(() => open())).code).toBe('key-missing')
  })
  it.each(['644', '640', '604', '620'])('a file of mode %s', async (mode) => {
    make()
    chmodSync(join(keysDir, 'master.key'), Number.parseInt(mode, 8))
    expect((await faultOf(() => open())).code).toBe('key-missing')
  })
  it.each(['750', '701'])('a folder of mode %s', async (mode) => {
    make()
    chmodSync(keysDir, Number.parseInt(mode, 8))
    expect((await faultOf(() => open())).code).toBe('key-missing')
    expect((await faultOf(() => make())).code).toBe('key-missing')
  })
  it('sealed keys under another master key', async () => {
    make()
    const other = Buffer.alloc(32, 9).toString('base64url')
    expect((await faultOf(() => open(other))).code).toBe('key-missing')
  })
  it('one key in the place of another', async () => {
    make()
    const server = join(keysDir, 'server.key.sealed')
    copyFileSync(join(keysDir, 'authority.key.sealed'), server)
    expect((await faultOf(() => open())).code).toBe('key-missing')
  })
  it('a new master key beside keys that another one sealed', async () => {
    make()
    rmSync(join(keysDir, 'master.key'))
    expect((await faultOf(() => make())).code).toBe('key-missing')
  })
  it.each(['', 'short', `${'A'.repeat(43)}=`, 'A'.repeat(44)])(
    'a master key like %j',
    async (text) => {
      make()
      writeFileSync(join(keysDir, 'master.key'), text, { mode: 0o600 })
      expect((await faultOf(() => open())).code).toBe('key-missing')
    },
  )
  it('with a message that says what to do and holds no key', async () => {
    make()
    const master = readFileSync(join(keysDir, 'master.key'), 'utf8').trim()
    chmodSync(join(keysDir, 'master.key'), 0o644)
    const { cause } = await faultOf(() => open())
    expect(String(cause)).toMatch(/master\.key.*chmod 600/)
    expect(String(cause)).not.toContain(master)
  })
})
