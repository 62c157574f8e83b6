// One badge is at two readers at once, or is shown although it was reported lost. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

/** A tap, whatever was answered. */
const taps: ReadonlySet<string> = new Set(['TAP-001', 'TAP-002', 'TAP-101'])

export class CloneSuspicion implements AlertRule {
  readonly name = 'clone-suspicion'
  readonly #limits: Pick<AlertLimits, 'cloneMs'>
  readonly #last = new KeptByKey<AlertFact>(keysMax)

  constructor(limits: Pick<AlertLimits, 'cloneMs'>) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    const { code, badge, workstation } = fact
    if (!taps.has(code) || badge === undefined || workstation === undefined) return []
    const last = this.#last.get(badge)
    this.#last.set(badge, fact)
    const isElsewhere =
      last !== undefined &&
      last.workstation !== workstation &&
      Math.abs(fact.atMs - last.atMs) < this.#limits.cloneMs
    if (isElsewhere) return [this.#sighting([last, fact])]
    const isLost = code === 'TAP-101' && fact.badgeStatus === 'lost'
    return isLost ? [this.#sighting([fact])] : []
  }

  #sighting(seen: readonly [AlertFact, ...AlertFact[]]): Sighting {
    const { badge, person, workstation, zone } = seen.at(-1) ?? seen[0]
    const people = person === undefined ? [] : [person]
    const about = { subject: `badge ${badge ?? ''}`, people, badge, workstation, zone }
    return sightingOf(this.name, about, seen)
  }
}
