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
  /** How many open workstations the zone allows a person. */
  readonly screensMax: number
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
  /** Which of her screens this is: the database holds one open session to each. */
  readonly slot: number
  /** Somebody else's, shown here until now. */
  readonly locks: LivingSession | undefined
  /** The person's own that go on no more: past the overall limit, or more than there should be. */
  readonly ends: readonly LivingSession[]
}

/** Brokers' clocks differ a little; more than this is a clock that was set back. */
const clockSlackMs = 2000

/** Total: there is always a seat, and never two people at one workstation after it. */
export function decideSeat(facts: SeatFacts): SeatPlan {
  const { own, shown, nowMs, sessionMaxMs, workstationId, screensMax } = facts
  const fresh = own.filter((session) => isWithin(session, nowMs, sessionMaxMs))
  const was = seatFor(fresh, workstationId, screensMax)
  const others = fresh.filter((session) => session !== was).slice(0, screensMax - 1)
  const kept: readonly LivingSession[] = was ? [was, ...others] : others
  const ends = own.filter((session) => !kept.includes(session))
  const locks = shown && shown.personId !== facts.personId ? shown : undefined
  const slot = freeSlot(others, screensMax)
  if (!was) return { seat: { kind: 'opened' }, slot, locks, ends }
  const kind = was.workstationId === workstationId ? 'resumed' : 'moved'
  return { seat: { kind, was }, slot, locks, ends }
}

/**
 * Which of hers comes to this workstation; nothing where a new one is to be opened. Her own here
 * comes back; one that waits elsewhere comes along; of those open elsewhere the one she used least
 * lately moves, once there are as many as she may have.
 */
function seatFor(
  fresh: readonly LivingSession[],
  here: WorkstationId,
  screensMax: number,
): LivingSession | undefined {
  const isHere = fresh.find(({ workstationId }) => workstationId === here)
  if (isHere) return isHere
  const waiting = fresh.find(({ state }) => state === 'locked')
  if (waiting) return waiting
  return fresh.length < screensMax ? undefined : fresh.at(-1)
}

function freeSlot(others: readonly LivingSession[], screensMax: number): number {
  const taken = new Set(others.map(({ slot }) => slot))
  const slots = Array.from({ length: screensMax }, (_, slot) => slot)
  // There are fewer others than slots, so one is always free.
  return slots.find((slot) => !taken.has(slot)) ?? 0
}

/** A clock that was set back makes the age unknown: then the session is over. */
function isWithin(session: LivingSession, nowMs: number, sessionMaxMs: number): boolean {
  const ageMs = nowMs - session.openedMs
  return ageMs >= -clockSlackMs && ageMs < sessionMaxMs
}
