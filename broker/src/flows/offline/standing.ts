// What of a journal is not over at the line up to which it was taken: sessions on a screen,
// questions for a PIN, wrong PINs that are not counted yet. Kept between frames, with limits. Pure.

import { z } from 'zod'
import { personId, sessionId, tapId } from '@wardkey/protocol/ids'
import { presenceEvidence, reasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { OfflineEntry, OfflineEntryOf } from '@wardkey/protocol/workstation/offline-entries'

const ms = z.int().min(0)

const standingSession = z.strictObject({
  sessionId,
  personId,
  witnessId: personId.optional(),
  choice: reasonChoice.optional(),
  /** Of an emergency: its grant, until when, and how she was named. */
  emergency: z
    .strictObject({
      ...{ grantId: z.string(), untilMs: ms, by: z.enum(['card', 'staff-number']) },
      /** How far the workstation's own clock was ahead of the books when it was given. */
      aheadMs: ms.optional(),
    })
    .optional(),
  /** Of the line that opened it last. */
  seq: z.int(),
  isResumed: z.boolean(),
  pinAtMs: ms,
  fromMs: ms,
  presence: z.strictObject({ kind: presenceEvidence, confidence: z.number(), fromMs: ms }),
  /** Whether the decision would be the same now as far as it was looked at. */
  isSound: z.boolean(),
})
export type StandingSession = z.infer<typeof standingSession>

const standing = z.strictObject({
  sessions: z.array(standingSession).max(64),
  asked: z.array(z.strictObject({ tapId, personId })).max(64),
  wrongs: z.array(z.strictObject({ personId, count: z.int(), lastMs: ms })).max(64),
  /** What was answered with the last frame: a repeated one is answered the same. */
  settled: z
    .array(z.strictObject({ sessionId, isKept: z.boolean(), opening: z.int().min(1).optional() }))
    .max(64),
  /** Of the line that was taken last, as the books have it. */
  lastMs: ms.optional(),
  /** What its last lines were (follow-lines). */
  marks: z.string().optional(),
})
export type Standing = z.infer<typeof standing>

export const nothingStands: Standing = { sessions: [], asked: [], wrongs: [], settled: [] }
const most = 64

export function parseStanding(text: string): Standing {
  return standing.parse(JSON.parse(text))
}

/** The newest of them: one workstation does not have more than this going on. */
function capped<T>(all: readonly T[]): T[] {
  return all.slice(-most)
}

export function withSession(was: Standing, session: StandingSession): Standing {
  const others = was.sessions.filter((one) => one.sessionId !== session.sessionId)
  return { ...was, sessions: capped([...others, session]) }
}

export function withoutSession(was: Standing, id: string): Standing {
  return { ...was, sessions: was.sessions.filter((one) => one.sessionId !== id) }
}

export function withQuestion(
  was: Standing,
  { tapId, personId }: OfflineEntryOf<'decided'>,
): Standing {
  if (personId === undefined) return was
  return { ...was, asked: capped([...was.asked, { tapId, personId }]) }
}

/**
 * A wrong PIN counts only where the journal shows that this person's badge raised the question: a
 * workstation cannot use up the tries of somebody who was never there (decision 0007).
 */
export function withPinTry(
  was: Standing,
  tried: OfflineEntryOf<'pin-tried'>,
  atMs: number,
): Standing {
  const isAsked = isPinAsked(was, tried)
  if (!isAsked || tried.outcome === 'locked') return was
  const others = was.wrongs.filter((one) => one.personId !== tried.personId)
  if (tried.outcome === 'matched') return { ...was, wrongs: others }
  const count = (was.wrongs.find((one) => one.personId === tried.personId)?.count ?? 0) + 1
  const { personId } = tried
  return { ...was, wrongs: capped([...others, { personId, count, lastMs: atMs }]) }
}

export function isPinAsked(was: Standing, tried: OfflineEntryOf<'pin-tried'>): boolean {
  return was.asked.some((one) => one.tapId === tried.tapId && one.personId === tried.personId)
}

/** The session an entry is about, where one stands. */
export function standingOf(was: Standing, entry: OfflineEntry): StandingSession | undefined {
  if (!('sessionId' in entry)) return undefined
  return was.sessions.find((one) => one.sessionId === entry.sessionId)
}
