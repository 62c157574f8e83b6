// From what was counted to verdicts: met only where every check saw something and nothing that
// breaks it, and nothing is left to a person. Pure.

import type { Check, EvidenceRule, Outcome } from './evidence-rule.ts'
import type { CheckResult, RuleResult } from './results.ts'

/** Nothing where a setting does not say, or what is asked was not there. */
export type Outcomes = ReadonlyMap<Check['id'], Outcome>

const nothing: Outcome = { looked: 0, breaking: 0, figures: {}, shows: [], breaks: [] }

export function judgeRule(rule: EvidenceRule, outcomes: Outcomes): RuleResult {
  const checks = rule.checks.map(({ id, says }) => judged(id, says, outcomes.get(id) ?? nothing))
  const { id, law, asks, limits, left, notHere } = rule
  return {
    ...{ id, law, asks, verdict: verdictOf(rule, checks), checks, limits },
    ...(left === undefined ? {} : { left }),
    ...(notHere === undefined ? {} : { notHere }),
  }
}

function judged(id: string, says: string, outcome: Outcome): CheckResult {
  const { looked, breaking, figures, shows, breaks } = outcome
  const verdict = breaking > 0 ? 'not-met' : looked > 0 ? 'met' : 'nothing-seen'
  return { id, says, verdict, looked, breaking, figures, shows: [...shows], breaks: [...breaks] }
}

function verdictOf(
  { left, notHere }: EvidenceRule,
  checks: readonly CheckResult[],
): RuleResult['verdict'] {
  const hasSeen = checks.some(({ verdict }) => verdict !== 'nothing-seen')
  if (notHere !== undefined && !hasSeen) return 'not-applicable'
  if (checks.some(({ verdict }) => verdict === 'not-met')) return 'not-met'
  const isWhole = checks.length > 0 && checks.every(({ verdict }) => verdict === 'met')
  return isWhole && left === undefined ? 'met' : 'judgement'
}
