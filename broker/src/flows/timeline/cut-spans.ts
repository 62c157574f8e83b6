// Spans as far as they lie within the time that was asked for. Pure.

import type { Span } from '@wardkey/protocol/console/timeline'

export interface Window {
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
}

/** What goes on beyond the end is cut there, unless the end has not come yet. */
export function cutSpans(spans: readonly Span[], { fromMs, toMs, nowMs }: Window): Span[] {
  return spans
    .filter((span) => span.fromMs < toMs && (span.untilMs ?? nowMs) >= fromMs)
    .filter((span) => span.untilMs === undefined || span.untilMs > fromMs)
    .map((span) => {
      const isEarly = span.fromMs < fromMs
      const isLate = span.untilMs === undefined ? nowMs >= toMs : span.untilMs > toMs
      return {
        ...span,
        fromMs: Math.max(span.fromMs, fromMs),
        ...(isLate ? { untilMs: toMs } : {}),
        isCut: span.isCut || isEarly || isLate,
      }
    })
    .sort((a, b) => a.fromMs - b.fromMs || a.lane.localeCompare(b.lane))
}
