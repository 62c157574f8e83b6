// Checks that remember through a period who may open nothing: nobody is let in after her access was
// taken, nor with a badge that was reported lost, and screens lock in time. Pure; bounded by
// people.

import type { FactCheck, Outcome, SeenFact } from './evidence-rule.ts'
import { Breaks } from './fact-checks.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** More than any house has people or badges. */
const keptMax = 500_000
const goneStatuses: ReadonlySet<unknown> = new Set(['on-leave', 'suspended', 'terminated'])

function isTaking({ code, fields }: SeenFact): boolean {
  return code === 'PER-003' || (code === 'PER-007' && goneStatuses.has(fields['status']))
}

function isGivingBack({ code, fields }: SeenFact): boolean {
  return code === 'PER-005' || (isWordOfPerson(code) && fields['status'] === 'active')
}

const isWordOfPerson = (code: string): boolean => code === 'PER-002' || code === 'PER-007'

interface Shut {
  readonly id: string
  readonly says: string
  readonly codes: FactCheck['codes']
  readonly query: string
  readonly keyOf: (fact: SeenFact) => string | undefined
  readonly shuts: (fact: SeenFact) => boolean
  readonly opens: (fact: SeenFact) => boolean
}

/** What was shut in the period lets nobody in until it is opened again. */
function shut({ keyOf, shuts, opens, ...named }: Shut): FactCheck {
  return {
    kind: 'facts',
    ...named,
    begin(picks) {
      const shown = picks.draw()
      const broken = new Breaks()
      const closed = new Set<string>()
      let looked = 0
      return {
        take(fact) {
          const key = keyOf(fact)
          if (key === undefined) return
          if (fact.code === 'TAP-001') {
            if (closed.has(key)) broken.add(fact.index)
          } else if (shuts(fact)) {
            looked += 1
            shown.offer(fact.index)
            if (closed.size < keptMax) closed.add(key)
          } else if (opens(fact)) closed.delete(key)
        },
        end: () => ({
          ...{ looked, breaking: broken.count, figures: {} },
          ...{ shows: shown.picked, breaks: broken.first },
        }),
      }
    },
  }
}

export const nobodyAfterRevocation = shut({
  id: 'nobody-after-revocation',
  says: 'Nobody was let in after her access was taken away, until it was given back.',
  codes: ['PER-002', 'PER-003', 'PER-005', 'PER-007', 'TAP-001'],
  query:
    'each PER-003, and PER-007 to on-leave, suspended or terminated; breaks it: a TAP-001 of the ' +
    'same person before PER-005, or PER-002 or PER-007 to active',
  keyOf: ({ person }) => person,
  shuts: isTaking,
  opens: isGivingBack,
})

export const lostBadgesOpenNothing = shut({
  id: 'lost-badges-open-nothing',
  says: 'No badge that was reported lost let anybody in, until it was found.',
  codes: ['BDG-002', 'BDG-003', 'TAP-001'],
  query: 'each BDG-002 to lost; breaks it: a TAP-001 with the same badge before its BDG-003',
  keyOf: ({ badge }) => badge,
  shuts: ({ code, fields }) => code === 'BDG-002' && fields['status'] === 'lost',
  opens: ({ code }) => code === 'BDG-003',
})

const limitMs = minuteMs

/** How long it took until the last of her screens was locked or ended, within the hour. */
export const locksWithinAMinute: FactCheck = {
  kind: 'facts',
  id: 'locks-within-a-minute',
  says: 'Of people whose access was taken, 95 of 100 had their last screen locked within a minute.',
  codes: ['PER-002', 'PER-003', 'PER-005', 'PER-007', 'SES-003', 'SES-004', 'SES-008'],
  query:
    'each PER-003, and PER-007 to on-leave, suspended or terminated, with a SES-003, SES-004 or ' +
    'SES-008 of the same person within the hour; breaks it: the last of them came later than 60 ' +
    'seconds, where that is so of more than 5 in 100',
  begin(picks) {
    const shown = picks.draw()
    const open = new Map<string, { readonly fact: SeenFact; lastMs: number | undefined }>()
    const took: Took[] = []
    const over = (person: string): void => {
      const taken = open.get(person)
      open.delete(person)
      if (taken?.lastMs === undefined || took.length >= keptMax) return
      took.push({ index: taken.fact.index, ms: taken.lastMs - taken.fact.recordedMs })
      shown.offer(taken.fact.index)
    }
    return {
      take(fact) {
        const { person } = fact
        if (person === undefined) return
        if (isTaking(fact) || isGivingBack(fact)) over(person)
        if (isTaking(fact) && open.size < keptMax) open.set(person, { fact, lastMs: undefined })
        const taken = open.get(person)
        if (!taken || !fact.code.startsWith('SES-')) return
        if (fact.recordedMs - taken.fact.recordedMs > hourMs) over(person)
        else taken.lastMs = Math.max(taken.lastMs ?? 0, lockedMs(fact, taken.fact))
      },
      end() {
        for (const person of [...open.keys()]) over(person)
        return slowest(took, shown.picked)
      },
    }
  },
}

interface Took {
  readonly index: number
  readonly ms: number
}

/** When the screen says that it locked, never before it was told. */
function lockedMs({ fields, recordedMs }: SeenFact, taken: SeenFact): number {
  const { lockedMs: said } = fields
  return typeof said === 'number'
    ? Math.max(taken.recordedMs, Math.min(said, recordedMs))
    : recordedMs
}

function slowest(took: readonly Took[], shows: readonly number[]): Outcome {
  const sorted = [...took].sort((a, b) => a.ms - b.ms)
  const p95 = sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)]
  const broken = new Breaks()
  const late = took.filter(({ ms }) => ms > limitMs)
  if (p95 && p95.ms > limitMs) for (const { index } of late) broken.add(index)
  const measures = p95 ? { 'p95 ms': p95.ms, 'longest ms': sorted.at(-1)?.ms ?? 0 } : {}
  const figures = { ...measures, ...(late.length === 0 ? {} : { late: late.length }) }
  return { looked: took.length, breaking: broken.count, figures, shows, breaks: broken.first }
}
