// alerts: what the rules have seen, the facts behind it, and what is done about it.

import type { Command } from 'commander'
import { z } from 'zod'
import { alertClosing, alertShown, alertsPage } from '@wardkey/protocol/admin/alerts/alerts'
import type { AlertShown, AlertSummary } from '@wardkey/protocol/admin/alerts/alerts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'

interface ListOptions {
  readonly closed?: boolean
  readonly rule?: string
}

interface CloseOptions {
  readonly outcome: string
  readonly note: string
}

const outcomes = alertClosing.shape.outcome
const pathOf = (id: string): string => `/alerts/${encodeURIComponent(id)}`

export function addAlertCommands(program: Command, tools: CommandTools): void {
  const group = program
    .command('alerts')
    .description('alerts: list, show, acknowledge, assign, close')
  group
    .command('list')
    .description('those that are not closed, the newest first')
    .option('--closed', 'those that are closed')
    .option('--rule <name>', 'of one rule alone, as docs/alerts.md names it')
    .action(async ({ closed, rule }: ListOptions) => {
      const asked = [
        'limit=500',
        ...(closed === true ? ['closed=true'] : []),
        ...(rule === undefined ? [] : [`rule=${encodeURIComponent(rule)}`]),
      ]
      const { alerts } = await tools.client().ask('GET', `/alerts?${asked.join('&')}`, alertsPage)
      tools.say({ alerts }, alerts.length === 0 ? 'There are none.\n' : tableOf(alerts))
    })
  group
    .command('show <id>')
    .description('one of them, with the facts behind it')
    .action(async (id: string) => {
      const shown = await tools.client().ask('GET', pathOf(id), alertShown)
      tools.say(shown, textOf(shown))
    })
  addActs(group, tools)
}

function addActs(group: Command, tools: CommandTools): void {
  group
    .command('acknowledge <id>')
    .description('say that it was seen')
    .action(async (id: string) => {
      await tools.client().ask('POST', `${pathOf(id)}/acknowledgement`, z.null())
      tools.say({ acknowledged: true }, 'It is acknowledged.\n')
    })
  group
    .command('assign <id>')
    .description('give it to somebody whom it is not about')
    .requiredOption('--to <person>', 'the person’s id')
    .action(async (id: string, { to }: { readonly to: string }) => {
      await tools.client().ask('PUT', `${pathOf(id)}/assignee`, z.null(), { personId: to })
      tools.say({ assigned: true }, 'It is assigned.\n')
    })
  group
    .command('close <id>')
    .description('close it: once, and never one about oneself')
    .requiredOption('--outcome <outcome>', outcomes.options.join(', '))
    .requiredOption('--note <text>', 'what was found')
    .action(async (id: string, { outcome, note }: CloseOptions) => {
      const parsed = outcomes.safeParse(outcome)
      if (!parsed.success) {
        throw new Refused(exitCodes.usage, `--outcome is ${outcomes.options.join(', ')}.`)
      }
      const body = { outcome: parsed.data, note }
      await tools.client().ask('POST', `${pathOf(id)}/closing`, z.null(), body)
      tools.say({ closed: true }, 'The alert is closed.\n')
    })
}

const nameOf = ({ name, personId }: AlertSummary['people'][number]): string =>
  name ? `${name.given} ${name.family}` : personId

const peopleOf = ({ people }: AlertSummary): string => people.map(nameOf).join(', ')

const whereOf = ({ place, zoneId }: AlertSummary): string =>
  [place, zoneId].filter((one) => one !== undefined).join(', ')

function tableOf(alerts: readonly AlertSummary[]): string {
  const rows = alerts.map((alert) => [
    alert.alertId,
    alert.title,
    peopleOf(alert),
    whereOf(alert),
    String(alert.count),
    textTime(alert.lastMs),
    alert.outcome ?? alert.state,
  ])
  return textTable(['ID', 'ALERT', 'ABOUT', 'WHERE', 'TIMES', 'LAST (UTC)', 'STATE'], rows)
}

function textOf(shown: AlertShown): string {
  const { assignee, acknowledged, closed } = shown
  const word = (by: string, atMs: number): string => `${by}, ${textTime(atMs)} UTC`
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['what', shown.sentence],
    ['about', peopleOf(shown) || undefined],
    ['where', whereOf(shown) || undefined],
    ['seen', `${String(shown.count)} times, from ${textTime(shown.firstMs)} UTC`],
    ['until', `${textTime(shown.lastMs)} UTC`],
    ['state', shown.state],
    ['read by', acknowledged && word(acknowledged.by, acknowledged.atMs)],
    ['given to', assignee && nameOf(assignee)],
    ['closed', closed && word(closed.by, closed.atMs)],
    ['outcome', closed?.outcome],
    ['found', closed?.note],
  ]
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${name.padEnd(10)} ${text}`],
  )
  const facts = shown.facts.map((fact) => [
    String(fact.index),
    textTime(fact.atMs),
    fact.code,
    fact.sentence,
    fact.rule ?? '',
  ])
  const table = textTable(['FACT', 'AT (UTC)', 'CODE', 'WHAT', 'RULE'], facts)
  return [shown.title, ...lines, '', table].join('\n')
}
