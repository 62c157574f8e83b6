// Times and lengths as people say them, in the words of whose browser it is. A reader who has
// chosen another zone brings times of her own.

export interface Times {
  /** “14:02”. */
  readonly time: (ms: number) => string
  /** “Tuesday, 24 November”. */
  readonly day: (ms: number) => string
}

export function timeWords(ms: number): string {
  return new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

export function dayWords(ms: number): string {
  return new Date(ms).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' })
}

export const localTimes: Times = { time: timeWords, day: dayWords }

/** “0.4 s”, “12 s”, “3 min”, “2 h”. */
export function lengthWords(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${String(Math.round(seconds))} s`
  if (seconds < 7200) return `${String(Math.round(seconds / 60))} min`
  return `${String(Math.round(seconds / 3600))} h`
}
