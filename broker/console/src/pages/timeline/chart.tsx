// The lanes with their names, and the ways to move them: wheel, drag, keys and buttons.

import { useEffect, useMemo, useRef } from 'react'
import type { KeyboardEvent, PointerEvent, RefObject } from 'react'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import type { Span, Timeline } from '@wardkey/protocol/console/timeline'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { moved, msAt, zoomed } from './axis.ts'
import type { View } from './axis.ts'
import { useDrawn } from './drawn-rows.ts'
import { LanePlot } from './lane-plot.tsx'
import { layLanes } from './lanes.ts'
import { laneHeight, plotHeight, tops } from './plot-measures.ts'
import type { Change } from './use-view.ts'
import { spanText } from './words.ts'

interface Props {
  readonly timeline: Timeline
  readonly all: View
  readonly view: View
  readonly onView: (change: Change) => void
  readonly selected: Span | undefined
  /** By its key, or nothing. */
  readonly onSelect: (key: string | undefined) => void
  readonly onStep: (by: 1 | -1) => void
}

export function Chart(props: Props) {
  const { timeline, all, view, onView, selected, onSelect, onStep } = props
  const lanes = useMemo(() => layLanes(timeline.spans), [timeline])
  const { ref: sized, width } = useElementSize<HTMLDivElement>()
  const room = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const drawn = useDrawn(scroller)
  const ref = useMergedRef(sized, room)
  useWheel(room, all, onView)
  const drag = useDrag(view, width, all, onView, onSelect)
  const places = tops(lanes)
  const middle = (view.fromMs + view.toMs) / 2
  const onKey = (event: KeyboardEvent): void => {
    const act = keys(all, middle)[event.key]
    if (event.key === 'n' || event.key === 'p') onStep(event.key === 'n' ? 1 : -1)
    else if (event.key === 'Escape') onSelect(undefined)
    else if (act) onView(act)
    else return
    event.preventDefault()
  }
  return (
    <>
      <Moves all={all} view={view} middle={middle} onView={onView} />
      <div className="wk-chart" ref={scroller}>
        <div className="wk-lane-names" style={{ height: plotHeight(lanes) }}>
          {lanes.map((lane, at) => (
            <div key={lane.name} style={{ top: places[at] ?? 0, height: laneHeight(lane) }}>
              {lane.label}
            </div>
          ))}
          <div style={{ top: plotHeight(lanes) - 20, height: 20 }}>Facts</div>
        </div>
        <div
          ref={ref}
          className="wk-plot-room"
          tabIndex={0}
          role="group"
          aria-label="Lanes: door, presence, session and chart"
          aria-describedby="wk-chart-keys"
          style={{ height: plotHeight(lanes) }}
          onKeyDown={onKey}
          {...drag}
        >
          {width > 0 && (
            <LanePlot
              timeline={timeline}
              lanes={lanes}
              view={view}
              width={width}
              selected={selected}
              drawn={drawn}
            />
          )}
        </div>
      </div>
      <p id="wk-chart-keys" className="wk-quiet wk-keys">
        Wheel, <kbd>+</kbd> <kbd>−</kbd> zoom · <kbd>←</kbd> <kbd>→</kbd> or drag moves ·{' '}
        <kbd>n</kbd> <kbd>p</kbd> next and previous interval · <kbd>0</kbd> all · <kbd>t</kbd> as a
        table
      </p>
      <p className="wk-unseen" aria-live="polite">
        {selected && `${selected.lane}: ${spanText(selected, timeline)}`}
      </p>
    </>
  )
}

const keys = (all: View, middle: number): Readonly<Record<string, Change>> => ({
  ArrowLeft: (view) => moved(view, -0.2, all),
  ArrowRight: (view) => moved(view, 0.2, all),
  PageUp: (view) => moved(view, -0.9, all),
  PageDown: (view) => moved(view, 0.9, all),
  Home: (view) => moved(view, -1e9, all),
  End: (view) => moved(view, 1e9, all),
  '+': (view) => zoomed(view, 0.5, middle, all),
  '=': (view) => zoomed(view, 0.5, middle, all),
  '-': (view) => zoomed(view, 2, middle, all),
  '0': () => all,
})

interface MovesProps extends Pick<Props, 'all' | 'view' | 'onView'> {
  readonly middle: number
}

function Moves({ all, view, middle, onView }: MovesProps) {
  const isWhole = view.fromMs <= all.fromMs && view.toMs >= all.toMs
  const by = keys(all, middle)
  const button = (label: string, text: string, key: string, disabled = false) => (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={() => {
        const act = by[key]
        if (act) onView(act)
      }}
    >
      {text}
    </button>
  )
  return (
    <div className="wk-moves">
      <span className="wk-in-view">
        <Stamp ms={view.fromMs} /> to <Stamp ms={view.toMs} />
      </span>
      <span className="wk-move-buttons">
        {button('Earlier', '←', 'ArrowLeft', isWhole)}
        {button('Later', '→', 'ArrowRight', isWhole)}
        {button('Nearer', '+', '+')}
        {button('Farther', '−', '-', isWhole)}
        {button('All of it', 'All', '0', isWhole)}
      </span>
    </div>
  )
}

/** React's own wheel listener may not keep the page from scrolling. */
function useWheel(
  room: RefObject<HTMLDivElement | null>,
  all: View,
  onView: (change: Change) => void,
): void {
  useEffect(() => {
    const at = room.current
    if (!at) return undefined
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { left, width } = at.getBoundingClientRect()
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      const by = (event.deltaX + event.deltaY) / width
      if (isSideways) onView((view) => moved(view, by, all))
      else {
        const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY / 300)))
        onView((view) => zoomed(view, factor, msAt(event.clientX - left, view, width), all))
      }
    }
    at.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      at.removeEventListener('wheel', onWheel)
    }
  }, [room, all, onView])
}

const dragFromPx = 4

function useDrag(
  view: View,
  width: number,
  all: View,
  onView: Props['onView'],
  onSelect: Props['onSelect'],
) {
  const from = useRef<{ readonly x: number; readonly view: View; isDrag: boolean }>(undefined)
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0) return
      from.current = { x: event.clientX, view, isDrag: false }
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      const start = from.current
      if (!start) return
      const by = event.clientX - start.x
      if (!start.isDrag && Math.abs(by) < dragFromPx) return
      if (!start.isDrag) event.currentTarget.setPointerCapture(event.pointerId)
      start.isDrag = true
      onView(() => moved(start.view, -by / Math.max(1, width), all))
    },
    onPointerUp: (event: PointerEvent<HTMLDivElement>) => {
      const isClick = from.current?.isDrag === false
      from.current = undefined
      if (!isClick || !(event.target instanceof Element)) return
      const key = event.target.closest('[data-span]')?.getAttribute('data-span')
      onSelect(key ?? undefined)
    },
    onPointerCancel: () => {
      from.current = undefined
    },
  }
}
