// Every stage by release of agent and broker: two rows to hold side by side after an update.

import { useMemo } from 'react'
import type { SpeedOfRelease, SpeedShown } from '@wardkey/protocol/admin/speed/speed'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn, timeColumn } from '../../parts/table/usual-columns.tsx'
import { headOf } from './speed-words.ts'

export function ReleaseTable({ speed }: { readonly speed: SpeedShown }) {
  const columns = useMemo(() => columnsOf(speed), [speed])
  return (
    <DataTable
      name="speed-releases"
      label="Milliseconds by release, ward and stage"
      rows={speed.byRelease}
      columns={columns}
      keyOf={({ part, release, zoneId, stage }) => [part, release, zoneId, stage].join(' ')}
      empty={<p>No chart was opened in this time. Releases appear here once one was.</p>}
    />
  )
}

function columnsOf({ zones, slower }: SpeedShown): readonly ShownColumn<SpeedOfRelease>[] {
  const labels = new Map(zones.map(({ zoneId, label }) => [zoneId, label]))
  const isSlower = (row: SpeedOfRelease): boolean =>
    slower.some(
      ({ part, release, zoneId, stage }) =>
        part === row.part &&
        release === row.release &&
        zoneId === row.zoneId &&
        stage === row.stage,
    )
  const ms = (id: 'p50Ms' | 'p95Ms' | 'p99Ms', head: string): ShownColumn<SpeedOfRelease> => ({
    ...{ id, head, isNumber: true },
    text: (row) => String(row[id]),
    order: (row) => row[id],
  })
  return [
    { id: 'release', head: 'Release', text: ({ part, release }) => `${part} ${release}` },
    { id: 'ward', head: 'Ward', text: ({ zoneId }) => labels.get(zoneId) ?? zoneId },
    { id: 'stage', head: 'Stage', text: ({ stage }) => headOf(stage) },
    ...[ms('p50Ms', 'p50, ms'), ms('p95Ms', 'p95, ms'), ms('p99Ms', 'p99, ms')],
    numberColumn({ id: 'count', head: 'Counted' }, ({ count }) => count),
    {
      id: 'against',
      head: 'Against the one before',
      text: (row) => (isSlower(row) ? 'slower' : ''),
      cell: (row) =>
        isSlower(row) ? (
          <span className="wk-mark wk-bad">
            <span aria-hidden="true">▲</span>slower
          </span>
        ) : (
          ''
        ),
    },
    timeColumn({ id: 'since', head: 'Since' }, ({ firstMs }) => firstMs),
  ]
}
