// The record in a backup whose key changed: verified by whoever has the key before or the key after,
// and by nobody else.

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signCheckpoint } from '../audit/checkpoint.ts'
import { encodeFact } from '../audit/fact.ts'
import { signKeyChange } from '../audit/key-changes/key-change.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../audit/merkle/tree-hash.ts'
import { parseVerifierKey, verifierKey } from '../audit/signed-note.ts'
import type { NoteSigner } from '../audit/signed-note.ts'
import type { BackupHeader } from './backup-lines.ts'
import { RecordCheck } from './record-check.ts'

const newSigner = (): NoteSigner => ({
  name: 'test.example/record',
  key: generateKeyPairSync('ed25519').privateKey,
})
const [before, after, stranger] = [newSigner(), newSigner(), newSigner()]
const note = signKeyChange(before, after, 'scheduled')
const header: BackupHeader = {
  ...{ kind: 'header', format: 'wardkey-backup-1', release: '0.1.0', madeMs: 1 },
  ...{ origin: before.name, migrations: ['0001-first-tables'] },
  tables: [
    { name: 'fact', columns: ['idx', 'body'] },
    { name: 'checkpoint', columns: ['note', 'leaves'] },
  ],
}

function verdictBy(signer: NoteSigner, about: BackupHeader = header) {
  const key = parseVerifierKey(verifierKey(signer))
  if (!key) throw new Error('no key')
  const check = new RecordCheck(key, about)
  const bodies = [
    encodeFact({ id: 'a', code: 'ADM-001', atMs: 1 }).body,
    encodeFact({ id: 'b', code: 'KEY-003', atMs: 2, fields: { note } }).body,
    encodeFact({ id: 'c', code: 'ADM-001', atMs: 3 }).body,
  ]
  const signers = [[before], [before, after], [after]]
  let frontier = emptyFrontier
  for (const [idx, body] of bodies.entries()) {
    const leaf = leafHash(body)
    frontier = grow(frontier, [leaf])
    const [first = before, ...others] = signers[idx] ?? []
    const signed = signCheckpoint(frontier.size, rootOf(frontier), first, ...others)
    if (!check.row('fact', [idx, body]) || !check.row('checkpoint', [signed, leaf])) break
  }
  return check.end()
}

describe('the record of a backup whose key changed', () => {
  it('holds for the key before, with and without the list of changes', () => {
    for (const about of [header, { ...header, keyChanges: [note] }]) {
      expect(verdictBy(before, about)).toMatchObject({ kind: 'valid', signed: 3 })
    }
  })
  it('holds for the key after by the list of changes, and not without it', () => {
    const listed = { ...header, keyChanges: [note] }
    expect(verdictBy(after, listed)).toMatchObject({ kind: 'valid', signed: 3 })
    expect(verdictBy(after)).toMatchObject({ flaw: 'checkpoint', entry: 0 })
  })
  it('holds for nobody else', () => {
    const listed = { ...header, keyChanges: [note, signKeyChange(stranger, before, 'scheduled')] }
    expect(verdictBy(stranger)).toMatchObject({ flaw: 'checkpoint' })
    // Who was given a stranger's key believes the stranger: and the record does not begin with it.
    expect(verdictBy(stranger, listed)).toMatchObject({ kind: 'invalid' })
  })
})
