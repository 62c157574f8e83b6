// policy and mode: the written policies and their versions, and how the house is run.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { policyProposed, policyVersion, policyVersions } from '@wardkey/protocol/admin/policy'
import { modesShown } from '@wardkey/protocol/admin/modes'
import type { PolicyVersion } from '@wardkey/protocol/admin/policy'
import { replayShown } from '@wardkey/protocol/admin/why'
import type { ReplayShown } from '@wardkey/protocol/admin/why'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { lineDifference } from './line-difference.ts'
import { textTable, textTime } from '../text-table.ts'
import { wholeNumber } from '../whole-number.ts'

export function addPolicyCommands(program: Command, tools: CommandTools): void {
  const policy = program
    .command('policy')
    .description('the written policies: template, check, list, show, propose, approve, revert …')
  addLocal(policy, tools)
  addReading(policy, tools)
  addChanges(policy, tools)
  addReplay(policy, tools)
}

/** Policies are read where the command is: no broker has to run. */
function addLocal(policy: Command, tools: CommandTools): void {
  policy
    .command('template')
    .description('print a starting point: the usual roles at the usual kinds of zones')
    .action(async () => {
      const { startingPolicies } = await import('../../../policy/cedar/starting-policies.ts')
      tools.say({ text: startingPolicies }, startingPolicies)
    })
  policy
    .command('check <path>')
    .description('whether a file, or the .cedar files of a folder, validate')
    .action(async (path: string) => {
      const { compilePolicies } = await import('../../../policy/cedar/policy-set.ts')
      const compiled = compilePolicies(readPolicies(path))
      if (compiled.kind === 'invalid') {
        throw new Refused(exitCodes.refused, compiled.complaints.join('\n'))
      }
      tools.say({ policies: compiled.policies.id }, `Validates: ${compiled.policies.id}\n`)
    })
}

function addReading(policy: Command, tools: CommandTools): void {
  policy
    .command('list')
    .description('all versions, the newest first')
    .action(async () => {
      const { versions } = await tools.client().ask('GET', '/policy', policyVersions)
      const rows = versions.map((one) => [
        String(one.number),
        one.isInForce ? 'in force' : (one.decided?.outcome ?? (one.proposed ? 'proposed' : '')),
        one.policies,
        one.proposed ? textTime(one.proposed.atMs) : '',
        one.proposed?.by ?? '',
        one.decided?.by ?? '',
        one.note,
      ])
      const heads = ['NO', 'STATE', 'POLICIES', 'PROPOSED (UTC)', 'BY', 'DECIDED BY', 'NOTE']
      tools.say({ versions }, textTable(heads, rows))
    })
  policy
    .command('show <number>')
    .description('one version, as a difference to the one that it was based on')
    .option('--whole', 'its whole text')
    .action(async (number: string, { whole }: { readonly whole?: boolean }) => {
      const version = await findVersion(number, tools)
      const text = whole === true ? version.text : lineDifference(version.before, version.text)
      tools.say(version, text === '' ? 'No difference.\n' : text)
    })
}

function addChanges(policy: Command, tools: CommandTools): void {
  policy
    .command('propose <path>')
    .description('propose a file, or the .cedar files of a folder, as the next version')
    .requiredOption('--note <text>', 'why, without names')
    .action(async (path: string, { note }: { readonly note: string }) => {
      await propose(readPolicies(path), note, tools)
    })
  policy
    .command('revert <number>')
    .description('propose an earlier version’s text again; somebody else approves it')
    .action(async (number: string) => {
      const { text } = await findVersion(number, tools)
      await propose(text, `back to version ${number}`, tools)
    })
  for (const [command, outcome, word] of [
    ['approve', 'approved', 'Approved: it is in force from the next tap on.'],
    ['reject', 'rejected', 'Rejected.'],
  ] as const) {
    policy
      .command(`${command} <number>`)
      .description(
        command === 'approve' ? 'approve what somebody else proposed' : 'reject a proposal',
      )
      .action(async (number: string) => {
        const path = `/policy/${encodeURIComponent(number)}/decision`
        await tools.client().ask('POST', path, z.unknown(), { outcome })
        tools.say({ number, outcome }, `${word}\n`)
      })
  }
}

function addReplay(policy: Command, tools: CommandTools): void {
  policy
    .command('replay <path>')
    .description('what these policies would have said to the taps of the last days')
    .option('--days <n>', 'how many', '30')
    .addHelpText('after', '\nExample:\n  wardkey-broker policy replay --days 30 candidate/')
    .action(async (path: string, { days }: { readonly days: string }) => {
      const body = { days: wholeNumber(days, '--days', 400), text: readPolicies(path) }
      const replay = await tools.client().ask('POST', '/policy/replay', replayShown, body)
      tools.say(replay, textOfReplay(replay))
    })
}

const kindWords = {
  refused: 'would be refused',
  asked: 'would be asked for the PIN',
  'let-in': 'would be let in',
  'asked-less': 'would not be asked for the PIN by policy',
} as const

function textOfReplay(replay: ReplayShown): string {
  const { taps, otherwise, byRule, examples, isCut, fromMs, untilMs } = replay
  const span = `${textTime(fromMs)} to ${textTime(untilMs)} UTC`
  const head = `${String(taps)} taps, ${span}; ${String(otherwise)} of them otherwise.\n`
  const cut = isCut
    ? 'The record is longer than a replay may be: these are the first. Ask for fewer days.\n'
    : ''
  if (byRule.length === 0) return `${head}${cut}`
  const rows = byRule.map(({ kind, rule, zoneId, taps: count, people }) => [
    ...[kindWords[kind], rule, zoneId, String(count), String(people)],
  ])
  const some = examples.map(({ tapId, personId, personName, atMs, rule }) => [
    ...[textTime(atMs), rule, personName ?? personId, tapId],
  ])
  return (
    `${head}${cut}\n${textTable(['WHAT', 'RULE', 'ZONE', 'TAPS', 'PEOPLE'], rows)}\n` +
    textTable(['WHEN (UTC)', 'RULE', 'PERSON', 'TAP'], some)
  )
}

async function propose(text: string, note: string, tools: CommandTools): Promise<void> {
  const { number } = await tools.client().ask('POST', '/policy', policyProposed, { text, note })
  const next = `Somebody else approves it: wardkey-broker policy approve ${String(number)}\n`
  tools.say({ number }, `Proposed as version ${String(number)}.\n${next}`)
}

function findVersion(number: string, tools: CommandTools): Promise<PolicyVersion> {
  return tools.client().ask('GET', `/policy/${encodeURIComponent(number)}`, policyVersion)
}

/** A folder's files in the order of their names are one set. */
function readPolicies(path: string): string {
  try {
    if (!statSync(path).isDirectory()) return readFileSync(path, 'utf8')
    const files = readdirSync(path).filter((name) => name.endsWith('.cedar'))
    if (files.length > 0) {
      return files
        .sort()
        .map((name) => readFileSync(join(path, name), 'utf8'))
        .join('\n')
    }
  } catch (cause) {
    throw new Refused(exitCodes.usage, `${path}: cannot be read (${codeOf(cause)}).`)
  }
  throw new Refused(exitCodes.usage, `${path}: there is no .cedar file in it.`)
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
}

interface ModeOptions {
  readonly zone?: string
  readonly minutes: string
}

export function addModeCommands(program: Command, tools: CommandTools): void {
  const mode = program
    .command('mode')
    .description('how the house, or a zone, is run for a while: show, set')
  mode
    .command('show')
    .description('where it is not as usual')
    .action(async () => {
      const { modes } = await tools.client().ask('GET', '/modes', modesShown)
      const rows = modes.map(({ place, mode: now, sinceMs, untilMs, by }) => [
        ...[place === '*' ? 'the house' : place, now, textTime(sinceMs), textTime(untilMs), by],
      ])
      const heads = ['PLACE', 'MODE', 'SINCE (UTC)', 'UNTIL (UTC)', 'BY']
      tools.say({ modes }, modes.length === 0 ? 'Everywhere as usual.\n' : textTable(heads, rows))
    })
  mode
    .command('set <mode>')
    .description('normal, code, lockdown or downtime; open screens follow at once')
    .option('--zone <zone>', 'of one zone only; its word counts before the house’s')
    .option('--minutes <n>', 'then it ends by itself', '60')
    .action(async (wanted: string, { zone, minutes }: ModeOptions) => {
      const lastsMs = wholeNumber(minutes, '--minutes', 10_080) * 60_000
      const body = { place: zone ?? '*', mode: wanted, lastsMs }
      await tools.client().ask('POST', '/modes', z.unknown(), body)
      tools.say(body, `Set, for ${minutes} minutes.\n`)
    })
}
