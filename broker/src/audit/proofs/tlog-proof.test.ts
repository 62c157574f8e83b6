// The proof file: what it holds, that its key is enough, and that no changed bit of it passes.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signCheckpoint } from '../checkpoint.ts'
import { inclusionProof } from '../merkle/proofs.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import { parseVerifierKey, verifierKey } from '../signed-note.ts'
import { parseProof, proofBytesMax, verifyProof, writeProof } from './tlog-proof.ts'

// The 8-leaf tree of Certificate Transparency's own tests, and the seed 00 … 1f.
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657']
  .concat('606162636465666768696a6b6c6d6e6f')
  .map((hex) => Buffer.from(hex, 'hex'))
const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index))
const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
const signer = {
  name: 'audit.example.org/site1',
  key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
}
const keysOf = (text: string) => [parseVerifierKey(text)].flatMap((key) => key ?? [])
const keys = keysOf('audit.example.org/site1+1a2662ea+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4')
const leaves = entries.map((entry) => leafHash(entry))
const root = rootOf(grow(emptyFrontier, leaves))
const note = signCheckpoint(8, root, signer)
const proof = {
  index: 5,
  entry: entries[5] ?? Buffer.alloc(0),
  path: inclusionProof(leaves, 5),
  note,
}
const file = writeProof(proof)

describe('a proof of one fact', () => {
  it('is in the format of tlog-proof, byte for byte', () => {
    expect(file).toBe(
      'c2sp.org/tlog-proof@v1\nextra QEFCQw==\nindex 5\n' +
        proof.path.map((hash) => `${hash.toString('base64')}\n`).join('') +
        `\n${note}`,
    )
    expect(proof.path.map((hash) => hash.toString('hex').slice(0, 8))).toEqual([
      'bc1a0643',
      'ca854ea1',
      'd37ee418',
    ])
  })
  it('is proved by the key alone', () => {
    expect(verifyProof(file, keys)).toMatchObject({
      kind: 'proved',
      proof: { index: 5, entry: entries[5] },
      checkpoint: { size: 8, root },
    })
  })
  it('of the only fact has no path', () => {
    const one = signCheckpoint(1, leafHash(Buffer.from('{}')), signer)
    const alone = writeProof({ index: 0, entry: Buffer.from('{}'), path: [], note: one })
    expect(verifyProof(alone, keys)).toMatchObject({ kind: 'proved', checkpoint: { size: 1 } })
  })
  it('refuses/another key, another fact, another number, another checkpoint', () => {
    const other = { ...signer, key: generateKeyPairSync('ed25519').privateKey }
    const flawOf = (text: string, by = keys) => {
      const verdict = verifyProof(text, by)
      return verdict.kind === 'proved' ? 'proved' : verdict.flaw
    }
    expect(flawOf(file, keysOf(verifierKey(other)))).toBe('checkpoint')
    expect(flawOf(file, [])).toBe('checkpoint')
    expect(flawOf(writeProof({ ...proof, entry: Buffer.from('{}') }))).toBe('path')
    expect(flawOf(writeProof({ ...proof, index: 4 }))).toBe('path')
    expect(flawOf(writeProof({ ...proof, index: 13 }))).toBe('path')
    expect(flawOf(writeProof({ ...proof, path: proof.path.slice(1) }))).toBe('path')
    expect(flawOf(writeProof({ ...proof, path: [...proof.path, root] }))).toBe('path')
    expect(flawOf(writeProof({ ...proof, note: signCheckpoint(8, root, other) }))).toBe(
      'checkpoint',
    )
    expect(flawOf(writeProof({ ...proof, note: signCheckpoint(9, root, signer) }))).toBe('path')
  })
  it('refuses/what is not written as the format has it', () => {
    const bent = [
      '',
      file.replace('@v1', '@v2'),
      file.replace('extra ', 'extra  '),
      file.replace('extra QEFCQw==\n', ''),
      file.replace('QEFCQw==', 'QEFCQx=='),
      file.replace('index 5', 'index 05'),
      file.replace('index 5', 'index -5'),
      file.replace('index 5', 'index 99999999999999999'),
      file.replace('\n\n', '\n'),
      file.replace('\n\n', '\nAAAA\n\n'),
      file.replace('\n\n', '\n' + `${root.toString('base64')}\n`.repeat(64) + '\n'),
      'x'.repeat(proofBytesMax + 1),
    ]
    for (const text of bent) expect(parseProof(text), text.slice(0, 80)).toBeUndefined()
    expect(verifyProof('', keys)).toEqual({ kind: 'not-proved', flaw: 'unreadable' })
  })
  it('refuses/any changed character', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.string({ minLength: 1, maxLength: 2 }), (at, by) => {
        const bent = file.slice(0, at) + by + file.slice(at + 1)
        fc.pre(bent !== file)
        expect(verifyProof(bent, keys).kind).toBe('not-proved')
      }),
      { numRuns: 2000 },
    )
  })
})
