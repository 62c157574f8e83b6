// Which workstations need a hand? All that were ever enrolled, the troubled ones first; computers
// that ask to be one, and tokens to enrol with.

import { useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { WorkstationShown } from '@wardkey/protocol/admin/workstations'
import { asksQuery, workstationsQuery } from '../../api/settings-queries.ts'
import { Allowed } from '../../parts/allowed.tsx'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { Answer } from '../../parts/shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { timeColumn } from '../../parts/table/usual-columns.tsx'
import { utcText } from '../../parts/time/time-text.ts'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { Asks } from './asks.tsx'
import { EnrolTokens } from './enrol-tokens.tsx'
import { isStale, needOf } from './workstation-needs.ts'
import { systemText } from './system-text.ts'
import { WorkstationPanel } from './workstation-panel.tsx'

export function WorkstationsPage() {
  return (
    <Allowed page="/workstations">
      <Workstations />
    </Allowed>
  )
}

type Show = 'workstations' | 'asks' | 'tokens'

function Workstations() {
  const [address] = useAddress()
  const asks = useQuery(asksQuery)
  const waiting = asks.data?.asks.filter(({ state }) => state === 'waiting').length
  const shown = address['show']
  const show: Show = shown === 'asks' || shown === 'tokens' ? shown : 'workstations'
  const [nowMs] = useState(() => Date.now())
  const query = useQuery(workstationsQuery)
  const columns = useMemo(() => columnsOf(nowMs), [nowMs])
  const rows = useMemo(
    () => [...(query.data?.workstations ?? [])].sort((a, b) => needOf(b).weight - needOf(a).weight),
    [query.data],
  )
  const open = rows.find(({ workstationId }) => workstationId === address['open'])
  const stale = rows.filter((row) => isStale(row, nowMs)).length
  const troubled = rows.filter((row) => needOf(row).weight > 0).length
  return (
    <>
      <PageTitle question="Which workstations need a hand?">
        {query.data && (
          <p>
            {troubled} of {counted(rows.length, 'workstation')}
            {stale > 0 && `, ${String(stale)} not seen for a week`}.{' '}
            {(waiting ?? 0) > 0 && `${counted(waiting ?? 0, 'computer')} to approve.`}
          </p>
        )}
      </PageTitle>
      <div className="wk-bar">
        <Tabs<Show>
          label="What to look at"
          value={show}
          tabs={[
            ['workstations', 'Workstations', query.data?.workstations.length],
            ['asks', 'To approve', waiting],
            ['tokens', 'Tokens'],
          ]}
        />
      </div>
      {show === 'asks' && <Asks />}
      {show === 'tokens' && <EnrolTokens />}
      {show === 'workstations' && (
        <Answer query={query}>
          {() => (
            <DataTable
              name="workstations"
              label="Workstations"
              rows={rows}
              columns={columns}
              keyOf={({ workstationId }) => workstationId}
              opens
              empty={
                <p>
                  None is enrolled yet. Make a token for its zone under Tokens, and enter it at the
                  workstation; or let it ask, and approve it here.
                </p>
              }
            />
          )}
        </Answer>
      )}
      {show === 'workstations' && open && (
        <WorkstationPanel key={open.workstationId} workstation={open} nowMs={nowMs} />
      )}
    </>
  )
}

const columnsOf = (nowMs: number): readonly ShownColumn<WorkstationShown>[] => [
  { id: 'place', head: 'Place', text: ({ place }) => place },
  { id: 'zone', head: 'Zone', text: ({ zoneId }) => zoneId },
  {
    id: 'need',
    head: 'Needs',
    text: (row) => needOf(row).says,
    cell: (row) => {
      const { weight, says } = needOf(row)
      return (
        <span className={`wk-mark ${weight > 0 ? 'wk-bad' : 'wk-quiet'}`}>
          <span aria-hidden="true">{weight > 0 ? '✕' : '●'}</span>
          {says}
        </span>
      )
    },
  },
  {
    id: 'reader',
    head: 'Reader',
    text: ({ madeOf }) => madeOf?.readers.map(({ model }) => model).join(', ') ?? '',
  },
  { id: 'system', head: 'System', text: ({ madeOf }) => systemText(madeOf) },
  {
    id: 'agent',
    head: 'Agent',
    text: ({ connection, madeOf }) => connection?.agentVersion ?? madeOf?.agentVersion ?? '',
  },
  {
    id: 'seen',
    head: 'Last seen',
    text: ({ seenMs }) => (seenMs === undefined ? 'never' : utcText(seenMs)),
    order: ({ seenMs }) => seenMs ?? 0,
    cell: (row) => {
      const { seenMs, connection } = row
      const stale = isStale(row, nowMs) ? 'wk-warn' : undefined
      if (connection) return 'now'
      return <span className={stale}>{seenMs === undefined ? 'never' : <Stamp ms={seenMs} />}</span>
    },
  },
  timeColumn(
    { id: 'certificate', head: 'Certified until' },
    ({ certificateEndsMs }) => certificateEndsMs,
    'day',
  ),
  { id: 'asset', head: 'Asset', text: ({ assetTag }) => assetTag ?? '' },
]
