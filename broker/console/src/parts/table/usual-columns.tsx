// Columns that many tables have: a time, sorted by when and shown as people read it, and a number.
// Both are written to a file in full: a time in UTC, a number without signs between its digits.

import { utcText } from '../time/time-text.ts'
import { Stamp } from '../time/zone-choice.tsx'
import type { ShownColumn } from './data-table.tsx'

interface Named {
  readonly id: string
  readonly head: string
}

/** Empty where there is no such time. */
export function timeColumn<Row>(
  named: Named,
  msOf: (row: Row) => number | undefined,
  form: 'stamp' | 'day' = 'stamp',
): ShownColumn<Row> {
  return {
    ...named,
    text: (row) => {
      const ms = msOf(row)
      return ms === undefined ? '' : utcText(ms)
    },
    order: (row) => msOf(row) ?? 0,
    cell: (row) => {
      const ms = msOf(row)
      return ms === undefined ? '' : <Stamp ms={ms} form={form} />
    },
  }
}

export function numberColumn<Row>(named: Named, numberOf: (row: Row) => number): ShownColumn<Row> {
  return {
    ...named,
    text: (row) => String(numberOf(row)),
    order: numberOf,
    isNumber: true,
  }
}
