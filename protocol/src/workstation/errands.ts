// Errands: what people do about a badge or a PIN at a workstation. The broker leads, step by step;
// the workstation only says what was done at the step that it was asked for.

import { z } from 'zod'

export const errandKinds = ['enrol', 'loaner', 'new-pin', 'change-pin', 'lost', 'found'] as const
export const errandKind = z.enum(errandKinds)
export type ErrandKind = z.infer<typeof errandKind>

/** Those that somebody has to speak for: a colleague whose role may. */
export const witnessedErrands: readonly ErrandKind[] = ['enrol', 'loaner', 'new-pin']

/** Those that she may prove by her hospital account as well, where the site has that way. */
export const accountErrands: readonly ErrandKind[] = ['enrol', 'new-pin']

/** What the broker waits for. */
export const errandStep = z.enum([
  /** The badge that the errand is about. */
  'badge',
  /** The badge, and then the PIN, of a colleague who may speak for her. */
  'witness-badge',
  'witness-pin',
  /** That she signs in with her hospital account, on a page that the workstation opens. */
  'sign-in',
  /** The number that HR knows her by. */
  'number',
  /** That the name shown is hers. */
  'confirm',
  /** Her own PIN, and a new one. */
  'pin',
  'new-pin',
])
export type ErrandStep = z.infer<typeof errandStep>

/** Why what was just done at a step will not do, where that is more than "try again". */
export const errandFlaw = z.enum([
  'pin-length',
  'pin-guessable',
  /** The account is not one that can be used here for this; nothing more is said of it. */
  'account-not-usable',
  /** The hospital's sign-in cannot be reached. */
  'account-unreachable',
  /** She came back without having signed in. */
  'account-not-signed-in',
])
export type ErrandFlaw = z.infer<typeof errandFlaw>

/** Whose badge says at `confirm` that the name is the right one. */
export const confirmingBadge = z.enum(['witness', 'own'])
export type ConfirmingBadge = z.infer<typeof confirmingBadge>
