// A chart asked somebody for signatures so often in vain that asking rests for her. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'

export class AskedInVain implements AlertRule {
  readonly name = 'asked-in-vain'

  take(fact: AlertFact): readonly Sighting[] {
    const { code, person, workstation } = fact
    if (code !== 'SIG-102' || person === undefined) return []
    const about = { subject: `person ${person}`, people: [person], workstation }
    return [sightingOf(this.name, about, [fact])]
  }
}
