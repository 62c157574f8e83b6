// The arithmetic of a time axis: what is in view, how it zooms and moves, and where its marks are.
// Pure.

export interface View {
  readonly fromMs: number
  readonly toMs: number
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12].map((count) => count * hourMs),
  ...[1, 2, 7, 14].map((count) => count * dayMs),
]
/** Nearer than this there is nothing more to see: facts have milliseconds, pixels have less. */
const nearestMs = 2 * secondMs
const tickPx = 84

const widthOf = ({ fromMs, toMs }: View): number => toMs - fromMs

export const xOf = (ms: number, view: View, widthPx: number): number =>
  ((ms - view.fromMs) / widthOf(view)) * widthPx

export const msAt = (x: number, view: View, widthPx: number): number =>
  view.fromMs + (x / widthPx) * widthOf(view)

/** What was under `atMs` stays there; never outside of `all`, never nearer than can be told. */
export function zoomed(view: View, factor: number, atMs: number, all: View): View {
  const longest = widthOf(all)
  const width = Math.min(longest, Math.max(Math.min(nearestMs, longest), widthOf(view) * factor))
  const share = (atMs - view.fromMs) / widthOf(view)
  return within({ fromMs: atMs - share * width, toMs: atMs + (1 - share) * width }, all)
}

/** By a share of what is in view: -1 is a whole screen back. */
export function moved(view: View, share: number, all: View): View {
  const byMs = widthOf(view) * share
  return within({ fromMs: view.fromMs + byMs, toMs: view.toMs + byMs }, all)
}

/** So that an interval is seen, with room around it; as it is where it is in view already. */
export function showing(view: View, { fromMs, toMs }: View, all: View): View {
  if (fromMs >= view.fromMs && toMs <= view.toMs) return view
  const width = Math.max(widthOf(view), (toMs - fromMs) * 1.5)
  const middleMs = (fromMs + toMs) / 2
  return within({ fromMs: middleMs - width / 2, toMs: middleMs + width / 2 }, all)
}

function within(view: View, all: View): View {
  const width = Math.min(widthOf(view), widthOf(all))
  const fromMs = Math.round(Math.min(Math.max(view.fromMs, all.fromMs), all.toMs - width))
  return { fromMs, toMs: Math.round(fromMs + width) }
}

export interface Ticks {
  readonly stepMs: number
  readonly atMs: readonly number[]
}

/** At whole hours and days of the zone that is `offsetMs` ahead of UTC. */
export function ticksOf(view: View, widthPx: number, offsetMs: number): Ticks {
  const wanted = (widthOf(view) / Math.max(widthPx, 1)) * tickPx
  const stepMs = steps.find((step) => step >= wanted) ?? 14 * dayMs
  const first = Math.ceil((view.fromMs + offsetMs) / stepMs) * stepMs - offsetMs
  const atMs: number[] = []
  for (let ms = first; ms <= view.toMs; ms += stepMs) atMs.push(ms)
  return { stepMs, atMs }
}

/** `1764000000000-1764003600000`, as it stands in an address; nothing where all is in view. */
export function writeZoom(view: View, all: View): string | undefined {
  if (widthOf(view) >= widthOf(all)) return undefined
  return `${String(view.fromMs)}-${String(view.toMs)}`
}

export function parseZoom(text: string | undefined, all: View): View {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '') ?? []
  const view = { fromMs: Number(from), toMs: Number(to) }
  const isIn = view.fromMs >= all.fromMs && view.toMs <= all.toMs
  return isIn && widthOf(view) >= nearestMs ? view : all
}
