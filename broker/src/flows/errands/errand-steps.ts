// Which step of an errand comes next, from what was proved so far: the order of all errands in one
// place. Pure.

import type { ConfirmingBadge, ErrandKind, ErrandStep } from '@wardkey/protocol/workstation/errands'

export interface ErrandStanding {
  /** The badge that it is about was shown. */
  readonly hasCard: boolean
  /** A staff number was given, whether or not it is anybody's; or the badge named her. */
  readonly isNamed: boolean
  readonly hasPin: boolean
  /** She may speak for others herself: then two speak for her. */
  readonly isPrivileged: boolean
  /** Colleagues who have spoken for her, with badge and PIN. */
  readonly witnesses: number
  /** A colleague's badge was shown, and her PIN is to come. */
  readonly isWitnessShown: boolean
  /** The badge that she found was reported lost. */
  readonly wasLost: boolean
  /** The page for her hospital account is open, or was, and nothing was made of it yet. */
  readonly isSigningIn: boolean
  /** She proved by it who she is: as good as one colleague. */
  readonly hasAccount: boolean
  /**
   * The name that was shown is the right one: whoever spoke last says so with her badge, and she
   * herself where only her account spoke.
   */
  readonly isConfirmed: boolean
  readonly isPinProved: boolean
}

/**
 * `done` where nothing is left to ask; a new PIN is always the last step, and what it finishes
 * counts with it. Nobody's name is shown before somebody who may has spoken, or she signed in.
 */
export function nextStep(kind: ErrandKind, now: ErrandStanding): ErrandStep | 'done' {
  switch (kind) {
    case 'change-pin':
      if (!now.hasCard) return 'badge'
      return now.isPinProved ? 'new-pin' : 'pin'
    case 'found':
      if (!now.hasCard) return 'badge'
      // What was lost was in other hands, and whoever took it may have seen the PIN.
      return (now.wasLost ? witnessed(now) : undefined) ?? (now.isPinProved ? 'done' : 'pin')
    case 'lost':
      if (!now.isNamed) return 'number'
      return now.isPinProved ? 'done' : 'pin'
    case 'enrol':
    case 'loaner':
      // A PIN that she has proves that it is she; whoever has none sets the first one.
      return witnessed(now) ?? (now.hasPin ? (now.isPinProved ? 'done' : 'pin') : 'new-pin')
    case 'new-pin':
      return witnessed(now) ?? 'new-pin'
  }
}

function witnessed(now: ErrandStanding): ErrandStep | undefined {
  if (now.isWitnessShown) return 'witness-pin'
  if (now.isSigningIn) return 'sign-in'
  const spoken = now.witnesses + (now.hasAccount ? 1 : 0)
  if (spoken === 0) return 'witness-badge'
  if (!now.isNamed) return 'number'
  if (now.isPrivileged && spoken < 2) return 'witness-badge'
  // Last, so that it is confirmed by somebody who knows by now whom she speaks for.
  return now.isConfirmed ? undefined : 'confirm'
}

/**
 * Whose badge says at `confirm` that the name is the right one. Where only her account spoke it is
 * the badge that is to be hers: whoever began may have gone with it, and then it is in nobody's hand.
 */
export function confirmedBy(kind: ErrandKind, witnesses: number): ConfirmingBadge | undefined {
  if (witnesses > 0) return 'witness'
  return kind === 'enrol' ? 'own' : undefined
}
