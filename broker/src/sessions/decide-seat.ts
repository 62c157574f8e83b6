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
  /** An emergency is always a session of its own: no other becomes one, nor it another. */
  readonly isEmergency: boolean
}

export interface SeatPlan {
  readonly seat:
    | { readonly kind: 'opened' }
    /** Locked or still open at this very workstation; an emergency before an ordinary one. */
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
  /** The person's own of the other kind, open until now: she sits in one at a time. */
  readonly puts: readonly LivingSession[]
  /** The person's own that go on no more: past the overall limit, or more than there should be. */
  readonly ends: readonly LivingSession[]
}

/** Brokers' clocks differ a little; more than this is a clock that was set back. */
const clockSlackMs = 2000

/**
 * Total: there is always a seat, and never two people at one workstation after it. An ordinary and
 * an emergency session of one person may both live, but only one of them is open; an emergency
 * never moves.
 */
export function decideSeat(facts: SeatFacts): SeatPlan {
  const { own, shown, workstationId, isEmergency } = facts
  const locks = shown && shown.personId !== facts.personId ? shown : undefined
  const fresh = own.filter((session) => isWithin(session, facts))
  const ordinary = fresh.filter(({ emergency }) => !emergency)
  const standing = isEmergency ? undefined : fresh.find(({ emergency }) => emergency)
  const isAtIt = isEmergency || standing?.workstationId === workstationId
  const plan = isAtIt ? emergencySeat(standing, ordinary) : ordinarySeat(standing, ordinary, facts)
  const { kept, ...rest } = plan
  return { ...rest, locks, ends: own.filter((session) => !kept.includes(session)) }
}

type Seated = Pick<SeatPlan, 'seat' | 'slot' | 'puts'> & {
  readonly kept: readonly LivingSession[]
}

/** One screen and no other, whatever the zone allows. */
function emergencySeat(
  standing: LivingSession | undefined,
  ordinary: readonly LivingSession[],
): Seated {
  return {
    seat: standing ? { kind: 'resumed', was: standing } : { kind: 'opened' },
    slot: 0,
    puts: ordinary.filter(({ state }) => state === 'open'),
    kept: standing ? [standing, ...ordinary] : ordinary,
  }
}

function ordinarySeat(
  standing: LivingSession | undefined,
  ordinary: readonly LivingSession[],
  { workstationId, screensMax }: SeatFacts,
): Seated {
  const was = seatFor(ordinary, workstationId, screensMax)
  const others = ordinary.filter((session) => session !== was).slice(0, screensMax - 1)
  const beside = standing ? [...others, standing] : others
  const kind = was?.workstationId === workstationId ? 'resumed' : 'moved'
  return {
    seat: was ? { kind, was } : { kind: 'opened' },
    slot: freeSlot(others, screensMax),
    puts: standing?.state === 'open' ? [standing] : [],
    kept: was ? [was, ...beside] : beside,
  }
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

/** Which screen of hers the next one is, beside those. */
export function freeSlot(others: readonly LivingSession[], screensMax: number): number {
  const taken = new Set(others.map(({ slot }) => slot))
  const slots = Array.from({ length: screensMax }, (_, slot) => slot)
  // There are fewer others than slots, so one is always free.
  return slots.find((slot) => !taken.has(slot)) ?? 0
}

/** A clock that was set back makes the age unknown: then the session is over. */
function isWithin(session: LivingSession, { nowMs, sessionMaxMs }: SeatFacts): boolean {
  const ageMs = nowMs - session.openedMs
  if (session.emergency && session.emergency.untilMs <= nowMs) return false
  return ageMs >= -clockSlackMs && ageMs < sessionMaxMs
}
