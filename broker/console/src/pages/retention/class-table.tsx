// One row a class of facts: what is in it, how long it is kept, why not shorter, and what is gone.

import type { RetentionShown } from '@wardkey/protocol/admin/forget/retention'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../parts/table/usual-columns.tsx'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { daysText } from './retention-words.ts'

type ClassShown = RetentionShown['classes'][number]

export function ClassTable({ shown }: { readonly shown: RetentionShown }) {
  const { classes, lastRunMs } = shown
  return (
    <>
      <DataTable
        name="retention-classes"
        label="How long each class is kept"
        rows={classes}
        columns={columns}
        keyOf={(row) => row.class}
        empty={
          <p>The broker names no class: ask the people who run Wardkey which release it is.</p>
        }
      />
      <p className="wk-quiet">
        What has no end (purges, holds, certificates, the record’s own keys) is kept for ever.{' '}
        {lastRunMs === undefined ? (
          'No run has been yet; the broker runs once a day by itself.'
        ) : (
          <>
            The last run was <Stamp ms={lastRunMs} />.
          </>
        )}{' '}
        Another rule is proposed on the broker’s host, and approved by somebody else:{' '}
        <code>wardkey-broker retention propose</code>
      </p>
    </>
  )
}

const keptText = ({ days }: ClassShown): string =>
  days === undefined ? 'for ever' : daysText(days)

const columns: readonly ShownColumn<ClassShown>[] = [
  { id: 'class', head: 'Class', text: (row) => row.class },
  {
    id: 'kept',
    head: 'Kept',
    text: keptText,
    order: ({ days }) => days ?? Number.MAX_SAFE_INTEGER,
    cell: (row) => <strong>{keptText(row)}</strong>,
  },
  { id: 'what', head: 'What is in it', text: ({ what }) => what, isProse: true },
  numberColumn({ id: 'usual', head: 'Usual, days' }, ({ usualDays }) => usualDays),
  numberColumn({ id: 'floor', head: 'At least' }, ({ floorDays }) => floorDays),
  numberColumn({ id: 'gone', head: 'Gone' }, ({ gone }) => gone),
  timeColumn({ id: 'last', head: 'Last went' }, ({ lastMs }) => lastMs),
  { id: 'why', head: 'Why not shorter', text: ({ why }) => why, isProse: true },
]
