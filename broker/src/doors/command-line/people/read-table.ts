// HR's file as rows for an import: its encoding, its columns, and what is wrong before anybody is
// asked.

import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { importColumns } from '@wardkey/protocol/admin/hr'
import type { ImportColumn, ImportRow } from '@wardkey/protocol/admin/hr'
import { exitCodes, Refused } from '../exit.ts'
import { parseCsv } from './parse-csv.ts'
import type { CsvRow } from './parse-csv.ts'

const fileBytesMax = 64 * 1024 * 1024

export interface HrTable {
  /** Of the bytes of the file. */
  readonly sha256: string
  readonly rows: readonly ImportRow[]
  /** Columns that nothing is taken from. */
  readonly ignored: readonly string[]
  /** Lines whose user name stands twice in the file: neither is taken. */
  readonly twice: ReadonlySet<number>
}

export interface TableOptions {
  readonly delimiter?: string
  readonly encoding?: string
}

export interface Cells {
  /** Of the bytes of the file. */
  readonly sha256: string
  readonly head: readonly string[]
  readonly rows: readonly CsvRow[]
}

/** Any file in rows. Throws Refused with the line and what is wrong there. */
export function readCells(file: string, { delimiter, encoding }: TableOptions): Cells {
  const bytes = bytesOf(file)
  const text = textOf(file, bytes, encoding)
  const separator = delimiter ?? separatorOf(text)
  if (separator.length !== 1 || '"\r\n'.includes(separator)) {
    throw new Refused(exitCodes.usage, '--delimiter is one character: a comma, a semicolon, a tab.')
  }
  const parsed = parseCsv(text, separator)
  if (parsed.kind === 'flawed') {
    throw new Refused(exitCodes.refused, `${file}:${String(parsed.line)}: ${parsed.what}.`)
  }
  const [head, ...body] = parsed.rows
  if (!head || body.length === 0)
    throw new Refused(exitCodes.refused, `${file}: there are no rows.`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { sha256, head: head.cells, rows: body }
}

/** Throws Refused with the line and what is wrong there. */
export function readTable(file: string, options: TableOptions): HrTable {
  const { sha256, head, rows: body } = readCells(file, options)
  const columns = head.map(columnOf)
  if (!columns.includes('user_name')) {
    throw new Refused(exitCodes.refused, `${file}:1: there has to be a column user_name.`)
  }
  if (new Set(columns.filter(Boolean)).size < columns.filter(Boolean).length) {
    throw new Refused(exitCodes.refused, `${file}:1: two columns mean the same.`)
  }
  const rows = body.map(({ line, cells }) => ({
    line,
    cells: Object.fromEntries(
      columns.flatMap((column, at) => (column ? [[column, cells[at] ?? '']] : [])),
    ),
  }))
  return {
    sha256,
    rows,
    ignored: head.filter((_cell, at) => columns[at] === undefined),
    twice: twiceIn(rows),
  }
}

function bytesOf(file: string): Buffer {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats?.isFile()) throw new Refused(exitCodes.usage, `${file}: there is no such file.`)
  if (stats.size > fileBytesMax) throw new Refused(exitCodes.refused, `${file}: it is too large.`)
  return readFileSync(file)
}

/** By its byte order mark, else what is named, else UTF-8: nothing is guessed. */
function textOf(file: string, bytes: Buffer, named: string | undefined): string {
  const isWide = (a: number, b: number): boolean => bytes[0] === a && bytes[1] === b
  const marked = isWide(0xff, 0xfe) ? 'utf-16le' : isWide(0xfe, 0xff) ? 'utf-16be' : undefined
  const encoding = marked ?? named ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      throw new Refused(exitCodes.usage, `${encoding}: there is no such encoding.`)
    }
    if (!(thrown instanceof TypeError)) throw thrown
    const next = 'Save it as UTF-8, or name its encoding: --encoding windows-1252.'
    throw new Refused(exitCodes.refused, `${file}: it is not ${encoding}.\n${next}`)
  }
}

function separatorOf(text: string): string {
  const head = text.slice(0, Math.max(0, text.indexOf('\n')))
  return [',', ';', '\t'].find((one) => head.includes(one)) ?? ','
}

const known: ReadonlySet<string> = new Set(importColumns)
const others: Readonly<Record<string, ImportColumn>> = {
  username: 'user_name',
  login: 'user_name',
  externalid: 'external_id',
  first_name: 'given_name',
  firstname: 'given_name',
  last_name: 'family_name',
  lastname: 'family_name',
  surname: 'family_name',
  email: 'mail',
  e_mail: 'mail',
  employee_id: 'employee_number',
  employee_no: 'employee_number',
  jobcode: 'job_code',
  status: 'employment_status',
  badge_number: 'badge',
}

function columnOf(head: string): ImportColumn | undefined {
  const name = head
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.-]+/g, '_')
  const isKnown = (text: string): text is ImportColumn => known.has(text)
  return isKnown(name) ? name : others[name]
}

function twiceIn(rows: readonly ImportRow[]): ReadonlySet<number> {
  const lines = new Map<string, number[]>()
  for (const { line, cells } of rows) {
    const name = (cells.user_name ?? '').trim().normalize('NFC').toLowerCase()
    lines.set(name, [...(lines.get(name) ?? []), line])
  }
  return new Set([...lines.values()].filter((all) => all.length > 1).flat())
}
