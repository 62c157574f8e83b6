// wardkey-record verify and verify-proof as they are typed: exit codes and words, with witnesses.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signCheckpoint } from './audit/checkpoint.ts'
import { inclusionProof } from './audit/merkle/proofs.ts'
import { emptyFrontier, grow, leafHash, rootOf } from './audit/merkle/tree-hash.ts'
import { writeProof } from './audit/proofs/tlog-proof.ts'
import { keyTypes, verifierKey } from './audit/signed-note.ts'
import { cosign } from './audit/witness/cosignature.ts'
import { recordMain } from './record-main.ts'

const folder = mkdtempSync(join(tmpdir(), 'wardkey-verify-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})
const newKey = (name: string) => ({ name, key: generateKeyPairSync('ed25519').privateKey })
const log = newKey('log.example/record')
const [shelf, site] = [newKey('shelf.example/witness'), newKey('site.example/witness')]
const witnessKey = (one: typeof shelf): string => verifierKey(one, keyTypes.cosignature)
const bodies = Array.from({ length: 12 }, (_, n) => `{"code":"TAP-001","n":${String(n)}}`)
const leaves = bodies.map((body) => leafHash(Buffer.from(body)))

/** Twelve entries under three checkpoints, each cosigned by those who are named for it. */
function exportOf(...cosigners: (typeof shelf)[][]): string {
  const lines: object[] = [
    { kind: 'header', format: 'wardkey-record-1', origin: log.name, exportedMs: 1 },
  ]
  for (let size = 4; size <= 12; size += 4) {
    for (let index = size - 4; index < size; index++) {
      lines.push({ kind: 'entry', index, body: bodies[index] })
    }
    const root = rootOf(grow(emptyFrontier, leaves.slice(0, size)))
    const note = signCheckpoint(size, root, log)
    const under = (cosigners[size / 4 - 1] ?? []).map((one) => cosign(note, 1_700_000_000, one))
    const list = Buffer.concat(leaves.slice(size - 4, size)).toString('base64')
    lines.push({ kind: 'checkpoint', note: note + under.join(''), leaves: list })
  }
  return fileOf(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

let files = 0
function fileOf(text: string): string {
  files += 1
  const file = join(folder, `${String(files)}.ndjson`)
  writeFileSync(file, text)
  return file
}

describe('wardkey-record', () => {
  let said = ''
  const note = (text: string | Uint8Array): boolean => {
    said += String(text)
    return true
  }
  beforeEach(() => {
    said = ''
    vi.spyOn(process.stdout, 'write').mockImplementation(note)
    vi.spyOn(process.stderr, 'write').mockImplementation(note)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  const verify = async (file: string, ...words: string[]) => {
    said = ''
    return recordMain(['verify', '--export', file, '--vkey', verifierKey(log), ...words])
  }
  const by = (...cosigners: (typeof shelf)[]) =>
    cosigners.flatMap((one) => ['--witness', witnessKey(one)])

  it('verifies without witnesses as before', async () => {
    expect(await verify(exportOf([], [], []))).toBe(0)
    expect(said).toMatch(/^The record is whole: 12 entries as they were signed\. \(/)
  })
  it('demands the witnesses that are named, all of them or a quorum', async () => {
    const file = exportOf([], [shelf, site], [shelf])
    expect(await verify(file, ...by(shelf))).toBe(0)
    expect(said).toContain('Witnesses have cosigned the first 12.')
    expect(await verify(file, ...by(shelf, site))).toBe(0)
    expect(said).toContain('Witnesses have cosigned the first 8.')
    expect(await verify(file, ...by(shelf, site), '--quorum', '1', '--json')).toBe(0)
    expect(JSON.parse(said)).toMatchObject({ kind: 'valid', signed: 12, witnessed: 12 })
    const key = fileOf(`${witnessKey(site)}\n`)
    expect(await verify(file, '--witness', key, '--lag', '4')).toBe(0)
    expect(await verify(file, '--witness', key, '--lag', '3')).toBe(1)
    expect(said).toContain('First at entry 8: from here on too few witnesses')
  })
  it('refuses a record that no witness has cosigned, however short', async () => {
    const stranger = newKey(shelf.name)
    for (const file of [exportOf([], [], []), exportOf([stranger], [stranger], [stranger])]) {
      expect(await verify(file, ...by(shelf))).toBe(1)
      expect(said).toContain('First at entry 0')
    }
  })
  it('refuses options that demand nothing', async () => {
    const file = exportOf([shelf], [shelf], [shelf])
    expect(await verify(file, '--quorum', '1')).toBe(2)
    expect(await verify(file, ...by(shelf), '--quorum', '0')).toBe(2)
    expect(await verify(file, ...by(shelf), '--quorum', '2')).toBe(2)
    expect(await verify(file, ...by(shelf, shelf))).toBe(2)
    expect(said).toContain('names one witness twice')
    expect(await verify(file, '--witness', fileOf(verifierKey(log)))).toBe(2)
  })
  it('verifies the proof of one fact, by the key alone', async () => {
    const proof = writeProof({
      index: 7,
      entry: Buffer.from(bodies[7] ?? ''),
      path: inclusionProof(leaves, 7),
      note: signCheckpoint(12, rootOf(grow(emptyFrontier, leaves)), log),
    })
    const verifyProof = async (text: string, ...words: string[]) => {
      said = ''
      const key = ['--vkey', verifierKey(log)]
      return recordMain(['verify-proof', fileOf(text), ...key, ...words])
    }
    expect(await verifyProof(proof)).toBe(0)
    expect(said).toBe(
      `Proved: this is fact 7 of the 12 that log.example/record signed.\n${bodies[7] ?? ''}\n`,
    )
    expect(await verifyProof(proof, '--json')).toBe(0)
    expect(JSON.parse(said)).toMatchObject({ kind: 'proved', index: 7, size: 12, fact: bodies[7] })
    expect(await verifyProof(proof.replace('index 7', 'index 6'))).toBe(1)
    expect(await verifyProof(proof.replace('index 7', 'index'), '--json')).toBe(1)
    expect(JSON.parse(said)).toEqual({ kind: 'not-proved', flaw: 'unreadable' })
    expect(await verifyProof('x'.repeat(200_000))).toBe(2)
  })
})
