// One person gives signs of being in two zones within less time than the way takes. Zones that the
// settings call near are one place. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

type Limits = Pick<AlertLimits, 'twoPlacesMs' | 'nearZones'>

interface Sign {
  readonly index: number
  readonly atMs: number
  readonly workstation: string
  readonly zone: string
}

/** What a cut-off workstation tells late still meets what was seen then. */
const signsMax = 16
const evidence = new Set<unknown>(['tap', 'card-in-place', 'input'])

export class TwoPlaces implements AlertRule {
  readonly name = 'two-places'
  readonly #limits: Limits
  readonly #near: ReadonlySet<string>
  readonly #zones = new KeptByKey<string>(keysMax)
  readonly #signs = new KeptByKey<readonly Sign[]>(keysMax)

  constructor(limits: Limits) {
    this.#limits = limits
    this.#near = new Set(
      limits.nearZones.map((pair) =>
        pair
          .split('+')
          .map((zone) => zone.trim())
          .sort()
          .join('+'),
      ),
    )
  }

  take(fact: AlertFact): readonly Sighting[] {
    const { person, workstation } = fact
    if (workstation === undefined) return []
    if (fact.zone !== undefined) this.#zones.set(workstation, fact.zone)
    const zone = fact.zone ?? this.#zones.get(workstation)
    if (person === undefined || zone === undefined || !isSign(fact)) return []
    const sign: Sign = { index: fact.index, atMs: fact.atMs, workstation, zone }
    const before = this.#signs.get(person) ?? []
    const other = before.find((one) => this.#isElsewhere(one, sign))
    // What was told of is not told of again.
    this.#signs.set(person, other ? [] : [...before, sign].slice(-signsMax))
    if (!other) return []
    const subject = `person ${person}`
    return [sightingOf(this.name, { subject, people: [person], workstation, zone }, [other, sign])]
  }

  #isElsewhere(one: Sign, other: Sign): boolean {
    if (one.zone === other.zone || one.workstation === other.workstation) return false
    if (this.#near.has([one.zone, other.zone].sort().join('+'))) return false
    return Math.abs(one.atMs - other.atMs) < this.#limits.twoPlacesMs
  }
}

function isSign({ code, fields }: AlertFact): boolean {
  if (code === 'TAP-001' || code === 'BTG-002') return true
  if (code === 'OFF-002') return fields['outcome'] === 'admitted' && fields['isBelieved'] !== false
  return code === 'PRE-001' && evidence.has(fields['evidence'])
}
