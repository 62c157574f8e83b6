// The lanes as they are drawn: intervals in their rows, differences as bands over all of them,
// facts as a comb below. Only what is in view is drawn, so that moving it stays smooth.

import { memo, useMemo } from 'react'
import type { Span, Timeline } from '@wardkey/protocol/console/timeline'
import { minuteText, clockText, dayText } from '../../parts/time/time-text.ts'
import { useZone } from '../../parts/time/zone-choice.tsx'
import { ticksOf, xOf } from './axis.ts'
import type { View } from './axis.ts'
import { isDrawn } from './drawn-rows.ts'
import type { Drawn } from './drawn-rows.ts'
import { Blocks } from './lane-blocks.tsx'
import { plotHeight, rowPx, tops } from './plot-measures.ts'
import type { Lane } from './lanes.ts'

interface Props {
  readonly timeline: Timeline
  readonly lanes: readonly Lane[]
  readonly view: View
  readonly width: number
  readonly selected: Span | undefined
  /** Rows elsewhere are left out. */
  readonly drawn: Drawn
}

export const LanePlot = memo(function LanePlot(props: Props) {
  const { timeline, lanes, view, width, selected, drawn } = props
  const places = tops(lanes)
  const height = plotHeight(lanes)
  return (
    <svg width={width} height={height} aria-hidden="true" className="wk-plot">
      <defs>
        <pattern id="wk-band" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M0 6L6 0" className="wk-band-line" />
        </pattern>
        <pattern id="wk-locked" width="5" height="5" patternUnits="userSpaceOnUse">
          <path d="M0 5L5 0" className="wk-locked-line" />
        </pattern>
      </defs>
      <Ticks view={view} width={width} height={height} />
      {lanes.map((lane, at) => (
        <g key={lane.name} transform={`translate(0 ${String(places[at])})`}>
          <line x1="0" x2={width} y1="-5" y2="-5" className="wk-lane-line" />
          {lane.rows.map((row, place) =>
            isDrawn((places[at] ?? 0) + place * rowPx, rowPx, drawn) ? (
              <g key={place} transform={`translate(0 ${String(place * rowPx)})`}>
                <Blocks {...{ row, view, width, timeline, selected }} />
              </g>
            ) : null,
          )}
        </g>
      ))}
      <Comb timeline={timeline} view={view} width={width} y={height - 14} />
      <Bands timeline={timeline} view={view} width={width} height={height} />
    </svg>
  )
})

interface Sizes {
  readonly view: View
  readonly width: number
}

function Ticks({ view, width, height }: Sizes & { readonly height: number }) {
  const { zone } = useZone()
  const offsetMs = zone === undefined ? new Date(view.fromMs).getTimezoneOffset() * -60_000 : 0
  const { stepMs, atMs } = ticksOf(view, width, offsetMs)
  const isMidnight = (ms: number): boolean => (ms + offsetMs) % 86_400_000 === 0
  const label = (ms: number): string => {
    if (isMidnight(ms)) return dayText(ms, zone).replace(/ \d{4}$/, '')
    return stepMs < 60_000 ? clockText(ms, zone) : minuteText(ms, zone)
  }
  return atMs.map((ms) => {
    const x = xOf(ms, view, width)
    return (
      <g key={ms}>
        <line x1={x} x2={x} y1="18" y2={height} className="wk-tick" />
        <text
          x={Math.max(20, Math.min(width - 20, x))}
          y="12"
          className={isMidnight(ms) ? 'wk-tick-day' : 'wk-tick-text'}
        >
          {label(ms)}
        </text>
      </g>
    )
  })
}

/** One path for all facts: a mark at each pixel that has one. */
function Comb({ timeline, view, width, y }: Sizes & { timeline: Timeline; y: number }) {
  const path = useMemo(() => {
    const pixels = new Set<number>()
    for (const { atMs } of timeline.facts) {
      if (atMs >= view.fromMs && atMs <= view.toMs) pixels.add(Math.round(xOf(atMs, view, width)))
    }
    return [...pixels].map((x) => `M${String(x)} 0v8`).join('')
  }, [timeline, view, width])
  return <path d={path} transform={`translate(0.5 ${String(y)})`} className="wk-comb" />
}

function Bands({ timeline, view, width, height }: Sizes & { timeline: Timeline; height: number }) {
  return timeline.differences.map(({ fromMs, untilMs, kind }, at) => {
    const end = untilMs ?? view.toMs
    if (end < view.fromMs || fromMs > view.toMs) return null
    const x = Math.max(0, xOf(fromMs, view, width))
    const right = Math.min(width, xOf(end, view, width))
    return (
      <g key={`${kind} ${String(fromMs)}`} className="wk-band">
        <rect x={x} y="18" width={Math.max(2, right - x)} height={height - 18} />
        <circle cx={Math.min(Math.max(x + 1, 9), width - 9)} cy="27" r="8" />
        <text x={Math.min(Math.max(x + 1, 9), width - 9)} y="31">
          {at + 1}
        </text>
      </g>
    )
  })
}
