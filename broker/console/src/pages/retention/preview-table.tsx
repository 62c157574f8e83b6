// What would go by a rule, class by class: how much is due, and what the next run takes of it.

import { useQuery } from '@tanstack/react-query'
import type { RetentionPreview } from '@wardkey/protocol/admin/forget/retention'
import { previewQuery } from '../../api/record/retention-queries.ts'
import { Answer } from '../../parts/shape.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../parts/table/usual-columns.tsx'
import { daysText } from './retention-words.ts'

type ClassPreview = RetentionPreview['classes'][number]

export function PreviewTable({ rule }: { readonly rule: number }) {
  const query = useQuery(previewQuery(rule))
  return (
    <Answer query={query} lines={4}>
      {({ classes }) => (
        <DataTable
          name={`retention-next-by-rule-${String(rule)}`}
          label={`What would go by rule ${String(rule)}`}
          rows={classes}
          columns={columns}
          keyOf={(row) => row.class}
          empty={<p>Nothing is so old. What passes its time appears here before it goes.</p>}
        />
      )}
    </Answer>
  )
}

const dueText = ({ due, hasMore }: ClassPreview): string =>
  hasMore ? `more than ${String(due)}` : String(due)

const columns: readonly ShownColumn<ClassPreview>[] = [
  { id: 'class', head: 'Class', text: (row) => row.class },
  numberColumn({ id: 'next', head: 'The next run takes' }, ({ next }) => next),
  timeColumn({ id: 'up-to', head: 'Older than' }, ({ nextBeforeMs }) => nextBeforeMs),
  { id: 'due', head: 'Due in all', text: dueText, order: ({ due }) => due, isNumber: true },
  timeColumn({ id: 'before', head: 'Past its time before' }, ({ beforeMs }) => beforeMs),
  {
    id: 'days',
    head: 'Kept',
    text: ({ days }) => daysText(days),
    order: ({ days }) => days,
  },
]
