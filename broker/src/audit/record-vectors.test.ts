// The record's arithmetic against published and computed vectors, and against itself.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import {
  consistencyProof,
  inclusionProof,
  verifyConsistency,
  verifyInclusion,
} from './merkle/proofs.ts'
import { emptyFrontier, emptyRoot, grow, leafHash, nodeHash, rootOf } from './merkle/tree-hash.ts'
import { openNote, parseVerifierKey, signNote, verifierKey } from './signed-note.ts'

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
  it('grows by any batches to what RFC 6962 defines', () => {
    const many = Array.from({ length: 200 }, (_, index) => leafHash(Buffer.of(index)))
    const defined = (list: readonly Buffer[]): Buffer => {
      if (list.length < 2) return list[0] ?? emptyRoot
      let k = 1
      while (k * 2 < list.length) k *= 2
      return nodeHash(defined(list.slice(0, k)), defined(list.slice(k)))
    }
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 12 }), fc.boolean(), (batches, isFlat) => {
        let frontier = emptyFrontier
        for (const count of batches) {
          const batch = many.slice(frontier.size, frontier.size + count)
          frontier = grow(frontier, isFlat ? Buffer.concat(batch) : batch)
        }
        expect(rootOf(frontier)).toEqual(defined(many.slice(0, frontier.size)))
        expect(frontier.nodes).toHaveLength(frontier.size.toString(2).replaceAll('0', '').length)
      }),
      { numRuns: 300 },
    )
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
  it('accepts every proof of every size to 64, and no proof with a changed bit', () => {
    const many = Array.from({ length: 64 }, (_, index) => leafHash(Buffer.of(index)))
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
  it('has the full published inner nodes', () => {
    const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'))
    expect(hex(consistencyProof(leaves, 6))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      roots[4],
    ])
    expect(hex(consistencyProof(leaves, 1)).slice(1)).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect(hex(consistencyProof(leaves.slice(0, 7), 3)).at(-1)).toBe(
      '837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e',
    )
    expect(short(inclusionProof(leaves.slice(0, 5), 1))).toEqual([
      '6e340b9c',
      '5f083f0a',
      'bc1a0643',
    ])
    expect(short(consistencyProof(leaves.slice(0, 5), 2))).toEqual(['5f083f0a', 'bc1a0643'])
  })
  it('refuses/any change to a proof, its place or its sizes', () => {
    const many = Array.from({ length: 64 }, (_, index) => leafHash(Buffer.of(index)))
    const whole = (size: number): Buffer => rootOf(grow(emptyFrontier, many.slice(0, size)))
    const place = fc
      .integer({ min: 1, max: 64 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(), fc.nat(255)))
    fc.assert(
      fc.property(place, ([size, index, where, bit]) => {
        const tree = many.slice(0, size)
        const leaf = at(many, index)
        const path = inclusionProof(tree, index)
        const steps = consistencyProof(tree, index + 1)
        expect(verifyInclusion(index, size, leaf, path, whole(size))).toBe(true)
        if (size > 1) {
          const other = (index + 1) % size
          expect(verifyInclusion(other, size, leaf, path, whole(size))).toBe(false)
        }
        expect(verifyInclusion(index, size, leaf, [...path, leaf], whole(size))).toBe(false)
        const bent = (proof: readonly Buffer[]): Buffer[] =>
          proof.map((hash, step) => {
            if (step !== where % proof.length) return hash
            const copy = Buffer.from(hash)
            copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
            return copy
          })
        if (path.length > 0) {
          expect(verifyInclusion(index, size, leaf, bent(path), whole(size))).toBe(false)
          expect(verifyInclusion(index, size, leaf, path.slice(1), whole(size))).toBe(false)
        }
        if (steps.length > 0) {
          const [first, second] = [whole(index + 1), whole(size)]
          expect(verifyConsistency(index + 1, size, first, second, bent(steps))).toBe(false)
          expect(verifyConsistency(index + 1, size, second, first, steps)).toBe(false)
          expect(verifyConsistency(index + 1, size, first, second, steps.slice(1))).toBe(false)
        }
      }),
      { numRuns: 1000 },
    )
  })
  it('refuses/a size that only looks like a power of two when it is rounded', () => {
    const first = 2 ** 49 + 1
    const root = rootAt(8)
    expect(Number.isInteger(Math.log2(first))).toBe(true)
    expect(verifyConsistency(first, first + 1, root, root, [root])).toBe(false)
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

describe('notes', () => {
  const key = (text: string) => {
    const parsed = parseVerifierKey(text)
    if (!parsed) throw new Error('the key does not parse')
    return parsed
  }
  // C2SP signed-note v1.0.0, "Example".
  const foo = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
  const fooNote =
    'This is an example message.\n\n— example.com/foo ' +
    'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
  // golang.org/x/mod/sumdb/note: a note with two signatures.
  const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const enoch = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
  const text =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n"
  const peterLine =
    '— PeterNeumann ' +
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  const enochLine =
    '— EnochRoot ' +
    'rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'
  const both = `${text}\n${peterLine}${enochLine}`

  it('open with the specification’s key', () => {
    expect(key(foo).keyId.toString('hex')).toBe('530d903a')
    expect(openNote(fooNote, [key(foo)])).toBe('This is an example message.\n')
  })
  it('open with either of two keys, or both', () => {
    expect(openNote(both, [key(peter)])).toBe(text)
    expect(openNote(both, [key(enoch)])).toBe(text)
    expect(openNote(both, [key(peter), key(enoch)])).toBe(text)
  })
  it('refuses/one wrong signature of a key that is known, whatever the others say', () => {
    const bent = both.replace('— EnochRoot rwz+eBzm', '— EnochRoot rwz+eBzn')
    expect(openNote(bent, [key(peter)])).toBe(text)
    expect(openNote(bent, [key(peter), key(enoch)])).toBeUndefined()
  })
  it('refuses/what is not written as the specification says', () => {
    const keys = [key(foo)]
    const bent = [
      fooNote.slice(0, -1),
      fooNote.replace('\n\n', '\n'),
      fooNote.replace('— ', '- '),
      fooNote.replace('— example', '—  example'),
      fooNote.replace('message.', 'message.\t'),
      fooNote.replace('\n', '\r\n'),
      fooNote.replace('aQM=', 'aQN='),
      fooNote.replace('aQM=', 'aQM'),
      `${fooNote}\n`,
      `${text.repeat(1000)}\n${fooNote}`,
      `${text}\n${peterLine.repeat(33)}`,
    ]
    for (const one of bent) expect(openNote(one, keys), one.slice(-120)).toBeUndefined()
    expect(openNote(bent.at(-1) ?? '', [key(peter)])).toBeUndefined()
  })
  it('refuses/keys that are none', () => {
    const bent = [
      foo.replace('530d903a', '530D903A'),
      foo.replace('AekyeRrm', 'BekyeRrm'),
      foo.replace('3U2k', '3U2l'),
      foo.replace('example.com/foo', 'example.com/ foo'),
      foo.replace('example.com/foo', ''),
      `${foo}AAAA`,
      `${'a'.repeat(256)}${foo}`,
    ]
    for (const one of bent) expect(parseVerifierKey(one), one).toBeUndefined()
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
        return opened === undefined
      }),
      { numRuns: 2000 },
    )
  })
  it('open with a witness’s signature beside the log’s own', () => {
    const verifier = parseVerifierKey(vkey)
    if (!verifier) throw new Error('the key does not parse')
    const witnessed =
      note +
      '— witness.example.org/w1 ' +
      '88CAtgAAAABlU/EAYzlS7+ikr85hHjOxH2Tmms3dtiR050RqNNLC9YTrNGRhgbbE9VwPqPVEMgKChK6DckyT1xWmbp3V7muS1Z7HDQ==\n'
    expect(openCheckpoint(witnessed, [verifier])).toMatchObject({ size: 8 })
  })
  it('refuses/a checkpoint of one record that the key of another signed', () => {
    const other = {
      name: 'audit.example.org/site2',
      key: generateKeyPairSync('ed25519').privateKey,
    }
    const keys = [vkey, verifierKey(other)].flatMap((text) => parseVerifierKey(text) ?? [])
    const foreign = signNote(`audit.example.org/site1\n9\n${rootAt(8).toString('base64')}\n`, other)
    expect(keys).toHaveLength(2)
    expect(openNote(foreign, keys)).toBeDefined()
    expect(openCheckpoint(foreign, keys)).toBeUndefined()
  })
  it('refuses/sizes and roots that are none, even when they are signed', () => {
    const verifier = parseVerifierKey(vkey)
    if (!verifier) throw new Error('the key does not parse')
    const root = rootAt(8).toString('base64')
    const signed = (size: string, base64: string): string =>
      signNote(`${signer.name}\n${size}\n${base64}\n`, signer)
    for (const size of ['', '08', '-1', '1e3', ' 8', '9007199254740993', '99999999999999999']) {
      expect(openCheckpoint(signed(size, root), [verifier]), size).toBeUndefined()
    }
    for (const bent of ['', root.slice(1), `${root}A`, 'AAAA']) {
      expect(openCheckpoint(signed('8', bent), [verifier]), bent).toBeUndefined()
    }
    expect(openCheckpoint(signed('8', root), [verifier])).toMatchObject({ size: 8 })
  })
  it('refuses/a key whose id is not its own', () => {
    expect(parseVerifierKey(vkey.replace('1a2662ea', '1a2662eb'))).toBeUndefined()
    expect(parseVerifierKey('')).toBeUndefined()
  })
  it('refuses/a note that nobody known signed', () => {
    expect(openNote(note, [])).toBeUndefined()
  })
})
