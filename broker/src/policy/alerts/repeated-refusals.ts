// One person is refused again and again, by badge or by PIN, or one workstation is shown cards that
// nobody knows. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

type Limits = Pick<AlertLimits, 'refusals' | 'unknownCards' | 'refusalsMs'>

export class RepeatedRefusals implements AlertRule {
  readonly name = 'repeated-refusals'
  readonly #limits: Limits
  readonly #seen = new KeptByKey<readonly AlertFact[]>(keysMax)

  constructor(limits: Limits) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'TAP-101' && fact.code !== 'PIN-101') return []
    const { person, workstation, zone } = fact
    const { refusals, unknownCards, refusalsMs } = this.#limits
    const subject = person === undefined ? `workstation ${workstation ?? ''}` : `person ${person}`
    const before = this.#seen.get(subject) ?? []
    const seen = [...before.filter(({ atMs }) => fact.atMs - atMs <= refusalsMs), fact]
    if (seen.length < (person === undefined ? unknownCards : refusals)) {
      this.#seen.set(subject, seen)
      return []
    }
    this.#seen.delete(subject)
    const people = person === undefined ? [] : [person]
    return [sightingOf(this.name, { subject, people, workstation, zone }, seen)]
  }
}
