// Times and lengths as people say them, in the words of whose browser it is.

import type { FactView } from './fact-view.ts'

export function timeWords(ms: number): string {
  return new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

/** Of an offline fact: `atMs` of its fields is the workstation's own time, the fact's the merge's. */
export function whenWords(fact: FactView): string {
  const atMs = fact.number('atMs') ?? fact.number('endedMs') ?? 0
  return `Without the broker, at ${timeWords(atMs)}${clockWords(fact)}:`
}

/** A clock that was not the broker's when its workstation came back: what it says is its own. */
function clockWords(fact: FactView): string {
  const aheadMs = fact.number('clockAheadMs')
  if (aheadMs === undefined) return fact.is('isAhead') ? ' by its own clock, which was ahead' : ''
  const way = aheadMs > 0 ? 'ahead' : 'behind'
  const much = lengthWords(Math.abs(aheadMs))
  return ` by its own clock, which was ${much} ${way} when it came back`
}

export function dayWords(ms: number): string {
  return new Date(ms).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' })
}

/** “0.4 s”, “12 s”, “3 min”, “2 h”. */
export function lengthWords(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${String(Math.round(seconds))} s`
  if (seconds < 7200) return `${String(Math.round(seconds / 60))} min`
  return `${String(Math.round(seconds / 3600))} h`
}
