// Why a tap went as it did, and what other policies would have said, as the admin door shows it.

import { z } from 'zod'
import { personStatus } from './people.ts'
import { policyText } from './policy.ts'

export const whyParams = z.strictObject({
  /** A tap's id, or the code that the screen shows. */
  tap: z.string().regex(/^[A-Za-z0-9-]{5,40}$/),
})

/** What policies were asked: nothing in it names anybody. */
const saw = z.object({
  roles: z.array(z.string()),
  ownZones: z.array(z.string()).optional(),
  needsEscort: z.boolean(),
  training: z.array(z.string()),
  shift: z.string(),
  assurance: z.int(),
  mode: z.string(),
  zone: z.object({
    id: z.string(),
    kind: z.string(),
    roles: z.array(z.string()),
    asksShift: z.string(),
    asksTraining: z.array(z.string()),
    lockdownRoles: z.array(z.string()),
  }),
})

/** How a badge stands; one that rests is suspended for a loaner alone, and comes back by itself. */
export const badgeStanding = z.enum([
  ...(['active', 'suspended', 'resting', 'lost', 'replaced', 'expired'] as const),
])
export type BadgeStanding = z.infer<typeof badgeStanding>

/** The badge that was tapped: as the record has it of then, and as it is now. */
const badgeOfTap = z.object({
  badgeId: z.string(),
  /** Where it was refused for that, and the record tells. */
  then: badgeStanding.optional(),
  /** For who may read badges. */
  now: z
    .object({
      standing: badgeStanding,
      sinceMs: z.int(),
      /** Its own end, or of one that rests the loaner's. */
      endsMs: z.int().optional(),
      /** Whether she has another one that can be used. */
      hasOther: z.boolean(),
      sentence: z.string(),
    })
    .optional(),
})

export const whyShown = z.object({
  tapId: z.string(),
  quote: z.string().optional(),
  atMs: z.int(),
  personId: z.string().optional(),
  /** For who may read people, as long as the person is not forgotten. */
  personName: z.string().optional(),
  /** As it is now, for them too: the record says only that she was not active. */
  personStatus: personStatus.optional(),
  workstationId: z.string().optional(),
  /** Where that workstation stands. */
  place: z.string().optional(),
  zoneId: z.string().optional(),
  badge: badgeOfTap.optional(),
  outcome: z.enum(['opened', 'asked-pin', 'refused', 'emergency', 'ended']),
  rule: z.string(),
  code: z.string().optional(),
  sentence: z.string(),
  next: z.string(),
  /** The set of policies that was asked, and which of them spoke. */
  policy: z.object({ policies: z.string(), rule: z.string() }).optional(),
  saw: saw.optional(),
  grace: z.object({ zoneId: z.string(), pinAtMs: z.int(), lastMs: z.int() }).optional(),
  /** That held for her then: what her roles and zones have beside HR's. */
  exceptions: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(['role', 'zone']),
        what: z.string(),
        ownerId: z.string(),
        untilMs: z.int(),
      }),
    )
    .optional(),
  /** Of an emergency: what an ordinary tap would have been answered. */
  otherwise: z.string().optional(),
  /** Retention took facts from before then, and it was then or a little later: some may be gone. */
  goneBeforeMs: z.int().optional(),
  steps: z.array(
    z.object({
      atMs: z.int(),
      code: z.string(),
      sentence: z.string(),
      rule: z.string().optional(),
    }),
  ),
})
export type WhyShown = z.infer<typeof whyShown>

export const replayOrder = z.strictObject({
  text: policyText,
  days: z.int().min(1).max(400),
})

/** `refused`: let in then. `asked`: by the badge alone then. `let-in`: refused then. */
export const replayKinds = ['refused', 'asked', 'let-in', 'asked-less'] as const

export const replayShown = z.object({
  fromMs: z.int(),
  untilMs: z.int(),
  /** Taps that policies had decided, and how many of them would have gone otherwise. */
  taps: z.int(),
  otherwise: z.int(),
  /** The record is longer, or took longer, than a replay may: it ended there. */
  isCut: z.boolean(),
  byRule: z.array(
    z.object({
      kind: z.enum(replayKinds),
      rule: z.string(),
      code: z.string().optional(),
      zoneId: z.string(),
      taps: z.int(),
      people: z.int(),
    }),
  ),
  /** The first of each line above. */
  examples: z.array(
    z.object({
      kind: z.enum(replayKinds),
      rule: z.string(),
      tapId: z.string(),
      atMs: z.int(),
      personId: z.string(),
      personName: z.string().optional(),
      zoneId: z.string(),
    }),
  ),
})
export type ReplayShown = z.infer<typeof replayShown>
