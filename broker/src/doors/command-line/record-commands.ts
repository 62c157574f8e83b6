// record: its head, its facts, its export, and the proofs that an export is whole and that a fact
// is in it.

import { once } from 'node:events'
import type { Command } from 'commander'
import { factCodes } from '@wardkey/protocol/fact-codes'
import { factProof, factsPage, recordHead } from '@wardkey/protocol/admin/record'
import type { FactShown } from '@wardkey/protocol/admin/record'
import { recordKeys } from '@wardkey/protocol/admin/keys/record-keys'
import type { CommandTools } from './command-tools.ts'
import { exitCodes, Refused } from './exit.ts'
import { textTable, textTime } from './text-table.ts'
import { fillNew, writeNew } from './write-new.ts'

const tellEveryMs = 2000

export function addRecordCommands(program: Command, tools: CommandTools): void {
  const record = program
    .command('record')
    .description('the record: head, keys, facts, export, verify, prove, verify-proof')
  record
    .command('head')
    .description('how long the record is, its newest checkpoint, and the key that verifies it')
    .option('--note', 'print the checkpoint alone: keep it, to find a rollback later')
    .option('--vkey', 'print the verifier key alone')
    .option('--witness-key', 'print the key alone that it cosigns other records with')
    .action(async ({ note, vkey, witnessKey }: HeadOptions) => {
      const head = await tools.client().ask('GET', '/record', recordHead)
      const { checkpoint } = head
      if (note === true) process.stdout.write(checkpoint?.note ?? '')
      else if (witnessKey === true) process.stdout.write(`${head.witnessKey}\n`)
      else if (vkey === true) process.stdout.write(`${head.key}\n`)
      else {
        const signed = checkpoint
          ? `${String(checkpoint.size)} signed at ${textTime(checkpoint.atMs)} UTC`
          : 'none signed yet'
        tools.say(head, `${String(head.facts)} facts, ${signed}\n${head.key}\n`)
      }
    })
  record
    .command('keys')
    .description('how the record’s key changed: signed notes, for verify-proof --keys')
    .action(async () => {
      const chain = await tools.client().ask('GET', '/record/keys', recordKeys)
      const notes = chain.ended.map(({ note }) => note).join('')
      tools.say(chain, notes === '' ? 'The record has its first key.\n' : notes)
    })
  record
    .command('facts')
    .description('show facts, oldest first')
    .option('--from <entry>', 'the first entry', '0')
    .option('--count <n>', 'how many', '50')
    .option('--code <code>', 'of this code only: TAP-001')
    .option('--person <person>', 'about this person only')
    .action(async (options: FactsOptions) => {
      const query = queryOf(options)
      const { facts } = await tools.client().ask('GET', `/record/facts?${query}`, factsPage)
      tools.say({ facts }, facts.length === 0 ? 'No such facts.\n' : tableOf(facts))
    })
  addExport(record, tools)
  record
    .command('verify')
    .description('prove that an export is whole and unchanged: the same as wardkey-record verify')
    .requiredOption('--export <file>', 'the export')
    .option('--vkey <key or file>', 'the verifier key (default: asked of the running broker)')
    .option('--checkpoint <file>', 'a checkpoint seen earlier: finds truncation and rollback too')
    .option('--witness <key or file>', 'a witness’s key; more than once for more of them', each)
    .option('--quorum <n>', 'how many of them have to have cosigned (default: all)')
    .action(async (options: VerifyOptions) => {
      await verify(options, tools)
    })
  addProve(record, tools)
}

interface HeadOptions {
  readonly note?: boolean
  readonly vkey?: boolean
  readonly witnessKey?: boolean
}

interface FactsOptions {
  readonly from: string
  readonly count: string
  readonly code?: string
  readonly person?: string
}

function queryOf({ from, count, code, person }: FactsOptions): string {
  return new URLSearchParams({
    from,
    limit: count,
    ...(code === undefined ? {} : { code }),
    ...(person === undefined ? {} : { personId: person }),
  }).toString()
}

function addExport(record: Command, tools: CommandTools): void {
  record
    .command('export')
    .description('write the whole record, one JSON object a line, for an auditor')
    .option('--out <file>', 'where to (default: standard output); an existing file is not replaced')
    .action(async ({ out }: { out?: string }) => {
      const source = await tools.client().stream('/record/export')
      if (out === undefined) {
        await copy(source, async (chunk) => {
          if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
        })
        return
      }
      const bytes = await fillNew(out, (file) => copy(source, (chunk) => file.appendFile(chunk)))
      tools.say({ file: out, bytes }, `${out}: ${String(bytes)} bytes\n`)
    })
}

interface ProveOptions {
  readonly size?: string
  readonly out?: string
}

function addProve(record: Command, tools: CommandTools): void {
  record
    .command('prove <fact>')
    .description('prove that one fact is in the record: a file for anybody who has the key')
    .option('--size <facts>', 'under the checkpoint of that size (default: the newest)')
    .option('--out <file>', 'where to (default: standard output); an existing file is not replaced')
    .action(async (fact: string, { size, out }: ProveOptions) => {
      const path = `/record/facts/${encodeURIComponent(fact)}/proof`
      const query = size === undefined ? '' : `?size=${encodeURIComponent(size)}`
      const proved = await tools.client().ask('GET', `${path}${query}`, factProof)
      if (out === undefined) {
        tools.say(proved, proved.proof)
        return
      }
      await writeNew(out, Buffer.from(proved.proof))
      tools.say({ file: out, index: proved.index, size: proved.size }, `${out}\n`)
    })
  record
    .command('verify-proof <file>')
    .description('prove one fact from its file: the same as wardkey-record verify-proof')
    .requiredOption('--vkey <key or file>', 'the verifier key, kept from before')
    .option('--keys <file>', 'changes of that key: record keys writes them')
    .action(async (file: string, { vkey, keys }: { vkey: string; keys?: string }) => {
      const more = [
        ...(keys === undefined ? [] : ['--keys', keys]),
        ...(tools.isJson() ? ['--json'] : []),
      ]
      const exitCode = await tools.verifyRecord(['verify-proof', file, '--vkey', vkey, ...more])
      if (exitCode !== 0) throw new Refused(exitCode, 'The fact is not proved.')
    })
}

interface VerifyOptions {
  readonly export: string
  readonly vkey?: string
  readonly checkpoint?: string
  readonly witness?: readonly string[]
  readonly quorum?: string
}

const each = (one: string, before: readonly string[] = []): readonly string[] => [...before, one]

async function verify(options: VerifyOptions, tools: CommandTools): Promise<void> {
  // A key asked of the broker proves less: whoever changed the record may have changed that too.
  const vkey = options.vkey ?? (await tools.client().ask('GET', '/record', recordHead)).key
  const exitCode = await tools.verifyRecord([
    'verify',
    '--export',
    options.export,
    '--vkey',
    vkey,
    ...(options.checkpoint === undefined ? [] : ['--checkpoint', options.checkpoint]),
    ...(options.witness ?? []).flatMap((key) => ['--witness', key]),
    ...(options.quorum === undefined ? [] : ['--quorum', options.quorum]),
    ...(tools.isJson() ? ['--json'] : []),
  ])
  if (exitCode !== 0) throw new Refused(exitCode, 'The record is not proved.')
}

async function copy(
  source: AsyncIterable<Buffer>,
  write: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  let bytes = 0
  let saidMs = performance.now()
  for await (const chunk of whole(source)) {
    bytes += chunk.length
    await write(chunk)
    if (performance.now() - saidMs < tellEveryMs) continue
    saidMs = performance.now()
    process.stderr.write(`${(bytes / 1e6).toFixed(0)} MB written …\n`)
  }
  return bytes
}

/** Throws Refused where it ends before its end. */
async function* whole(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch {
    const sentence = 'The broker broke off in the middle of the record: nothing of it is whole.'
    throw new Refused(exitCodes.unavailable, `${sentence}\nExport it again.`)
  }
}

function tableOf(facts: readonly FactShown[]): string {
  const rows = facts.map(({ index, code, atMs }) => [
    String(index),
    textTime(atMs),
    code,
    code in factCodes ? factCodes[code as keyof typeof factCodes].sentence : '',
  ])
  return textTable(['ENTRY', 'WHEN (UTC)', 'CODE', 'WHAT'], rows)
}
