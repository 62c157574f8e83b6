// The master key from a program: bytes or text, and every way in which a program can go wrong,
// without a word of what it said.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../fault.ts'
import { makeKeyFolder } from './key-folder.ts'
import { openMasterKey } from './master-key.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wardkey-command-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const key = Buffer.alloc(32, 0xa7)

function masterOf(script: string): Buffer {
  const program = join(root, 'unwrap')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o700)
  return openMasterKey(makeKeyFolder(join(root, 'keys')), {
    masterKey: '',
    'keys.masterCommand': [program, 'word'],
  })
}

function complaintOf(act: () => unknown): string {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'key-missing') return String(thrown.cause)
    throw thrown
  }
  throw new Error('it went through')
}

describe.skipIf(process.platform === 'win32')('a program that writes the master key', () => {
  it('may write it as text', () => {
    expect(masterOf(`echo ${key.toString('base64url')}`)).toEqual(key)
  })
  it('may write its bytes', () => {
    expect(masterOf(`printf '${'\\247'.repeat(32)}'`)).toEqual(key)
  })
  it('is given its words as they are', () => {
    expect(masterOf(`[ "$1" = word ] && echo ${key.toString('base64url')}`)).toEqual(key)
  })
  it.each([
    ['that ends badly', 'echo secret; echo secret >&2; exit 3', /unwrap ended with 3/],
    ['that is killed', 'kill -9 $$', /unwrap was ended by SIGKILL/],
    ['that writes nothing', 'true', /does not hold 32 bytes/],
    ['that writes too little', 'echo secret', /does not hold 32 bytes/],
    ['that writes for ever', 'while :; do echo secretsecretsecret; done', /far more than a key/],
  ])('is refused %s, and not quoted', (_how, script, words) => {
    const complaint = complaintOf(() => masterOf(script))
    expect(complaint).toMatch(words)
    expect(complaint).not.toContain('secret')
  })
  it('is refused where it is not there', () => {
    const folder = makeKeyFolder(join(root, 'keys'))
    const settings = { masterKey: '', 'keys.masterCommand': [join(root, 'nowhere')] }
    expect(complaintOf(() => openMasterKey(folder, settings))).toMatch(/could not be started/)
  })
})
