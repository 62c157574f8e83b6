// A set of policies asked about the taps of the record, as they were seen then: who would have been
// refused, asked for more, or let in. Reads a page at a time, keeps counts, and changes nothing.

import { setImmediate as turn } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { ReplayShown } from '@wardkey/protocol/admin/why'
import { parseQuestion } from '../policy/cedar/policy-question.ts'
import type { PolicySet } from '../policy/cedar/policy-set.ts'
import { openedByBadgeAlone, wordsOf } from '../policy/rule-words.ts'
import type { Schema } from '../store/schema.ts'
import { factsSince, parseTapFact } from './tap-facts.ts'
import type { TapFact } from './tap-facts.ts'

const rowsMax = 3_000_000
/** A question may cost milliseconds: after so many, whoever taps meanwhile has a turn. */
const askedAtOnce = 20
const examplesMax = 200
const examplesEach = 5
/** Lines of the answer; more different ones than this are not a proposal but a mistake. */
const linesMax = 2000

type Kind = ReplayShown['byRule'][number]['kind']

interface Otherwise {
  readonly kind: Kind
  readonly rule: string
  readonly code?: string
}

interface Line extends Otherwise {
  readonly zoneId: string
  taps: number
  readonly people: Set<string>
}

/** `isLate` is asked now and then: what was counted until then is the answer, and is cut. */
export async function replayPolicy(
  policies: PolicySet,
  span: { readonly fromMs: number; readonly untilMs: number },
  db: Kysely<Schema>,
  isLate: () => boolean = () => false,
): Promise<ReplayShown> {
  const lines = new Map<string, Line>()
  const examples: ReplayShown['examples'] = []
  const seen = { rows: 0, taps: 0, otherwise: 0 }
  const walk = async (): Promise<boolean> => {
    for await (const rows of factsSince(db, span.fromMs, rowsMax)) {
      if (isLate()) return true
      seen.rows += rows.length
      for (const row of rows) {
        if (!row.code.startsWith('TAP-')) continue
        const fact = parseTapFact(row)
        const before = beforeOf(fact)
        if (!before || fact.atMs < span.fromMs || fact.atMs > span.untilMs) continue
        if (seen.taps % askedAtOnce === askedAtOnce - 1) {
          await turn()
          if (isLate()) return true
        }
        seen.taps += 1
        const otherwise = compare(before, fact, policies)
        if (!otherwise) continue
        seen.otherwise += 1
        note(lines, examples, otherwise, fact)
      }
    }
    return seen.rows >= rowsMax
  }
  const isCut = await walk()
  const byRule = [...lines.values()]
    .map(({ people, ...line }) => ({ ...line, people: people.size }))
    .sort((a, b) => b.taps - a.taps || (a.rule < b.rule ? -1 : 1))
  const { taps, otherwise } = seen
  return { ...span, taps, otherwise, isCut, byRule, examples }
}

type Before = 'refused' | 'by-badge-alone' | 'asked' | 'asked-by-policy'

/** Nothing for what policies did not decide, or that was counted with the question before it. */
function beforeOf({ code, rule = '', fields, tap, person }: TapFact): Before | undefined {
  if (fields.saw === undefined || tap === undefined || person === undefined) return undefined
  if (code === 'TAP-001') return openedByBadgeAlone.has(rule) ? 'by-badge-alone' : undefined
  if (code === 'TAP-002') return wordsOf(rule) === undefined ? 'asked-by-policy' : 'asked'
  // Somebody who is gone, or a PIN that is locked, is refused by no policy.
  return code === 'TAP-101' && rule === fields.policy ? 'refused' : undefined
}

function compare(before: Before, fact: TapFact, policies: PolicySet): Otherwise | undefined {
  const question = parseQuestion(fact.fields.saw ?? '')
  const { use, badgeAlone } = policies.ask(question, fact.person ?? '')
  if (use.kind === 'forbid') {
    const { rule, code } = use
    return before === 'refused' ? undefined : { kind: 'refused', rule, code }
  }
  if (before === 'refused') return { kind: 'let-in', rule: use.rule }
  if (before === 'by-badge-alone' && badgeAlone.kind === 'forbid') {
    return { kind: 'asked', rule: badgeAlone.rule }
  }
  const isLess = before === 'asked-by-policy' && badgeAlone.kind === 'permit'
  return isLess ? { kind: 'asked-less', rule: badgeAlone.rule } : undefined
}

function note(
  lines: Map<string, Line>,
  examples: ReplayShown['examples'],
  otherwise: Otherwise,
  { person = '', zone = '', tap = '', atMs }: TapFact,
): void {
  const { kind, rule } = otherwise
  const key = `${kind} ${rule} ${zone}`
  const line = lines.get(key) ?? { ...otherwise, zoneId: zone, taps: 0, people: new Set<string>() }
  if (!lines.has(key) && lines.size >= linesMax) return
  lines.set(key, line)
  line.taps += 1
  line.people.add(person)
  if (line.taps > examplesEach || examples.length >= examplesMax) return
  examples.push({ kind, rule, tapId: tap, atMs, personId: person, zoneId: zone })
}
