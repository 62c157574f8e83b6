// The master key behind PKCS#11: a real SoftHSM token that never gives its key out, OpenSC's
// pkcs11-tool as the program that opens what is wrapped, and a key folder that is opened by it.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKeyFolder } from './key-folder.ts'
import { makeKeys, openKeys } from './keys.ts'
import { changeMasterKey } from './root-key.ts'

const module = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find((file) => existsSync(file))
const tool = '/usr/bin/pkcs11-tool'
const isHere = module !== undefined && existsSync(tool) && existsSync('/usr/bin/softhsm2-util')
if (!isHere) process.stderr.write('Without softhsm2 and opensc: PKCS#11 is not tried.\n')

const pin = '93817264'
let root: string
const token = (...words: string[]): Buffer =>
  execFileSync(tool, ['--module', module ?? '', '--token-label', 'wardkey', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })

describe.skipIf(!isHere)('a master key behind PKCS#11', () => {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'wardkey-pkcs11-'))
    mkdirSync(join(root, 'tokens'))
    const conf = join(root, 'softhsm2.conf')
    writeFileSync(conf, `directories.tokendir = ${join(root, 'tokens')}\nlog.level = ERROR\n`)
    process.env['SOFTHSM2_CONF'] = conf
    process.env['HSM_PIN'] = pin
    const init = ['--init-token', '--free', '--label', 'wardkey', '--so-pin', pin, '--pin', pin]
    execFileSync('softhsm2-util', init, { stdio: 'ignore' })
    const make = ['--login', '--pin', 'env:HSM_PIN', '--keypairgen', '--key-type', 'rsa:3072']
    token(...make, '--id', '01', '--label', 'wardkey-master', '--usage-decrypt')
  }, 60_000)
  afterAll(() => {
    delete process.env['SOFTHSM2_CONF']
    delete process.env['HSM_PIN']
    rmSync(root, { recursive: true })
  })

  /** As docs/keys-and-backup.md says it, but for the hash: SoftHSM's OAEP has SHA-1 only. */
  function wrapped(master: string): string {
    const der = token('--read-object', '--type', 'pubkey', '--id', '01')
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    const file = join(root, 'master.wrapped')
    const options = { key, padding, oaepHash: 'sha1' }
    writeFileSync(file, publicEncrypt(options, Buffer.from(master)))
    return file
  }
  const commandFor = (file: string, pinFrom = 'env:HSM_PIN'): readonly string[] => [
    ...[tool, '--module', module ?? '', '--token-label', 'wardkey'],
    ...['--login', '--pin', pinFrom, '--decrypt', '--id', '01'],
    ...['--mechanism', 'RSA-PKCS-OAEP', '--hash-algorithm', 'SHA-1', '--mgf', 'MGF1-SHA1'],
    ...['--input-file', file],
  ]

  it('opens the key folder, which holds no master key any more', async () => {
    const keysDir = join(root, 'keys')
    makeKeys({ keysDir, masterKey: '' })
    const before = await openKeys({ keysDir, masterKey: '' })
    const master = randomBytes(32).toString('base64url')
    const command = commandFor(wrapped(master))
    changeMasterKey(openKeyFolder(keysDir), { masterKey: '' }, master)
    rmSync(join(keysDir, 'master.key'))
    const settings = { keysDir, masterKey: '', 'keys.masterCommand': command }
    const after = await openKeys(settings)
    expect(after.cardKey).toEqual(before.cardKey)
    expect(readdirSync(keysDir)).not.toContain('master.key')
    // With a wrong PIN, or what another token wrapped, nothing opens.
    process.env['HSM_WRONG'] = '00000000'
    const wrong = {
      ...settings,
      'keys.masterCommand': commandFor(command.at(-1) ?? '', 'env:HSM_WRONG'),
    }
    await expect(openKeys(wrong)).rejects.toMatchObject({ code: 'key-missing' })
    delete process.env['HSM_WRONG']
    writeFileSync(join(root, 'other.wrapped'), randomBytes(384))
    const other = { ...settings, 'keys.masterCommand': commandFor(join(root, 'other.wrapped')) }
    await expect(openKeys(other)).rejects.toMatchObject({ code: 'key-missing' })
  }, 60_000)
})
