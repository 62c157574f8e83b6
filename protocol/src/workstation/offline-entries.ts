// What happened while no broker could be told, as a workstation tells it afterwards: claims, in
// order, each once. A broker takes them in under its own judgement.

import { z } from 'zod'
import { refusalCodes } from '../codes.ts'
import type { RefusalCode } from '../codes.ts'
import { personId, sessionId, tapId } from '../ids.ts'
import { leaveReasons, presenceEvidence, reasonChoice } from './agent-frames.ts'

const wallMs = z.int().min(0).max(8_640_000_000_000_000)
const isRefusalCode = (code: string): code is RefusalCode => Object.hasOwn(refusalCodes, code)

const base = {
  /** From 1, without a gap, for each journal. */
  seq: z.int().min(1),
  /** The workstation's clock when it happened. */
  atMs: wallMs,
  /**
   * SHA-256, hex, over the UTF-8 of the line before it, without its line end; 64 zeros where there
   * is none. A journal that was cut or edited does not follow.
   */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
}

const decided = z.strictObject({
  kind: z.literal('decided'),
  ...base,
  tapId,
  outcome: z.enum(['admitted', 'asked-pin', 'asked-witness', 'refused', 'cancelled']),
  rule: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  /** Absent where the card was nobody's that the bundle knows. */
  personId: personId.optional(),
  witnessId: personId.optional(),
  sessionId: sessionId.optional(),
  /** True where a session was brought back that a broker had opened here. */
  isResumed: z.boolean().optional(),
  code: z.string().refine(isRefusalCode).optional(),
  /** When a PIN was last proved; 0 where none was. */
  pinAtMs: wallMs.optional(),
  choice: reasonChoice.optional(),
  /** Of a wish for emergency access: how she was named who asked for it. */
  by: z.enum(['card', 'staff-number']).optional(),
  bundleSequence: z.int().min(0),
  /** How old what it was decided with was. */
  bundleAgeMs: z.int().min(0),
})
const pinTried = z.strictObject({
  kind: z.literal('pin-tried'),
  ...base,
  tapId,
  personId,
  outcome: z.enum(['matched', 'wrong', 'locked']),
})
const left = z.strictObject({
  kind: z.literal('left'),
  ...base,
  sessionId,
  reason: z.enum(leaveReasons),
})
const seen = z.strictObject({
  kind: z.literal('seen'),
  ...base,
  sessionId,
  evidence: presenceEvidence,
  confidence: z.number().min(0).max(1),
})
const launched = z.strictObject({
  kind: z.literal('launched'),
  ...base,
  sessionId,
  outcome: z.enum(['shown', 'failed']),
})
const lockWasWrong = z.strictObject({
  kind: z.literal('lock-was-wrong'),
  ...base,
  sessionId,
  reason: z.enum(leaveReasons),
})

export const offlineEntry = z.discriminatedUnion('kind', [
  decided,
  pinTried,
  left,
  seen,
  launched,
  lockWasWrong,
])
export type OfflineEntry = z.infer<typeof offlineEntry>
export type OfflineEntryOf<K extends OfflineEntry['kind']> = Extract<OfflineEntry, { kind: K }>
