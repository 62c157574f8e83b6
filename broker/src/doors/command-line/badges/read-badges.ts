// A list of badges as rows for an import: whose each is, its number to the one form that is looked
// up by, and what is wrong before anybody is asked.

import { createHash } from 'node:crypto'
import type { BadgeImportRow } from '@wardkey/protocol/admin/badges/badge-import'
import { personId } from '@wardkey/protocol/ids'
import { staffNumber } from '@wardkey/protocol/workstation/agent-frames'
import {
  cardNumberFormats,
  findCardNumberFormat,
  parseCardNumber,
} from '../../../identity/cards/card-numbers.ts'
import type { CardNumberFormat } from '../../../identity/cards/card-numbers.ts'
import { exitCodes, Refused } from '../exit.ts'
import { readCells } from '../people/read-table.ts'
import type { TableOptions } from '../people/read-table.ts'

export interface BadgeTable {
  /** Of the file and of the format that was named: another reading of it is another list. */
  readonly sha256: string
  readonly rows: readonly BadgeImportRow[]
  /** Rows that are not sent: line and why. */
  readonly wrong: readonly { readonly line: number; readonly code: string }[]
}

export interface BadgeTableOptions extends TableOptions {
  readonly format?: string
}

type OwnerColumn = 'staff_number' | 'user_name' | 'person_id'
const ownerColumns = ['staff_number', 'user_name', 'person_id'] as const

/** Throws Refused where the file is not a list of badges. */
export function readBadges(file: string, options: BadgeTableOptions): BadgeTable {
  const { head, rows, sha256 } = readCells(file, options)
  const names = head.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  )
  const by = ownerColumns.filter((column) => names.includes(column))
  const [owner] = by
  if (owner === undefined || by.length > 1 || !names.includes('number')) {
    const columns = 'a column number, and one of staff_number, user_name and person_id'
    throw new Refused(exitCodes.refused, `${file}:1: there have to be ${columns}.`)
  }
  const usual = formatOf(file, options.format, names.includes('format'))
  const read = rows.map(({ line, cells }) => {
    const cell = (name: string): string => cells[names.indexOf(name)]?.trim() ?? ''
    return readRow({ line, owner, cell, usual })
  })
  const good = read.flatMap((row) => ('card' in row ? [row] : []))
  const twice = twiceIn(good)
  const named = options.format ?? ''
  return {
    sha256: createHash('sha256').update(`${sha256} ${named}`).digest('hex'),
    rows: good.filter(({ line }) => !twice.has(line)),
    wrong: [
      ...read.flatMap((row) => ('card' in row ? [] : [row])),
      ...[...twice].map((line) => ({ line, code: 'twice-in-file' })),
    ],
  }
}

function formatOf(
  file: string,
  named: string | undefined,
  hasColumn: boolean,
): CardNumberFormat | undefined {
  const known = `Formats: ${cardNumberFormats.join(', ')}.`
  if (named === undefined) {
    if (hasColumn) return undefined
    const next =
      'Name it: --format, or a column format; wardkey-broker badge forms helps to find it.'
    throw new Refused(exitCodes.usage, `${file}: how are the numbers written?\n${next}\n${known}`)
  }
  const format = findCardNumberFormat(named)
  if (format) return format
  throw new Refused(exitCodes.usage, `${named}: there is no such format.\n${known}`)
}

interface Line {
  readonly line: number
  readonly owner: OwnerColumn
  readonly cell: (name: string) => string
  readonly usual: CardNumberFormat | undefined
}

function readRow({ line, owner, cell, usual }: Line): BadgeImportRow | BadgeTable['wrong'][number] {
  const named = cell('format')
  const format = named === '' ? usual : findCardNumberFormat(named)
  if (!format) return { line, code: 'format-unknown' }
  const card = parseCardNumber(cell('number'), format)
  if (!card) return { line, code: 'number-not-of-format' }
  const whose = ownerOf(owner, cell(owner))
  if (!whose) return { line, code: 'owner-not-understood' }
  const technology = cell('technology')
  return { line, owner: whose, card, ...(technology === '' ? {} : { technology }) }
}

function ownerOf(column: OwnerColumn, text: string): BadgeImportRow['owner'] | undefined {
  switch (column) {
    case 'staff_number': {
      const number = staffNumber.safeParse(text)
      return number.success ? { by: 'staff-number', staffNumber: number.data } : undefined
    }
    case 'user_name':
      return text === '' || text.length > 256 ? undefined : { by: 'user-name', userName: text }
    case 'person_id': {
      const id = personId.safeParse(text)
      return id.success ? { by: 'person-id', personId: id.data } : undefined
    }
  }
}

/** One card for two rows: neither is taken, since one of them is wrong. */
function twiceIn(rows: readonly BadgeImportRow[]): ReadonlySet<number> {
  const lines = new Map<string, number[]>()
  for (const { line, card } of rows) {
    const same = `${card.technology} ${card.canonical}`
    lines.set(same, [...(lines.get(same) ?? []), line])
  }
  return new Set([...lines.values()].filter((all) => all.length > 1).flat())
}
