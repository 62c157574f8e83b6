// retention: how long facts are kept, agreed by two people; what is gone, and what would go.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  retentionPreview,
  retentionProposed,
  retentionShown,
} from '@wardkey/protocol/admin/forget/retention'
import type { RetentionPreview, RetentionShown } from '@wardkey/protocol/admin/forget/retention'
import { classRules, endingClasses, retentionDaysMax } from '@wardkey/protocol/retention-classes'
import type { RetentionDays } from '@wardkey/protocol/retention-classes'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'
import { wholeNumber } from '../whole-number.ts'

export function addRetentionCommands(program: Command, tools: CommandTools): void {
  const retention = program
    .command('retention')
    .description('how long facts are kept: show, propose, approve, reject, run --dry-run')
    .addHelpText('after', helpAfter)
  addShow(retention, tools)
  addPropose(retention, tools)
  addRun(retention, tools)
  for (const [command, outcome, words] of [
    ['approve', 'approved', 'In force. The broker takes what is past its time, once a day.'],
    ['reject', 'rejected', 'Rejected: nothing changes.'],
  ] as const) {
    retention
      .command(`${command} <number>`)
      .description(`${command} what somebody else proposed; decided once`)
      .action(async (text: string) => {
        const number = wholeNumber(text, 'The number', 1_000_000)
        const path = `/retention/rules/${String(number)}/decision`
        await tools.client().ask('POST', path, z.unknown(), { outcome })
        tools.say({ number, outcome }, `${words}\n`)
      })
  }
}

const helpAfter = `
Nothing goes until two people have agreed once. What goes leaves its hash: every proof and every
export verifies as before. It cannot be undone. Legal holds keep what they cover.

Examples:
  wardkey-broker retention show
  wardkey-broker retention propose --presence 366 --reason "works council, 4 May"
  wardkey-broker retention run --dry-run --rule 2          # what would go by it
  wardkey-broker retention approve 2                       # by somebody else`

function addShow(retention: Command, tools: CommandTools): void {
  retention
    .command('show')
    .description('the classes, what is in force, what is proposed, and what is gone')
    .action(async () => {
      const shown = await tools.client().ask('GET', '/retention', retentionShown)
      tools.say(shown, `${classesTable(shown)}${rulesTable(shown)}${standing(shown)}`)
    })
}

function classesTable({ classes }: RetentionShown): string {
  const rows = classes.map((one) => [
    ...[one.class, one.days === undefined ? 'for ever' : `${String(one.days)} days`],
    ...[`${String(one.usualDays)} days`, `${String(one.floorDays)} days`, String(one.gone)],
    ...[one.lastMs === undefined ? '' : textTime(one.lastMs), one.why],
  ])
  const heads = ['CLASS', 'KEPT', 'USUAL', 'FLOOR', 'GONE', 'LAST (UTC)', 'WHY THE FLOOR']
  return textTable(heads, rows)
}

function rulesTable({ rules }: RetentionShown): string {
  if (rules.length === 0) return '\nNobody has proposed anything yet: nothing goes.\n'
  const rows = rules.map(({ number, state, days, proposed, decided, reason, clockIndex }) => [
    ...[String(number), state, endingClasses.map((name) => String(days[name])).join(' / ')],
    ...[proposed.by, textTime(proposed.atMs), decided?.by ?? '', reason],
    ...[clockIndex === undefined ? '' : 'the clock is right'],
  ])
  const heads = ['RULE', 'STATE', 'DAYS', 'PROPOSED BY', 'AT (UTC)', 'DECIDED BY', 'REASON', '']
  return `\n${textTable(heads, rows)}`
}

function standing({ stopped, lastRunMs }: RetentionShown): string {
  const last = lastRunMs === undefined ? '' : `\nLast run: ${textTime(lastRunMs)} UTC.\n`
  if (!stopped) return last
  const { flaw, at, atMs } = stopped
  return `${last}
STOPPED since ${textTime(atMs)} UTC: ${flaw}, at fact ${String(at)}. Nothing goes.
Look at the clock. If the time is right, two people say so:
  wardkey-broker retention propose --clock-is-right --reason ...
`
}

interface ProposeOptions extends Partial<Record<keyof RetentionDays, string>> {
  readonly reason: string
  readonly usual?: true
  readonly clockIsRight?: true
}

function addPropose(retention: Command, tools: CommandTools): void {
  const propose = retention
    .command('propose')
    .description('propose how long facts are kept; what is not named stays as it is, or usual')
    .requiredOption('--reason <text>', 'why, without names')
    .option('--usual', 'the usual days of each class that is not named')
    .option('--clock-is-right', 'the time at which retention stopped is right')
  for (const name of endingClasses) {
    const { what, floorDays } = classRules[name]
    propose.option(`--${name} <days>`, `${what}; at least ${String(floorDays)}`)
  }
  propose.action(async (given: ProposeOptions) => {
    const { classes } = await tools.client().ask('GET', '/retention', retentionShown)
    const days = Object.fromEntries(
      classes.map(({ class: name, days: now, usualDays }) => {
        const text = given[name]
        const usual = given.usual === true ? usualDays : (now ?? usualDays)
        return [name, text === undefined ? usual : wholeNumber(text, `--${name}`, retentionDaysMax)]
      }),
    )
    const { reason, clockIsRight: isClockRight = false } = given
    const body = { days, reason, isClockRight }
    const { number } = await tools.client().ask('POST', '/retention/rules', retentionProposed, body)
    const see = `wardkey-broker retention run --dry-run --rule ${String(number)}`
    const next = `What would go: ${see}\nSomebody else approves it: wardkey-broker retention approve ${String(number)}\n`
    tools.say({ number }, `Proposed as rule ${String(number)}.\n${next}`)
  })
}

function addRun(retention: Command, tools: CommandTools): void {
  retention
    .command('run')
    .description('what the next run would take; the broker runs by itself, once a day')
    .option('--dry-run', 'needed: no command takes anything')
    .option('--rule <number>', 'by this rule (default: what is in force)')
    .action(async ({ dryRun, rule }: { readonly dryRun?: true; readonly rule?: string }) => {
      if (dryRun !== true) {
        const words = 'The broker runs by itself, once a day. What it would take: --dry-run.'
        throw new Refused(exitCodes.usage, words)
      }
      const number = rule === undefined ? await inForce(tools) : wholeNumber(rule, '--rule', 1e6)
      const path = `/retention/rules/${String(number)}/preview`
      const shown = await tools.client().ask('GET', path, retentionPreview)
      tools.say(shown, previewTable(shown))
    })
}

async function inForce(tools: CommandTools): Promise<number> {
  const { rules } = await tools.client().ask('GET', '/retention', retentionShown)
  const rule = rules.find(({ state }) => state === 'in-force')
  if (rule) return rule.number
  throw new Refused(exitCodes.refused, 'No rule is in force: nothing goes. Name one: --rule.')
}

function previewTable({ rule, classes }: RetentionPreview): string {
  if (classes.length === 0) return 'Nothing is so old.\n'
  const rows = classes.map((one) => [
    ...[one.class, String(one.days), textTime(one.beforeMs)],
    ...[`${one.hasMore ? 'more than ' : ''}${String(one.due)}`],
    ...[textTime(one.nextBeforeMs), String(one.next)],
  ])
  const heads = ['CLASS', 'DAYS', 'OLDER THAN (UTC)', 'DUE', 'NEXT RUN UP TO', 'TAKES']
  return `By rule ${String(rule)}, legal holds counted out:\n${textTable(heads, rows)}`
}
