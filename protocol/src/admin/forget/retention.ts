// How long facts are kept, as the admin door takes and shows it.

import { z } from 'zod'
import { endingClasses, retentionDaysMax } from '../../retention-classes.ts'
import { oneLine, wordGiven } from './one-line.ts'

const className = z.enum(endingClasses)
const days = z.int().min(1).max(retentionDaysMax)
const allDays = z.strictObject({
  access: days,
  presence: days,
  administration: days,
  operational: days,
})

export const retentionOrder = z
  .strictObject({
    days: allDays,
    reason: oneLine(500),
    /** That the time at which retention stopped is the right one. */
    isClockRight: z.boolean().default(false),
  })
  .readonly()
export const retentionNumber = z.strictObject({ number: z.coerce.number().int().min(1) })
export const retentionProposed = z.object({ number: z.int() })
export const retentionDecision = z
  .strictObject({ outcome: z.enum(['approved', 'rejected']) })
  .readonly()

const ruleShown = z.object({
  number: z.int(),
  state: z.enum(['proposed', 'in-force', 'replaced', 'rejected']),
  days: z.object({ access: days, presence: days, administration: days, operational: days }),
  reason: z.string(),
  /** It says as well that the time of this fact is right. */
  clockIndex: z.int().optional(),
  proposed: wordGiven,
  decided: wordGiven.optional(),
})
export type RuleShown = z.infer<typeof ruleShown>

const classShown = z.object({
  class: className,
  what: z.string(),
  usualDays: z.int(),
  floorDays: z.int(),
  why: z.string(),
  /** As it is in force; absent where nothing is. */
  days: z.int().optional(),
  /** Facts that are gone, and when the last of them went. */
  gone: z.int(),
  lastMs: z.int().optional(),
})

export const retentionShown = z.object({
  classes: z.array(classShown),
  rules: z.array(ruleShown),
  lastRunMs: z.int().optional(),
  /** Why nothing goes, and at which fact. */
  stopped: z.object({ flaw: z.string(), at: z.int(), atMs: z.int() }).optional(),
})
export type RetentionShown = z.infer<typeof retentionShown>

const classPreview = z.object({
  class: className,
  days: z.int(),
  /** What is older than this may go by the rule. */
  beforeMs: z.int(),
  due: z.int(),
  /** More than were counted. */
  hasMore: z.boolean(),
  /** How far the next run goes, which is bounded, and what it takes of those. */
  nextBeforeMs: z.int(),
  next: z.int(),
})

/** Legal holds are counted out. */
export const retentionPreview = z.object({
  rule: z.int(),
  classes: z.array(classPreview),
})
export type RetentionPreview = z.infer<typeof retentionPreview>
