// From pre-hire to termination: what HR's word, security's hold and the dates make of a person's
// status, and which steps HR may take. Pure.

import type { AccessFacts } from '../../identity/access-facts.ts'
import type { PersonStatus } from '../../identity/people.ts'
import type { Employment, HrIdentity } from './hr-record.ts'

/**
 * The harder of the two words: `active: false` is a suspension unless HR says something harder, and
 * `active: true` beside `on-leave` is still a leave, since some clients say it at each cycle.
 */
export function employmentOf(said: Pick<HrIdentity, 'isActive' | 'employmentStatus'>): Employment {
  const status = said.employmentStatus ?? 'active'
  if (said.isActive) return status
  return status === 'terminated' ? 'terminated' : 'suspended'
}

export interface Standing {
  readonly employment: Employment
  /** Security holds her back, whatever HR says. */
  readonly isHeld: boolean
  readonly access: Pick<AccessFacts, 'startsMs' | 'endsMs'>
}

/** Of all that is true the hardest decides: gone, held, over, not begun, away, here. */
export function statusOf({ employment, isHeld, access }: Standing, nowMs: number): PersonStatus {
  if (employment === 'terminated') return 'terminated'
  if (isHeld || employment === 'suspended') return 'suspended'
  // A contract that is over may yet be prolonged: nothing of hers is void, and nothing works.
  if (access.endsMs !== undefined && access.endsMs <= nowMs) return 'suspended'
  if (access.startsMs !== undefined && access.startsMs > nowMs) return 'pre-hire'
  // With a first day she begins on it by herself; without one HR says so.
  if (employment === 'pre-hire') return access.startsMs === undefined ? 'pre-hire' : 'active'
  return employment
}

/** The next moment at which a date alone changes her status; nothing where none does. */
export function dueMsOf(
  { employment, access }: Pick<Standing, 'employment' | 'access'>,
  nowMs: number,
): number | undefined {
  if (employment === 'terminated') return undefined
  const coming = [access.startsMs, access.endsMs].filter((ms) => ms !== undefined && ms > nowMs)
  return coming.length === 0 ? undefined : Math.min(...coming.map(Number))
}

export type Step =
  | { readonly kind: 'same' }
  | { readonly kind: 'begins' }
  | { readonly kind: 'pauses'; readonly status: 'pre-hire' | 'on-leave' | 'suspended' }
  | { readonly kind: 'ends' }
  | { readonly kind: 'returns' }
  /** Gone for good: only a new employment brings her back. */
  | { readonly kind: 'refused' }

/**
 * What has to happen on the way from one status to the next.
 *
 * `isRehire` says that HR named a new employment of the same person. A person whom an administrator
 * terminated does not come back by it.
 */
export function stepOf(was: PersonStatus, next: PersonStatus, isRehire: boolean): Step {
  if (was === 'terminated') {
    if (next === 'terminated') return { kind: 'same' }
    return isRehire ? { kind: 'returns' } : { kind: 'refused' }
  }
  if (was === next) return { kind: 'same' }
  switch (next) {
    case 'terminated':
      return { kind: 'ends' }
    case 'active':
      return { kind: 'begins' }
    case 'pre-hire':
    case 'on-leave':
    case 'suspended':
      return { kind: 'pauses', status: next }
  }
}
