// Where a person sits down when she taps: what becomes of her session, and of whoever sat there
// before. Pure; the writes that carry it out are guarded by what was read for it.

import type { LivingSession } from './living-session.ts'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'

export interface SeatFacts {
  readonly nowMs: number
  readonly personId: PersonId
  readonly workstationId: WorkstationId
  /** The person's sessions that have not ended, the newest first. */
  readonly own: readonly LivingSession[]
  /** The session that this workstation shows. */
  readonly shown: LivingSession | undefined
  readonly sessionMaxMs: number
}

export interface SeatPlan {
  readonly seat:
    | { readonly kind: 'opened' }
    /** Locked or still open at this very workstation. */
    | { readonly kind: 'resumed'; readonly was: LivingSession }
    /**
     * From another workstation, open or locked there: what is left behind is locked in the same
     * act.
     */
    | { readonly kind: 'moved'; readonly was: LivingSession }
  /** Somebody else's, shown here until now. */
  readonly locks: LivingSession | undefined
  /** The person's own that go on no more: past the overall limit, or more than there should be. */
  readonly ends: readonly LivingSession[]
}

/** Brokers' clocks differ a little; more than this is a clock that was set back. */
const clockSlackMs = 2000

/** Total: there is always a seat, and never two people at one workstation after it. */
export function decideSeat(facts: SeatFacts): SeatPlan {
  const { own, shown, nowMs, sessionMaxMs } = facts
  const fresh = own.filter((session) => isWithin(session, nowMs, sessionMaxMs))
  const was = fresh[0]
  const ends = own.filter((session) => session !== was)
  const locks = shown && shown.personId !== facts.personId ? shown : undefined
  if (!was) return { seat: { kind: 'opened' }, locks, ends }
  const kind = was.workstationId === facts.workstationId ? 'resumed' : 'moved'
  return { seat: { kind, was }, locks, ends }
}

/** A clock that was set back makes the age unknown: then the session is over. */
function isWithin(session: LivingSession, nowMs: number, sessionMaxMs: number): boolean {
  const ageMs = nowMs - session.openedMs
  return ageMs >= -clockSlackMs && ageMs < sessionMaxMs
}
