// The shortest script that still fails, as far as the time allows: first only what happened before
// the end, then ever smaller pieces left out (Zeller's delta debugging).

import type { Act, Script } from './act.ts'

export async function shrink(
  script: Script,
  isFailing: (shorter: Script) => Promise<boolean>,
  withinMs: number,
): Promise<Script> {
  const untilMs = performance.now() + withinMs
  let acts: readonly Act[] = script
  let pieces = 2
  while (acts.length > 1 && performance.now() < untilMs) {
    const size = Math.ceil(acts.length / pieces)
    let isShorter = false
    for (let from = 0; from < acts.length && performance.now() < untilMs; from += size) {
      const without = [...acts.slice(0, from), ...acts.slice(from + size)]
      if (!(await isFailing(without))) continue
      acts = without
      pieces = Math.max(2, pieces - 1)
      isShorter = true
      break
    }
    if (isShorter) continue
    if (size === 1) break
    pieces = Math.min(acts.length, pieces * 2)
  }
  return acts
}
