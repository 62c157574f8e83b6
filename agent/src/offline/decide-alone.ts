// May this person use this workstation now, by what it knows without a broker. Pure: the same rules
// in the same order as the broker's own, over facts that it has worked out beforehand.

import type { RefusalCode } from '@wardkey/protocol/codes'
import type { OfflineBundle, OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'

/** All times on the broker's clock, as far as the workstation knows it. */
export interface AloneFacts {
  readonly nowMs: number
  readonly bundle: Pick<OfflineBundle, 'pinMode' | 'graceRollingMs' | 'graceAbsoluteMs'>
  readonly person: Pick<OfflinePerson, 'refusal' | 'later' | 'decidedUntilMs' | 'mayBreakGlass'>
  /** Whether the badge shown is worth enough without a PIN. */
  readonly isEnoughAlone: boolean
  readonly hasPin: boolean
  readonly pinLockedUntilMs: number
  readonly placeLockedUntilMs: number
  /** The last boot or wake: what was proved before it is not believed after. */
  readonly trustedSinceMs: number
  readonly grace: { readonly pinAtMs: number; readonly lastMs: number } | undefined
  readonly isPinProved: boolean
  /** A chart of hers waits here, or the bundle names what to open. */
  readonly hasSomethingToOpen: boolean
}

export type AloneDecision =
  | { readonly kind: 'allow'; readonly rule: string; readonly pinAtMs: number }
  | { readonly kind: 'ask-pin'; readonly rule: string }
  | { readonly kind: 'ask-witness'; readonly rule: string }
  | {
      readonly kind: 'refuse'
      readonly rule: string
      readonly code: RefusalCode
      readonly retryAfterMs?: number
    }

/** A clock that goes back further than this was set back. */
const clockSlackMs = 2000

/** Reads from the hardest no to the yes; the first rule that speaks decides. */
export function decideAlone(facts: AloneFacts): AloneDecision {
  const { bundle, person } = facts
  const refusal = refusalAt(person, facts.nowMs)
  if (refusal !== undefined) return refuse('policy-says-beforehand', refusal)
  if (!facts.hasSomethingToOpen) return refuse('something-to-open', 'nothing-to-open')
  if (facts.isPinProved) return { kind: 'allow', rule: 'badge-and-pin', pinAtMs: facts.nowMs }
  if (bundle.pinMode === 'never' && facts.isEnoughAlone) {
    return { kind: 'allow', rule: 'zone-asks-no-pin', pinAtMs: 0 }
  }
  const grace = graceRule(facts)
  if (grace === 'holds' && facts.grace) {
    return { kind: 'allow', rule: 'badge-within-grace', pinAtMs: facts.grace.pinAtMs }
  }
  return cannotAsk(facts) ?? { kind: 'ask-pin', rule: grace }
}

/**
 * What policy said beforehand of this moment; nothing where that was yes. A workstation decides
 * nothing that policy has not decided: what is after the last answer is a no.
 */
export function refusalAt(
  { refusal, later, decidedUntilMs }: AloneFacts['person'],
  nowMs: number,
): RefusalCode | undefined {
  if (decidedUntilMs !== undefined && nowMs >= decidedUntilMs) return 'not-decided-offline'
  const stretch = later?.findLast(({ fromMs }) => fromMs <= nowMs)
  return stretch ? stretch.refusal : refusal
}

/** Why a PIN cannot be asked for now, if it cannot. */
function cannotAsk(facts: AloneFacts): AloneDecision | undefined {
  const { nowMs, pinLockedUntilMs, placeLockedUntilMs } = facts
  if (!facts.hasPin) return refuse('pin-is-set', 'pin-not-set')
  if (pinLockedUntilMs > nowMs) {
    return refuse('pin-is-not-locked', 'pin-locked', pinLockedUntilMs - nowMs)
  }
  if (placeLockedUntilMs > nowMs) {
    const waitMs = placeLockedUntilMs - nowMs
    return refuse('workstation-is-not-locked', 'workstation-locked-out', waitMs)
  }
  return undefined
}

/** Why the badge alone is not enough, or that it is. */
function graceRule({ bundle, grace, isEnoughAlone, trustedSinceMs, nowMs }: AloneFacts) {
  if (bundle.pinMode === 'each-tap') return 'zone-asks-each-tap'
  if (!isEnoughAlone) return 'badge-too-weak-alone'
  if (!grace) return 'first-of-shift'
  if (grace.pinAtMs < trustedSinceMs) return 'workstation-restarted'
  const ageMs = nowMs - grace.pinAtMs
  const idleMs = nowMs - grace.lastMs
  if (ageMs < -clockSlackMs || idleMs < -clockSlackMs) return 'clock-went-back'
  if (ageMs >= bundle.graceAbsoluteMs) return 'grace-absolute-over'
  if (idleMs >= bundle.graceRollingMs) return 'grace-rolling-over'
  return 'holds'
}

function refuse(rule: string, code: RefusalCode, retryAfterMs?: number): AloneDecision {
  return { kind: 'refuse', rule, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}
