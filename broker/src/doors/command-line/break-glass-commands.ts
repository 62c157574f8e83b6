// break-glass: what emergency access was given for, its review, and the patterns in it.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  grantShown,
  grantsPage,
  newReview,
  patternsShown,
} from '@wardkey/protocol/admin/break-glass'
import type { GrantShown, GrantSummary, PatternsShown } from '@wardkey/protocol/admin/break-glass'
import type { CommandTools } from './command-tools.ts'
import { exitCodes, Refused } from './exit.ts'
import { textTable, textTime } from './text-table.ts'

interface ReviewOptions {
  readonly outcome: string
  readonly note: string
  readonly reviewer?: string
}

const reviewOutcome = newReview.shape.outcome
const pathOf = (id: string): string => `/break-glass/${encodeURIComponent(id)}`

export function addBreakGlassCommands(program: Command, tools: CommandTools): void {
  const group = program
    .command('break-glass')
    .description('emergency access: list, show, review, patterns')
  group
    .command('list')
    .description('all emergency accesses, the newest first')
    .option('--open', 'only those whose review is open, the most urgent first')
    .action(async ({ open }: { open?: boolean }) => {
      const path = `/break-glass?limit=500${open === true ? '&open=true' : ''}`
      const { grants } = await tools.client().ask('GET', path, grantsPage)
      tools.say({ grants }, grants.length === 0 ? 'There are none.\n' : tableOf(grants))
    })
  group
    .command('show <id>')
    .description('one of them, with what was written about it')
    .action(async (id: string) => {
      const shown = await tools.client().ask('GET', pathOf(id), grantShown)
      tools.say(shown, textOf(shown))
    })
  group
    .command('review <id>')
    .description('close its review: once, and never one’s own')
    .requiredOption('--outcome <outcome>', reviewOutcome.options.join(', '))
    .requiredOption('--note <text>', 'what was found')
    .option('--reviewer <person>', 'who looked at it, where she is known here')
    .action(async (id: string, { outcome, note, reviewer }: ReviewOptions) => {
      const parsed = reviewOutcome.safeParse(outcome)
      if (!parsed.success) {
        throw new Refused(exitCodes.usage, `--outcome is ${reviewOutcome.options.join(', ')}.`)
      }
      const body = { outcome: parsed.data, note, ...(reviewer === undefined ? {} : { reviewer }) }
      await tools.client().ask('POST', `${pathOf(id)}/review`, z.null(), body)
      tools.say({ reviewed: true }, 'The review is closed.\n')
    })
  group
    .command('patterns')
    .description('what they show together: reasons pressed unread, rights that are missing')
    .option('--days <number>', 'of the last so many days', '90')
    .action(async ({ days }: { days: string }) => {
      const path = `/break-glass/patterns?days=${encodeURIComponent(days)}`
      const shown = await tools.client().ask('GET', path, patternsShown)
      tools.say(shown, patternsText(shown))
    })
}

const nameOf = ({ name, personId }: Pick<GrantSummary, 'name' | 'personId'>): string =>
  name ? `${name.given} ${name.family}` : personId

function reviewState({ outcome, isOverdue, reviewDueMs }: GrantSummary): string {
  if (outcome !== undefined) return outcome
  return `${isOverdue ? 'OVERDUE since' : 'due'} ${textTime(reviewDueMs)}`
}

function tableOf(grants: readonly GrantSummary[]): string {
  const rows = grants.map((grant) => [
    grant.grantId,
    textTime(grant.fromMs),
    grant.place,
    nameOf(grant),
    grant.reasonLabel,
    reviewState(grant),
  ])
  return textTable(['ID', 'GIVEN (UTC)', 'PLACE', 'PERSON', 'REASON', 'REVIEW'], rows)
}

function textOf(shown: GrantShown): string {
  const { choice, review, witness } = shown
  const seconds = (choice.tookMs / 1000).toFixed(1)
  const chosen = `${String(choice.position + 1)} of ${String(choice.of)}, after ${seconds} s`
  const ended =
    shown.endedMs === undefined
      ? `until ${textTime(shown.untilMs)} UTC`
      : `ended ${textTime(shown.endedMs)} UTC (${shown.endReason ?? ''})`
  const giver = shown.isOffline ? 'by the workstation, while it was cut off' : undefined
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['person', nameOf(shown)],
    ['where', `${shown.place} (${shown.zoneId})`],
    ['given', `${textTime(shown.fromMs)} UTC, ${ended}`],
    ['offline', giver],
    ['reason', `${shown.reasonLabel} (${chosen})`],
    ['note', shown.note],
    ['known by', shown.identity],
    ['witness', witness && nameOf(witness)],
    ['otherwise', shown.otherwise],
    ['review', reviewState(shown)],
    ['by', review && `${review.by}, ${textTime(review.atMs)} UTC`],
    ['found', review?.note],
  ]
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${name.padEnd(10)} ${text}`],
  )
  return [shown.grantId, ...lines, ''].join('\n')
}

function patternsText(shown: PatternsShown): string {
  const habit = ({ count, medianTookMs, firstShare }: PatternsShown['reasons'][number]) => [
    String(count),
    `${(medianTookMs / 1000).toFixed(1)} s`,
    `${String(Math.round(firstShare * 100))} %`,
  ]
  const heads = ['COUNT', 'MEDIAN', 'FIRST OF LIST']
  const of = (people: PatternsShown['people']) =>
    people.map(({ personId, count }) => [personId, String(count)])
  return [
    `The last ${String(shown.days)} days.\n`,
    textTable(
      ['REASON', ...heads],
      shown.reasons.map((one) => [one.reason, ...habit(one)]),
    ),
    textTable(
      ['ZONE', ...heads],
      shown.zones.map((one) => [one.zoneId, ...habit({ ...one, reason: '' })]),
    ),
    textTable(
      ['POLICY WOULD HAVE SAID', 'COUNT'],
      shown.otherwise.map((one) => [one.otherwise, String(one.count)]),
    ),
    textTable(['MORE THAN ONCE', 'COUNT'], of(shown.people)),
    textTable(['SPOKE MORE THAN ONCE', 'COUNT'], of(shown.witnesses)),
  ].join('\n')
}
