// May somebody in here although policy says no, for a patient's sake. Pure: facts in, decision out,
// and the rule that decided by its name. What security has decided stays decided: who is gone or
// suspended, and a badge that was reported lost, open nothing.

import type { RefusalCode } from '@wardkey/protocol/codes'
import { acrBreakGlass, amrBadge, amrBadgePin, amrPin } from './assurance.ts'
import type { AccessStanding } from './access-standing.ts'
import type { Decision } from './decide-tap.ts'
import type { EmergencySettings } from './emergency-settings.ts'

export interface BreakGlassFacts {
  readonly settings: EmergencySettings
  readonly choice: { readonly reason: string; readonly hasNote: boolean }
  /** Nobody where a staff number names no one; a card that is nobody's is refused before. */
  readonly person:
    | {
        readonly status: 'pre-hire' | 'active' | 'on-leave' | 'suspended' | 'terminated'
        readonly term: AccessStanding['term']
      }
    | undefined
  readonly by:
    | {
        readonly kind: 'card'
        readonly badge: 'active' | 'suspended' | 'lost' | 'replaced' | 'expired'
      }
    | { readonly kind: 'staff-number' }
  /** She has one, and neither it nor the workstation waits after wrong ones. */
  readonly isPinAtHand: boolean
  /** It matched, for this very wish. */
  readonly isPinProved: boolean
  /** A colleague's usable badge was shown for this very wish. */
  readonly isWitnessed: boolean
}

/** How it was proved who she is. */
export type Identity = 'badge-and-pin' | 'badge' | 'number-and-pin'

export type BreakGlassDecision =
  | {
      readonly kind: 'allow'
      readonly rule: string
      readonly identity: Identity
      readonly acr: string
      readonly amr: readonly string[]
    }
  | { readonly kind: 'ask-pin'; readonly rule: string }
  | { readonly kind: 'ask-witness'; readonly rule: string }
  | { readonly kind: 'refuse'; readonly rule: string; readonly code: RefusalCode }

/** Reads from the hardest no to the yes; the first rule that speaks decides. */
export function decideBreakGlass(facts: BreakGlassFacts): BreakGlassDecision {
  return offerRule(facts) ?? neverRule(facts) ?? identityRule(facts) ?? allow(facts)
}

/** What a zone does not offer is refused before anybody is looked for. */
function offerRule({ settings, choice }: BreakGlassFacts): BreakGlassDecision | undefined {
  if (!settings.offered) return refuse('zone-offers-emergency', 'emergency-not-offered')
  const reason = settings.reasons.find(({ code }) => code === choice.reason)
  if (!reason) return refuse('reason-is-on-the-list', 'emergency-not-offered')
  if (reason.asksNote && !choice.hasNote) {
    return refuse('reason-has-its-note', 'emergency-not-offered')
  }
  return undefined
}

/**
 * By a staff number all of these are one answer, after the PIN: whoever tries numbers out does not
 * learn which of them are people.
 */
function neverRule(facts: BreakGlassFacts): BreakGlassDecision | undefined {
  const { person, by } = facts
  if (by.kind === 'staff-number') {
    const isHere = person?.status === 'active' || person?.status === 'on-leave'
    const isUsable = isHere && person.term === 'within'
    if (!facts.isPinProved) {
      return facts.isPinAtHand
        ? { kind: 'ask-pin', rule: 'number-needs-pin' }
        : refuse('number-and-pin', 'not-identified')
    }
    return isUsable ? undefined : refuse('number-and-pin', 'not-identified')
  }
  if (person?.status === 'terminated') return refuse('person-is-not-gone', 'emergency-never')
  // Off shift, untrained, elsewhere at home: that is what an emergency is for. Who is not hired yet
  // or not any more is not here to help.
  if (person?.term === 'not-begun') return refuse('access-has-begun', 'access-not-begun')
  if (person?.term === 'over') return refuse('access-is-not-over', 'access-over')
  if (by.badge === 'lost') return refuse('badge-is-not-lost', 'emergency-never')
  if (person?.status === 'suspended') {
    return refuse('person-is-not-suspended', 'person-not-active')
  }
  // Nobody's patient is hers yet.
  if (person?.status === 'pre-hire') return refuse('person-has-begun', 'person-not-active')
  if (person === undefined || by.badge === 'replaced' || by.badge === 'expired') {
    return refuse('badge-is-somebodys', 'badge-not-usable')
  }
  return undefined
}

function identityRule(facts: BreakGlassFacts): BreakGlassDecision | undefined {
  const { by, isPinProved, isPinAtHand } = facts
  if (!isPinProved && isPinAtHand) return { kind: 'ask-pin', rule: 'pin-at-hand' }
  // A suspended badge says who is meant and proves nothing; a colleague does not replace both.
  if (!isPinProved && by.kind === 'card' && by.badge === 'suspended') {
    return refuse('badge-or-pin-is-good', 'badge-not-usable')
  }
  const why = whyWitness(facts)
  return why !== undefined && !facts.isWitnessed ? { kind: 'ask-witness', rule: why } : undefined
}

function whyWitness({ settings, person, by, isPinProved }: BreakGlassFacts): string | undefined {
  if (by.kind === 'staff-number') return 'number-is-weak'
  if (!isPinProved) return 'badge-without-pin'
  if (by.badge !== 'active') return 'badge-is-suspended'
  if (person?.status === 'on-leave') return 'person-is-on-leave'
  return settings.witness === 'always' ? 'zone-asks-witness' : undefined
}

function allow(facts: BreakGlassFacts): BreakGlassDecision {
  const { by, isPinProved } = facts
  const rule = facts.isWitnessed ? 'emergency-with-witness' : 'emergency'
  const acr = acrBreakGlass
  if (by.kind === 'staff-number') {
    return { kind: 'allow', rule, identity: 'number-and-pin', acr, amr: amrPin }
  }
  return isPinProved
    ? { kind: 'allow', rule, identity: 'badge-and-pin', acr, amr: amrBadgePin }
    : { kind: 'allow', rule, identity: 'badge', acr, amr: amrBadge }
}

export interface ReturnFacts {
  readonly nowMs: number
  readonly personStatus: 'pre-hire' | 'active' | 'on-leave' | 'suspended' | 'terminated'
  readonly term: AccessStanding['term']
  readonly badgeStatus: 'active' | 'suspended' | 'lost' | 'replaced' | 'expired'
  readonly isPinAtHand: boolean
  readonly isPinProved: boolean
}

/** The rule by which an emergency's own screen is opened again, and nothing else. */
export const emergencyResumed = 'emergency-resumed'

/**
 * Her emergency still stands at this workstation, and policy says no: with badge and PIN she comes
 * back to it. Nothing where that cannot be; then policy's no stands.
 */
export function decideReturn(facts: ReturnFacts): Decision | undefined {
  const isHere = facts.personStatus === 'active' || facts.personStatus === 'on-leave'
  if (!isHere || facts.term !== 'within' || facts.badgeStatus !== 'active') return undefined
  if (facts.isPinProved) {
    const proof = { acr: acrBreakGlass, amr: amrBadgePin, pinAtMs: facts.nowMs }
    return { kind: 'allow', rule: emergencyResumed, ...proof }
  }
  return facts.isPinAtHand ? { kind: 'ask-pin', rule: 'emergency-stands' } : undefined
}

function refuse(rule: string, code: RefusalCode): BreakGlassDecision {
  return { kind: 'refuse', rule, code }
}
