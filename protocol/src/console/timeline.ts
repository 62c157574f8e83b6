// A time line: what the record has of a person, a workstation or a zone between two times, in lanes
// one above the other, with what does not fit together marked.

import { z } from 'zod'
import { endingClasses } from '../retention-classes.ts'
import { personId, sessionId, workstationId } from '../ids.ts'
import { personSummary } from '../admin/people.ts'
import { goneByRetention } from './gone-by-retention.ts'

const dayMs = 86_400_000
/** Longer is asked for in parts. */
export const timelineMaxMs = 31 * dayMs
export const timelineFactsMax = 2000

export const timelineQuery = z
  .strictObject({
    personId: personId.optional(),
    workstationId: workstationId.optional(),
    zoneId: z.string().max(63).optional(),
    fromMs: z.coerce.number().int().min(0),
    toMs: z.coerce.number().int().min(0),
  })
  .refine((query) => {
    const named = [query.personId, query.workstationId, query.zoneId]
    return named.filter((one) => one !== undefined).length === 1
  }, 'one of personId, workstationId and zoneId')
  .refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= timelineMaxMs, {
    message: 'at most 31 days',
    path: ['toMs'],
  })
export type TimelineQuery = z.input<typeof timelineQuery>

export const lane = z.enum(['door', 'presence', 'session', 'launch'])

/** From the fact that began it to the one that ended it. */
export const span = z.object({
  lane,
  /** A kind of presence, `open`, `locked`, an EHR's name … */
  kind: z.string(),
  fromMs: z.int(),
  /** Absent while it lasts. */
  untilMs: z.int().optional(),
  /** It began before the time that was asked for, or ends after it. */
  isCut: z.boolean(),
  personId: personId.optional(),
  workstationId: workstationId.optional(),
  sessionId: sessionId.optional(),
  /** Percent; of presence only. */
  confidence: z.int().min(0).max(100).optional(),
  isEmergency: z.boolean().optional(),
  isOffline: z.boolean().optional(),
  /** Places in the record of the facts that say so. */
  facts: z.array(z.int().min(0)),
})
export type Span = z.infer<typeof span>

/** What does not fit together. It accuses nobody: it says where to look. */
export const difference = z.object({
  kind: z.enum(['session-without-presence', 'presence-without-door', 'two-places']),
  fromMs: z.int(),
  untilMs: z.int().optional(),
  personId: personId.optional(),
  workstationId: workstationId.optional(),
  /** One sentence. */
  says: z.string(),
})
export type Difference = z.infer<typeof difference>

export const timelineFact = z.object({
  index: z.int().min(0),
  /** When it happened. */
  atMs: z.int(),
  /** When the record got it; absent where that is the same. */
  recordedMs: z.int().optional(),
  code: z.string(),
  sentence: z.string(),
  personId: personId.optional(),
  workstationId: workstationId.optional(),
  sessionId: sessionId.optional(),
  rule: z.string().optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Under a signed checkpoint. */
  isSealed: z.boolean(),
})
export type TimelineFact = z.infer<typeof timelineFact>

const named = {
  people: z.array(z.object({ personId, name: personSummary.shape.name })),
  workstations: z.array(z.object({ workstationId, place: z.string(), zoneId: z.string() })),
}

export const timeline = z.object({
  fromMs: z.int(),
  toMs: z.int(),
  label: z.string(),
  ...named,
  /** Whom and what the facts name besides: who spoke for her, where she came from. */
  mentioned: z.object(named),
  spans: z.array(span),
  differences: z.array(difference),
  /** The newest of them where there are more than fit; `isCut` says so. */
  facts: z.array(timelineFact),
  isCut: z.boolean(),
  /** Where it was too much to read: from here on everything is there, and nothing before. */
  wholeFromMs: z.int().optional(),
  /** For whom she spoke was looked for in what was recorded up to then, and in nothing after. */
  spokenUntilMs: z.int().optional(),
  /** Absent where nothing of this time went. */
  gone: z.array(goneByRetention).max(endingClasses.length).optional(),
})
export type Timeline = z.infer<typeof timeline>
