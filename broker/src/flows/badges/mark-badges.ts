// Several badges of one person change at once: what she has open locks or ends in the same act, and
// whichever badge comes next comes with the PIN.

import type { PersonId } from '@wardkey/protocol/ids'
import type { Fact } from '../../audit/fact.ts'
import { markBadgeRow } from '../../identity/badges.ts'
import type { Badge, BadgeStatus } from '../../identity/badges.ts'
import { clearGrace } from '../../sessions/grace.ts'
import { sessionsOfPerson } from '../../sessions/living-session.ts'
import type { LivingSession } from '../../sessions/living-session.ts'
import type { Write } from '../../store/store.ts'
import { endHere } from '../end-here.ts'
import type { Ending } from '../end-here.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import { lockHere } from '../lock-here.ts'
import type { LockedHere } from '../lock-here.ts'
import type { Notice } from '../recorded.ts'
import { lockNotice, screensFirst } from '../session-notices.ts'

export interface Mark {
  readonly badge: Pick<Badge, 'id' | 'version' | 'status'>
  readonly status: BadgeStatus
  readonly code: 'BDG-002' | 'BDG-003' | 'BDG-005'
  /** The loaner that takes its place for a shift. */
  readonly suspendedFor?: Badge['id']
}

export interface Marked {
  readonly facts: readonly Fact[]
  /** They go into a unit that raises the person's version. */
  readonly writes: readonly Write[]
  readonly notices: readonly Notice[]
  /** How many sessions locked or ended by it. */
  readonly sessions: number
}

/** `ending`: all of her sessions end by it, also those that wait behind a lock screen. */
export async function markBadges(
  person: PersonId,
  marks: readonly Mark[],
  by: string,
  needs: FlowNeeds,
  ending?: Ending,
): Promise<Marked> {
  const { db } = needs
  // What was lost opens nothing already: what becomes of it takes nothing from anybody.
  const isLess = marks.some(({ badge, status }) => status !== 'active' && badge.status !== 'lost')
  const sessions = isLess || ending ? await sessionsOfPerson(db, person) : []
  const closed = ending
    ? sessions.map((session) => endHere(session, ending, needs))
    : sessions.filter(({ state }) => state === 'open').map((open) => lockFor(open, needs))
  return {
    facts: [
      ...marks.map(({ badge, status, code, suspendedFor }) => {
        const rest = suspendedFor === undefined ? {} : { isResting: true }
        return newFact(needs, code, { person, badge: badge.id, fields: { by, status, ...rest } })
      }),
      ...closed.flatMap(({ facts }) => facts),
    ],
    writes: [
      ...marks.map(({ badge, status, suspendedFor }) =>
        markBadgeRow(db, badge, status, needs.nowMs(), { suspendedFor }),
      ),
      clearGrace(db, person),
      ...closed.flatMap(({ writes }) => writes),
    ],
    notices: screensFirst(closed.flatMap(({ notices }) => notices)),
    sessions: closed.length,
  }
}

function lockFor(session: LivingSession, needs: FlowNeeds): LockedHere {
  const locked = lockHere(session, 'badge-revoked', needs)
  const notice = lockNotice(session, 'badge-not-usable', needs)
  return { ...locked, notices: [notice, ...locked.notices] }
}
