// The archive of evidence: every byte of it that is changed is found, whatever is added or left out
// too, and no signature of it passes for a checkpoint's.

import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../checkpoint.ts'
import { encodeFact } from '../../fact.ts'
import type { Fact } from '../../fact.ts'
import { consistencyProof, inclusionProof } from '../../merkle/proofs.ts'
import { emptyFrontier, grow, leafHash, rootOf } from '../../merkle/tree-hash.ts'
import type { Hash } from '../../merkle/tree-hash.ts'
import { openNote, parseVerifierKey, signNote, verifierKey } from '../../signed-note.ts'
import { judgeRule } from '../judge-rules.ts'
import { evidenceFormat } from '../results.ts'
import type { EvidenceResults } from '../results.ts'
import { allRules } from '../rules/all-rules.ts'
import { manifestName, openManifest, sha256, writeManifest } from './manifest.ts'
import { readZip, writeZip } from './stored-zip.ts'
import type { ArchivedFile } from './stored-zip.ts'
import { verifyArchive } from './verify-archive.ts'
import { writeArchive } from './write-archive.ts'

const signer = { name: 'test.example/record', key: generateKeyPairSync('ed25519').privateKey }
const key = parseVerifierKey(verifierKey(signer))!
const period = { fromMs: 1000, untilMs: 2000 }
const facts: readonly Fact[] = [
  ...Array.from({ length: 6 }, (_none, at) => ({
    ...{ id: `id-${String(at)}`, code: 'TAP-001' as const, atMs: 1000 + at },
  })),
  {
    ...{ id: 'id-made', code: 'EVD-001', atMs: 1900 },
    fields: { by: 'kit', id: 'x', purpose: 'drill', ...period },
  },
]
const entries = facts.map((fact) => Buffer.from(encodeFact(fact).body))
const leaves = entries.map(leafHash)
const rootAt = (of: readonly Hash[]): Hash => rootOf(grow(emptyFrontier, of))
const note = signCheckpoint(leaves.length, rootAt(leaves), signer)
const earlierNote = signCheckpoint(3, rootAt(leaves.slice(0, 3)), signer)

function resultsOf(change: Partial<EvidenceResults> = {}): EvidenceResults {
  const seen = { looked: 6, breaking: 1, figures: { '<b>': 2 }, shows: [1, 4], breaks: [2] }
  const outcomes = new Map([['taps-name-a-person', seen]])
  return {
    format: evidenceFormat,
    ...{ origin: signer.name, release: '0.1.0', madeMs: 1950, by: 'kit', purpose: 'drill' },
    period: { from: '1970-01-01', to: '1970-01-01', timeZone: 'UTC', ...period, isOpen: true },
    record: { size: leaves.length, firstMs: 1000, factsInPeriod: 7, madeAt: 6 },
    rules: allRules.map((rule) => judgeRule(rule, outcomes)),
    ...change,
  }
}

const growth = {
  ...{ first: 3, second: leaves.length, path: consistencyProof(leaves, 3) },
  ...{ firstRoot: rootAt(leaves.slice(0, 3)), secondRoot: rootAt(leaves) },
}
function archive(places: readonly number[] = [1, 2, 4, 6], results = resultsOf()): Buffer {
  const proofs = places.map((index) => ({
    ...{ index, entry: entries[index]!, path: inclusionProof(leaves, index), note },
  }))
  return writeArchive(results, { checkpoint: note, facts: proofs, growth: [growth] }, signer)
}

/** As somebody would who has the files, and the signing key as well. */
function signedAnew(change: (files: ArchivedFile[]) => ArchivedFile[]): Buffer {
  const files = readZip(archive())!.filter(({ name }) => name !== manifestName)
  const changed = change([...files])
  const manifest = Buffer.from(writeManifest(changed, signer))
  return writeZip([...changed, { name: manifestName, bytes: manifest }])
}
const replaced = (name: string, text: string) => (files: ArchivedFile[]) =>
  files.map((file) => (file.name === name ? { name, bytes: Buffer.from(text) } : file))

const flawOf = (zip: Buffer, earlier?: string): string => {
  const verdict = verifyArchive(zip, key, earlier ? openCheckpoint(earlier, [key])! : undefined)
  return verdict.kind === 'valid' ? 'none' : verdict.flaw
}

describe('an archive', () => {
  it('is valid as it was made, and stands on the checkpoint before', () => {
    expect(verifyArchive(archive(), key)).toMatchObject({ kind: 'valid', proofs: 4 })
    expect(flawOf(archive(), earlierNote)).toBe('none')
    expect(flawOf(archive(), note)).toBe('none')
  })
  it('is not valid with any byte changed', () => {
    const zip = archive()
    const place = fc.integer({ min: 0, max: zip.length - 1 })
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(zip)
        changed[at]! ^= bits
        expect(verifyArchive(changed, key).kind).toBe('not-valid')
      }),
      { numRuns: 400 },
    )
  })
  it('is not valid with any byte of its manifest or its directory changed', () => {
    const zip = archive()
    const from = zip.lastIndexOf(evidenceFormat)
    for (let at = from; at < zip.length; at += 1) {
      const changed = Buffer.from(zip)
      changed[at]! ^= 1
      expect(verifyArchive(changed, key).kind, String(at)).toBe('not-valid')
    }
  })
  it('is not valid cut short, longer, or empty', () => {
    const zip = archive()
    for (const length of [0, 1, 21, zip.length - 1]) {
      expect(flawOf(zip.subarray(0, length))).not.toBe('none')
    }
    expect(flawOf(Buffer.concat([zip, Buffer.of(0)]))).toBe('unreadable')
    expect(flawOf(Buffer.concat([Buffer.of(0), zip]))).not.toBe('none')
  })
  it('is not valid by another key, nor by the record’s key as it signs checkpoints', () => {
    const other = { name: signer.name, key: generateKeyPairSync('ed25519').privateKey }
    expect(verifyArchive(archive(), parseVerifierKey(verifierKey(other))!)).toMatchObject({
      flaw: 'signature',
    })
    const files = readZip(archive())!
    const text = files.at(-1)!.bytes.toString('utf8').split('\n\n')[0]!
    const forged = Buffer.from(signNote(`${text}\n`, signer))
    const zip = writeZip([...files.slice(0, -1), { name: manifestName, bytes: forged }])
    expect(flawOf(zip)).toBe('signature')
  })
  it('signs nothing that opens as a checkpoint or a note of the record', () => {
    const manifest = writeManifest([], signer)
    expect(openNote(manifest, [key])).toBeUndefined()
    expect(openCheckpoint(manifest, [key])).toBeUndefined()
    expect(openManifest(note, key)).toBeUndefined()
  })
  it('finds what was added, left out or exchanged', () => {
    const files = readZip(archive())!
    const more = { name: 'more.txt', bytes: Buffer.from('more') }
    expect(flawOf(writeZip([...files, more]))).toBe('file')
    expect(flawOf(writeZip(files.slice(1)))).toBe('file')
    expect(flawOf(writeZip(replaced('report.html', 'fine')([...files])))).toBe('file')
  })
  it('finds what was signed and does not hold', () => {
    const other = signCheckpoint(leaves.length, Buffer.alloc(32), signer)
    const stranger = { name: 'proofs/5.tlog-proof', bytes: Buffer.from('x') }
    expect(flawOf(archive([1, 2, 6]))).toBe('proof')
    expect(flawOf(signedAnew((files) => [...files, stranger]))).toBe('proof')
    expect(flawOf(signedAnew(replaced('proofs/1.tlog-proof', 'x')))).toBe('proof')
    expect(flawOf(signedAnew(replaced('checkpoint.note', other)))).toBe('proof')
    expect(flawOf(signedAnew(replaced('checkpoint.note', earlierNote)))).toBe('checkpoint')
    expect(flawOf(signedAnew(replaced('results.json', '{}')))).toBe('results')
    expect(flawOf(signedAnew(replaced('results.json', '{')))).toBe('results')
    expect(flawOf(signedAnew(replaced('growth.json', '{}')))).toBe('growth')
  })
  it('says of its making what the record says', () => {
    for (const change of [{ by: 'other' }, { purpose: 'regulator' as const }]) {
      expect(flawOf(archive(undefined, resultsOf(change)))).toBe('making')
    }
    const late = { ...resultsOf().period, fromMs: 999 }
    expect(flawOf(archive(undefined, resultsOf({ period: late })))).toBe('making')
    const another = { ...resultsOf().record, madeAt: 4 }
    expect(flawOf(archive([1, 2, 4], resultsOf({ record: another })))).toBe('making')
  })
  it('does not stand on a checkpoint of another record, nor on one without a proof', () => {
    const [fork, between] = [signCheckpoint(3, Buffer.alloc(32), signer), 5].map(String)
    expect(flawOf(archive(), fork)).toBe('another-record')
    expect(flawOf(archive(), signCheckpoint(9, Buffer.alloc(32), signer))).toBe('another-record')
    const five = signCheckpoint(Number(between), rootAt(leaves.slice(0, 5)), signer)
    expect(flawOf(archive(), five)).toBe('no-proof')
  })
  it('writes what came from elsewhere as text', () => {
    const report = readZip(archive())!.find(({ name }) => name === 'report.html')!
    const html = report.bytes.toString('utf8')
    expect(html).not.toContain('<b>')
    expect(html).not.toMatch(/<script|javascript:|https?:|src=|@import|url\(/i)
    expect(html).toContain("default-src 'none'")
    // Each number says what it is of, also where a narrow screen has no head over it.
    expect(html).toContain('<td class="n" data-name="Looked at">6</td>')
    expect(html).toContain('<td class="n" data-name="Break it">1</td>')
    expect(html).toMatch(/✗ Not met<\/span>: 1<\/li>/)
    expect(sha256(report.bytes)).toHaveLength(64)
  })
})

describe('a stored zip', () => {
  it('opens elsewhere', ({ skip }) => {
    if (spawnSync('python3', ['--version']).status !== 0) skip()
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-zip-'))
    writeFileSync(join(folder, 'a.zip'), archive())
    const list = spawnSync('python3', ['-m', 'zipfile', '-t', join(folder, 'a.zip')])
    rmSync(folder, { recursive: true })
    expect(list.stdout.toString()).toContain('Done testing')
    expect(list.status).toBe(0)
  })
  it('comes back as it went in', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,12}\.[a-z]{1,4}$/)
    const file = fc.record({
      name,
      bytes: fc.uint8Array({ maxLength: 64 }).map((some) => Buffer.from(some)),
    })
    const files = fc.uniqueArray(file, { maxLength: 8, selector: (one) => one.name })
    fc.assert(
      fc.property(files, (some) => {
        expect(readZip(writeZip(some))).toEqual(some)
      }),
    )
  })
  it('holds no name that leads out of its folder, and none twice', () => {
    const bytes = Buffer.from('x')
    for (const name of [
      '../x',
      '/x',
      'a/../b',
      'a/b/c',
      '.x',
      'C:x',
      'a\\b',
      '',
      'a/',
      'x\u0000',
    ]) {
      expect(() => writeZip([{ name, bytes }]), name).toThrow()
    }
    const twice = writeZip([
      { name: 'a.txt', bytes },
      { name: 'a.txt', bytes },
    ])
    expect(readZip(twice)).toBeUndefined()
    const bad = Buffer.from(writeZip([{ name: 'aaaa', bytes }]))
    for (let at = 0; at < bad.length - 4; at += 1) {
      if (bad.toString('latin1', at, at + 4) === 'aaaa') bad.write('../a', at)
    }
    expect(readZip(bad)).toBeUndefined()
  })
  it('says no to sizes that are not there, and to what was compressed', () => {
    const zip = writeZip([{ name: 'a.txt', bytes: Buffer.from('x') }])
    for (const [at, value] of [
      [18, 0xffffffff],
      [22, 0xffffffff],
      [26, 0xffff],
      [8, 8],
    ] as const) {
      const changed = Buffer.from(zip)
      if (at === 18 || at === 22) changed.writeUInt32LE(value, at)
      else changed.writeUInt16LE(value, at)
      expect(readZip(changed)).toBeUndefined()
    }
  })
})
