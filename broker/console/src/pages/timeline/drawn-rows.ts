// Which rows of the lanes are drawn: those that are seen in the chart's own scrolling, and some
// beside them. On paper all of them. What is not drawn is in the table, in the file and under the
// keys all the same: the drawing is for eyes alone.

import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { flushSync } from 'react-dom'

export interface Drawn {
  readonly fromPx: number
  readonly toPx: number
}

/** So much is drawn ahead, and so far is scrolled before anything is drawn anew. */
const stepPx = 240
const everything: Drawn = { fromPx: 0, toPx: Number.POSITIVE_INFINITY }

export function drawnAt(scrolledPx: number, heightPx: number): Drawn {
  return {
    fromPx: (Math.floor(scrolledPx / stepPx) - 1) * stepPx,
    toPx: (Math.ceil((scrolledPx + heightPx) / stepPx) + 1) * stepPx,
  }
}

export const isDrawn = (topPx: number, heightPx: number, { fromPx, toPx }: Drawn): boolean =>
  topPx + heightPx >= fromPx && topPx <= toPx

/** Before it was measured: as much as a window could show. */
export function useDrawn(chart: RefObject<HTMLElement | null>): Drawn {
  const [drawn, setDrawn] = useState(() => drawnAt(0, innerHeight))
  useEffect(() => {
    const at = chart.current
    if (!at) return undefined
    const paper = matchMedia('print')
    const measure = (): void => {
      const next = paper.matches ? everything : drawnAt(at.scrollTop, at.clientHeight)
      setDrawn((old) => (old.fromPx === next.fromPx && old.toPx === next.toPx ? old : next))
    }
    const size = new ResizeObserver(measure)
    size.observe(at)
    // What is printed is taken at once: there is no second look.
    const onPaper = (): void => {
      flushSync(measure)
    }
    const beforePaper = (): void => {
      flushSync(() => {
        setDrawn(everything)
      })
    }
    at.addEventListener('scroll', measure, { passive: true })
    paper.addEventListener('change', onPaper)
    addEventListener('beforeprint', beforePaper)
    addEventListener('afterprint', measure)
    return () => {
      size.disconnect()
      at.removeEventListener('scroll', measure)
      paper.removeEventListener('change', onPaper)
      removeEventListener('beforeprint', beforePaper)
      removeEventListener('afterprint', measure)
    }
  }, [chart])
  return drawn
}
