// Checks over the facts of a period: that each of a kind is as it must be, that something is in the
// record at all, and that one thing follows another in time. Pure; bounded, whatever the record
// holds.

import type { FactCode } from '@wardkey/protocol/fact-codes'
import type { FactCheck, Outcome, SeenFact } from './evidence-rule.ts'

/** Places of facts that break a check, from the first on. */
const breaksMax = 5
/** Parts of a count: what is beyond is `other`. */
const figuresMax = 16
/** What waits for something to follow: more of one kind are not open in any house. */
const openMax = 100_000

export class Breaks {
  count = 0
  readonly first: number[] = []

  add(index: number): void {
    this.count += 1
    if (this.first.length < breaksMax) this.first.push(index)
  }
}

export class Figures {
  readonly #counts = new Map<string, number>()

  count(name: string): void {
    const isRoom = this.#counts.has(name) || this.#counts.size < figuresMax
    const key = isRoom ? name : 'other'
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  get counts(): Outcome['figures'] {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}

interface Every {
  readonly id: string
  readonly says: string
  readonly codes: readonly FactCode[]
  /** Which of those codes are meant, and its words. */
  readonly where?: readonly [words: string, (fact: SeenFact) => boolean]
  /** What breaks it, and its words. */
  readonly breaks: readonly [words: string, (fact: SeenFact) => boolean]
  /** Counted apart by this. */
  readonly by?: (fact: SeenFact) => string
}

/** Each fact of these codes is as it must be. */
export function every({ id, says, codes, where, breaks, by }: Every): FactCheck {
  const [breaksWords, isBreaking] = breaks
  return {
    kind: 'facts',
    ...{ id, says, codes },
    query: `${where === undefined ? '' : `${where[0]}; `}breaks it: ${breaksWords}`,
    begin(picks) {
      const shown = picks.draw()
      const broken = new Breaks()
      const figures = new Figures()
      let looked = 0
      return {
        take(fact) {
          if (where?.[1](fact) === false) return
          looked += 1
          figures.count(by?.(fact) ?? fact.code)
          if (isBreaking(fact)) broken.add(fact.index)
          else shown.offer(fact.index)
        },
        end: () => ({
          ...{ looked, breaking: broken.count, figures: figures.counts },
          ...{ shows: shown.picked, breaks: broken.first },
        }),
      }
    },
  }
}

/** Such facts are in the record: how many, and some of them. */
export function recorded(check: Omit<Every, 'breaks'>): FactCheck {
  return every({ ...check, breaks: ['nothing: they are counted', () => false] })
}

interface Followed {
  readonly id: string
  readonly says: string
  readonly opens: FactCode
  readonly closes: FactCode
  /** The field that both name. */
  readonly key: string
  readonly withinMs: number
}

/** What is opened is followed in time; what was opened too late in the period is not judged. */
export function followed({ id, says, opens, closes, key, withinMs }: Followed): FactCheck {
  const within = `${String(withinMs / 1000)} seconds`
  return {
    kind: 'facts',
    ...{ id, says, codes: [opens, closes] },
    query: `each ${opens}; breaks it: no ${closes} of the same ${key} within ${within}`,
    begin(picks) {
      const shown = picks.draw()
      const broken = new Breaks()
      const open = new Map<string, SeenFact>()
      let looked = 0
      const missed = ({ index }: SeenFact): void => {
        looked += 1
        broken.add(index)
      }
      const give = (beforeMs: number): void => {
        for (const [name, fact] of open) {
          if (fact.recordedMs + withinMs >= beforeMs && open.size <= openMax) return
          open.delete(name)
          missed(fact)
        }
      }
      return {
        take(fact) {
          give(fact.recordedMs)
          const name = String(fact.fields[key] ?? '')
          if (fact.code === opens) {
            // One that names nothing can be followed by nothing.
            if (name === '') missed(fact)
            else open.set(name, fact)
            return
          }
          const opened = open.get(name)
          if (!opened) return
          open.delete(name)
          looked += 1
          shown.offer(opened.index)
        },
        end({ untilMs }) {
          give(untilMs)
          const figures = open.size === 0 ? {} : { 'too late to judge': open.size }
          const counts = { looked, breaking: broken.count, figures }
          return { ...counts, shows: shown.picked, breaks: broken.first }
        },
      }
    },
  }
}
