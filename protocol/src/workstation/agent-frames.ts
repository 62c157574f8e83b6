// What a workstation may say to the broker. Everything here is a claim of the workstation: the
// broker takes from the connection's certificate who is speaking, never from a frame.

import { z } from 'zod'
import { ceremonyId, messageId, sessionId, tapId } from '../ids.ts'

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
  'lock-key',
  'idle',
  'card-removed',
  'reader-lost',
  'link-lost',
  'sleep',
  'resume',
  'clock-jump',
  'browser-lost',
  'launch-failed',
  'desktop-locked',
  'overflow',
  'restart',
  'answered-late',
  'shutdown',
] as const
export type LeaveReason = (typeof leaveReasons)[number]

const hello = z.strictObject({
  kind: z.literal('hello'),
  ...base,
  version: z.int().min(1).max(1000),
  agentVersion: z.string().max(32),
  /** New at each start of the operating system; a PIN given before it counts no longer here. */
  bootId: z.string().regex(/^[0-9a-f-]{8,64}$/),
  platform: z.enum(['linux', 'win32', 'darwin']),
  /** The session that is open on this screen right now: the broker locks it if it should not be. */
  openSessionId: sessionId.optional(),
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
  atMs,
})
/** The workstation slept and woke: PINs given before count no longer here. */
const resumed = z.strictObject({ kind: z.literal('resumed'), ...base, atMs })
const launched = z.strictObject({
  kind: z.literal('launched'),
  ...base,
  sessionId,
  outcome: z.enum(['shown', 'failed']),
  /** Milliseconds from the tap to each stage, on the workstation's monotonic clock. */
  stagesMs: z.record(z.string().regex(/^[a-z-]{1,32}$/), durationMs),
})
const presence = z.strictObject({
  kind: z.literal('presence'),
  ...base,
  sessionId,
  evidence: z.enum(['tap', 'card-in-place', 'input', 'proximity', 'ehr-activity']),
  confidence: z.number().min(0).max(1),
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
const health = z.strictObject({
  kind: z.literal('health'),
  ...base,
  reader: z.enum(['ready', 'none', 'service-stopped', 'unplugged', 'stuck']),
  browser: z.enum(['ready', 'missing', 'blocked', 'died']),
})
const ping = z.strictObject({ kind: z.literal('ping'), ...base })

export const agentFrame = z.discriminatedUnion('kind', [
  hello,
  tap,
  pin,
  cancel,
  leave,
  resumed,
  launched,
  presence,
  signTap,
  signPin,
  signCancel,
  health,
  ping,
])
export type AgentFrame = z.infer<typeof agentFrame>
export type AgentFrameOf<K extends AgentFrame['kind']> = Extract<AgentFrame, { kind: K }>
