// Somebody opens a workstation while HR's hours say that she is off, and neither before nor after
// it was she at work: who comes early or stays late is no alert. Pure.

import { sightingOf } from './alert-fact.ts'
import type { AlertFact, AlertRule, Sighting } from './alert-fact.ts'
import type { AlertLimits } from './alert-limits.ts'
import { KeptByKey, keysMax } from './kept-by-key.ts'

const waitingMax = 10_000

export class OffShiftUse implements AlertRule {
  readonly name = 'off-shift-use'
  readonly #limits: Pick<AlertLimits, 'offShiftMarginMs'>
  /** When each was last at work. */
  readonly #atWork = new KeptByKey<number>(keysMax)
  /** Uses off shift, until it is known whether she was at work soon after. */
  #waiting: AlertFact[] = []

  constructor(limits: Pick<AlertLimits, 'offShiftMarginMs'>) {
    this.#limits = limits
  }

  take(fact: AlertFact): readonly Sighting[] {
    if (fact.code !== 'TAP-001' || fact.person === undefined) return []
    const shift = shiftOf(fact)
    if (shift === 'on' || shift === 'on-call') this.#atWork.set(fact.person, fact.atMs)
    if (shift === 'off' && !this.#isExplained(fact)) this.#waiting.push(fact)
    // Of very many the oldest are not waited for: it is said of each that is left.
    if (this.#waiting.length > waitingMax) this.#waiting.shift()
    return []
  }

  pass(nowMs: number): readonly Sighting[] {
    const { offShiftMarginMs } = this.#limits
    const due = this.#waiting.filter(({ atMs }) => nowMs - atMs > offShiftMarginMs)
    if (due.length === 0) return []
    this.#waiting = this.#waiting.filter(({ atMs }) => nowMs - atMs <= offShiftMarginMs)
    const unexplained = due.filter((fact) => !this.#isExplained(fact))
    return [...new Set(unexplained.map(({ person = '' }) => person))].map((person) => {
      const facts = unexplained.filter((fact) => fact.person === person)
      const { workstation, zone } = facts[0] ?? {}
      const about = { subject: `person ${person}`, people: [person], workstation, zone }
      return sightingOf(this.name, about, facts)
    })
  }

  #isExplained({ person, atMs }: AlertFact): boolean {
    const workMs = this.#atWork.get(person ?? '')
    return workMs !== undefined && workMs >= atMs - this.#limits.offShiftMarginMs
  }
}

/** As the policies saw it; nothing where nobody has said when she works. */
function shiftOf({ fields }: AlertFact): string | undefined {
  const saw = fields['saw']
  if (typeof saw !== 'string') return undefined
  const [, shift] = /"shift":"([a-z-]+)"/.exec(saw) ?? []
  return shift
}
