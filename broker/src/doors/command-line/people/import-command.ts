// people import: HR's file, shown row by row, and then taken as it was shown.

import { z } from 'zod'
import { personId } from '@wardkey/protocol/ids'
import { imported, importOutcome } from '@wardkey/protocol/admin/hr'
import type { ImportedRow, ImportOutcome, ImportRow } from '@wardkey/protocol/admin/hr'
import type { CommandTools } from '../command-tools.ts'
import { exitCodes, Refused } from '../exit.ts'
import { digestOf, readPlan, writePlan } from '../plan-file.ts'
import { readTable } from './read-table.ts'
import type { HrTable, TableOptions } from './read-table.ts'

export interface ImportOptions extends TableOptions {
  readonly preview?: boolean
  readonly apply?: string
}

type ImportTools = Pick<CommandTools, 'client' | 'say'>

/** A line, what becomes of it, the version of HR’s word before, and whom it adopts. */
const planned = z.tuple([z.int(), importOutcome, z.int(), personId.nullable()])

/** As many as one request takes. */
const batch = 200

export async function importPeople(
  file: string,
  options: ImportOptions,
  tools: ImportTools,
): Promise<void> {
  if ((options.preview === true) === (options.apply !== undefined)) {
    throw new Refused(exitCodes.usage, 'Either --preview, or --apply with the digest it printed.')
  }
  const table = readTable(file, options)
  if (options.apply === undefined) await preview(file, table, tools)
  else await apply(file, table, options.apply, tools)
}

async function preview(file: string, table: HrTable, tools: ImportTools): Promise<void> {
  const asked = table.rows.filter(({ line }) => !table.twice.has(line))
  const answered = await send('preview', asked, tools)
  const rows = [...answered, ...[...table.twice].map(twice)].sort((a, b) => a.line - b.line)
  const kept = rows.map(
    ({ line, outcome, version, adopts }) =>
      [line, outcome, version, adopts?.personId ?? null] as const,
  )
  const made = { version: 1, fileSha256: table.sha256, rows: kept } as const
  writePlan(file, made)
  const digest = digestOf(made)
  const told = rows.filter(({ outcome }) => outcome !== 'same').map((row) => `${textOf(row)}\n`)
  const text = [
    ...told,
    ...(table.ignored.length === 0
      ? []
      : [`Columns that nothing is taken from: ${table.ignored.join(', ')}\n`]),
    `${summaryOf(rows)}\nDays are in UTC. Nothing was changed. To do this and nothing else:\n`,
    `  wardkey-broker people import ${file} --apply ${digest}\n`,
  ]
  tools.say({ digest, ignored: table.ignored, rows }, text.join(''))
}

async function apply(
  file: string,
  table: HrTable,
  digest: string,
  tools: ImportTools,
): Promise<void> {
  const shown = { digest, fileSha256: table.sha256, command: 'people import' }
  const { rows: before } = readPlan(file, shown, planned)
  const seen = new Map(
    before.map(([line, outcome, version, adopts]) => [
      line,
      { outcome, version, ...(adopts === null ? {} : { adopts }) },
    ]),
  )
  const wanted = table.rows.flatMap((row) => {
    const was = seen.get(row.line)
    const isNothing = !was || was.outcome === 'same' || was.outcome === 'refused'
    return isNothing ? [] : [{ ...row, seen: was }]
  })
  const rows = await send('apply', wanted, tools)
  const no = rows.filter(({ outcome }) => outcome === 'refused')
  const text = `${no.map((row) => `${textOf(row)}\n`).join('')}${summaryOf(rows)}\n`
  tools.say({ rows }, text)
  if (no.length > 0) {
    throw new Refused(exitCodes.refused, 'Not every row was taken: look at the preview again.')
  }
}

async function send(
  mode: 'preview' | 'apply',
  rows: readonly ImportRow[],
  tools: ImportTools,
): Promise<readonly ImportedRow[]> {
  const client = tools.client()
  const all: ImportedRow[] = []
  for (let from = 0; from < rows.length; from += batch) {
    const order = { mode, rows: rows.slice(from, from + batch) }
    all.push(...(await client.ask('POST', '/people/import', imported, order)).rows)
    // Long work says how far it is, to whoever watches; the answer stays clean for scripts.
    if (rows.length > batch) {
      process.stderr.write(`${String(all.length)} of ${String(rows.length)} rows\n`)
    }
  }
  return all
}

const twice = (line: number): ImportedRow => ({
  ...{ line, outcome: 'refused', version: 0, changed: [], roles: [], rules: [] },
  ...{ code: 'twice-in-file', place: 'user_name' },
})

function textOf(row: ImportedRow): string {
  const head = `${String(row.line).padStart(6)}  ${row.outcome.padEnd(8)}`
  if (row.outcome === 'refused') {
    const place = row.place === undefined ? '' : ` (${row.place})`
    return `${head}  ${row.code ?? ''}${place}`
  }
  const changed = row.changed.length === 0 ? '' : `  ${row.changed.join(' ')}`
  const roles =
    row.roles.length === 0
      ? '  NO ROLE: no rule fits'
      : `  roles: ${row.roles.join(' ')} (by ${row.rules.join(', ')})`
  const badge = row.badgeStays === undefined ? '' : `  the badge stays ${row.badgeStays}`
  return `${head}${adoptedText(row)}${changed}${roles}${badge}`
}

/** By hand she may be somebody else than HR means: then she must not keep that one’s badges. */
function adoptedText({ adopts }: ImportedRow): string {
  if (!adopts) return ''
  const warning = adopts.isOtherName ? ', WHOSE NAME IS ANOTHER: look whether it is she' : ''
  return `  person ${adopts.personId}, added by hand, keeps badges and PIN${warning}`
}

const outcomes: readonly ImportOutcome[] = [
  ...(['joins', 'adopts', 'returns', 'changes', 'ends', 'same', 'refused'] as const),
]

function summaryOf(rows: readonly ImportedRow[]): string {
  const counts = outcomes
    .map((one) => `${one} ${String(rows.filter(({ outcome }) => outcome === one).length)}`)
    .join(', ')
  const bare = rows.filter((row) => row.outcome !== 'refused' && row.roles.length === 0).length
  return `${counts}; without a role ${String(bare)}`
}
