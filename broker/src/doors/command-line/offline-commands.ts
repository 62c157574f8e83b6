// offline: decisions that workstations made without a broker, and that somebody is to look at.

import type { Command } from 'commander'
import { z } from 'zod'
import {
  offlineReviewOutcomes,
  offlineReviewShown,
  offlineReviewsPage,
} from '@wardkey/protocol/admin/offline'
import type { OfflineReviewShown } from '@wardkey/protocol/admin/offline'
import type { CommandTools } from './command-tools.ts'
import { textTable, textTime } from './text-table.ts'

interface ListOptions {
  readonly state: string
  readonly after?: string
}

interface CloseOptions {
  readonly outcome: string
  readonly note?: string
}

export function addOfflineCommands(program: Command, tools: CommandTools): void {
  const offline = program
    .command('offline')
    .description('decisions that workstations made without a broker: list, show, close')
  offline
    .command('list')
    .description('those that would have gone otherwise, and journals that do not follow')
    .option('--state <state>', 'open, closed or all', 'open')
    .option('--after <place>', 'the next page, as the page before named it')
    .action(async (options: ListOptions) => {
      await list(options, tools)
    })
  offline
    .command('show <review>')
    .description('one of them, with whatever is known about it')
    .action(async (id: string) => {
      const path = `/offline-reviews/${encodeURIComponent(id)}`
      const review = await tools.client().ask('GET', path, offlineReviewShown)
      tools.say(review, textOf(review))
    })
  offline
    .command('close <review>')
    .description('say what came of looking at it; said once')
    .requiredOption('--outcome <outcome>', offlineReviewOutcomes.join(', '))
    .option('--note <text>', 'what else there is to say, without names')
    .addHelpText(
      'after',
      '\nExample:\n  wardkey-broker offline close <review> --outcome in-order --note "on call"',
    )
    .action(async (id: string, { outcome, note }: CloseOptions) => {
      const path = `/offline-reviews/${encodeURIComponent(id)}/closure`
      const body = { outcome, ...(note === undefined ? {} : { note }) }
      await tools.client().ask('POST', path, z.unknown(), body)
      tools.say({ closed: id }, 'Closed.\n')
    })
}

async function list({ state, after }: ListOptions, tools: CommandTools): Promise<void> {
  const query = new URLSearchParams({ state, ...(after === undefined ? {} : { after }) })
  const path = `/offline-reviews?${query.toString()}`
  const page = await tools.client().ask('GET', path, offlineReviewsPage)
  const rows = page.reviews.map((review) => [
    review.reviewId,
    textTime(review.atMs),
    review.place,
    review.name ?? review.personId ?? '',
    review.reasons.join(' '),
    review.closed?.outcome ?? 'open',
  ])
  const heads = ['ID', 'WHEN (UTC)', 'PLACE', 'PERSON', 'WHY', 'STATE']
  const more = page.next === undefined ? '' : `More: --after ${page.next}\n`
  const text = rows.length === 0 ? 'There is none.\n' : `${textTable(heads, rows)}${more}`
  tools.say(page, text)
}

function textOf(review: OfflineReviewShown): string {
  const { closed } = review
  const rows: [string, string][] = [
    ['why', review.reasons.join(' ')],
    ['when (UTC)', textTime(review.atMs)],
    ['merged (UTC)', textTime(review.openedMs)],
    ['place', `${review.place} (${review.workstationId})`],
    ['person', review.name ?? review.personId ?? 'nobody'],
    ['session', review.sessionId ?? ''],
    ['tap', review.tapId ?? ''],
    ['journal', `${review.journalId}, line ${String(review.line)}`],
    ['closed', closed ? `${closed.outcome}, ${textTime(closed.atMs)}, by ${closed.by}` : 'no'],
    ['note', closed?.note ?? ''],
  ]
  return rows.map(([name, text]) => `${name.padEnd(13)} ${text}`.trimEnd()).join('\n') + '\n'
}
