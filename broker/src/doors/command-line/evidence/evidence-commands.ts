// evidence: has the running broker make it and writes it down, and verifies one without a broker.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import {
  evidenceBegun,
  evidencePurposes,
  evidenceStanding,
} from '@wardkey/protocol/admin/evidence/evidence'
import { sha256 } from '../../../audit/evidence/archive/manifest.ts'
import { archiveBytesMax } from '../../../audit/evidence/archive/verify-archive.ts'
import type { AdminClient } from '../admin-client.ts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { isThere, writeNew } from '../write-new.ts'
import { awaitEvidence } from './await-evidence.ts'
import { verifyEvidence } from './verify-evidence.ts'
import type { VerifyOptions } from './verify-evidence.ts'

export function addEvidenceCommands(program: Command, tools: CommandTools): void {
  const evidence = program
    .command('evidence')
    .description('evidence for auditors: make (the usual one), verify')
    .addHelpText('after', helpAfter)
  evidence
    .command('make', { isDefault: true })
    .description('write what the record shows for each rule of the law, as a signed archive')
    .requiredOption('--from <day>', 'the first day, of the site’s calendar: 2026-01-01')
    .requiredOption('--to <day>', 'the last day, in it as well; at most 400 days')
    .requiredOption('--out <file>', 'where to (zip); an existing file is not replaced')
    .addOption(
      new Option('--purpose <purpose>', 'what for: it goes into the record')
        .choices(evidencePurposes)
        .default('internal-audit'),
    )
    .option('--since <file>', 'a checkpoint kept before: it is proved that the record continues it')
    .action(async (options: MakeOptions) => {
      await make(options, tools)
    })
  evidence
    .command('verify <file>')
    .description(
      'verify an archive, offline: hashes, signature, proofs; it says nothing of the law',
    )
    .option(
      '--vkey <key or file>',
      'the record’s verifier key (default: asked of the running broker)',
    )
    .option('--keys <file>', 'changes of that key: wardkey-broker record keys writes them')
    .option('--checkpoint <file>', 'a checkpoint kept before: the archive has to continue it')
    .action(async (file: string, options: VerifyOptions) => {
      await verifyEvidence(file, options, tools)
    })
}

const helpAfter = `
The archive has a report for people (report.html), the results for programs (results.json), what
was asked (queries.txt), the record’s checkpoint, a proof for each fact that is named, and a
MANIFEST that the record’s key signed. It names nobody: people are ids, as in an export of the
record. What it says is what Wardkey can show, rule by rule; it is no certificate.

Examples:
  wardkey-broker evidence --from 2026-01-01 --to 2026-03-31 --out q1.zip
  wardkey-broker evidence verify q1.zip --vkey record.vkey --checkpoint last-visit.note`

interface MakeOptions {
  readonly from: string
  readonly to: string
  readonly out: string
  readonly purpose: string
  readonly since?: string
}

async function make(options: MakeOptions, tools: CommandTools): Promise<void> {
  const { from, to, out, purpose, since } = options
  if (existsSync(out)) throw new Refused(exitCodes.refused, `${out}: ${isThere}`)
  const client = tools.client()
  const order = { from, to, purpose, ...(since === undefined ? {} : { since: sizeIn(since) }) }
  const { id } = await client.ask('POST', '/evidence', evidenceBegun, order)
  const ready = await awaitEvidence(() => client.ask('GET', `/evidence/${id}`, evidenceStanding))
  const zip = await fetched(id, ready.bytes, client)
  if (sha256(zip) !== ready.sha256) {
    throw new Refused(exitCodes.software, 'What came is not what the broker made.')
  }
  await writeNew(out, zip)
  const { verdicts } = ready
  const counts = Object.entries(verdicts).map(
    ([name, count]) => `${String(count)} ${words[name] ?? name}`,
  )
  tools.say(
    { file: out, bytes: zip.length, sha256: ready.sha256, verdicts },
    `${out}: ${String(zip.length)} bytes, SHA-256 ${ready.sha256}\n${counts.join(', ')}\n`,
  )
}

const words: Readonly<Record<string, string>> = {
  'not-met': 'not met',
  'not-applicable': 'not applicable here',
  judgement: 'for a person to judge',
}

/** The second line of a checkpoint; the broker proves from its size, and the verifier its root. */
function sizeIn(file: string): number {
  const size = /^[^\n]+\n([1-9][0-9]{0,14})\n/.exec(readText(file))?.[1]
  if (size !== undefined) return Number(size)
  throw new Refused(exitCodes.usage, `${file}: this is no checkpoint.`)
}

function readText(file: string): string {
  if (existsSync(file) && statSync(file).size <= archiveBytesMax) return readFileSync(file, 'utf8')
  throw new Refused(exitCodes.usage, `${file}: it cannot be read.`)
}

async function fetched(id: string, bytes: number, client: AdminClient): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of await client.stream(`/evidence/${id}/archive`)) {
    const chunk = piece as Buffer
    size += chunk.length
    if (size > bytes) break
    pieces.push(chunk)
  }
  return Buffer.concat(pieces)
}
