// results.json of the evidence, as it is written and as it is read again: parsed, with limits. It
// names nobody but by ids that say nothing by themselves. Pure.

import { z } from 'zod'
import { endingClasses } from '@wardkey/protocol/retention-classes'
import { evidencePurpose } from '@wardkey/protocol/admin/evidence/evidence'

const text = z.string().max(1000)
const count = z.int().min(0)
const places = z.array(count).max(16)

const checkResult = z.strictObject({
  id: z.string().max(64),
  says: text,
  /** `nothing-seen`: there was nothing that it could be about; for or against. */
  verdict: z.enum(['met', 'not-met', 'nothing-seen']),
  looked: count,
  breaking: count,
  figures: z.record(z.string().max(128), z.int()),
  /** Places in the record; each has its proof in the archive. */
  shows: places,
  breaks: places,
})
export type CheckResult = z.infer<typeof checkResult>

const ruleResult = z.strictObject({
  id: z.string().max(64),
  law: text,
  asks: text,
  verdict: z.enum(['met', 'not-met', 'not-applicable', 'judgement']),
  checks: z.array(checkResult).max(16),
  limits: text,
  left: text.optional(),
  notHere: text.optional(),
})
export type RuleResult = z.infer<typeof ruleResult>

export const evidenceFormat = 'wardkey-evidence-1'

export const evidenceResults = z.strictObject({
  format: z.literal(evidenceFormat),
  /** Whose record it is of. */
  origin: z.string().max(255),
  release: z.string().max(64),
  madeMs: count,
  /** As the record names callers: a person’s id, or a token. */
  by: z.string().max(256),
  purpose: evidencePurpose,
  /** Days of the site’s calendar, both of them in it. */
  period: z.strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    timeZone: z.string().max(64),
    fromMs: count,
    untilMs: count,
    /** The last day was not over when it was made. */
    isOpen: z.boolean(),
  }),
  /** Of the record: how long it was, since when it is, and where it says that this was made. */
  record: z.strictObject({
    size: count,
    firstMs: count,
    factsInPeriod: count,
    madeAt: count,
    /** Of the period, what retention took: checks saw nothing of it. Absent where nothing went. */
    gone: z
      .array(
        z.strictObject({
          class: z.enum(endingClasses),
          ...{ count, firstTakenMs: count, lastTakenMs: count },
        }),
      )
      .max(endingClasses.length)
      .optional(),
  }),
  rules: z.array(ruleResult).max(128),
})
export type EvidenceResults = z.infer<typeof evidenceResults>
