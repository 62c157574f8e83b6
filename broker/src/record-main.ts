// wardkey-record: verifies and shows an exported record, on any machine, with nothing but the
// export, the record's public key and, better, a checkpoint seen before. It speaks with no broker.

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { openCheckpoint } from './audit/checkpoint.ts'
import type { Checkpoint } from './audit/checkpoint.ts'
import { fileLines } from './audit/file-lines.ts'
import { lineBytesMax, parseRecordLine } from './audit/record-lines.ts'
import { parseVerifierKey } from './audit/signed-note.ts'
import type { NoteVerifier } from './audit/signed-note.ts'
import { RecordVerifier } from './audit/verify-record.ts'
import type { Verdict } from './audit/verify-record.ts'

/** Documented in --help: scripts rely on them. */
const exitCodes = { valid: 0, invalid: 1, usage: 2 } as const

interface VerifyOptions {
  readonly export: string
  readonly vkey: string
  readonly checkpoint?: string
  readonly json?: boolean
}

export async function recordMain(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.valid
  const program = new Command('wardkey-record')
    .description('Verify an exported record of Wardkey, offline.')
    .addHelpText('after', helpAfter)
    .exitOverride()
  program
    .command('verify')
    .description('prove that an export is whole and unchanged, or name the first bad entry')
    .requiredOption('--export <file>', 'the export (NDJSON)')
    .requiredOption('--vkey <key or file>', 'the record’s verifier key, name+id+key')
    .option('--checkpoint <file>', 'a checkpoint seen earlier: finds truncation and rollback too')
    .option('--json', 'print the verdict as one JSON object')
    .action(async (options: VerifyOptions) => {
      exitCode = await verify(options)
    })
  program
    .command('show')
    .description('print entries of an export, one JSON object a line, as they were recorded')
    .requiredOption('--export <file>', 'the export (NDJSON)')
    .option('--from <entry>', 'the first entry', '0')
    .option('--count <n>', 'how many', '20')
    .action(async (options: { export: string; from: string; count: string }) => {
      await show(options.export, Number(options.from), Number(options.count))
    })
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof Error && 'exitCode' in thrown) {
      return thrown.exitCode === 0 ? exitCodes.valid : exitCodes.usage
    }
    process.stderr.write(`wardkey-record: ${thrown instanceof Error ? thrown.message : 'failed'}\n`)
    return exitCodes.usage
  }
  return exitCode
}

const helpAfter = `
Exit codes: 0 the record is as it was signed; 1 it is not (the first bad entry is named);
2 the command or its files are not usable.

Without --checkpoint an export that simply ends earlier cannot be told from a younger one:
keep a checkpoint from each visit, it is three lines of text.

Example:
  wardkey-record verify --export record.ndjson --vkey record.vkey --checkpoint last-visit.note`

async function verify(options: VerifyOptions): Promise<number> {
  const key = readKey(options.vkey)
  const earlier = options.checkpoint === undefined ? undefined : readNote(options.checkpoint, key)
  const verifier = new RecordVerifier([key], earlier)
  const beganMs = performance.now()
  let saidMs = beganMs
  for await (const line of linesOf(options.export)) {
    if (!verifier.take(line)) break
    if (performance.now() - saidMs > 2000 && options.json !== true) {
      saidMs = performance.now()
      process.stderr.write(`${String(verifier.read)} entries read …\n`)
    }
  }
  const verdict = verifier.end()
  const seconds = (performance.now() - beganMs) / 1000
  process.stdout.write(
    options.json === true ? `${JSON.stringify(verdict)}\n` : tell(verdict, seconds),
  )
  return verdict.kind === 'valid' ? exitCodes.valid : exitCodes.invalid
}

function tell(verdict: Verdict, seconds: number): string {
  if (verdict.kind === 'valid') {
    const rest =
      verdict.unsigned === 0 ? '' : ` ${String(verdict.unsigned)} more are not signed yet.`
    return `The record is whole: ${String(verdict.signed)} entries as they were signed.${rest} (${seconds.toFixed(1)} s)\n`
  }
  const where =
    verdict.untilEntry === undefined
      ? `entry ${String(verdict.entry)}`
      : `entries ${String(verdict.entry)} to ${String(verdict.untilEntry)}`
  return `The record is NOT as it was signed. First at ${where}: ${words[verdict.flaw]}\n`
}

const words = {
  changed: 'changed after it was signed.',
  missing: 'an entry that was signed is missing here.',
  reordered: 'entries stand in another order than they were signed.',
  inserted: 'an entry that was never signed stands here.',
  misnumbered: 'an entry as it was signed bears another number.',
  truncated: 'the record ends before the earlier checkpoint does.',
  forked: 'the record does not continue the earlier checkpoint.',
  checkpoint: 'a checkpoint’s signature or place does not hold.',
  unreadable: 'a line is not of this format.',
} as const

async function show(file: string, from: number, count: number): Promise<void> {
  for await (const text of linesOf(file)) {
    const line = parseRecordLine(text)
    if (line?.kind !== 'entry' || line.index < from) continue
    if (line.index >= from + count) return
    process.stdout.write(`${line.body}\n`)
  }
}

function readKey(given: string): NoteVerifier {
  const key = parseVerifierKey(given) ?? parseVerifierKey(readFileSync(given, 'utf8'))
  if (!key) throw new Error('--vkey is not a verifier key')
  return key
}

function readNote(file: string, key: NoteVerifier): Checkpoint {
  const checkpoint = openCheckpoint(readFileSync(file, 'utf8'), [key])
  if (!checkpoint) throw new Error('--checkpoint is not a checkpoint that this key signed')
  return checkpoint
}

function linesOf(file: string): AsyncIterable<string> {
  return fileLines(file, lineBytesMax)
}
