// Emergency accesses as rows: who, where, why, when, and until when somebody must have looked.

import { useMemo, useState } from 'react'
import type { GrantSummary } from '@wardkey/protocol/admin/break-glass'
import { nameText, outcomeText } from '../../parts/names.ts'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { distanceText, lengthText, utcText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'

interface Props {
  readonly name: 'waiting' | 'overdue' | 'closed'
  readonly grants: readonly GrantSummary[]
}

const empty = {
  waiting:
    'No review is open. An emergency access appears here as soon as it is given, with a due date.',
  overdue: 'Nothing is overdue. A review that passes its due date appears here.',
  closed: 'No review has been closed yet. Closed ones stay here, with what was found and by whom.',
}

export function GrantTable({ name, grants }: Props) {
  const [nowMs] = useState(() => Date.now())
  const columns = useMemo(() => columnsOf(name, nowMs), [name, nowMs])
  return (
    <DataTable
      name={`reviews-${name}`}
      label="Emergency accesses"
      rows={grants}
      columns={columns}
      keyOf={({ grantId }) => grantId}
      opens
      empty={<p>{empty[name]}</p>}
    />
  )
}

function columnsOf(name: Props['name'], nowMs: number): readonly ShownColumn<GrantSummary>[] {
  const standing: ShownColumn<GrantSummary> =
    name === 'closed'
      ? {
          id: 'outcome',
          head: 'Outcome',
          text: ({ outcome }) => (outcome === undefined ? '' : outcomeText(outcome)),
        }
      : {
          id: 'due',
          head: 'Review due',
          text: ({ reviewDueMs }) => utcText(reviewDueMs),
          order: ({ reviewDueMs }) => reviewDueMs,
          cell: (grant) => <Due grant={grant} nowMs={nowMs} />,
        }
  return [
    { id: 'who', head: 'Who', text: nameText },
    standing,
    { id: 'where', head: 'Where', text: ({ place }) => place },
    { id: 'reason', head: 'Reason', text: ({ reasonLabel }) => reasonLabel, isProse: true },
    timeColumn({ id: 'when', head: 'When' }, ({ fromMs }) => fromMs),
    {
      id: 'lasted',
      head: 'Lasted',
      text: (grant) => (grant.endedMs === undefined ? 'lasts' : lengthText(lastedMs(grant))),
      order: lastedMs,
    },
    { id: 'zone', head: 'Zone', text: ({ zoneId }) => zoneId },
  ]
}

const lastedMs = ({ fromMs, endedMs, untilMs }: GrantSummary): number =>
  (endedMs ?? untilMs) - fromMs

function Due({ grant, nowMs }: { readonly grant: GrantSummary; readonly nowMs: number }) {
  const { isOverdue, reviewDueMs } = grant
  return (
    <span className={isOverdue ? 'wk-bad wk-due' : 'wk-due'}>
      {isOverdue ? 'Overdue since ' : ''}
      <Stamp ms={reviewDueMs} form="day" />
      <span className="wk-quiet"> {distanceText(reviewDueMs, nowMs)}</span>
    </span>
  )
}
