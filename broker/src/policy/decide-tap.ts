// May this person use this workstation now, and on what proof. Pure: facts in, decision out, and
// the rule that decided by its name. Nothing is allowed that no rule allows.

import type { RefusalCode } from '@wardkey/protocol/codes'
import { acrBadge, acrBadgePin, amrBadge, amrBadgePin } from './assurance.ts'
import type { AccessStanding } from './access-standing.ts'
import type { Verdict } from './cedar/policy-set.ts'
import type { ZoneSettings } from './zone-settings.ts'

export interface TapFacts {
  readonly nowMs: number
  readonly person: {
    readonly status: 'pre-hire' | 'active' | 'on-leave' | 'suspended' | 'terminated'
    readonly term: AccessStanding['term']
  }
  readonly badge: {
    readonly status: 'active' | 'suspended' | 'lost' | 'replaced' | 'expired'
    readonly assurance: number
  }
  readonly hasPin: boolean
  readonly pinLockedUntilMs: number
  readonly zone: { readonly id: string; readonly settings: ZoneSettings }
  readonly workstation: {
    /** Its last boot or wake: what was proved before it is not believed after. */
    readonly trustedSinceMs: number
    readonly lockedUntilMs: number
  }
  readonly grace: {
    readonly zoneId: string
    readonly pinAtMs: number
    readonly lastMs: number
  } | null
  /** What the written policies say of her at this workstation. */
  readonly verdict: Pick<Verdict, 'use' | 'badgeAlone'>
  /** True once the PIN matched, in this very tap. */
  readonly isPinProved: boolean
}

export type Decision =
  | {
      readonly kind: 'allow'
      readonly rule: string
      readonly acr: string
      readonly amr: readonly string[]
      /** When a PIN was last proved; 0 where none was. */
      readonly pinAtMs: number
    }
  | { readonly kind: 'ask-pin'; readonly rule: string }
  | {
      readonly kind: 'refuse'
      readonly rule: string
      readonly code: RefusalCode
      readonly retryAfterMs?: number
    }

/** Brokers' clocks differ a little; more than this is a clock that was set back. */
const clockSlackMs = 2000

/**
 * Reads from the hardest no to the yes; the first rule that speaks decides. What no policy can
 * allow comes before what policies say, and what a factor is worth after it.
 */
export function decideTap(facts: TapFacts): Decision {
  const { badge, zone, workstation, verdict, nowMs } = facts
  const never = neverRule(facts)
  if (never) return never
  if (verdict.use.kind === 'forbid') return refuse(verdict.use.rule, verdict.use.code)
  if (facts.isPinProved) {
    return { kind: 'allow', rule: 'badge-and-pin', ...proof(nowMs) }
  }
  const isAlone = verdict.badgeAlone.kind === 'permit'
  const isStrong = badge.assurance >= zone.settings.badgeAloneAssurance
  if (zone.settings.pin === 'never' && isStrong && isAlone) {
    return { kind: 'allow', rule: 'zone-asks-no-pin', acr: acrBadge, amr: amrBadge, pinAtMs: 0 }
  }
  const grace = isAlone ? graceRule(facts) : verdict.badgeAlone.rule
  if (grace === 'holds' && isAlone && facts.grace) {
    return { kind: 'allow', rule: 'badge-within-grace', ...proof(facts.grace.pinAtMs) }
  }
  if (!facts.hasPin) return refuse('pin-is-set', 'pin-not-set')
  if (facts.pinLockedUntilMs > nowMs) {
    return refuse('pin-is-not-locked', 'pin-locked', facts.pinLockedUntilMs - nowMs)
  }
  if (workstation.lockedUntilMs > nowMs) {
    const waitMs = workstation.lockedUntilMs - nowMs
    return refuse('workstation-is-not-locked', 'workstation-locked-out', waitMs)
  }
  return { kind: 'ask-pin', rule: grace }
}

/** Who is not here, or shows what is no badge of hers any more, is let in by no policy. */
function neverRule({ person, badge }: TapFacts): Decision | undefined {
  if (person.status !== 'active') return refuse('person-is-active', 'person-not-active')
  if (person.term === 'not-begun') return refuse('access-has-begun', 'access-not-begun')
  if (person.term === 'over') return refuse('access-is-not-over', 'access-over')
  if (badge.status !== 'active') return refuse('badge-is-active', 'badge-not-usable')
  return undefined
}

/** Why the badge alone is not enough, or that it is. */
function graceRule(facts: TapFacts) {
  const { badge, grace, zone, workstation, nowMs } = facts
  if (zone.settings.pin === 'each-tap') return 'zone-asks-each-tap'
  if (badge.assurance < zone.settings.badgeAloneAssurance) return 'badge-too-weak-alone'
  if (!grace) return 'first-of-shift'
  if (grace.zoneId !== zone.id) return 'zone-changed'
  if (grace.pinAtMs < workstation.trustedSinceMs) return 'workstation-restarted'
  // A clock that was set back makes ages unknown, so nothing is believed of them.
  const ageMs = nowMs - grace.pinAtMs
  const idleMs = nowMs - grace.lastMs
  if (ageMs < -clockSlackMs || idleMs < -clockSlackMs) return 'clock-went-back'
  if (ageMs >= zone.settings.graceAbsoluteMs) return 'grace-absolute-over'
  if (idleMs >= zone.settings.graceRollingMs) return 'grace-rolling-over'
  return 'holds'
}

function proof(pinAtMs: number): { acr: string; amr: readonly string[]; pinAtMs: number } {
  return { acr: acrBadgePin, amr: amrBadgePin, pinAtMs }
}

function refuse(rule: string, code: RefusalCode, retryAfterMs?: number): Decision {
  return { kind: 'refuse', rule, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
