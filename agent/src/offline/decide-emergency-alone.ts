// May somebody in here although policy says no, by what this workstation knows without a broker.
// Pure: the broker's own rules in the same order, tested with the same cases
// (test/kit/emergency-cases). Whom security keeps out is in no bundle as somebody who may.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { EmergencyOffer } from './bundle/emergency-offer.ts'
import { refusalAt } from './decide-alone.ts'
import type { AloneDecision, AloneFacts } from './decide-alone.ts'

export interface EmergencyFacts extends AloneFacts {
  /** Nothing where none is offered. */
  readonly offer: Pick<EmergencyOffer, 'witness' | 'reasons'> | undefined
  readonly choice: { readonly reason: string; readonly hasNote: boolean }
  /** By her badge, or by a number that anybody may know. */
  readonly by: 'card' | 'staff-number'
  readonly isVouchedFor: boolean
}

/** Reads from the hardest no to the yes; the first rule that speaks decides. */
export function decideEmergencyAlone(facts: EmergencyFacts): AloneDecision {
  return offerRule(facts) ?? neverRule(facts) ?? identityRule(facts) ?? allow(facts)
}

function offerRule({ offer, choice }: EmergencyFacts): AloneDecision | undefined {
  if (!offer) return refuse('zone-offers-emergency', 'emergency-not-offered')
  const reason = offer.reasons.find(({ code }) => code === choice.reason)
  if (!reason) return refuse('reason-is-on-the-list', 'emergency-not-offered')
  if (reason.asksNote && !choice.hasNote) {
    return refuse('reason-has-its-note', 'emergency-not-offered')
  }
  return undefined
}

/** Of a number nothing is told before the PIN, and after it not which of the two was wrong. */
function neverRule(facts: EmergencyFacts): AloneDecision | undefined {
  const { person, by, isPinProved } = facts
  const over = termRule(facts)
  if (by === 'staff-number') {
    if (!isPinProved) return { kind: 'ask-pin', rule: 'number-needs-pin' }
    if (!person.mayBreakGlass || over) return refuse('number-and-pin', 'not-identified')
  }
  if (over) return over
  if (!person.mayBreakGlass) return refuse('emergency-for-her', 'emergency-never')
  if (!facts.hasSomethingToOpen) return refuse('something-to-open', 'nothing-to-open')
  return undefined
}

/** Who is not hired yet, or not any more, is not here to help; a shift is no matter. */
function termRule({ person, nowMs }: EmergencyFacts): AloneDecision | undefined {
  const refusal = refusalAt(person, nowMs)
  if (refusal === 'access-not-begun') return refuse('access-has-begun', refusal)
  return refusal === 'access-over' ? refuse('access-is-not-over', refusal) : undefined
}

/** At least two of three speak for whoever comes in: a good badge, the PIN, a colleague. */
function identityRule(facts: EmergencyFacts): AloneDecision | undefined {
  if (!facts.isPinProved && isPinAtHand(facts)) return { kind: 'ask-pin', rule: 'pin-at-hand' }
  const why = whyWitness(facts)
  return why !== undefined && !facts.isVouchedFor ? { kind: 'ask-witness', rule: why } : undefined
}

function whyWitness({ offer, person, by, isPinProved }: EmergencyFacts): string | undefined {
  if (by === 'staff-number') return 'number-is-weak'
  if (!isPinProved) return 'badge-without-pin'
  // Who is suspended or gone may not at all: whoever is not active here is on leave.
  if (person.refusal === 'person-not-active') return 'person-is-on-leave'
  return offer?.witness === 'always' ? 'zone-asks-witness' : undefined
}

/** She has one, and neither it nor the workstation waits after wrong ones. */
function isPinAtHand({ hasPin, nowMs, pinLockedUntilMs, placeLockedUntilMs }: AloneFacts): boolean {
  return hasPin && pinLockedUntilMs <= nowMs && placeLockedUntilMs <= nowMs
}

function allow({ isVouchedFor, isPinProved, nowMs }: EmergencyFacts): AloneDecision {
  const rule = isVouchedFor ? 'emergency-with-witness' : 'emergency'
  return { kind: 'allow', rule, pinAtMs: isPinProved ? nowMs : 0 }
}

function refuse(rule: string, code: RefusalCode): AloneDecision {
  return { kind: 'refuse', rule, code }
}
