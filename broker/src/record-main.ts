// wardkey-record: exports a record from its database, and verifies and shows an export on any
// machine, with nothing but its public key and, better, a checkpoint seen before.

import { Command, InvalidArgumentError } from 'commander'
import { fileLines } from './audit/file-lines.ts'
import { lineBytesMax, parseRecordLine } from './audit/record-lines.ts'
import { Fault } from './platform/fault.ts'
import { exportToFile } from './record-export.ts'
import type { ExportOptions } from './record-export.ts'
import { verifyCertificateFile, verifyFile, verifyProofFile } from './record-verify.ts'
import type { VerifyOptions, VerifyProofOptions } from './record-verify.ts'

/** Documented in --help: scripts rely on them. */
const exitCodes = { valid: 0, invalid: 1, usage: 2, unavailable: 69 } as const

/** Returns the exit code; the process ends by itself when nothing is left to do. */
export async function recordMain(argv: readonly string[]): Promise<number> {
  const ended: { exitCode: number } = { exitCode: exitCodes.valid }
  try {
    await programFor(ended).parseAsync([...argv], { from: 'user' })
    return ended.exitCode
  } catch (thrown) {
    return exitOf(thrown)
  }
}

function programFor(ended: { exitCode: number }): Command {
  const program = new Command('wardkey-record')
    .description('Export the record of Wardkey, and verify and show exports, offline.')
    .addHelpText('after', helpAfter)
    .exitOverride()
  program
    .command('export')
    .description('write the whole record out of a database, running or not; it changes nothing')
    .option('--settings <file>', 'the broker’s settings file: they say where the database is')
    .option('--sqlite <file>', 'or a SQLite database itself, also a copy')
    .requiredOption('--out <file>', 'the export (NDJSON); it must not be there yet')
    .option('--json', 'print what was exported as one JSON object')
    .action((options: ExportOptions) => exportToFile(options))
  program
    .command('verify')
    .description('prove that an export is whole and unchanged, or name the first bad entry')
    .requiredOption('--export <file>', 'the export (NDJSON)')
    .requiredOption('--vkey <key or file>', 'the record’s verifier key, name+id+key')
    .option('--checkpoint <file>', 'a checkpoint seen earlier: finds truncation and rollback too')
    .option('--witness <key or file>', 'a witness’s key; more than once for more of them', each)
    .option('--quorum <n>', 'how many of them have to have cosigned (default: all)', count)
    .option('--lag <entries>', 'so many at the end may not be cosigned yet', count, 10_000)
    .option('--save <file>', 'keep the newest checkpoint for the next visit, if all is well')
    .option('--json', 'print the verdict as one JSON object')
    .action(async (options: VerifyOptions) => {
      const { kind } = await verifyFile(options)
      ended.exitCode = exitCodes[kind]
    })
  program
    .command('verify-proof <file>')
    .description('prove one fact from its file: wardkey-broker record prove makes it')
    .requiredOption('--vkey <key or file>', 'the record’s verifier key, name+id+key')
    .option('--keys <file>', 'changes of that key: wardkey-broker record keys writes them')
    .option('--json', 'print the verdict as one JSON object')
    .action((file: string, options: VerifyProofOptions) => {
      const isProved = verifyProofFile(file, options) === 'proved'
      ended.exitCode = isProved ? exitCodes.valid : exitCodes.invalid
    })
  program
    .command('verify-certificate <file>')
    .description('prove a certificate of destruction: wardkey-broker forget certificate makes it')
    .requiredOption('--vkey <key or file>', 'the record’s verifier key, name+id+key')
    .option('--keys <file>', 'changes of that key: wardkey-broker record keys writes them')
    .option('--json', 'print the verdict as one JSON object')
    .action((file: string, options: VerifyProofOptions) => {
      const isProved = verifyCertificateFile(file, options) === 'proved'
      ended.exitCode = isProved ? exitCodes.valid : exitCodes.invalid
    })
  program
    .command('show')
    .description('print entries of an export, one JSON object a line, as they were recorded')
    .requiredOption('--export <file>', 'the export (NDJSON)')
    .option('--from <entry>', 'the first entry', count, 0)
    .option('--count <n>', 'how many', count, 20)
    .action((options: ShowOptions) => show(options))
  return program
}

const helpAfter = `
Exit codes:
  0   done; the record is as it was signed
  1   the record is not as it was signed: the first bad entry is named; or a fact is not proved
  2   the command or its files are not usable
  69  the database cannot be read

What can be named: each checkpoint lists the hashes of the entries it covers, so the first
entry that is changed, missing, inserted or in another order is named by its number. Where
that list was spoilt as well, the entries between two checkpoints are named. Entries after
the last checkpoint (a quarter of a second's worth) are shown but not vouched for.

Without --checkpoint an export that simply ends earlier, or one that somebody with the signing
key wrote anew, cannot be told from the true one: keep a checkpoint from each visit, it is
three lines of text.

Examples:
  wardkey-record export --settings /etc/wardkey-broker/wardkey.yaml --out record.ndjson
  wardkey-record verify --export record.ndjson --vkey record.vkey \\
    --checkpoint last-visit.note --save this-visit.note
  wardkey-record verify-proof 4711.tlog-proof --vkey record.vkey`

interface ShowOptions {
  readonly export: string
  readonly from: number
  readonly count: number
}

async function show({ export: file, from, count }: ShowOptions): Promise<void> {
  // `show | head` stops reading before we stop writing; that is no fault of anybody.
  if (!process.stdout.listeners('error').includes(ignoreClosedPipe)) {
    process.stdout.on('error', ignoreClosedPipe)
  }
  for await (const text of fileLines(file, lineBytesMax)) {
    const line = parseRecordLine(text)
    if (line?.kind !== 'entry' || line.index < from) continue
    if (line.index >= from + count || !(await isWritten(`${line.body}\n`))) return
  }
}

/** Waits until the text is out, so that a slow reader does not fill the memory. */
function isWritten(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      resolve(!error)
    })
  })
}

const each = (one: string, before: readonly string[] = []): readonly string[] => [...before, one]

function count(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.')
  return Number(text)
}

function ignoreClosedPipe(thrown: Error): void {
  if (!('code' in thrown) || thrown.code !== 'EPIPE') throw thrown
}

function exitOf(thrown: unknown): number {
  // Commander has said already what is wrong, or printed its help.
  if (thrown instanceof Error && 'exitCode' in thrown) {
    return thrown.exitCode === 0 ? exitCodes.valid : exitCodes.usage
  }
  const cause = thrown instanceof Fault ? thrown.cause : thrown
  const words = cause instanceof Error ? cause.message : 'failed'
  process.stderr.write(`wardkey-record: ${words}\n`)
  return thrown instanceof Fault ? exitCodes.unavailable : exitCodes.usage
}
