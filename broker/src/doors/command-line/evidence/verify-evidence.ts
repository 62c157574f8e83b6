// What "evidence verify" says of an archive: files in, words or JSON out. It asks no broker but for
// a key that was not named.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { recordHead } from '@wardkey/protocol/admin/record'
import { openCheckpoint } from '../../../audit/checkpoint.ts'
import type { Checkpoint } from '../../../audit/checkpoint.ts'
import { archiveBytesMax, verifyArchive } from '../../../audit/evidence/archive/verify-archive.ts'
import type { ArchiveFlaw, ArchiveVerdict } from '../../../audit/evidence/archive/verify-archive.ts'
import { isSame, trustFrom } from '../../../audit/key-changes/key-chain.ts'
import { changesIn } from '../../../audit/key-changes/key-change.ts'
import { parseVerifierKey } from '../../../audit/signed-note.ts'
import type { NoteVerifier } from '../../../audit/signed-note.ts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'

export interface VerifyOptions {
  readonly vkey?: string
  readonly keys?: string
  readonly checkpoint?: string
}

/** Throws Refused where the archive is not valid, or a file is not what it should be. */
export async function verifyEvidence(
  file: string,
  { vkey, keys: changes, checkpoint }: VerifyOptions,
  tools: CommandTools,
): Promise<void> {
  const zip = read(file)
  // A key asked of the broker proves less: whoever changed the record may have changed that too.
  const given = vkey ?? (await tools.client().ask('GET', '/record', recordHead)).key
  const keys = keysWith(keyOf(given), changes)
  const earlier = checkpoint === undefined ? undefined : checkpointOf(checkpoint, keys)
  const verdict = verdictOf(zip, keys, earlier)
  if (verdict.kind === 'not-valid') {
    if (tools.isJson()) process.stdout.write(`${JSON.stringify(verdict)}\n`)
    const where = verdict.file === undefined ? '' : ` (${verdict.file})`
    throw new Refused(
      exitCodes.refused,
      `The evidence is NOT valid${where}: ${flaws[verdict.flaw]}`,
    )
  }
  tools.say(shownOf(verdict), wordsOf(verdict, earlier))
}

/** By the key that signed it; by the given one where none of these did. */
function verdictOf(
  zip: Buffer,
  [given, ...others]: Keys,
  earlier: Checkpoint | undefined,
): ArchiveVerdict {
  const first = verifyArchive(zip, given, earlier)
  const isSigned = (one: ArchiveVerdict) => one.kind === 'valid' || one.flaw !== 'signature'
  if (isSigned(first)) return first
  return others.map((key) => verifyArchive(zip, key, earlier)).find(isSigned) ?? first
}

type Valid = Extract<ArchiveVerdict, { kind: 'valid' }>

function shownOf({ kind, results, checkpoint, proofs }: Valid) {
  const { origin, period, purpose, by, madeMs, rules } = results
  const verdicts = Object.fromEntries(rules.map(({ id, verdict }) => [id, verdict]))
  return { kind, origin, period, purpose, by, madeMs, size: checkpoint.size, proofs, verdicts }
}

function wordsOf({ results, checkpoint, proofs }: Valid, earlier?: Checkpoint): string {
  const { origin, period, rules } = results
  const stands = earlier ? `It continues the checkpoint of ${String(earlier.size)} entries.\n` : ''
  const lines = rules.map(({ verdict, law }) => `  ${verdict.padEnd(15)} ${law}\n`)
  return (
    `Valid: ${origin} signed it, for ${period.from} to ${period.to}; ${String(proofs)} facts are proved ` +
    `under the checkpoint of ${String(checkpoint.size)} entries.\n${stands}${lines.join('')}`
  )
}

const flaws: Readonly<Record<ArchiveFlaw, string>> = {
  unreadable: 'it is no archive as Wardkey writes them, or a byte of it was changed.',
  signature: 'it was not signed with this key. If the key changed since, --keys follows it.',
  file: 'the file is not as it was signed, or was added.',
  results: 'the results are not of this format, or of another record.',
  checkpoint: 'its checkpoint was not signed with this key.',
  proof: 'a fact that is named is not proved, or a proof belongs to nothing.',
  making: 'the record says of this making something else.',
  growth: 'a proof of growth does not hold.',
  'another-record': 'the record that it is of does not continue the checkpoint: it is another one.',
  'no-proof': 'it holds no proof from that checkpoint. Make it with --since that file.',
}

function read(file: string): Buffer {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new Refused(exitCodes.usage, `${file}: there is no such file.`)
  }
  if (statSync(file).size > archiveBytesMax) {
    throw new Refused(exitCodes.refused, `${file}: it is larger than any evidence is.`)
  }
  return readFileSync(file)
}

function keyOf(given: string): NoteVerifier {
  const isFile = parseVerifierKey(given) === undefined && existsSync(given)
  const key = parseVerifierKey(isFile ? read(given).toString('utf8') : given)
  if (!key) throw new Refused(exitCodes.usage, '--vkey is not a verifier key.')
  return key
}

type Keys = readonly [NoteVerifier, ...(readonly NoteVerifier[])]

/** With those that it vouches for, by the changes that `wardkey-broker record keys` writes. */
function keysWith(key: NoteVerifier, file: string | undefined): Keys {
  if (file === undefined) return [key]
  const notes = changesIn(read(file).toString('utf8'))
  return [key, ...trustFrom([key], notes).all.filter((one) => !isSame(one, key))]
}

function checkpointOf(file: string, keys: Keys): Checkpoint {
  const checkpoint = openCheckpoint(read(file).toString('utf8'), keys)
  if (!checkpoint) {
    throw new Refused(exitCodes.usage, '--checkpoint is not a checkpoint that this key signed.')
  }
  return checkpoint
}
