// A folder as a witness, on the real disk: what it keeps, and that it never goes back.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signCheckpoint } from '../checkpoint.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import { parseVerifierKey, verifierKey } from '../signed-note.ts'
import { fileWitness } from './file-witness.ts'
import type { Offer, Witness } from './witness.ts'

const signer = { name: 'log.example/record', key: generateKeyPairSync('ed25519').privateKey }
const parsed = parseVerifierKey(verifierKey(signer))
if (!parsed) throw new Error('no key')
const key = parsed

/** A record of so many entries, which differ from those of another tale. */
function offerOf(size: number, tale = 'a', by = signer): Offer {
  const rootAt = (at: number) => {
    const leaves = Array.from({ length: at }, (_, n) => leafHash(Buffer.from(tale + String(n))))
    return rootOf(grow(emptyFrontier, leaves))
  }
  return {
    size,
    note: signCheckpoint(size, rootAt(size), by),
    consistency: () => Promise.resolve([]),
    rootAt: (at) => Promise.resolve(rootAt(at)),
  }
}

describe('a folder as a witness', () => {
  let folder: string
  let witness: Witness
  const kept = { kind: 'kept', lines: [] }
  const files = () => readdirSync(folder)
  const newest = () => readFileSync(join(folder, files().sort().at(-1) ?? ''), 'utf8')

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardkey-witness-'))
    witness = fileWitness({ name: 'shelf', folder, origin: key.name, keys: () => [key] })
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('keeps the newest checkpoint, and nothing else', async () => {
    for (const size of [0, 3, 3, 10, 4096]) {
      const offer = offerOf(size)
      expect(await witness.show(offer)).toEqual(kept)
      expect(newest()).toBe(offer.note)
      expect(files()).toHaveLength(1)
    }
  })
  it('is not held at an older one that somebody gave a larger name', async () => {
    await witness.show(offerOf(3))
    const [old = ''] = files()
    const planted = old.replace(/[0-9]{16}/, '9'.repeat(16))
    writeFileSync(join(folder, planted), readFileSync(join(folder, old)))
    await witness.show(offerOf(10))
    expect(await witness.show(offerOf(4))).toEqual({ kind: 'failed', reason: 'not-understood' })
  })
  it('says so where it has seen more, and keeps that', async () => {
    await witness.show(offerOf(10))
    expect(await witness.show(offerOf(9))).toEqual({ kind: 'ahead', size: 10 })
    expect(await witness.show(offerOf(0))).toEqual({ kind: 'ahead', size: 10 })
    expect(newest()).toBe(offerOf(10).note)
  })
  it('says so where it has seen another record of that size, larger now or not', async () => {
    await witness.show(offerOf(10))
    expect(await witness.show(offerOf(10, 'b'))).toEqual({ kind: 'forked', size: 10 })
    expect(await witness.show(offerOf(12, 'b'))).toEqual({ kind: 'forked', size: 10 })
    expect(newest()).toBe(offerOf(10).note)
  })
  it('believes the largest of several, as two brokers or storage written once leave them', async () => {
    await witness.show(offerOf(10))
    const [file = ''] = files()
    writeFileSync(join(folder, file.replace('0010', '0007')), offerOf(7).note)
    expect(await witness.show(offerOf(8))).toEqual({ kind: 'ahead', size: 10 })
  })
  it('takes no notice of another record’s files, or of what was not finished', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'hello')
    await witness.show(offerOf(5))
    const [file = ''] = files()
    writeFileSync(join(folder, `${file}.1.unfinished`), 'half')
    const stranger = { ...signer, name: 'else.example/record' }
    const other = parseVerifierKey(verifierKey(stranger))
    if (!other) throw new Error('no key')
    const shown = await fileWitness({
      name: 'shelf',
      folder,
      origin: other.name,
      keys: () => [other],
    }).show(offerOf(2, 'a', stranger))
    expect(shown).toEqual(kept)
    expect(await witness.show(offerOf(6))).toEqual(kept)
  })
  it('refuses/to begin anew where its folder is away', async () => {
    const away = fileWitness({
      ...{ name: 'shelf', folder: join(folder, 'mount') },
      ...{ origin: key.name, keys: () => [key] },
    })
    expect(await away.show(offerOf(5))).toEqual({ kind: 'failed', reason: 'ENOENT' })
  })
  it('refuses/a file that the record’s key did not sign, and leaves it', async () => {
    await witness.show(offerOf(5))
    const [file = ''] = files()
    for (const text of ['', offerOf(5).note.replace('\n5\n', '\n4\n'), 'x'.repeat(70_000)]) {
      writeFileSync(join(folder, file), text)
      expect(await witness.show(offerOf(6))).toEqual({ kind: 'failed', reason: 'not-understood' })
      expect(newest()).toBe(text)
    }
  })
})
