// Verifying an export, or the proof of one fact, for a person or a script: files in, a verdict in
// words or JSON out.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { verifyCertificate } from './audit/certificate.ts'
import type { CertificateVerdict } from './audit/certificate.ts'
import { openCheckpoint } from './audit/checkpoint.ts'
import type { Checkpoint } from './audit/checkpoint.ts'
import { fileLines } from './audit/file-lines.ts'
import type { Flaw } from './audit/flaw-between.ts'
import { trustFrom } from './audit/key-changes/key-chain.ts'
import type { KeyChain } from './audit/key-changes/key-chain.ts'
import { changesIn } from './audit/key-changes/key-change.ts'
import { proofBytesMax, verifyProof } from './audit/proofs/tlog-proof.ts'
import type { ProofVerdict } from './audit/proofs/tlog-proof.ts'
import { lineBytesMax, parseRecordLine } from './audit/record-lines.ts'
import { replayFile } from './audit/replay-file.ts'
import type { GoneFlaw } from './audit/retention/gone-check.ts'
import { parseVerifierKey, verifierKey } from './audit/signed-note.ts'
import type { NoteVerifier } from './audit/signed-note.ts'
import { RecordVerifier } from './audit/verify-record.ts'
import type { Verdict, WitnessDemand } from './audit/verify-record.ts'
import { parseWitnessKey } from './audit/witness/cosignature.ts'

export interface VerifyOptions {
  readonly export: string
  readonly vkey: string
  readonly checkpoint?: string
  readonly witness?: readonly string[]
  readonly quorum?: number
  readonly lag: number
  readonly save?: string
  readonly json?: boolean
}

/** How often somebody who waits is told how far it is. */
const tellEveryMs = 2_000
/** And after how many entries the clock is looked at. */
const lookEvery = 1_000

/** Throws where a file is not there or not what it should be. */
export async function verifyFile(options: VerifyOptions): Promise<Verdict> {
  const key = readKey(options.vkey)
  const earlier =
    options.checkpoint === undefined
      ? undefined
      : readNote(options.checkpoint, await keysFor(options.export, key))
  const verifier = new RecordVerifier([key], earlier, demandOf(options))
  const beganMs = performance.now()
  let toldMs = beganMs
  await replayFile(options.export, verifier, () => {
    const isTime = verifier.read % lookEvery === 0 && performance.now() - toldMs >= tellEveryMs
    if (options.json === true || !isTime) return
    toldMs = performance.now()
    process.stderr.write(`${String(verifier.read)} entries read …\n`)
  })
  const verdict = verifier.end()
  if (verdict.kind === 'valid' && options.save !== undefined) {
    if (verifier.lastNote === undefined) throw new Error('--save: there is no checkpoint yet')
    writeFileSync(options.save, verifier.lastNote)
  }
  const seconds = (performance.now() - beganMs) / 1000
  const keys = verifier.chain.now.map((one) => verifierKey(one))
  const words =
    options.json === true
      ? JSON.stringify({ ...verdict, keys })
      : tell(verdict, seconds) + tellKeys(verifier.chain)
  process.stdout.write(`${words}\n`)
  return verdict
}

/** The verdict's kind. Throws where a file is not there, or too large to be a certificate. */
export function verifyCertificateFile(
  file: string,
  options: VerifyProofOptions,
): CertificateVerdict['kind'] {
  const key = readKey(options.vkey)
  if (statSync(file).size > proofBytesMax) throw new Error(`${file} is too large`)
  const keys = keysWith(key, options.keys)
  const verdict = verifyCertificate(readFileSync(file, 'utf8'), keys)
  const words =
    verdict.kind === 'proved'
      ? `Proved: the record of ${verdict.checkpoint.origin} says so, word for word.\n`
      : `The certificate is NOT proved: ${proofFlaws[verdict.flaw]}\n`
  const { kind } = verdict
  process.stdout.write(options.json === true ? `${JSON.stringify({ kind })}\n` : words)
  return kind
}

export interface VerifyProofOptions {
  readonly vkey: string
  /** A file of changes of the record's key. */
  readonly keys?: string
  readonly json?: boolean
}

/** The verdict's kind. Throws where a file is not there, or too large to be a proof. */
export function verifyProofFile(file: string, options: VerifyProofOptions): ProofVerdict['kind'] {
  const key = readKey(options.vkey)
  if (statSync(file).size > proofBytesMax) throw new Error(`${file} is too large to be a proof`)
  const verdict = verifyProof(readFileSync(file, 'utf8'), keysWith(key, options.keys))
  process.stdout.write(options.json === true ? jsonOf(verdict) : wordsOf(verdict))
  return verdict.kind
}

function jsonOf(verdict: ProofVerdict): string {
  if (verdict.kind === 'not-proved') return `${JSON.stringify(verdict)}\n`
  const { proof, checkpoint } = verdict
  const { kind } = verdict
  const fact = proof.entry.toString('utf8')
  return `${JSON.stringify({ kind, index: proof.index, size: checkpoint.size, fact })}\n`
}

function wordsOf(verdict: ProofVerdict): string {
  if (verdict.kind === 'not-proved') return `The fact is NOT proved: ${proofFlaws[verdict.flaw]}\n`
  const { proof, checkpoint } = verdict
  const where = `fact ${String(proof.index)} of the ${String(checkpoint.size)}`
  return (
    `Proved: this is ${where} that ${checkpoint.origin} signed.\n` +
    `${proof.entry.toString('utf8')}\n`
  )
}

const proofFlaws: Readonly<Record<'unreadable' | 'checkpoint' | 'path' | 'words', string>> = {
  unreadable: 'the file is not of this format.',
  checkpoint: 'its checkpoint was not signed with this key.',
  path: 'the fact does not lead to what was signed.',
  words: 'its words are not those of the fact that it proves.',
}

function tell(verdict: Verdict, seconds: number): string {
  if (verdict.kind === 'valid') {
    const { signed, unsigned, witnessed, gone } = verdict
    const rest = unsigned === 0 ? '' : ` ${String(unsigned)} more are not signed yet.`
    const took = `(${seconds.toFixed(1)} s)`
    const seen =
      witnessed === undefined ? '' : ` Witnesses have cosigned the first ${String(witnessed)}.`
    const whole = `The record is whole: ${String(signed)} entries as they were signed.`
    const past =
      gone === undefined
        ? ''
        : ` Of ${String(gone)} the content is gone by retention, each as the rules in force allowed.`
    return `${whole}${past}${seen}${rest} ${took}`
  }
  const { entry, untilEntry, flaw } = verdict
  const where =
    untilEntry === undefined
      ? `First at entry ${String(entry)}`
      : `Between entries ${String(entry)} and ${String(untilEntry)}`
  return `The record is NOT as it was signed. ${where}: ${flaws[flaw]}`
}

/** Nothing of a record that has its first key. */
function tellKeys({ ended, now }: KeyChain): string {
  const lines = ended.map(({ from, reason }) => {
    const why =
      reason === 'compromised'
        ? ': others may have it, so believe nothing that it signed alone'
        : ''
    return `\nIts key ${from.keyId.toString('hex')} has ended${why}.`
  })
  const next =
    ended.length === 0 ? '' : `\nFrom now on: ${now.map((key) => verifierKey(key)).join()}`
  return lines.join('') + next
}

const flaws: Readonly<Record<Flaw | GoneFlaw, string>> = {
  changed: 'changed after it was signed.',
  missing: 'an entry that was signed is missing here.',
  reordered: 'entries stand in another order than they were signed.',
  inserted: 'an entry that was never signed stands here.',
  misnumbered: 'an entry as it was signed bears another number.',
  truncated: 'the record ends before the earlier checkpoint does.',
  forked: 'the record does not continue the earlier checkpoint: it is another history.',
  checkpoint: 'a checkpoint’s signature, place or list of hashes does not hold.',
  'key-change': 'it changes the record’s key, and the key before did not sign that.',
  'key-ended': 'a checkpoint was signed with a key that had been changed before.',
  unwitnessed: 'from here on too few witnesses have cosigned a checkpoint.',
  gone: 'its content is gone, and no purge by retention covers it.',
  'gone-early': 'taken out before the rule in force let it go, or by a clock that was wrong.',
  'gone-on-hold': 'taken out under a legal hold.',
  'gone-unproved': 'what says that it was taken out lawfully is not what the record’s key signed.',
  unreadable: 'a line is not of this format, or the export is not of this record.',
}

function demandOf({ witness = [], quorum, lag }: VerifyOptions): WitnessDemand | undefined {
  if (witness.length === 0) {
    if (quorum !== undefined) throw new Error('--quorum is of no use without --witness')
    return undefined
  }
  const keys = witness.map((given) => {
    const key = parseWitnessKey(given) ?? parseWitnessKey(readFileSync(given, 'utf8'))
    if (!key) throw new Error('--witness is not a witness’s key')
    return key
  })
  // One witness named twice is one: otherwise it would be a quorum by itself.
  const names = new Set(keys.map(({ keyId }) => keyId.toString('hex')))
  const needed = quorum ?? keys.length
  if (names.size !== keys.length) throw new Error('--witness names one witness twice')
  if (needed < 1 || needed > keys.length) {
    throw new Error('--quorum has to be from 1 to the number of witnesses')
  }
  return { keys, quorum: needed, lagMax: lag }
}

function readKey(given: string): NoteVerifier {
  const key = parseVerifierKey(given) ?? parseVerifierKey(readFileSync(given, 'utf8'))
  if (!key) throw new Error('--vkey is not a verifier key')
  return key
}

/** All keys that the given one vouches for, by the changes that the export begins with. */
async function keysFor(file: string, key: NoteVerifier): Promise<readonly NoteVerifier[]> {
  for await (const text of fileLines(file, lineBytesMax)) {
    const line = parseRecordLine(text)
    return trustFrom([key], line?.kind === 'header' ? (line.keyChanges ?? []) : []).all
  }
  return [key]
}

/** The same, by the changes in a file: `wardkey-broker record keys` writes it. */
function keysWith(key: NoteVerifier, file: string | undefined): readonly NoteVerifier[] {
  if (file === undefined) return [key]
  return trustFrom([key], changesIn(readFileSync(file, 'utf8'))).all
}

function readNote(file: string, keys: readonly NoteVerifier[]): Checkpoint {
  const checkpoint = openCheckpoint(readFileSync(file, 'utf8'), keys)
  if (!checkpoint) throw new Error('--checkpoint is not a checkpoint that this key signed')
  return checkpoint
}
