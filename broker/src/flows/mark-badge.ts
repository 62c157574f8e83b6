// A badge is suspended, lost, replaced or has expired, or becomes usable again. Whatever it opened
// is locked in the same act, and the badge alone opens nothing more.

import type { BadgeId } from '@wardkey/protocol/ids'
import { badgesOf, findBadge, markBadgeRow } from '../identity/badges.ts'
import type { BadgeStatus } from '../identity/badges.ts'
import { raisePerson } from '../identity/guard-person.ts'
import { findPerson } from '../identity/people.ts'
import { clearGrace } from '../sessions/grace.ts'
import { sessionsOfPerson } from '../sessions/living-session.ts'
import { markBadges } from './badges/mark-badges.ts'
import { isLoanersEnd, marksOf } from './errands/marks-of.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { lockHere } from './lock-here.ts'
import { isOwnRecord } from './own-record.ts'
import { refuseChange } from './person-flow.ts'
import type { Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'
import { lockNotice, screensFirst } from './session-notices.ts'

export interface BadgeMark extends Actor {
  readonly badgeId: BadgeId
  readonly status: BadgeStatus
}

/**
 * A badge that was replaced or expired stays so: its card may be somebody else's by now. A loaner
 * that is gone is over, and her own badge, which rests for it, comes back.
 */
export async function markBadge(
  mark: BadgeMark,
  needs: FlowNeeds,
): Promise<Recorded<{ readonly kind: 'marked' } | AdminRefused>> {
  const { db } = needs
  const { status, by } = mark
  const badge = await findBadge(db, mark.badgeId)
  const person = badge && (await findPerson(db, badge.personId))
  const isOver = badge?.status === 'replaced' || badge?.status === 'expired'
  if (!person || isOver) {
    return refuseChange('BDG-101', 'badge-unknown', { badge: mark.badgeId, by }, needs)
  }
  if (isOwnRecord(person.id, by)) {
    return refuseChange('BDG-101', 'own-record', { person: person.id, badge: badge.id, by }, needs)
  }
  if (isLoanersEnd(badge, status)) {
    const marks = marksOf.loanerOver(await badgesOf(db, person.id), badge)
    const { facts, writes, notices } = await markBadges(person.id, marks, by, needs)
    const [first, ...rest] = facts
    if (!first) throw new Error('a loaner ended, and nothing is to be said of it')
    return {
      answer: { kind: 'marked' },
      facts: [first, ...rest],
      writes: [raisePerson(db, person.id, person.version), ...writes],
      notices,
    }
  }
  const sessions = status === 'active' ? [] : await sessionsOfPerson(db, person.id)
  const locked = sessions
    .filter(({ state }) => state === 'open')
    .map((session) => ({ session, ...lockHere(session, 'badge-revoked', needs) }))
  const code = status === 'active' ? 'BDG-003' : 'BDG-002'
  return {
    answer: { kind: 'marked' },
    facts: [
      newFact(needs, code, { person: person.id, badge: badge.id, fields: { by, status } }),
      ...locked.flatMap(({ facts }) => facts),
    ],
    writes: [
      raisePerson(db, person.id, person.version),
      markBadgeRow(db, badge, status, needs.nowMs()),
      // Whichever badge comes next, it comes with the PIN.
      clearGrace(db, person.id),
      ...locked.flatMap(({ writes }) => writes),
    ],
    notices: screensFirst(
      locked.flatMap(({ session, notices }) => [
        lockNotice(session, 'badge-not-usable', needs),
        ...notices,
      ]),
    ),
  }
}
