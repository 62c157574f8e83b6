// A door says that somebody came or went. It is evidence about screens that are open elsewhere: the
// workstation is told that she is not there, and waits less long. A door never opens anything, and
// by itself never locks.

import type { DoorEvent } from '@wardkey/protocol/admin/presence'
import type { BadgeId, PersonId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { findCardHolder } from '../identity/find-card-holder.ts'
import { sessionsOfPerson } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { newFact, newMessageId } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { findWorkstation } from './find-workstation.ts'
import type { Actor } from './person-flow.ts'
import type { Notice, Recorded } from './recorded.ts'

export interface NoteDoorNeeds extends FlowNeeds {
  /** The key of the look-up hash of cards. */
  readonly cardKey: Uint8Array
}

export interface DoorNoted {
  readonly kind: 'noted'
  readonly screensTold: number
}

/** A card was read at the door, and it may have been lent: less than a sensor at the screen. */
const confidence = 0.6
/** An event that took longer than this to arrive says nothing of now. */
const freshMs = 60_000

/** An unknown card is written down without its number, and tells nobody anything. */
export async function noteDoor(
  event: DoorEvent & Actor,
  needs: NoteDoorNeeds,
): Promise<Recorded<DoorNoted>> {
  const holder = await findCardHolder(needs.db, lookupOf(event.card, needs.cardKey))
  return noteDoorOf(holder, event, needs)
}

/** Whose it was is known, or known to be nobody. */
export async function noteDoorOf(
  holder: { readonly personId: PersonId; readonly badgeId?: BadgeId } | undefined,
  event: Omit<DoorEvent, 'card'> & Actor,
  needs: FlowNeeds,
): Promise<Recorded<DoorNoted>> {
  const told = holder ? await screensLeft(holder.personId, event, needs) : []
  const { direction, door, by } = event
  const lateMs = Math.max(0, needs.nowMs() - event.atMs)
  return {
    answer: { kind: 'noted', screensTold: told.length },
    facts: [
      newFact(needs, holder ? 'PRE-002' : 'PRE-101', {
        ...(holder ? { person: holder.personId } : {}),
        ...(holder?.badgeId === undefined ? {} : { badge: holder.badgeId }),
        ...(event.zoneId === undefined ? {} : { zone: event.zoneId }),
        fields: { direction, door, by, lateMs, screensTold: told.length },
      }),
    ],
    writes: [],
    notices: told.map((session) => goneNotice(session, needs)),
  }
}

/** Her open screens that are not on this side of the door. */
async function screensLeft(
  person: PersonId,
  { direction, zoneId, atMs }: Omit<DoorEvent, 'card'>,
  needs: FlowNeeds,
): Promise<readonly LivingSession[]> {
  const ageMs = needs.nowMs() - atMs
  if (ageMs > freshMs || ageMs < -freshMs) return []
  const open = (await sessionsOfPerson(needs.db, person)).filter(({ state }) => state === 'open')
  const left: LivingSession[] = []
  for (const session of open) {
    const zone = (await findWorkstation(needs.db, session.workstationId))?.zone.id
    const isBehindDoor = zoneId !== undefined && zone === zoneId
    // Out of a zone she is not in that zone; into one she is in no other; out of the building, in
    // none.
    const isLeft =
      direction === 'out'
        ? zoneId === undefined || isBehindDoor
        : !isBehindDoor && zoneId !== undefined
    if (isLeft) left.push(session)
  }
  return left
}

function goneNotice({ id, workstationId }: LivingSession, needs: FlowNeeds): Notice {
  const frame = {
    kind: 'evidence',
    id: newMessageId(needs),
    sessionId: id,
    evidence: 'door',
    isNear: false,
    confidence,
  } as const
  return { kind: 'to-workstation', workstationId, frame }
}
