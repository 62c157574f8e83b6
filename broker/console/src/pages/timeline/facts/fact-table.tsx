// The same facts as a table: sorted, filtered, and written to a file as they are shown.

import { useMemo } from 'react'
import type { Timeline, TimelineFact } from '@wardkey/protocol/console/timeline'
import { DataTable } from '../../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../../parts/table/usual-columns.tsx'
import { useZone } from '../../../parts/time/zone-choice.tsx'
import { Seal } from './fact-list.tsx'
import { toldText } from './told.ts'
import { fieldsText, placeText, whoText } from '../words.ts'

export function FactTable({ timeline }: { readonly timeline: Timeline }) {
  const { zone } = useZone()
  const columns = useMemo(() => columnsOf(timeline, zone), [timeline, zone])
  return (
    <DataTable
      name="facts"
      label="Facts"
      rows={timeline.facts}
      columns={columns}
      keyOf={({ index }) => String(index)}
      empty={<p>No fact in this time. Look at a longer one.</p>}
    />
  )
}

const columnsOf = (
  timeline: Timeline,
  zone: string | undefined,
): readonly ShownColumn<TimelineFact>[] => [
  timeColumn({ id: 'at', head: 'When' }, ({ atMs }) => atMs),
  {
    id: 'seal',
    head: 'Sealed',
    text: ({ isSealed }) => (isSealed ? 'yes' : 'not yet'),
    cell: ({ isSealed }) => <Seal isSealed={isSealed} />,
  },
  {
    id: 'sentence',
    head: 'What',
    text: (fact) => toldText(fact, timeline, zone) ?? fact.sentence,
    isProse: true,
  },
  { id: 'who', head: 'Who', text: (fact) => whoText(fact, timeline) ?? '' },
  { id: 'where', head: 'Where', text: (fact) => placeText(fact, timeline) ?? '' },
  { id: 'rule', head: 'Rule', text: ({ rule }) => rule ?? '' },
  { id: 'code', head: 'Code', text: ({ code }) => code },
  numberColumn({ id: 'index', head: 'Record' }, ({ index }) => index),
  { id: 'fields', head: 'Fields', text: fieldsText },
]
