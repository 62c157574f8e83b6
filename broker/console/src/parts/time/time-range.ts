// From when to when a page looks, as the address has it: `from=-8h` and no `to`, or two times.
// Pure: what time it is, it is told.

const units: Readonly<Record<string, number>> = {
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
/** The protocol's timelineMaxMs, which is not imported: its schemas would come along. */
const longestMs = 31 * 86_400_000

export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
  /** It ends now, and moves on. */
  readonly isRelative: boolean
}

interface Asked {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export const relativeRanges = [
  ['-1h', 'Last hour'],
  ['-8h', 'Last 8 hours'],
  ['-24h', 'Last 24 hours'],
  ['-7d', 'Last 7 days'],
  ['-31d', 'Last 31 days'],
] as const

/** What cannot be read is the last eight hours; longer than 31 days is cut at its beginning. */
export function parseRange({ from = '-8h', to }: Asked, nowMs: number): TimeRange {
  const backMs = relativeMs(from)
  if (backMs !== undefined && to === undefined) {
    // In whole half minutes: pages that are open at once ask for the same.
    const toMs = Math.ceil(nowMs / 30_000) * 30_000
    return { fromMs: toMs - Math.min(backMs, longestMs), toMs, isRelative: true }
  }
  const fromMs = absoluteMs(from)
  const toMs = absoluteMs(to) ?? nowMs
  if (fromMs === undefined || fromMs >= toMs) return parseRange({ from: '-8h' }, nowMs)
  return { fromMs: Math.max(fromMs, toMs - longestMs), toMs, isRelative: false }
}

/** As it stands in an address: UTC, so that it is the same for whoever opens it. */
export const addressTime = (ms: number): string =>
  new Date(ms).toISOString().replace(/(?::00)?\.\d+Z$/, 'Z')

function relativeMs(text: string): number | undefined {
  const [, count, unit = ''] = /^-([1-9]\d{0,4})(min|h|d)$/.exec(text) ?? []
  const unitMs = units[unit]
  return count === undefined || unitMs === undefined ? undefined : Number(count) * unitMs
}

function absoluteMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(text)) {
    return undefined
  }
  const ms = Date.parse(text)
  return Number.isNaN(ms) || ms < 0 ? undefined : ms
}
