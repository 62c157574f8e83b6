// The record's arithmetic against published and computed vectors, and against itself.

import { createPrivateKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { encodeFact } from './fact.ts'
import {
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from './merkle/proofs.ts'
import { emptyFrontier, emptyRoot, grow, leafHash, nodeHash, rootOf } from './merkle/tree-hash.ts'
import { openNote, parseVerifierKey, verifierKey } from './signed-note.ts'

const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].concat(
  '606162636465666768696a6b6c6d6e6f',
)
const leaves = entries.map((hex) => leafHash(Buffer.from(hex, 'hex')))
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const at = (hashes: readonly Buffer[], index: number): Buffer => hashes[index] ?? Buffer.alloc(0)
const rootAt = (size: number): Buffer => rootOf(grow(emptyFrontier, leaves.slice(0, size)))
const short = (hashes: readonly Buffer[]): string[] =>
  hashes.map((hash) => hash.toString('hex').slice(0, 8))
const seed = Buffer.from(Array.from({ length: 32 }, (_, index) => index))
const signer = {
  name: 'audit.example.org/site1',
  key: createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  }),
}
const vkey = 'audit.example.org/site1+1a2662ea+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'
const note =
  'audit.example.org/site1\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n' +
  '— audit.example.org/site1 GiZi6obHLLsW6qr5kXN9QwLmS5f9WPvdzulcSR66HZ2+fRy4c5RQpsKeHl028LCF+dwNh7Er5+EUSbasyCB2W/QDAQ4=\n'

describe('the tree', () => {
  it('has the published leaf and node hashes', () => {
    expect(leafHash(Buffer.from('L123456')).toString('hex')).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    )
    expect(nodeHash(Buffer.from('N123'), Buffer.from('N456')).toString('hex')).toBe(
      'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
    )
  })
  it('has the published roots for sizes 0 to 8', () => {
    expect(emptyRoot.toString('hex')).toBe(roots[0])
    expect(roots.map((_, size) => rootAt(size).toString('hex'))).toEqual(roots)
  })
  it('makes the published proofs', () => {
    expect(short(inclusionProof(leaves, 0))).toEqual(['96a296d2', '5f083f0a', '6b47aaf2'])
    expect(short(inclusionProof(leaves, 5))).toEqual(['bc1a0643', 'ca854ea1', 'd37ee418'])
    expect(short(inclusionProof(leaves.slice(0, 3), 2))).toEqual(['fac54203'])
    expect(short(consistencyProof(leaves, 6))).toEqual(['0ebc5d34', 'ca854ea1', 'd37ee418'])
    expect(short(consistencyProof(leaves, 4))).toEqual(['6b47aaf2'])
    expect(short(consistencyProof(leaves.slice(0, 7), 3))).toEqual([
      '0298d122',
      '07506a85',
      'fac54203',
      '837dbb15',
    ])
  })
  it('accepts every proof of every size to 40, and no proof with a changed bit', () => {
    const many = Array.from({ length: 40 }, (_, index) => leafHash(Buffer.of(index)))
    const rootsOf = many.map((_, index) => rootOf(grow(emptyFrontier, many.slice(0, index + 1))))
    for (let size = 1; size <= many.length; size++) {
      const tree = many.slice(0, size)
      const root = at(rootsOf, size - 1)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(tree, index)
        expect(verifyInclusion(index, size, at(tree, index), proof, root)).toBe(true)
        expect(verifyInclusion(index, size, leafHash(Buffer.of(99)), proof, root)).toBe(false)
        const first = index + 1
        const steps = consistencyProof(tree, first)
        expect(verifyConsistency(first, size, at(rootsOf, index), root, steps)).toBe(true)
        const bent = steps.map((step) => Buffer.from(step))
        const last = bent.at(-1)
        if (last) {
          last[0] = (last[0] ?? 0) ^ 1
          expect(verifyConsistency(first, size, at(rootsOf, index), root, bent)).toBe(false)
        }
      }
    }
  })
  it('refuses proofs too long, hashes too short and sizes that are none', () => {
    const root = rootAt(8)
    const proof = inclusionProof(leaves, 3)
    expect(verifyInclusion(3, 8, at(leaves, 3), [...proof, root], root)).toBe(false)
    expect(verifyInclusion(3, 8, at(leaves, 3), Array(64).fill(root), root)).toBe(false)
    expect(verifyInclusion(8, 8, at(leaves, 3), proof, root)).toBe(false)
    expect(verifyInclusion(-1, 8, at(leaves, 3), proof, root)).toBe(false)
    expect(verifyInclusion(3.5, 8, at(leaves, 3), proof, root)).toBe(false)
    expect(verifyConsistency(8, 7, root, rootAt(7), [])).toBe(false)
    expect(verifyConsistency(0, 8, emptyRoot, root, [])).toBe(true)
    expect(verifyConsistency(0, 8, emptyRoot, root, [root])).toBe(false)
    expect(verifyConsistency(3, 8, rootAt(3), root, [])).toBe(false)
  })
})

describe('checkpoints', () => {
  it('are byte for byte the composed vector, and open with its key', () => {
    expect(signCheckpoint(8, rootAt(8), signer)).toBe(note)
    expect(verifierKey(signer)).toBe(vkey)
    const verifier = parseVerifierKey(vkey)
    if (!verifier) throw new Error('the key does not parse')
    expect(openCheckpoint(note, [verifier])).toMatchObject({ size: 8, root: rootAt(8) })
  })
  it('refuses/any changed character', () => {
    const verifier = parseVerifierKey(vkey)
    if (!verifier) throw new Error('the key does not parse')
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ minLength: 1, maxLength: 2 }), (i, by) => {
        const bent = note.slice(0, i) + by + note.slice(i + 1)
        fc.pre(bent !== note)
        const opened = openCheckpoint(bent, [verifier])
        // A base64 text has spare bits: what opens must at least say the same.
        return opened === undefined || (opened.size === 8 && opened.root.equals(rootAt(8)))
      }),
      { numRuns: 2000 },
    )
  })
  it('refuses/a key whose id is not its own', () => {
    expect(parseVerifierKey(vkey.replace('1a2662ea', '1a2662eb'))).toBeUndefined()
    expect(parseVerifierKey('')).toBeUndefined()
  })
  it('refuses/a note that nobody known signed', () => {
    expect(openNote(note, [])).toBeUndefined()
  })
})

describe('a fact’s bytes', () => {
  it('do not depend on the order in which it was written down', () => {
    const one = encodeFact({
      id: 'a',
      code: 'TAP-001',
      atMs: 1,
      person: 'p',
      fields: { b: 1, a: 'x' },
    })
    const two = encodeFact({
      fields: { a: 'x', b: 1 },
      person: 'p',
      atMs: 1,
      code: 'TAP-001',
      id: 'a',
    })
    expect(Buffer.from(one.body).toString()).toBe(
      '{"atMs":1,"code":"TAP-001","fields":{"a":"x","b":1},"id":"a","person":"p","v":1}',
    )
    expect(one.body).toEqual(two.body)
  })
  it('refuses/numbers that JSON writes differently elsewhere', () => {
    const odd = (value: number) => () =>
      encodeFact({ id: 'a', code: 'TAP-001', atMs: 1, fields: { value } })
    expect(odd(0.1)).toThrow()
    expect(odd(NaN)).toThrow()
    expect(odd(2 ** 60)).toThrow()
  })
})
