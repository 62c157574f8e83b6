// A roll-out paused by itself: more workstations failed or went back than its ring allows. Pure.

import { sightingOf } from '../alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from '../alert-fact.ts'

export class RolloutPaused implements AlertRule {
  readonly name = 'rollout-paused'

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'UPD-104') return []
    const subject = `rollout ${String(fact.fields['rollout'])}`
    return [sightingOf(this.name, { subject, people: [] }, [fact])]
  }
}
