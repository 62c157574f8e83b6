// One ward: every stage with what it is, and how long it took half the time, nearly always, and at
// its worst.

import type { SpeedShown } from '@wardkey/protocol/admin/speed/speed'
import { counted } from '../../parts/names.ts'
import { Panel } from '../../parts/panel.tsx'
import { stageWords } from './speed-words.ts'

interface Props {
  readonly speed: SpeedShown
  readonly zoneId: string
}

export function WardPanel({ speed, zoneId }: Props) {
  const label = speed.zones.find((zone) => zone.zoneId === zoneId)?.label ?? zoneId
  const rows = stageWords.flatMap((words) => {
    const times = speed.byZone.find((row) => row.zoneId === zoneId && row.stage === words.stage)
    return times ? [{ ...words, times }] : []
  })
  const slower = speed.slower.filter((one) => one.zoneId === zoneId)
  const charts = rows.find(({ stage }) => stage === 'total')?.times.count ?? 0
  return (
    <Panel title={label}>
      <p>{counted(charts, 'chart')} opened in this time. All in milliseconds, at most.</p>
      {slower.map(({ says }) => (
        <p key={says} className="wk-bad">
          {says}
        </p>
      ))}
      <table className="wk-table wk-plain">
        <thead>
          <tr>
            <th scope="col">Stage</th>
            {['p50', 'p95', 'p99'].map((head) => (
              <th key={head} scope="col" className="wk-number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ stage, head, says, times }) => (
            <tr key={stage}>
              <td className="wk-prose">
                {head}
                <br />
                <span className="wk-quiet">{says}</span>
              </td>
              <td className="wk-number">{times.p50Ms}</td>
              <td className="wk-number">{times.p95Ms}</td>
              <td className="wk-number">{times.p99Ms}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
