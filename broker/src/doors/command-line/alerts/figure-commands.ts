// figures: what the house's figures were, month by month.

import type { Command } from 'commander'
import { figuresShown } from '@wardkey/protocol/admin/figures/figures'
import type { FiguresOf } from '@wardkey/protocol/admin/figures/figures'
import type { CommandTools } from '../command-tools.ts'
import { textTable, textTime } from '../text-table.ts'
import { wholeNumber } from '../whole-number.ts'

export function addFigureCommand(program: Command, tools: CommandTools): void {
  program
    .command('figures')
    .description('figures of the house by month: docs/figures.md says what each means')
    .option('--months <n>', 'so many, this one first', '6')
    .action(async ({ months }: { readonly months: string }) => {
      const count = String(wholeNumber(months, '--months', 24))
      const shown = await tools.client().ask('GET', `/figures?months=${count}`, figuresShown)
      tools.say(shown, textTable(heads, shown.months.map(rowOf)))
    })
}

const heads = [
  ...['MONTH FROM (UTC)', 'DAY ONE RIGHT', 'REVOKED IN', 'EXCEPTIONS', 'HELD'],
  ...['REVIEWS IN TIME', 'DETECTED IN', 'CONTAINED IN', 'SHARING', 'LOST'],
]

function rowOf(month: FiguresOf): string[] {
  const { dayOne, revoked, exceptions, reviews, incidents } = month
  return [
    textTime(month.fromMs),
    share(dayOne.right, dayOne.people),
    length(revoked.medianMs),
    String(exceptions.approved),
    length(exceptions.medianHeldMs),
    share(reviews.inTime, reviews.due),
    length(incidents.medianDetectMs),
    length(incidents.medianContainMs),
    String(month.sharing),
    String(month.lostBadges),
  ]
}

const share = (part: number, of: number): string =>
  of === 0 ? '-' : `${String(part)} of ${String(of)}`

function length(ms: number | undefined): string {
  if (ms === undefined) return '-'
  const seconds = ms / 1000
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  const hours = seconds / 3600
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`
}
