// Power over others that came about in a way that somebody else should look at: a token that one
// person alone made, and HR's word about whoever may have had a hand in it. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'

/** One alert for all of them: it stands until somebody closes it. */
export class TokenMadeAlone implements AlertRule {
  readonly name = 'token-made-alone'

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'ADM-007') return []
    return [sightingOf(this.name, { subject: 'tokens', people: [] }, [fact])]
  }
}

export class FeedNearOwnHand implements AlertRule {
  readonly name = 'feed-near-own-hand'

  take(fact: AlertFact): readonly Sighting[] {
    const { code, person } = fact
    if ((code !== 'PER-010' && code !== 'PER-011') || person === undefined) return []
    return [sightingOf(this.name, { subject: `person ${person}`, people: [person] }, [fact])]
  }
}
