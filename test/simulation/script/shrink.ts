// The shortest script that still fails, as far as the time allows: first only what happened shortly
// before the failure, then ever smaller pieces left out (Zeller's delta debugging).

import type { Act, Script } from './act.ts'

export interface ShrinkLimits {
  readonly withinMs: number
  /** When it failed, in the script's own time. */
  readonly failedMs: number
}

/** What led to a failure is seldom older than this, or than that. */
const recentMs = [2, 10, 45].map((minutes) => minutes * 60_000)

export async function shrink(
  script: Script,
  isFailing: (shorter: Script) => Promise<boolean>,
  { withinMs, failedMs }: ShrinkLimits,
): Promise<Script> {
  const untilMs = performance.now() + withinMs
  // What came later can have had no part in it.
  let acts: readonly Act[] = script.filter(({ atMs }) => atMs <= failedMs)
  for (const ms of recentMs) {
    const recent = acts.filter(({ atMs }) => atMs >= failedMs - ms)
    if (recent.length === acts.length || performance.now() >= untilMs) break
    if (!(await isFailing(recent))) continue
    acts = recent
    break
  }
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
