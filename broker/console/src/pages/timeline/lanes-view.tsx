// The lanes, and below them what they rest on: the facts in view, what was chosen, and what does
// not fit together.

import { useDeferredValue, useMemo } from 'react'
import type { Timeline } from '@wardkey/protocol/console/timeline'
import { useAddress } from '../../parts/address.ts'
import { counted } from '../../parts/names.ts'
import { showing } from './axis.ts'
import { Chart } from './chart.tsx'
import { DifferenceList } from './difference-list.tsx'
import { FactList } from './facts/fact-list.tsx'
import { spanKey } from './lanes.ts'
import { SelectedSpan } from './selected-span.tsx'
import { useView } from './use-view.ts'

export function LanesView({ of: timeline }: { readonly of: Timeline }) {
  const [address, setAddress] = useAddress()
  const { spans, facts, fromMs, toMs } = timeline
  const all = useMemo(() => ({ fromMs, toMs }), [fromMs, toMs])
  const [view, onView] = useView(all)
  const { at } = address
  const inOrder = useMemo(() => [...spans].sort((a, b) => a.fromMs - b.fromMs), [spans])
  const selected = inOrder.find((span) => spanKey(span) === at)
  // The lanes follow the hand; the list below may come a moment later.
  const seen = useDeferredValue(view)
  const inView = useMemo(
    () => facts.filter(({ atMs }) => atMs >= seen.fromMs && atMs <= seen.toMs),
    [facts, seen],
  )
  const chosen = useMemo(() => new Set(selected?.facts), [selected])
  const show = (interval: { fromMs: number; untilMs?: number | undefined }): void => {
    const end = interval.untilMs ?? toMs
    onView((old) => showing(old, { fromMs: interval.fromMs, toMs: end }, all))
  }
  const step = (by: 1 | -1): void => {
    const now = selected ? inOrder.indexOf(selected) : by === 1 ? -1 : inOrder.length
    const next = inOrder[now + by]
    if (!next) return
    setAddress({ at: spanKey(next) }, { replace: true })
    show(next)
  }
  return (
    <>
      <Chart
        timeline={timeline}
        all={all}
        view={view}
        onView={onView}
        selected={selected}
        onSelect={(key) => {
          setAddress({ at: key }, { replace: true })
        }}
        onStep={step}
      />
      <div className="wk-below">
        <section>
          <h2>{counted(inView.length, 'fact')} in view</h2>
          {inView.length === 0 ? (
            <p className="wk-quiet">No fact in this time. Zoom out, or choose a longer one.</p>
          ) : (
            <FactList facts={inView} timeline={timeline} selected={chosen} />
          )}
        </section>
        <div className="wk-beside">
          <SelectedSpan span={selected} timeline={timeline} />
          <DifferenceList timeline={timeline} onShow={show} />
        </div>
      </div>
    </>
  )
}
