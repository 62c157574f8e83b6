// Badges as HR writes them, within the unit that takes her record: enrolled by the rules of any
// enrolment, marked as far as HR's word goes (hr-mark). A card that is hers already is no news.

import type { PersonId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import type { Fact } from '../../audit/fact.ts'
import { badgesOf, markBadgeRow } from '../../identity/badges.ts'
import type { Badge } from '../../identity/badges.ts'
import { findCardHolder } from '../../identity/find-card-holder.ts'
import { clearGrace } from '../../sessions/grace.ts'
import type { Write } from '../../store/store.ts'
import { newBadge } from '../enrol-badge.ts'
import { isLoanersEnd, marksOf } from '../errands/marks-of.ts'
import { newFact } from '../flow-needs.ts'
import type { AdminRefused } from '../person-flow.ts'
import { hrMark } from './hr-mark.ts'
import type { BadgeWish, HrNeeds } from './hr-flow.ts'

export interface BadgesTaken {
  readonly kind: 'badges'
  readonly facts: readonly Fact[]
  readonly writes: readonly Write[]
  /** Something that she could open screens with is not usable any more. */
  readonly isLess: boolean
  /** How a badge is that was named by its number only, and opens nothing. */
  readonly stays?: 'suspended' | 'lost'
}

export const noBadges: BadgesTaken = { kind: 'badges', facts: [], writes: [], isLess: false }

export async function takeBadges(
  wishes: readonly BadgeWish[],
  about: {
    readonly personId: PersonId
    readonly key: Uint8Array
    readonly by: string
    /** She does not work here by this word: nothing about a badge may stand in its way. */
    readonly isGoing?: boolean
  },
  needs: HrNeeds,
): Promise<BadgesTaken | AdminRefused> {
  if (wishes.length === 0) return noBadges
  const own = await badgesOf(needs.db, about.personId)
  let taken = noBadges
  const seen = new Set<string>()
  for (const wish of wishes) {
    const next =
      wish.kind === 'mark'
        ? mark(own, wish, about, needs)
        : await enrol(own, wish, seen, about, needs)
    if (next.kind === 'refused') return next
    const stays = next.stays ?? taken.stays
    taken = {
      kind: 'badges',
      facts: [...taken.facts, ...next.facts],
      writes: [...taken.writes, ...next.writes],
      isLess: taken.isLess || next.isLess,
      ...(stays === undefined ? {} : { stays }),
    }
  }
  return taken
}

type About = Parameters<typeof takeBadges>[1]

async function enrol(
  own: readonly Badge[],
  wish: Extract<BadgeWish, { kind: 'enrol' }>,
  seen: Set<string>,
  about: About,
  needs: HrNeeds,
): Promise<BadgesTaken | AdminRefused> {
  const lookup = lookupOf(wish.card, needs.cardKey)
  if (seen.has(lookup)) return noBadges
  seen.add(lookup)
  const holder = await findCardHolder(needs.db, lookup)
  const hers = holder && own.find(({ id }) => id === holder.badgeId)
  if (hers) {
    if (wish.status === undefined) return staying(hers)
    return mark(own, { kind: 'mark', badgeId: hers.id, status: wish.status }, about, needs)
  }
  const { card, technology } = wish
  const order = {
    personId: about.personId,
    card,
    by: about.by,
    ...(technology === undefined ? {} : { technology }),
  }
  const made = await newBadge(order, about.key, needs)
  if (made.kind === 'refused') return made
  const { badgeId, fact, write } = made
  const fresh = { id: badgeId, version: 1 }
  const { status = 'active' } = wish
  const rest = status === 'active' ? noBadges : marked(fresh, status, about, needs)
  return {
    kind: 'badges',
    facts: [fact, ...rest.facts],
    writes: [write, ...rest.writes],
    isLess: false,
  }
}

function mark(
  own: readonly Badge[],
  { badgeId, status }: Extract<BadgeWish, { kind: 'mark' }>,
  about: About,
  needs: HrNeeds,
): BadgesTaken | AdminRefused {
  const badge = own.find(({ id }) => id === badgeId)
  if (!badge) return { kind: 'refused', code: 'badge-unknown' }
  const word = hrMark(badge, status)
  if (word === 'marks') {
    if (isLoanersEnd(badge, status)) return loanerOver(own, badge, about, needs)
    return marked(badge, status, about, needs)
  }
  if (word === 'over') return { kind: 'refused', code: 'badge-unknown' }
  if (word === 'not-hrs' && !about.isGoing) return { kind: 'refused', code: 'badge-not-hrs' }
  return noBadges
}

/** What rests for a loaner comes back by itself. */
function staying({ status, suspendedFor }: Badge): BadgesTaken {
  const isShut = status === 'lost' || (status === 'suspended' && suspendedFor === null)
  return isShut ? { ...noBadges, stays: status } : noBadges
}

/** Her own badge, which rests for it, comes back. */
function loanerOver(
  own: readonly Badge[],
  loaner: Badge,
  { personId, by }: About,
  needs: HrNeeds,
): BadgesTaken {
  const { db, nowMs } = needs
  const marks = marksOf.loanerOver(own, loaner)
  return {
    kind: 'badges',
    facts: marks.map(({ badge, status, code }) =>
      newFact(needs, code, { person: personId, badge: badge.id, fields: { by, status } }),
    ),
    writes: [
      ...marks.map(({ badge, status }) => markBadgeRow(db, badge, status, nowMs())),
      clearGrace(db, personId),
    ],
    isLess: true,
  }
}

function marked(
  badge: Pick<Badge, 'id' | 'version'>,
  status: Badge['status'],
  { personId, by }: About,
  needs: HrNeeds,
): BadgesTaken {
  const { db } = needs
  const code = status === 'active' ? 'BDG-003' : 'BDG-002'
  return {
    kind: 'badges',
    facts: [newFact(needs, code, { person: personId, badge: badge.id, fields: { by, status } })],
    // Whichever badge comes next, it comes with the PIN.
    writes: [
      markBadgeRow(db, badge, status, needs.nowMs(), { isHrs: true }),
      clearGrace(db, personId),
    ],
    isLess: status !== 'active',
  }
}
