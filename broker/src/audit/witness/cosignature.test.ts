// Cosignatures against the composed vector, and what a witness says to everything it may be asked.

import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../checkpoint.ts'
import { consistencyProof } from '../merkle/proofs.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../merkle/tree-hash.ts'
import { keyTypes, parseVerifierKey, verifierKey } from '../signed-note.ts'
import { judge, nothingRemembered, parseQuestion, writeQuestion } from './add-checkpoint.ts'
import { cosign, cosignedBy, ownLines, parseWitnessKey } from './cosignature.ts'

const privateKey = (from: number) =>
  createPrivateKey({
    key: Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      Buffer.from(Array.from({ length: 32 }, (_, index) => from + index)),
    ]),
    format: 'der',
    type: 'pkcs8',
  })
const note =
  'audit.example.org/site1\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n' +
  '— audit.example.org/site1 GiZi6obHLLsW6qr5kXN9QwLmS5f9WPvdzulcSR66HZ2+fRy4c5RQpsKeHl028LCF+dwNh7Er5+EUSbasyCB2W/QDAQ4=\n'
const line =
  '— witness.example.org/w1 88CAtgAAAABlU/EAYzlS7+ikr85hHjOxH2Tmms3dtiR050RqNNLC9YTrNGRhgbbE9VwPqPVEMgKChK6DckyT1xWmbp3V7muS1Z7HDQ==\n'
const vkey = 'witness.example.org/w1+f3c080b6+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X'
const witness = { name: 'witness.example.org/w1', key: privateKey(0x20) }
const keyOf = (text: string) => [parseWitnessKey(text)].flatMap((key) => key ?? [])

describe('a cosignature', () => {
  it('is byte for byte the composed vector, and its key too', () => {
    expect(cosign(note, 1_700_000_000, witness)).toBe(line)
    expect(verifierKey(witness, keyTypes.cosignature)).toBe(vkey)
    expect(cosignedBy(note + line, keyOf(vkey))).toEqual([
      { witness: witness.name, atSeconds: 1_700_000_000 },
    ])
  })
  it('stands beside the record’s own signature and spoils nothing', () => {
    const log = { name: 'audit.example.org/site1', key: privateKey(0) }
    const keys = [parseVerifierKey(verifierKey(log))].flatMap((key) => key ?? [])
    expect(openCheckpoint(note + line, keys)).toMatchObject({ size: 8 })
    expect(openCheckpoint(note.replace(/— .*\n/, line), keys)).toBeUndefined()
  })
  it('refuses/one of another checkpoint, time, witness or kind of key', () => {
    const other = { name: witness.name, key: generateKeyPairSync('ed25519').privateKey }
    const keys = keyOf(vkey)
    expect(cosignedBy(note, keys)).toEqual([])
    expect(cosignedBy(note.replace('\n8\n', '\n9\n') + line, keys)).toEqual([])
    expect(cosignedBy(note + line.replace('AAAABlU', 'AAAABlV'), keys)).toEqual([])
    expect(cosignedBy(note + cosign(note, 1, other), keys)).toEqual([])
    expect(cosignedBy(note + line, [])).toEqual([])
    expect(cosignedBy('', keys)).toEqual([])
    expect(parseWitnessKey(verifierKey(witness))).toBeUndefined()
    expect(parseVerifierKey(vkey)).toBeUndefined()
  })
  it('refuses/any changed character', () => {
    const whole = note + line
    const body = note.indexOf('\n\n')
    const from = note.length
    const places = fc.oneof(fc.nat(body - 1), fc.integer({ min: from, max: whole.length - 2 }))
    fc.assert(
      fc.property(places, fc.string({ minLength: 1, maxLength: 1 }), (at, by) => {
        const bent = whole.slice(0, at) + by + whole.slice(at + 1)
        fc.pre(bent !== whole)
        expect(cosignedBy(bent, keyOf(vkey))).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
  it('is picked from an answer, and nobody else’s is', () => {
    const [key] = keyOf(vkey)
    if (!key) throw new Error('no key')
    const stranger = { name: 'other', key: generateKeyPairSync('ed25519').privateKey }
    const answer = `${cosign(note, 7, stranger)}${line}— ${witness.name} AAAA\nhello\n`
    expect(ownLines(note, answer, key)).toEqual([line])
    expect(ownLines(note.replace('\n8\n', '\n9\n'), answer, key)).toEqual([])
  })
})

describe('a witness', () => {
  const log = { name: 'log.example/record', key: generateKeyPairSync('ed25519').privateKey }
  const logs = [parseVerifierKey(verifierKey(log))].flatMap((key) => key ?? [])
  const leaves = Array.from({ length: 20 }, (_, index) => leafHash(Buffer.of(index)))
  const rootAt = (size: number) => rootOf(grow(emptyFrontier, leaves.slice(0, size)))
  const at = (size: number) => ({ size, root: rootAt(size) })
  const noteAt = (size: number) => signCheckpoint(size, rootAt(size), log)
  const asked = (old: number, size: number) => ({
    old,
    note: noteAt(size),
    proof: old === 0 ? [] : consistencyProof(leaves.slice(0, size), old),
  })

  it('cosigns the first it sees, and each that continues the one before', () => {
    expect(judge(asked(0, 5), logs, nothingRemembered)).toEqual({
      kind: 'cosign',
      origin: log.name,
      next: at(5),
    })
    expect(judge(asked(5, 13), logs, at(5))).toMatchObject({ kind: 'cosign', next: at(13) })
    expect(judge(asked(13, 13), logs, at(13))).toMatchObject({ kind: 'cosign', next: at(13) })
  })
  it('says what it has seen where the old size is not that', () => {
    expect(judge(asked(0, 13), logs, at(5))).toEqual({ kind: 'conflict', size: 5 })
    expect(judge(asked(3, 4), logs, at(5))).toEqual({ kind: 'conflict', size: 5 })
  })
  it('refuses/a fork: another root of the size it has seen, or no continuation of it', () => {
    const other = { size: 5, root: rootAt(6) }
    expect(judge(asked(5, 5), logs, other)).toEqual({ kind: 'conflict', size: 5 })
    expect(judge(asked(5, 9), logs, other)).toEqual({ kind: 'refused', status: 422 })
    const proof = [rootAt(3)]
    expect(judge({ ...asked(5, 9), proof }, logs, at(5))).toMatchObject({ status: 422 })
    expect(judge({ ...asked(0, 9), proof }, logs, nothingRemembered)).toMatchObject({ status: 422 })
    expect(judge({ ...asked(5, 5), proof }, logs, at(5))).toMatchObject({ status: 422 })
  })
  it('refuses/a record it does not know, another’s signature, sizes that go back', () => {
    const stranger = { ...log, key: generateKeyPairSync('ed25519').privateKey }
    const foreign = { name: 'else.example/record', key: stranger.key }
    const question = asked(0, 5)
    expect(
      judge({ ...question, note: signCheckpoint(5, rootAt(5), foreign) }, logs, at(0)).kind,
    ).toBe('refused')
    expect(
      judge({ ...question, note: signCheckpoint(5, rootAt(5), foreign) }, logs, nothingRemembered),
    ).toMatchObject({ status: 404 })
    expect(
      judge({ ...question, note: signCheckpoint(5, rootAt(5), stranger) }, logs, nothingRemembered),
    ).toMatchObject({ status: 403 })
    expect(judge({ ...question, old: 6 }, logs, at(6))).toMatchObject({ status: 400 })
    expect(judge(question, [], nothingRemembered)).toMatchObject({ status: 404 })
  })
  it('reads what a record writes, and refuses what is not written so', () => {
    const question = asked(5, 13)
    const text = writeQuestion(question)
    expect(parseQuestion(text)).toEqual(question)
    const bent = [
      '',
      text.replace('old 5', 'old 05'),
      text.replace('old 5', 'old -5'),
      text.replace('old 5', 'old 99999999999999999'),
      text.replace('old 5\n', ''),
      text.replace('\n\n', '\n'),
      text.replace('\n\n', '\nAAAA\n\n'),
      text.replace('\n\n', `\n${`${rootAt(1).toString('base64')}\n`.repeat(64)}\n`),
      `${text}${'x'.repeat(70_000)}`,
    ]
    for (const one of bent) expect(parseQuestion(one), one.slice(0, 60)).toBeUndefined()
  })
})
