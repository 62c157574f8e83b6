// Every rule of the evidence, in the order of the report. Pure.

import type { Check, EvidenceRule } from '../evidence-rule.ts'
import { administrativeRules } from './administrative-rules.ts'
import { epcsRules } from './epcs-rules.ts'
import { nistRules } from './nist-rules.ts'
import { otherRules } from './other-rules.ts'
import { physicalRules } from './physical-rules.ts'
import { technicalRules } from './technical-rules.ts'

export const allRules: readonly EvidenceRule[] = [
  ...technicalRules,
  ...physicalRules,
  ...administrativeRules,
  ...epcsRules,
  ...nistRules,
  ...otherRules,
]

/** Each check once, however many rules ask for it. */
export const allChecks: readonly Check[] = [
  ...new Map(allRules.flatMap(({ checks }) => checks).map((check) => [check.id, check])).values(),
]

/** What is asked, as it is asked: the same words in the archive and in docs/evidence.md. */
export function queryOf(check: Check): string {
  switch (check.kind) {
    case 'facts':
      return `facts ${check.codes.join(', ')} of the period: ${check.query}`
    case 'tables':
      return check.sql
    default:
      return check.query
  }
}
