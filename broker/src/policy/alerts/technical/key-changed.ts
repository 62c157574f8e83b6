// Keys that somebody should look at: one was changed by hand, or as known to others; and the
// certificate of the workstation authority is near its end. Pure.

import { sightingOf } from '../alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from '../alert-fact.ts'

const keyOf: Readonly<Record<string, string>> = {
  'KEY-002': 'master',
  'KEY-003': 'record',
  'KEY-004': 'sign-in',
  'KEY-006': 'authority',
  'KEY-007': 'authority',
}

/** What the period brings about is left alone: nobody did it. */
export class KeyChanged implements AlertRule {
  readonly name = 'key-changed'

  take(fact: AlertFact): readonly Sighting[] {
    const { code, fields } = fact
    const key = keyOf[code]
    const isByItself = fields['by'] === 'period' && fields['reason'] === 'scheduled'
    if (key === undefined || isByItself) return []
    return [sightingOf(this.name, { subject: `key ${key}`, people: [] }, [fact])]
  }
}

/** As often as the record says it: the nearer, the more often. */
export class AuthorityEnds implements AlertRule {
  readonly name = 'authority-ends'

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'KEY-005') return []
    return [sightingOf(this.name, { subject: 'key authority', people: [] }, [fact])]
  }
}
