// Times as people read them, in one zone or in UTC. Pure: what time it is, it is told.

export type ZoneChoice = 'local' | 'utc'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats are dear to make: one for each way of writing, kept. */
function format(zone: string | undefined, options: Intl.DateTimeFormatOptions) {
  const key = `${zone ?? ''} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    ...options,
    ...(zone === undefined ? {} : { timeZone: zone }),
    hourCycle: 'h23',
  })
  formats.set(key, made)
  return made
}

const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
const day = { day: 'numeric', month: 'short', year: 'numeric' } as const

/** `14:02:11`; `zone` is an IANA name, the viewer's own where there is none. */
export const clockText = (ms: number, zone?: string): string => format(zone, clock).format(ms)

/** `14:02`. */
export const minuteText = (ms: number, zone?: string): string =>
  format(zone, { hour: '2-digit', minute: '2-digit' }).format(ms)

/** `26 Nov 2026`. */
export const dayText = (ms: number, zone?: string): string => format(zone, day).format(ms)

/** `26 Nov 2026, 14:02:11`. */
export const stampText = (ms: number, zone?: string): string =>
  `${dayText(ms, zone)}, ${clockText(ms, zone)}`

/** In UTC to the second, as the record has it: what two people in two zones can compare. */
export const utcText = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** `2 d 3 h`, `3 h 5 min`, `4 min 10 s`, `12 s`: the two largest parts, the second one if any. */
export function lengthText(ms: number): string {
  const parts: [number, string][] = [
    [Math.floor(ms / dayMs), 'd'],
    [Math.floor((ms % dayMs) / hourMs), 'h'],
    [Math.floor((ms % hourMs) / minuteMs), 'min'],
    [Math.floor((ms % minuteMs) / 1000), 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return ms > 0 ? 'less than 1 s' : '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)} ${unit}`)
    .join(' ')
}

/** `just now`, `4 min ago`, `in 2 h`: the largest part only, for what need not be exact. */
export function distanceText(ms: number, nowMs: number): string {
  const away = Math.abs(nowMs - ms)
  if (away < 5000) return 'just now'
  const [text = ''] = /^(?:\S+ )?\S+/.exec(lengthText(away)) ?? []
  return ms <= nowMs ? `${text} ago` : `in ${text}`
}
