// Whose badge may speak for somebody in an emergency, by what she does in the house: one rule for
// taps, bundles and journals. Pure. That she is at work, with a badge that is good, and another
// person is asked elsewhere.

import { rolesAt, standingAt } from './access-standing.ts'
import type { Access } from './access-standing.ts'
import type { SiteCalendar } from './calendar.ts'
import { questionOf } from './cedar/policy-question.ts'
import type { PolicySet } from './cedar/policy-set.ts'
import { usualPolicies } from './cedar/usual-policies.ts'
import { strongestBadge } from './strongest-badge.ts'
import type { Zone, ZoneSettings } from './zone-settings.ts'

type Place = Pick<Zone, 'id' | 'kind'> & {
  readonly settings: Pick<
    ZoneSettings,
    'roles' | 'witnessRoles' | 'asksShift' | 'asksTraining' | 'lockdownRoles'
  > & { readonly emergency: Pick<ZoneSettings['emergency'], 'witnessRoles'> }
}

export interface Colleague {
  readonly id: string
  readonly roles: readonly string[]
  readonly access: Access
}

/** By which rules, and when. */
export interface SpokenAt {
  readonly policies: PolicySet
  readonly calendar: SiteCalendar
  readonly nowMs: number
}

/**
 * Whom the zone names for it, and then nobody else. Where it names nobody: those who speak for
 * colleagues there, and those whose place it is by the policies that decide taps, to which the
 * zone's roles are one word. A zone that has never said who speaks for anybody takes whoever is at
 * work, and so does one of which nothing says who works there: a role is a word of the house, and
 * nobody at a dying patient is refused for a setting that was never made.
 */
export function maySpeakInEmergency(zone: Place, colleague: Colleague, at: SpokenAt): boolean {
  const { roles, witnessRoles, emergency } = zone.settings
  const hers = rolesAt(colleague.roles, colleague.access, at.nowMs)
  const has = (some: readonly string[]): boolean => hers.some((role) => some.includes(role))
  if (emergency.witnessRoles) return has(emergency.witnessRoles)
  if (witnessRoles.length === 0 || has(witnessRoles)) return true
  if (roles.length === 0 && at.policies.text === usualPolicies) return true
  return isHerPlace(zone, colleague, at)
}

/**
 * What policies say of who she is there, and not of the hour: as on her shift, with her training,
 * with the best badge, in a house that is run as usual. An emergency is for when it is not.
 */
function isHerPlace(
  zone: Place,
  { id, roles, access }: Colleague,
  { policies, calendar, nowMs }: SpokenAt,
): boolean {
  const { asksTraining } = zone.settings
  const training = [...new Set([...asksTraining, ...Object.keys(access.training)])].sort()
  const standing = { ...standingAt(access, calendar, nowMs), shift: 'on', training } as const
  const about = { roles, standing, assurance: strongestBadge, mode: 'normal', zone } as const
  const { use } = policies.ask(questionOf(about), id)
  // Policies that fail let nobody in: then the zone's own word is what is left.
  if (use.kind === 'forbid' && use.code === 'policy-failed') {
    return zone.settings.roles.some((role) => rolesAt(roles, access, nowMs).includes(role))
  }
  return use.kind === 'permit'
}
