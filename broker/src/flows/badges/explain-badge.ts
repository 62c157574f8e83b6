// How the badge of a tap stands now, and what the service desk does about one that does not count.
// Names nobody, changes nothing.

import type { Kysely } from 'kysely'
import type { BadgeStanding, WhyShown } from '@wardkey/protocol/admin/why'
import { badgeId } from '@wardkey/protocol/ids'
import { badgesOf, findBadge } from '../../identity/badges.ts'
import type { Badge } from '../../identity/badges.ts'
import { isResting } from '../../identity/cards/resting-badge.ts'
import { badgeStatusAt } from '../../identity/find-card-holder.ts'
import type { Schema } from '../../store/schema.ts'

type BadgeNow = NonNullable<NonNullable<WhyShown['badge']>['now']>

/** After "The badge". */
const thenWords: Readonly<Record<BadgeStanding, string>> = {
  active: 'could be used.',
  suspended: 'was suspended.',
  resting: 'rested while a loaner stood in for it.',
  lost: 'had been reported lost.',
  replaced: 'had been replaced.',
  expired: 'was past its end.',
}
const nowWords: Readonly<Record<BadgeStanding, string>> = {
  active: 'It can be used.',
  suspended: 'It is suspended.',
  resting: 'It rests while a loaner stands in for it.',
  lost: 'It is reported lost.',
  replaced: 'It was replaced, for good.',
  expired: 'Its time is over, for good.',
}

const nexts: Readonly<Record<BadgeStanding, string>> = {
  active: 'It can be used again: have it tapped once more. The PIN is asked for.',
  suspended:
    'Ask whoever suspended it why. When that is settled: wardkey-broker badge restore <badge>.',
  resting:
    'The loaner is to be used until it ends; then this one works again by itself. Where it is at ' +
    'hand again: tap it, and choose “I found my badge again”.',
  lost:
    'If it was found: tap it within two weeks, and choose “I found my badge again”, with a ' +
    'colleague; or wardkey-broker badge restore <badge>. If it is gone: a loaner, or a new badge.',
  replaced: 'The newer badge is to be used; without one: wardkey-broker badge enrol <person>.',
  expired:
    'The own badge is to be used, or another loaner given; without either: ' +
    'wardkey-broker badge enrol <person>.',
}
const suspendedByHr = 'HR’s system suspended it: when HR lifts that, it works again by itself.'

export function standingOf(badge: Badge, nowMs: number): BadgeStanding {
  if (isResting(badge)) return 'resting'
  return badgeStatusAt({ badgeStatus: badge.status, badgeEndsMs: badge.endsMs }, nowMs)
}

/** Of a tap that was refused because its badge did not count, as far as the record tells why. */
export function refusedBadge(then: BadgeStanding, ids: Ids): Pick<WhyShown, 'sentence' | 'next'> {
  return { sentence: `The badge ${thenWords[then]}`, next: withIds(nexts[then], ids) }
}

interface Ids {
  readonly badgeId: string
  readonly personId?: string | undefined
}

/** So that a command can be copied as it stands. */
function withIds(text: string, { badgeId: badge, personId = '<person>' }: Ids): string {
  return text.replace('<badge>', badge).replace('<person>', personId)
}

/** The same with how the badge stands now: whoever asks has to do with that. */
export async function whyWithBadge(
  why: WhyShown,
  { db, nowMs }: { readonly db: Kysely<Schema>; readonly nowMs: () => number },
): Promise<WhyShown> {
  const id = badgeId.safeParse(why.badge?.badgeId)
  const badge = id.success ? await findBadge(db, id.data) : undefined
  if (!why.badge || !badge) return why
  const all = await badgesOf(db, badge.personId)
  const now = badgeNow(badge, all, nowMs())
  const next = why.code === 'badge-not-usable' ? { next: nextOf(badge, now) } : {}
  return { ...why, ...next, badge: { ...why.badge, now } }
}

function badgeNow(badge: Badge, all: readonly Badge[], nowMs: number): BadgeNow {
  const standing = standingOf(badge, nowMs)
  const loaner = all.find(({ id }) => id === badge.suspendedFor)
  const endsMs = standing === 'resting' ? loaner?.endsMs : badge.endsMs
  const isPast = standing === 'expired' && badge.status !== 'expired'
  return {
    standing,
    sinceMs: isPast ? (badge.endsMs ?? badge.sinceMs) : badge.sinceMs,
    ...(endsMs === null || endsMs === undefined ? {} : { endsMs }),
    hasOther: all.some((one) => one.id !== badge.id && standingOf(one, nowMs) === 'active'),
    sentence: nowWords[standing],
  }
}

function nextOf(badge: Badge, { standing, hasOther }: BadgeNow): string {
  const isHrs = badge.isSuspendedByHr && standing === 'suspended'
  const ids = { badgeId: badge.id, personId: badge.personId }
  const next = isHrs ? suspendedByHr : withIds(nexts[standing], ids)
  const isSaid = standing === 'active' || standing === 'resting'
  return hasOther && !isSaid ? `Another badge of the same person can be used. ${next}` : next
}
