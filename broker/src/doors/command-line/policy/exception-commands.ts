// exception: a role or a zone for one person, for a while, by two others.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  exceptionEnded,
  exceptionProposed,
  exceptionsShown,
} from '@wardkey/protocol/admin/exceptions/exceptions'
import { exceptionTrendShown } from '@wardkey/protocol/admin/exceptions/exception-trend'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable, textTime } from '../text-table.ts'

interface AskOptions {
  readonly role?: string
  readonly zone?: string
  readonly hours: string
  readonly owner: string
  readonly reason: string
}

const hourMs = 3_600_000
/** As the door takes it: 92 days. */
const hoursMax = 2208

export function addExceptionCommands(program: Command, tools: CommandTools): void {
  const exception = program
    .command('exception')
    .description(
      'a role or a zone for one person, for a while: ask, approve, reject, end, list, trend',
    )
  addReading(exception, tools)
  addChanges(exception, tools)
}

function addReading(exception: Command, tools: CommandTools): void {
  exception
    .command('list')
    .description('those that wait for a word or hold, the newest first')
    .option('--all', 'also those that are over')
    .action(async ({ all }: { readonly all?: boolean }) => {
      const path = `/exceptions${all === true ? '?all=yes' : ''}`
      const { exceptions } = await tools.client().ask('GET', path, exceptionsShown)
      const rows = exceptions.map((one) => [
        ...[one.id, one.state, one.personId, `${one.kind} ${one.what}`],
        one.untilMs === undefined ? textOfHours(one.lastsMs) : textTime(one.untilMs),
        ...[one.proposed.by, one.decided?.by ?? '', one.reason],
      ])
      const heads = ['ID', 'STATE', 'PERSON', 'WHAT', 'UNTIL (UTC)', 'BY', 'DECIDED BY', 'REASON']
      const text = rows.length === 0 ? 'There are none.\n' : textTable(heads, rows)
      tools.say({ exceptions }, text)
    })
  exception
    .command('trend')
    .description('how many there are and how long they hold, week by week')
    .option('--weeks <n>', 'how many weeks to show', '12')
    .action(async ({ weeks }: { readonly weeks: string }) => {
      const path = `/exceptions/trend?weeks=${encodeURIComponent(weeks)}`
      const trend = await tools.client().ask('GET', path, exceptionTrendShown)
      const rows = trend.weeks.map((week) => [
        textTime(week.fromMs),
        ...[week.proposed, week.approved, week.ended, week.endedByHand].map(String),
        textOfHours(week.medianHeldMs),
      ])
      const heads = ['FROM (UTC)', 'ASKED FOR', 'APPROVED', 'ENDED', 'BY HAND', 'HELD (MEDIAN)']
      const oldest = trend.standing === 0 ? '' : `, the oldest for ${textOfHours(trend.longestMs)}`
      tools.say(trend, `${String(trend.standing)} hold now${oldest}.\n\n${textTable(heads, rows)}`)
    })
}

function addChanges(exception: Command, tools: CommandTools): void {
  exception
    .command('ask <person>')
    .description('ask for one; somebody else approves it')
    .option('--role <role>', 'a role that she has meanwhile')
    .option('--zone <zone>', 'a zone that is hers meanwhile, for whoever has zones of her own')
    .option('--hours <n>', 'how many hours it holds, from its approval on', '8')
    .requiredOption('--owner <person>', 'the person who answers for it')
    .requiredOption('--reason <text>', 'why, without names')
    .action(async (personId: string, { role, zone, hours, owner, reason }: AskOptions) => {
      const what = role ?? zone
      if (what === undefined || (role !== undefined && zone !== undefined)) {
        throw new Refused(exitCodes.usage, 'Name a role or a zone: --role or --zone.')
      }
      if (!/^[1-9][0-9]{0,3}$/.test(hours) || Number(hours) > hoursMax) {
        throw new Refused(exitCodes.usage, `--hours is a whole number, 1 to ${String(hoursMax)}.`)
      }
      const about = { personId, ownerId: owner, kind: role === undefined ? 'zone' : 'role', what }
      const body = { ...about, reason, lastsMs: Number(hours) * hourMs }
      const { id } = await tools.client().ask('POST', '/exceptions', exceptionProposed, body)
      const next = `Somebody else approves it: wardkey-broker exception approve ${id}\n`
      tools.say({ id }, `Asked for.\n${next}`)
    })
  for (const [command, outcome, word] of [
    ['approve', 'approved', 'Approved: it holds from the next tap on, until its end.'],
    ['reject', 'rejected', 'Rejected.'],
  ] as const) {
    exception
      .command(`${command} <id>`)
      .description(
        command === 'approve'
          ? 'approve what somebody else asked for'
          : 'reject what somebody asked for',
      )
      .action(async (id: string) => {
        const path = `/exceptions/${encodeURIComponent(id)}/decision`
        await tools.client().ask('POST', path, z.unknown(), { outcome })
        tools.say({ id, outcome }, `${word}\n`)
      })
  }
  exception
    .command('end <id>')
    .description('end one now; with a role all her open screens lock, with a zone those in it')
    .action(async (id: string) => {
      const path = `/exceptions/${encodeURIComponent(id)}/end`
      const { sessions } = await tools.client().ask('POST', path, exceptionEnded, {})
      tools.say({ id, sessions }, `Ended; ${String(sessions)} screens locked.\n`)
    })
}

function textOfHours(ms: number): string {
  const hours = ms / hourMs
  return hours >= 48 ? `${(hours / 24).toFixed(1)} days` : `${hours.toFixed(1)} hours`
}
