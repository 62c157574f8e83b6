// How the story of something begins that happened without the broker. Pure.

import type { FactView } from './fact-view.ts'
import { lengthWords } from './time-words.ts'

/** Of an offline fact: `atMs` of its fields is the workstation's own time, the fact's the merge's. */
export function whenWords(fact: FactView): string {
  const atMs = fact.number('atMs') ?? fact.number('endedMs') ?? 0
  return `Without the broker, at ${fact.times.time(atMs)}${clockWords(fact)}:`
}

/** A clock that was not the broker's when its workstation came back: what it says is its own. */
function clockWords(fact: FactView): string {
  const aheadMs = fact.number('clockAheadMs')
  if (aheadMs === undefined) return fact.is('isAhead') ? ' by its own clock, which was ahead' : ''
  const way = aheadMs > 0 ? 'ahead' : 'behind'
  const much = lengthWords(Math.abs(aheadMs))
  return ` by its own clock, which was ${much} ${way} when it came back`
}
