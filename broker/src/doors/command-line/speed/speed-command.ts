// speed: how long each stage from tap to chart takes, by ward, and what an update made slower.

import type { Command } from 'commander'
import { speedShown } from '@wardkey/protocol/admin/speed/speed'
import type { SpeedOfZone, SpeedShown } from '@wardkey/protocol/admin/speed/speed'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { textTable } from '../text-table.ts'

const dayMs = 86_400_000
const daysMax = 31

interface SpeedOptions {
  readonly days: string
  readonly releases?: boolean
  readonly csv?: boolean
}

export function addSpeedCommand(program: Command, tools: CommandTools): void {
  program
    .command('speed')
    .description('how long each stage from tap to chart takes, by ward, and what an update changed')
    .option('--days <n>', 'the last so many days, at most 31', '7')
    .option('--releases', 'by release of agent and broker, too')
    .option('--csv', 'as comma-separated values')
    .addHelpText('after', '\nExample:\n  wardkey-broker speed --days 14 --releases')
    .action(async ({ days, releases = false, csv = false }: SpeedOptions) => {
      const toMs = Date.now()
      const fromMs = toMs - wholeDays(days) * dayMs
      const path = `/speed?fromMs=${String(fromMs)}&toMs=${String(toMs)}`
      const shown = await tools.client().ask('GET', path, speedShown)
      tools.say(shown, csv ? csvOf(shown, releases) : textOf(shown, releases))
    })
}

function wholeDays(text: string): number {
  const days = /^[1-9]\d?$/.test(text) ? Number(text) : 0
  if (days >= 1 && days <= daysMax) return days
  throw new Refused(
    exitCodes.usage,
    `--days has to be a whole number from 1 to ${String(daysMax)}.`,
  )
}

const heads = ['ZONE', 'STAGE', 'COUNT', 'P50 MS', 'P95 MS', 'P99 MS']
const cells = (row: SpeedOfZone): string[] => [
  ...[row.zoneId, row.stage],
  ...[row.count, row.p50Ms, row.p95Ms, row.p99Ms].map(String),
]

function rowsOf({ byZone, byRelease }: SpeedShown, hasReleases: boolean): readonly string[][] {
  if (!hasReleases) return byZone.map(cells)
  return [
    ...byZone.map((row) => ['', ...cells(row)]),
    ...byRelease.map((row) => [`${row.part} ${row.release}`, ...cells(row)]),
  ]
}

const headsOf = (hasReleases: boolean): readonly string[] =>
  hasReleases ? ['RELEASE', ...heads] : heads

function textOf(shown: SpeedShown, hasReleases: boolean): string {
  const rows = rowsOf(shown, hasReleases)
  if (rows.length === 0) return 'No chart was opened in that time.\n'
  const slower = shown.slower.map(({ says }) => `${says}\n`)
  const word =
    slower.length === 0 ? 'No release is slower than the one before it.\n' : slower.join('')
  return `${textTable(headsOf(hasReleases), rows)}\n${word}`
}

function csvOf(shown: SpeedShown, hasReleases: boolean): string {
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`
  return [headsOf(hasReleases), ...rowsOf(shown, hasReleases)]
    .map((row) => `${row.map(quoted).join(',')}\r\n`)
    .join('')
}
