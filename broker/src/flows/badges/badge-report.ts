// How many badges anybody can copy, where they count, and what to do about it first. Counts only:
// it names nobody, and no number.

import type { Kysely } from 'kysely'
import type { BadgeReport } from '@wardkey/protocol/admin/badges/badge-report'
import { parseTexts } from '../../identity/json-column.ts'
import { parseStoredZone } from '../../policy/stored-zone.ts'
import type { ZoneSettings } from '../../policy/zone-settings.ts'
import type { Schema } from '../../store/schema.ts'

/** From here on a technology proves a key (identity/badge-technology); below it is a number. */
export const provesAKey = 3

interface CountedBadge {
  readonly person: string
  readonly technology: string
  readonly assurance: number
  readonly roles: readonly string[]
}

export async function readBadgeReport(db: Kysely<Schema>, nowMs: number): Promise<BadgeReport> {
  const rows = await db
    .selectFrom('badge')
    .innerJoin('person', 'person.id', 'badge.person_id')
    .where('badge.status', 'in', ['active', 'suspended'])
    .where('person.status', 'in', ['active', 'on-leave', 'pre-hire'])
    .select(['badge.person_id', 'badge.technology', 'badge.assurance', 'person.roles'])
    .execute()
  const badges = rows.map((row) => ({
    person: row.person_id,
    technology: row.technology,
    assurance: row.assurance,
    roles: parseTexts(row.roles),
  }))
  const zones = await db.selectFrom('zone').select(['id', 'settings']).orderBy('id').execute()
  return reportOf(
    badges,
    zones.map(({ id, settings }) => ({ id, settings: parseStoredZone(settings) })),
    nowMs,
  )
}

/** Pure. */
export function reportOf(
  badges: readonly CountedBadge[],
  zones: readonly { readonly id: string; readonly settings: ZoneSettings }[],
  atMs: number,
): BadgeReport {
  const weak = badges.filter(isCloneable)
  const roles = [...new Set(badges.flatMap((badge) => badge.roles))].sort()
  const byZone = zones.map(({ id, settings }) => {
    const mayUse = (badge: CountedBadge): boolean =>
      badge.roles.some((role) => settings.roles.includes(role))
    return {
      zoneId: id,
      isBadgeAloneEnough: settings.pin !== 'each-tap' && settings.badgeAloneAssurance < provesAKey,
      people: people(badges.filter(mayUse)),
      cloneable: people(weak.filter(mayUse)),
    }
  })
  return {
    atMs,
    badges: badges.length,
    cloneable: weak.length,
    technologies: byTechnology(badges),
    roles: roles.map((role) => ({
      role,
      people: people(badges.filter((badge) => badge.roles.includes(role))),
      cloneable: people(weak.filter((badge) => badge.roles.includes(role))),
    })),
    zones: byZone,
    plan: [
      ...byZone
        .filter(({ isBadgeAloneEnough, cloneable }) => isBadgeAloneEnough && cloneable > 0)
        .sort((a, b) => b.cloneable - a.cloneable)
        .map(({ zoneId, cloneable }) => ({ what: 'ask-pin', zoneId, people: cloneable }) as const),
      ...replacements(weak, roles),
    ],
  }
}

const isCloneable = ({ assurance }: CountedBadge): boolean => assurance < provesAKey

const people = (badges: readonly CountedBadge[]): number =>
  new Set(badges.map(({ person }) => person)).size

function byTechnology(badges: readonly CountedBadge[]): BadgeReport['technologies'] {
  const names = [...new Set(badges.map(({ technology }) => technology))].sort()
  return names
    .map((technology) => {
      const all = badges.filter((badge) => badge.technology === technology)
      const assurance = Math.min(...all.map((badge) => badge.assurance))
      const isWeak = assurance < provesAKey
      return { technology, assurance, isCloneable: isWeak, badges: all.length, people: people(all) }
    })
    .sort((a, b) => a.assurance - b.assurance || b.badges - a.badges)
}

/** The weakest first, and of equals where most of them are: a role is how badges are handed out. */
function replacements(
  weak: readonly CountedBadge[],
  roles: readonly string[],
): BadgeReport['plan'] {
  return byTechnology(weak).flatMap(({ technology }) => {
    const all = weak.filter((badge) => badge.technology === technology)
    const counted = [...roles, ''].map((role) => ({
      what: 'replace' as const,
      technology,
      role: role === '' ? '(no role)' : role,
      badges: all.filter((badge) =>
        role === '' ? badge.roles.length === 0 : badge.roles.includes(role),
      ).length,
    }))
    return counted.filter(({ badges }) => badges > 0).sort((a, b) => b.badges - a.badges)
  })
}
