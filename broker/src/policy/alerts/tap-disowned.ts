// Somebody said that a tap was not hers, or that another has her badge. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'

export class TapDisowned implements AlertRule {
  readonly name = 'tap-disowned'

  take(fact: AlertFact): readonly Sighting[] {
    const { code, person, workstation, zone, badge, fields } = fact
    if (code !== 'BDG-008' || person === undefined) return []
    const about = { subject: `person ${person}`, people: [person], workstation, zone, badge }
    return [sightingOf(this.name, about, [...disowned(fields), fact])]
  }
}

/** The line that she chose, and the tap that it came of: those are what is to be looked at. */
function disowned({ tap, line, tapMs }: AlertFact['fields']) {
  if (typeof tapMs !== 'number') return []
  const places = [tap, line].filter((index) => typeof index === 'number')
  return places.map((index) => ({ index, atMs: tapMs }))
}
