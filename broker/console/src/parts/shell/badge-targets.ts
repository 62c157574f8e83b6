// What the command bar offers about badges: looking for one by its last digits, those that were
// found so, and those of somebody. Never more of a number than four digits. Pure.

import type { PersonSummary } from '@wardkey/protocol/admin/people'
import type { BadgesFound } from '../../api/badge-search.ts'
import { nameText } from '../names.ts'
import type { Target } from './target.ts'

/** Four at least, so that few badges have them; with a digit, so that it is no word. */
const ending = /^(?:badges?\s+)?[….]*((?=[a-f]*\d)[0-9a-f]{4,8})$/i
const shownDigits = 4

/** Nothing where the text is no badge's last digits. */
export const endingIn = (text: string): string | undefined =>
  ending.exec(text.trim())?.[1]?.toLowerCase()

const lastOf = (ends: string): string => `…${ends.slice(-shownDigits)}`

/** Looked for when it is chosen: each look at badges is in the record. */
export function lookForBadge(text: string): readonly Target[] {
  const ends = endingIn(text)
  if (ends === undefined) return []
  const label = `Look for a badge that ends in ${lastOf(ends)}`
  return [{ key: 'badge-ending', label, kind: 'Badges', to: '/people', search: {}, ends }]
}

export const foundTargets = (ends: string, { badges }: BadgesFound): readonly Target[] =>
  badges.map((badge) => ({
    key: badge.badgeId,
    label: `Badge ${lastOf(ends)} of ${nameText(badge)}`,
    kind: `${standingOf(badge)}, ${badge.technology}`,
    to: '/people',
    search: { open: badge.personId },
  }))

/** Nobody suspended a badge that rests. */
const standingOf = ({ status, isResting }: BadgesFound['badges'][number]): string =>
  isResting ? 'rests while a loaner stands in' : status

export function foundWords(ends: string, { badges, hasMore }: BadgesFound): string {
  if (badges.length === 0) return `No badge ends in ${lastOf(ends)}. Look at the card again.`
  return hasMore ? 'More end so than are shown: give more of its digits.' : ''
}

/** Only where badges are asked for: each person is a target already. */
export function badgesOf(text: string, people: readonly PersonSummary[]): readonly Target[] {
  if (!/(^|\s)badge/i.test(text)) return []
  return people.map((person) => ({
    key: `badges-${person.personId}`,
    label: `Badges of ${nameText(person)}`,
    kind: 'Badges',
    to: '/people',
    search: { open: person.personId },
  }))
}
