// Somebody who looks after the house locks what is open at a workstation, or in a zone. Policy is
// not asked: locking always works. Sessions wait, and open again by a tap; an emergency's grant goes
// on meanwhile, so that whoever has it at a bedside is back at once.

import { workstationId } from '@wardkey/protocol/ids'
import type { LockOrder } from '@wardkey/protocol/console/house'
import { openSessionsIn, sessionAt } from '../sessions/living-session.ts'
import type { LivingSession } from '../sessions/living-session.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { isInReach } from './in-reach.ts'
import type { ReachNeeds } from './in-reach.ts'
import { lockHere } from './lock-here.ts'
import type { LockedHere } from './lock-here.ts'
import type { AboutFact, Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { lockNotice, screensFirst } from './session-notices.ts'

export type LockPlaceNeeds = FlowNeeds & ReachNeeds

const action = 'house.lock'

/** One unit: of a zone all screens or none. Nothing that is open is no error. */
export async function lockPlace(
  order: LockOrder,
  { by }: Actor,
  needs: LockPlaceNeeds,
): Promise<Recorded<{ readonly kind: 'locked'; readonly screens: number } | AdminRefused>> {
  const about =
    order.what === 'zone' ? { zone: order.zoneId } : { workstation: order.workstationId }
  const unknown = await unknownPlace(order, needs)
  if (unknown !== undefined) return refuse(unknown, about, by, needs)
  const sessions = await openAt(order, needs)
  const locked: LockedHere[] = []
  for (const session of sessions) {
    // What no word reaches now may still show it: the record must not say that its screen locked.
    const out = (await isInReach(session.workstationId, needs)) ? {} : { isOutOfReach: true }
    locked.push(lockHere(session, 'console', needs, { by, ...out }))
  }
  const fields = { by, action, screens: sessions.length }
  return {
    answer: { kind: 'locked', screens: sessions.length },
    facts: [
      newFact(needs, 'ADM-001', { ...about, fields }),
      ...locked.flatMap(({ facts }) => facts),
    ],
    writes: locked.flatMap(({ writes }) => writes),
    notices: screensFirst([
      ...sessions.map((session) => lockNotice(session, 'session-ended', needs)),
      ...locked.flatMap(({ notices }) => notices),
    ]),
  }
}

async function openAt(order: LockOrder, { db }: FlowNeeds): Promise<readonly LivingSession[]> {
  if (order.what === 'zone') return openSessionsIn(db, order.zoneId)
  const session = await sessionAt(db, workstationId.parse(order.workstationId))
  return session ? [session] : []
}

async function unknownPlace(
  order: LockOrder,
  { db }: FlowNeeds,
): Promise<'workstation-unknown' | 'zone-unknown' | undefined> {
  const isZone = order.what === 'zone'
  const row = isZone
    ? await db.selectFrom('zone').select('id').where('id', '=', order.zoneId).executeTakeFirst()
    : await db
        .selectFrom('workstation')
        .select('id')
        .where('id', '=', order.workstationId)
        .executeTakeFirst()
  if (row) return undefined
  return isZone ? 'zone-unknown' : 'workstation-unknown'
}

function refuse(
  code: 'workstation-unknown' | 'zone-unknown',
  about: Pick<AboutFact, 'workstation' | 'zone'>,
  by: string,
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'ADM-001', { ...about, fields: { by, action, reason: code } })],
    writes: [],
    notices: [],
  }
}
