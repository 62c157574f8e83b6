// feeds: what came of other systems' events, and a list of them taken from a file.

import type { Command } from 'commander'
import { feedEventsMax, feedsPage, feedTaken } from '@wardkey/protocol/admin/streams/feeds'
import type { FeedShown } from '@wardkey/protocol/admin/streams/feeds'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { readCells } from '../people/read-table.ts'
import type { TableOptions } from '../people/read-table.ts'
import { textTable, textTime } from '../text-table.ts'

export function addFeedCommands(program: Command, tools: CommandTools): void {
  const feeds = program
    .command('feeds')
    .description('door and alarm events of other systems: list, import')
  feeds
    .command('list')
    .description('what came of each since the broker started, and what its table lacks')
    .action(async () => {
      const page = await tools.client().ask('GET', '/feeds', feedsPage)
      tools.say(page, page.feeds.length === 0 ? 'The settings name no feed.\n' : textOf(page.feeds))
    })
  feeds
    .command('import <name> <file>')
    .description('take the events of a CSV file, by the table of that feed')
    .option('--delimiter <character>', 'between cells (default: what the first row shows)')
    .option('--encoding <name>', 'of the file (default: UTF-8)')
    .action(async (name: string, file: string, options: TableOptions) => {
      await importEvents(name, file, options, tools)
    })
}

async function importEvents(
  name: string,
  file: string,
  options: TableOptions,
  tools: CommandTools,
): Promise<void> {
  const { head, rows } = readCells(file, options)
  if (new Set(head).size < head.length) {
    throw new Refused(exitCodes.refused, `${file}:1: two columns have the same name.`)
  }
  const sum = { taken: 0, repeated: 0, ignored: 0 }
  const unmapped: { line: number; why: string }[] = []
  const path = `/feeds/${encodeURIComponent(name)}/events`
  const client = tools.client()
  for (let from = 0; from < rows.length; from += feedEventsMax) {
    const part = rows.slice(from, from + feedEventsMax)
    const events = part.map(({ cells }) =>
      Object.fromEntries(head.map((column, at) => [column, cells[at] ?? ''])),
    )
    const done = await client.ask('POST', path, feedTaken, { events })
    sum.taken += done.taken
    sum.repeated += done.repeated
    sum.ignored += done.ignored
    for (const { at, why } of done.unmapped) unmapped.push({ line: part[at]?.line ?? 0, why })
  }
  const told = unmapped.map(({ line, why }) => `${file}:${String(line)}: not taken: ${why}\n`)
  const counts = `taken ${String(sum.taken)}, there already ${String(sum.repeated)}`
  const rest = `ignored ${String(sum.ignored)}, not taken ${String(unmapped.length)}`
  tools.say({ ...sum, unmapped }, `${told.join('')}${counts}, ${rest}\n`)
  if (unmapped.length > 0) {
    throw new Refused(exitCodes.refused, 'Some lines are not in the table of the feed.')
  }
}

function textOf(feeds: readonly FeedShown[]): string {
  const heads = ['NAME', 'KIND', 'TAKEN', 'REPEATED', 'IGNORED', 'NOT TAKEN', 'LAST (UTC)']
  const rows = feeds.map(({ name, kind, counts, lastMs }) => [
    name,
    kind,
    ...[counts.taken, counts.repeated, counts.ignored, counts.unmapped].map(String),
    lastMs === undefined ? '' : textTime(lastMs),
  ])
  const lacks = feeds.flatMap(({ name, unmapped }) =>
    unmapped.map(({ why, what, count }) => [name, why, what, String(count)]),
  )
  const table = textTable(['FEED', 'NOT KNOWN', 'WHAT', 'TIMES'], lacks)
  return textTable(heads, rows) + (lacks.length === 0 ? '' : `\n${table}`)
}
