// What the law keeps for six years, as far as the record has it: counted while it is read, and what
// retention took of it. It reads nothing by itself. Pure.

import { retentionClassOf } from '@wardkey/protocol/retention-classes'
import type { Outcome } from '../../audit/evidence/evidence-rule.ts'
import { toldFact } from '../timeline/told-fact.ts'
import type { GoneCounted } from './count-gone.ts'

/** 45 CFR 164.316(b)(2)(i), leap days among them. */
const keptMs = 2192 * 86_400_000
/** As many as a check names of what breaks it. */
const breaksMax = 5

type Row = Parameters<typeof toldFact>[0]

export class SixYears {
  readonly #fromMs: number
  #looked = 0
  readonly #purgeAt = new Map<number, number>()

  constructor(nowMs: number) {
    this.#fromMs = nowMs - keptMs
  }

  readonly isKept = (code: string, atMs: number): boolean => {
    const name = retentionClassOf(code)
    return atMs >= this.#fromMs && (name === 'access' || name === 'administration')
  }

  take(row: Row): void {
    if (this.isKept(row.code, row.at_ms)) this.#looked += 1
    if (row.code !== 'RET-004') return
    const { purge } = toldFact(row).fields
    if (typeof purge === 'number') this.#purgeAt.set(purge, row.idx)
  }

  /** What is gone has no proof any more; the purge that took it has. */
  end({ early, earlyBy }: Pick<GoneCounted, 'early' | 'earlyBy'>): Outcome {
    const breaking = [...early.values()].reduce((sum, count) => sum + count, 0)
    const figures = [...early].map(([name, count]) => [`gone of ${name}`, count] as const)
    const breaks = earlyBy.flatMap((purge) => this.#purgeAt.get(purge) ?? []).slice(0, breaksMax)
    const looked = this.#looked + breaking
    return { looked, breaking, figures: Object.fromEntries(figures), shows: [], breaks }
  }
}
