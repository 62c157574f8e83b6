// Two badges take turns at one workstation, each within moments of the other: as if one hand held
// both, or two people worked in whichever chart is open. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

type Limits = Pick<AlertLimits, 'swaps' | 'swapMs'>

export class BadgeSharing implements AlertRule {
  readonly name = 'badge-sharing'
  readonly #limits: Limits
  /** By workstation: the taps since the two began to take turns. */
  readonly #runs = new KeptByKey<readonly AlertFact[]>(keysMax)

  constructor(limits: Limits) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    const { code, person, workstation, zone } = fact
    if (code !== 'TAP-001' || person === undefined || workstation === undefined) return []
    const run = this.#continued(this.#runs.get(workstation) ?? [], fact)
    if (run.length <= this.#limits.swaps) {
      this.#runs.set(workstation, run)
      return []
    }
    this.#runs.set(workstation, [fact])
    const people = [...new Set(run.map((one) => one.person ?? ''))].sort()
    const subject = `people ${people.join(' ')}`
    return [sightingOf(this.name, { subject, people, workstation, zone }, run)]
  }

  #continued(run: readonly AlertFact[], fact: AlertFact): readonly AlertFact[] {
    const last = run.at(-1)
    if (!last || Math.abs(fact.atMs - last.atMs) > this.#limits.swapMs) return [fact]
    // Her own screen again is no turn.
    if (last.person === fact.person) return [...run.slice(0, -1), fact]
    const isSamePair = run.length < 2 || run.at(-2)?.person === fact.person
    return isSamePair ? [...run, fact] : [last, fact]
  }
}
