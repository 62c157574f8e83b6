// badge import: a list of badges, shown row by row with whom each means, and then taken as shown.

import { z } from 'zod'
import { badgeImportOutcome, badgesImported } from '@wardkey/protocol/admin/badges/badge-import'
import type { BadgeImportedRow, BadgeImportRow } from '@wardkey/protocol/admin/badges/badge-import'
import { personId } from '@wardkey/protocol/ids'
import { cardForms } from '../../../identity/cards/card-forms.ts'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { digestOf, readPlan, writePlan } from '../plan-file.ts'
import { readBadges } from './read-badges.ts'
import type { BadgeTable, BadgeTableOptions } from './read-badges.ts'

export interface BadgeImportOptions extends BadgeTableOptions {
  readonly preview?: boolean
  readonly apply?: string
}

type ImportTools = Pick<CommandTools, 'client' | 'say'>

/** A line, what becomes of it, and whom it means. */
const planned = z.tuple([z.int(), badgeImportOutcome, personId.nullable()])
/** As many as one request takes. */
const batch = 200

export async function importBadges(
  file: string,
  options: BadgeImportOptions,
  tools: ImportTools,
): Promise<void> {
  if ((options.preview === true) === (options.apply !== undefined)) {
    throw new Refused(exitCodes.usage, 'Either --preview, or --apply with the digest it printed.')
  }
  const table = readBadges(file, options)
  if (options.apply === undefined) await preview(file, table, options, tools)
  else await apply(file, table, options.apply, tools)
}

async function preview(
  file: string,
  table: BadgeTable,
  { format }: BadgeImportOptions,
  tools: ImportTools,
): Promise<void> {
  const wrong = table.wrong.map((row) => ({ ...row, outcome: 'refused' }) as const)
  const answered = await send('preview', table.rows, tools)
  const rows = [...answered, ...wrong].sort((a, b) => a.line - b.line)
  const kept = rows.map(({ line, outcome, ...row }) => {
    const whom = 'personId' in row ? (row.personId ?? null) : null
    return [line, outcome, whom] as const
  })
  const made = { version: 1, fileSha256: table.sha256, rows: kept } as const
  writePlan(file, made)
  const digest = digestOf(made)
  const again = `${file}${format === undefined ? '' : ` --format ${format}`}`
  const text = [
    ...rows.filter(({ outcome }) => outcome !== 'same').map((row) => `${textOf(row)}\n`),
    ...sampleOf(table.rows),
    `${summaryOf(rows)}\nNothing was changed. To do this and nothing else:\n`,
    `  wardkey-broker badge import ${again} --apply ${digest}\n`,
  ]
  tools.say({ digest, rows }, text.join(''))
}

/** So that somebody who holds the card can see that the numbers are read as they are meant. */
function sampleOf([first]: readonly BadgeImportRow[]): readonly string[] {
  if (!first) return []
  const forms = cardForms(first.card.canonical)
  return [
    `Hold the card of line ${String(first.line)} against this before you apply:\n`,
    ...forms.map(({ form, text }) => `  ${form.padEnd(32)}${text}\n`),
  ]
}

async function apply(
  file: string,
  table: BadgeTable,
  digest: string,
  tools: ImportTools,
): Promise<void> {
  const shown = { digest, fileSha256: table.sha256, command: 'badge import' }
  const { rows: before } = readPlan(file, shown, planned)
  const seen = new Map(before.map(([line, outcome, whom]) => [line, { outcome, whom }]))
  const wanted = table.rows.flatMap((row) => {
    const was = seen.get(row.line)
    if (was?.outcome !== 'enrols' || was.whom === null) return []
    return [{ ...row, seen: { outcome: was.outcome, personId: was.whom } }]
  })
  const rows = await send('apply', wanted, tools)
  const no = rows.filter(({ outcome }) => outcome === 'refused')
  tools.say({ rows }, `${no.map((row) => `${textOf(row)}\n`).join('')}${summaryOf(rows)}\n`)
  if (no.length > 0) {
    throw new Refused(exitCodes.refused, 'Not every row was taken: look at the preview again.')
  }
}

async function send(
  mode: 'preview' | 'apply',
  rows: readonly BadgeImportRow[],
  tools: ImportTools,
): Promise<readonly BadgeImportedRow[]> {
  const client = tools.client()
  const all: BadgeImportedRow[] = []
  for (let from = 0; from < rows.length; from += batch) {
    const order = { mode, rows: rows.slice(from, from + batch) }
    all.push(...(await client.ask('POST', '/badges/import', badgesImported, order)).rows)
  }
  return all
}

type Shown = Pick<BadgeImportedRow, 'line' | 'outcome' | 'name' | 'personId' | 'holder' | 'code'>

function textOf(row: Shown): string {
  const who = [row.name, row.personId].filter((word) => word !== undefined).join('  ')
  const head = `${String(row.line).padStart(6)}  ${row.outcome.padEnd(8)}${who}`
  if (row.outcome !== 'refused') return head
  const holder = row.holder === undefined ? '' : `  it is the badge of ${row.holder}`
  return `${head}${who === '' ? '' : '  '}${row.code ?? ''}${holder}`
}

function summaryOf(rows: readonly Pick<BadgeImportedRow, 'outcome'>[]): string {
  return badgeImportOutcome.options
    .map((one) => `${one} ${String(rows.filter(({ outcome }) => outcome === one).length)}`)
    .join(', ')
}
