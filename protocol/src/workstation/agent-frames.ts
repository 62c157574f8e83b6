// What a workstation may say to the broker. Everything here is a claim of the workstation: the
// broker takes from the connection's certificate who is speaking, never from a frame.

import { z } from 'zod'
import { hardwareClaim } from './enrolment.ts'
import { inventoryBody } from './fleet/inventory.ts'
import { gapsMax, journalGap } from './journal-gaps.ts'
import { ceremonyId, messageId, sessionId, tapId } from '../ids.ts'
import { errandKind } from './errands.ts'
import { leftMax } from './version.ts'

const base = { id: messageId }
/** Wall-clock milliseconds since 1970, as the workstation's clock has it; never used for rights. */
const atMs = z.int().min(0).max(8_640_000_000_000_000)
const durationMs = z.number().min(0).max(3_600_000)

/** A card as a reader sees it, canonical (docs/decisions: lower-case hex, never a lossy form). */
export const cardClaim = z.strictObject({
  technology: z.enum(['csn', 'wiegand', 'simulated']),
  canonical: z.string().regex(/^[a-z0-9:]{8,64}$/),
  format: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,24}$/)
    .optional(),
})
export type CardClaim = z.infer<typeof cardClaim>

export const pinText = z.string().regex(/^[0-9]{4,12}$/)

/** Why a workstation left a session; every one of them ends in a locked screen. */
export const leaveReasons = [
  'tap-out',
  'other-badge',
  'let-go',
  'lock-key',
  /** Nobody touched it for as long as the zone waits. */
  'idle',
  /** A sensor saw nobody before it, and nobody came back. */
  'away',
  'card-removed',
  'reader-lost',
  'link-lost',
  'sleep',
  /** The system told that it had slept. */
  'resume',
  /** Its clock ran ahead: it was set, or it slept and nobody told. */
  'clock-ahead',
  /** Its clock was set back. */
  'clock-jump',
  /** The agent itself did not run for a while. */
  'stalled',
  'browser-lost',
  'launch-failed',
  'desktop-locked',
  'overflow',
  'restart',
  'answered-late',
  'emergency-over',
  'network-back',
  'shutdown',
] as const
export type LeaveReason = (typeof leaveReasons)[number]

/** A leave that could not be told when it was: the frame that follows says it under the same id. */
const left = z.strictObject({
  id: messageId,
  sessionId,
  reason: z.enum(leaveReasons),
  opening: z.int().min(1),
  atMs,
})

const hello = z.strictObject({
  kind: z.literal('hello'),
  ...base,
  version: z.int().min(1).max(1000),
  agentVersion: z.string().max(32),
  /** New at each start of the operating system; a PIN given before it counts no longer here. */
  bootId: z.string().regex(/^[0-9a-f-]{8,64}$/),
  platform: z.enum(['linux', 'win32', 'darwin']),
  /** Which machine it is: a copy of its disk has the same certificate on another one. */
  hardware: hardwareClaim.optional(),
  /**
   * The session that is open on this screen right now: the broker locks it if it should not be. One
   * that no broker knows of yet is not named: it is judged with the journal that tells it.
   */
  openSessionId: sessionId.optional(),
  /** The newest bundle that it holds: what is the same is not sent again. */
  bundleSequence: z.int().min(1).optional(),
  /** Lines of a journal wait: what is open is judged when the last of them is merged. */
  waitsToMerge: z.boolean().optional(),
  /** What is gone of its journal since it was counted: told until a broker has noted it. */
  gaps: z.array(journalGap).min(1).max(gapsMax).optional(),
  /** The newest that wait: what the books have open is locked as it was, and not as a guess. */
  left: z.array(left).min(1).max(leftMax).optional(),
  atMs,
})

const tap = z.strictObject({ kind: z.literal('tap'), ...base, tapId, card: cardClaim, atMs })
const pin = z.strictObject({ kind: z.literal('pin'), ...base, tapId, pin: pinText })
const cancel = z.strictObject({
  kind: z.literal('cancel'),
  ...base,
  tapId,
  reason: z.enum(['not-me', 'timeout', 'superseded', 'locked']),
})
const leave = z.strictObject({
  kind: z.literal('leave'),
  ...base,
  sessionId,
  reason: z.enum(leaveReasons),
  /** Which opening of it was left, as far as is known here: it may have been opened since. */
  opening: z.int().min(1).optional(),
  atMs,
})
/** After these nobody can say how long it was since anybody stood there. */
const gapReasons = ['resume', 'clock-ahead', 'clock-jump', 'stalled'] as const
export type GapReason = (typeof gapReasons)[number]
/** The workstation slept and woke, or cannot say that it did not: PINs given before are over. */
const resumed = z.strictObject({
  kind: z.literal('resumed'),
  ...base,
  /** Nothing from agents of before it was told: as `resume`. */
  reason: z.enum(gapReasons).optional(),
  atMs,
})
const launched = z.strictObject({
  kind: z.literal('launched'),
  ...base,
  sessionId,
  outcome: z.enum(['shown', 'failed']),
  /** Milliseconds from the tap to each stage, on the workstation's monotonic clock. */
  stagesMs: z.record(z.string().regex(/^[a-z-]{1,32}$/), durationMs),
})
/**
 * The chart that this tap opened is on its way, and the broker's web address did not answer: its
 * steps are asked for once more. Answered by `admitted` while the session is open here, else by
 * `lock`; it opens nothing that is not open.
 */
const launchAgain = z.strictObject({ kind: z.literal('launch-again'), ...base, tapId, sessionId })
export const presenceEvidence = z.enum([
  'tap',
  'card-in-place',
  'input',
  'proximity',
  'door',
  'ehr-activity',
])
const presence = z.strictObject({
  kind: z.literal('presence'),
  ...base,
  sessionId,
  evidence: presenceEvidence,
  confidence: z.number().min(0).max(1),
  atMs,
})
/** A session that waited here behind the lock screen is over: there were too many, or too long. */
const end = z.strictObject({
  kind: z.literal('end'),
  ...base,
  sessionId,
  reason: z.enum(['too-many-suspended', 'suspended-too-long']),
  atMs,
})
/** "This lock was wrong", said on the lock screen: what a zone's limits are tuned by. */
const lockWasWrong = z.strictObject({
  kind: z.literal('lock-was-wrong'),
  ...base,
  sessionId,
  reason: z.enum(leaveReasons),
  atMs,
})
const signTap = z.strictObject({
  kind: z.literal('sign-tap'),
  ...base,
  ceremonyId,
  tapId,
  card: cardClaim,
  atMs,
})
const signPin = z.strictObject({ kind: z.literal('sign-pin'), ...base, ceremonyId, pin: pinText })
const signCancel = z.strictObject({
  kind: z.literal('sign-cancel'),
  ...base,
  ceremonyId,
  reason: z.enum(['not-me', 'timeout', 'locked']),
})
/** A reason as the site words it; the list comes with the zone's rules. */
const reasonCode = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/)
export const staffNumber = z.string().regex(/^[A-Za-z0-9-]{3,32}$/)
/** By the badge, or by the number that HR knows her by where the badge is forgotten. */
export const whoClaim = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('card'), card: cardClaim }),
  z.strictObject({ by: z.literal('staff-number'), staffNumber }),
])
export type WhoClaim = z.infer<typeof whoClaim>
/** How a reason was chosen: what shows that people press the first one without reading. */
export const reasonChoice = z.strictObject({
  reason: reasonCode,
  note: z
    .string()
    .min(1)
    .max(280)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/u)
    .optional(),
  tookMs: durationMs,
  /** Its place in the list, from 0, and how many there were. */
  position: z.int().min(0).max(15),
  of: z.int().min(1).max(16),
})
export type ReasonChoice = z.infer<typeof reasonChoice>
/** Emergency access: a tap with a reason. It is answered as a tap is, or by `ask-witness`. */
const breakGlass = z.strictObject({
  kind: z.literal('break-glass'),
  ...base,
  tapId,
  who: whoClaim,
  choice: reasonChoice,
  atMs,
})
/** The second person's badge, where the first one's identity is weak. */
const witness = z.strictObject({
  kind: z.literal('witness'),
  ...base,
  tapId,
  card: cardClaim,
  atMs,
})
/** Something about a badge or a PIN is begun: with the card that was shown, where one was. */
const errand = z.strictObject({
  kind: z.literal('errand'),
  ...base,
  tapId,
  errand: errandKind,
  card: cardClaim.optional(),
  atMs,
})
/** What was done at the step that the broker asked for. */
const errandAnswer = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('card'), card: cardClaim }),
  z.strictObject({ by: z.literal('staff-number'), staffNumber }),
  z.strictObject({ by: z.literal('yes') }),
  z.strictObject({ by: z.literal('pin'), pin: pinText }),
  z.strictObject({ by: z.literal('new-pin'), pin: pinText }),
  /** Instead of a colleague: she would sign in with her hospital account … */
  z.strictObject({ by: z.literal('sign-in') }),
  /** … and the page for it is closed: she has, or would rather not. */
  z.strictObject({ by: z.literal('sign-in-ended') }),
])
export type ErrandAnswer = z.infer<typeof errandAnswer>
const errandAnswered = z.strictObject({
  kind: z.literal('errand-answer'),
  ...base,
  tapId,
  answer: errandAnswer,
  /** The card that the errand began with: the broker keeps no number of a card that is nobody's. */
  card: cardClaim.optional(),
})
/**
 * What happened while no broker could be told: lines of the workstation's journal as they are on
 * its disk (offline-entries), in order. Answered by `offline-merged` once they are in the record.
 */
const offlineFacts = z.strictObject({
  kind: z.literal('offline-facts'),
  ...base,
  journalId: z.uuid(),
  lines: z.array(z.string().min(2).max(2000)).min(1).max(64),
  /** True where nothing more waits: then the broker says which sessions stand. */
  isLast: z.boolean(),
  /** Its clock as this is sent: how far it is from the broker's is told with each line. */
  clockMs: atMs.optional(),
})
/** Who is out is on this workstation's disk: it holds over a restart. */
const outKept = z.strictObject({ kind: z.literal('out-kept'), ...base, replyTo: messageId })
const health = z.strictObject({
  kind: z.literal('health'),
  ...base,
  reader: z.enum(['ready', 'none', 'service-stopped', 'unplugged', 'stuck']),
  browser: z.enum(['ready', 'missing', 'blocked', 'died']),
})
/** What it is made of: told once it is welcome, and when that changes. */
const inventory = z.strictObject({ kind: z.literal('inventory'), ...base, ...inventoryBody.shape })
const ping = z.strictObject({
  kind: z.literal('ping'),
  ...base,
  /** Go the way of a tap as far as it goes without a person, and answer only then. */
  probe: z.literal(true).optional(),
})

export const agentFrame = z.discriminatedUnion('kind', [
  hello,
  tap,
  pin,
  cancel,
  leave,
  resumed,
  launched,
  launchAgain,
  presence,
  end,
  lockWasWrong,
  signTap,
  signPin,
  signCancel,
  breakGlass,
  witness,
  errand,
  errandAnswered,
  offlineFacts,
  outKept,
  health,
  inventory,
  ping,
])
export type AgentFrame = z.infer<typeof agentFrame>
export type AgentFrameOf<K extends AgentFrame['kind']> = Extract<AgentFrame, { kind: K }>
