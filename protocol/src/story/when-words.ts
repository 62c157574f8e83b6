// How the story of something begins that happened without the broker. Pure.

import type { FactView } from './fact-view.ts'

/** Of an offline fact: `atMs` of its fields is the workstation's own time, the fact's the merge's. */
export function whenWords(fact: FactView): string {
  const atMs = fact.number('atMs') ?? fact.number('endedMs') ?? 0
  return `Without the broker, at ${fact.times.time(atMs)}:`
}
