// One row a ward, one column a stage: how long it took, with a bar to look along.

import { useMemo } from 'react'
import type { SpeedOfZone, SpeedShown, SpeedStage } from '@wardkey/protocol/admin/speed/speed'
import { DataTable } from '../../parts/table/data-table.tsx'
import type { ShownColumn } from '../../parts/table/data-table.tsx'
import { numberColumn } from '../../parts/table/usual-columns.tsx'
import { stageWords, timeOf } from './speed-words.ts'
import type { Percentile } from './speed-words.ts'

interface Ward {
  readonly zoneId: string
  readonly label: string
  readonly stages: ReadonlyMap<SpeedStage, SpeedOfZone>
}

interface Props {
  readonly speed: SpeedShown
  readonly which: Percentile
}

export function WardTable({ speed, which }: Props) {
  const wards = useMemo(() => wardsOf(speed), [speed])
  const columns = useMemo(() => columnsOf(wards, which), [wards, which])
  return (
    <DataTable
      name={`speed-${which}`}
      label={`Milliseconds by ward and stage, ${which}`}
      rows={wards}
      columns={columns}
      keyOf={({ zoneId }) => zoneId}
      opens
      empty={
        <p>
          No chart was opened in this time. Each tap that opens one is timed, and appears here
          within a minute; nothing is kept of who tapped.
        </p>
      }
    />
  )
}

function wardsOf({ byZone, zones }: SpeedShown): readonly Ward[] {
  const labels = new Map(zones.map(({ zoneId, label }) => [zoneId, label]))
  const ids = [...new Set(byZone.map(({ zoneId }) => zoneId))]
  return ids.map((zoneId) => ({
    zoneId,
    label: labels.get(zoneId) ?? zoneId,
    stages: new Map(
      byZone.filter((row) => row.zoneId === zoneId).map((row) => [row.stage, row] as const),
    ),
  }))
}

function columnsOf(wards: readonly Ward[], which: Percentile): readonly ShownColumn<Ward>[] {
  const timed = stageWords.map(({ stage, head }): ShownColumn<Ward> => {
    const msOf = ({ stages }: Ward): number | undefined => {
      const times = stages.get(stage)
      return times && timeOf(times, which)
    }
    const most = Math.max(1, ...wards.map((ward) => msOf(ward) ?? 0))
    return {
      id: stage,
      head,
      text: (ward) => String(msOf(ward) ?? ''),
      order: (ward) => msOf(ward) ?? -1,
      cell: (ward) => <Bar ms={msOf(ward)} most={most} />,
      isNumber: true,
    }
  })
  const charts = (ward: Ward): number => ward.stages.get('total')?.count ?? 0
  return [
    { id: 'ward', head: 'Ward', text: ({ label }) => label },
    ...timed,
    numberColumn({ id: 'charts', head: 'Charts' }, charts),
  ]
}

function Bar({ ms, most }: { readonly ms: number | undefined; readonly most: number }) {
  if (ms === undefined) return <span className="wk-quiet">–</span>
  return (
    <span className="wk-speed">
      {ms}
      <svg className="wk-speed-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
        <rect width={Math.max(1, (ms / most) * 100)} height="4" />
      </svg>
    </span>
  )
}
