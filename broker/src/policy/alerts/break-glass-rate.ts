// One person, or one zone, has emergency access more often than is usual. Each access has its
// review all the same. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

type Limits = Pick<
  AlertLimits,
  'emergencies' | 'emergenciesMs' | 'zoneEmergencies' | 'zoneEmergenciesMs'
>

export class BreakGlassRate implements AlertRule {
  readonly name = 'break-glass-rate'
  readonly #limits: Limits
  readonly #seen = new KeptByKey<readonly AlertFact[]>(keysMax)

  constructor(limits: Limits) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'BTG-002') return []
    const { person, zone } = fact
    const { emergencies, emergenciesMs, zoneEmergencies, zoneEmergenciesMs } = this.#limits
    const hers = person === undefined ? [] : this.#count(`person ${person}`, fact, emergenciesMs)
    const here = zone === undefined ? [] : this.#count(`zone ${zone}`, fact, zoneEmergenciesMs)
    return [
      ...(hers.length >= emergencies ? [this.#sight(`person ${person ?? ''}`, hers)] : []),
      ...(here.length >= zoneEmergencies ? [this.#sight(`zone ${zone ?? ''}`, here)] : []),
    ]
  }

  #count(key: string, fact: AlertFact, windowMs: number): readonly AlertFact[] {
    const before = this.#seen.get(key) ?? []
    const seen = [...before.filter(({ atMs }) => fact.atMs - atMs <= windowMs), fact]
    this.#seen.set(key, seen)
    return seen
  }

  #sight(subject: string, seen: readonly AlertFact[]): Sighting {
    this.#seen.delete(subject)
    const people = [...new Set(seen.flatMap(({ person }) => person ?? []))]
    const { zone } = seen.at(-1) ?? {}
    return sightingOf(this.name, { subject, people, zone }, seen)
  }
}
