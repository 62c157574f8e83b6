// Hands each fact of a period to the checks that ask for its code. It keeps counts and a few
// places, never facts. Pure.

import type { Check, FactCheck, Outcome, Period, Picks, Run, SeenFact } from './evidence-rule.ts'

export class Tally {
  readonly #runs: readonly { readonly id: string; readonly run: Run }[]
  readonly #byCode = new Map<string, Run[]>()

  constructor(checks: readonly Check[], picks: Picks) {
    const ofFacts = checks.filter((check): check is FactCheck => check.kind === 'facts')
    this.#runs = ofFacts.map((check) => {
      const run = check.begin(picks)
      for (const code of check.codes) {
        this.#byCode.set(code, [...(this.#byCode.get(code) ?? []), run])
      }
      return { id: check.id, run }
    })
  }

  /** Of what nobody asks for needs not be read. */
  asksFor(code: string): boolean {
    return this.#byCode.has(code)
  }

  take(fact: SeenFact): void {
    for (const run of this.#byCode.get(fact.code) ?? []) run.take(fact)
  }

  end(period: Period): readonly (readonly [Check['id'], Outcome])[] {
    return this.#runs.map(({ id, run }) => [id, run.end(period)])
  }
}
