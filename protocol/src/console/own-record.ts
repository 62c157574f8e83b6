// What is kept about whoever is signed in, shown to herself: her taps, sessions and presence, who
// looked at what is about her, and her word that something of it was not she. Whose it is, the
// session says: no request names anybody.

import { z } from 'zod'
import { workstationId } from '../ids.ts'
import { consoleRole } from './signed-in.ts'
import { span, timeline, timelineFact, timelineMaxMs } from './timeline.ts'

export const ownRecordQuery = z
  .strictObject({
    fromMs: z.coerce.number().int().min(0),
    toMs: z.coerce.number().int().min(0),
  })
  .refine(({ fromMs, toMs }) => fromMs < toMs && toMs - fromMs <= timelineMaxMs, {
    message: 'at most 31 days',
    path: ['toMs'],
  })

/** Nobody else is in it: of a fact in which she spoke for a colleague, not for whom. */
export const ownSpan = span.pick({
  ...{ lane: true, kind: true, fromMs: true, untilMs: true, isCut: true },
  ...{ workstationId: true, confidence: true, isEmergency: true, isOffline: true },
})
export type OwnSpan = z.infer<typeof ownSpan>

export const ownFact = timelineFact
  .pick({ index: true, atMs: true, recordedMs: true, code: true, sentence: true, isSealed: true })
  .extend({
    /** One sentence: why it was refused. */
    why: z.string().optional(),
    rule: z.string().optional(),
    workstationId: workstationId.optional(),
    /** She may say that this was not she; or she has. Absent where there is nothing to say. */
    notMe: z.enum(['sayable', 'said']).optional(),
  })
export type OwnFact = z.infer<typeof ownFact>

/** Somebody looked at what is kept about her. */
export const ownLook = z.object({
  index: z.int().min(0),
  atMs: z.int(),
  what: z.enum(['timeline', 'entry', 'badges', 'record', 'presence']),
  /** Somebody by her office; a program, or somebody with a token; she herself. */
  by: z.enum(['office', 'program', 'herself']),
  /** Which roles she had then; none for a program. */
  roles: z.array(consoleRole),
  /** Where the house lets people know (`console.ownRecordNames`). */
  name: z.string().optional(),
  /** Which times were looked at, where there were any. */
  fromMs: z.int().optional(),
  toMs: z.int().optional(),
})
export type OwnLook = z.infer<typeof ownLook>

export const ownRecord = z.object({
  fromMs: z.int(),
  toMs: z.int(),
  spans: z.array(ownSpan),
  facts: z.array(ownFact),
  workstations: timeline.shape.workstations,
  looks: z.array(ownLook),
  /** There is more than fits: the newest of it is there. */
  isCut: z.boolean(),
  areLooksCut: z.boolean(),
  /** Where it was too much to read: from here on everything is there, and nothing before. */
  wholeFromMs: z.int().optional(),
  /** For whom she spoke was looked for in what was recorded up to then, and in nothing after. */
  spokenUntilMs: z.int().optional(),
  /** Absent where nothing of this time went. */
  gone: timeline.shape.gone,
})
export type OwnRecord = z.infer<typeof ownRecord>

/** “This was not me”: of one line of her own record, or of her badges as such. */
export const disownOrder = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('tap'), index: z.int().min(0) }),
  z.strictObject({ what: z.literal('badges') }),
])
export type DisownOrder = z.infer<typeof disownOrder>

export const disowned = z.object({
  /** How many badges of hers open nothing any more by it. */
  badges: z.int().min(0),
  /** How many sessions of hers ended by it. */
  sessions: z.int().min(0),
  /** She had said so before: nothing changed. */
  wasSaid: z.boolean(),
})
export type Disowned = z.infer<typeof disowned>
