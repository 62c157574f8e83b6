// Retention stopped itself, because the time by which facts would go cannot be trusted: somebody
// has to look at the clock, and until two people say so nothing goes. Pure.

import { sightingOf } from '../alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from '../alert-fact.ts'

export class RetentionStopped implements AlertRule {
  readonly name = 'retention-stopped'

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'RET-102') return []
    return [sightingOf(this.name, { subject: 'retention', people: [] }, [fact])]
  }
}
