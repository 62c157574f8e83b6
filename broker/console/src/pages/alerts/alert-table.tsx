// Alerts as rows: what was seen, of whom or of what, how often, and who looks after it.

import { useMemo } from 'react'
import type { AlertSummary } from '@wardkey/protocol/admin/alerts/alerts'
import { nameText } from '../../parts/names.ts'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../parts/table/usual-columns.tsx'
import { aboutText, alertOutcomeText, alertStateText, whereText } from './alert-words.ts'

interface Props {
  readonly name: 'standing' | 'mine' | 'closed'
  readonly alerts: readonly AlertSummary[]
}

const empty = {
  standing:
    'No alert stands. When a rule sees something in the record, it appears here with the facts behind it.',
  mine: 'Nothing is assigned to you. Take an alert, or have one given to you, and it stands here.',
  closed: 'No alert has been closed yet. Closed ones stay here, with what was found and by whom.',
}

export function AlertTable({ name, alerts }: Props) {
  const columns = useMemo(() => columnsOf(name), [name])
  return (
    <DataTable
      name={`alerts-${name}`}
      label="Alerts"
      rows={alerts}
      columns={columns}
      keyOf={({ alertId }) => alertId}
      opens
      empty={<p>{empty[name]}</p>}
    />
  )
}

function columnsOf(name: Props['name']): readonly ShownColumn<AlertSummary>[] {
  const standing: ShownColumn<AlertSummary> =
    name === 'closed'
      ? {
          id: 'outcome',
          head: 'Outcome',
          text: ({ outcome }) => (outcome === undefined ? '' : alertOutcomeText(outcome)),
        }
      : { id: 'state', head: 'State', text: alertStateText }
  return [
    { id: 'what', head: 'What was seen', text: ({ title }) => title },
    { id: 'about', head: 'About', text: aboutText },
    { id: 'where', head: 'Where', text: whereText },
    standing,
    numberColumn({ id: 'times', head: 'Times' }, ({ count }) => count),
    timeColumn({ id: 'last', head: 'Last seen' }, ({ lastMs }) => lastMs),
    {
      id: 'assignee',
      head: 'Looks after it',
      text: ({ assignee }) => (assignee ? nameText(assignee) : ''),
    },
    { id: 'kind', head: 'Kind', text: ({ kind }) => kind },
  ]
}
