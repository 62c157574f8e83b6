// Whose badge may speak for somebody in an emergency, by what she does in the house. Pure. That she
// is at work, with a badge that is good, and another person is asked elsewhere.

import type { ZoneSettings } from './zone-settings.ts'

type Rules = Pick<ZoneSettings, 'roles' | 'witnessRoles'> & {
  readonly emergency: Pick<ZoneSettings['emergency'], 'witnessRoles'>
}

/**
 * Where the zone names no roles for it, those who work there and those who speak for colleagues
 * there. A zone that has never said who speaks for anybody, or that leaves it to written policies
 * who works there, takes whoever is at work: a role is a word of the house, and nobody at a dying
 * patient is refused for a setting that was never made.
 */
export function maySpeakInEmergency(rules: Rules, roles: readonly string[]): boolean {
  const may = rules.emergency.witnessRoles ?? usualRoles(rules)
  return may === undefined || roles.some((role) => may.includes(role))
}

function usualRoles({ roles, witnessRoles }: Rules): readonly string[] | undefined {
  return roles.length === 0 || witnessRoles.length === 0 ? undefined : [...roles, ...witnessRoles]
}
