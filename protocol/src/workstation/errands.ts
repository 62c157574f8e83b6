// Errands: what people do about a badge or a PIN at a workstation. The broker leads, step by step;
// the workstation only says what was done at the step that it was asked for.

import { z } from 'zod'

export const errandKinds = ['enrol', 'loaner', 'new-pin', 'change-pin', 'lost', 'found'] as const
export const errandKind = z.enum(errandKinds)
export type ErrandKind = z.infer<typeof errandKind>

/** Those that somebody has to speak for: a colleague whose role may. */
export const witnessedErrands: readonly ErrandKind[] = ['enrol', 'loaner', 'new-pin']

/** What the broker waits for. */
export const errandStep = z.enum([
  /** The badge that the errand is about. */
  'badge',
  /** The badge, and then the PIN, of a colleague who may speak for her. */
  'witness-badge',
  'witness-pin',
  /** The number that HR knows her by. */
  'number',
  /** That the name shown is hers. */
  'confirm',
  /** Her own PIN, and a new one. */
  'pin',
  'new-pin',
])
export type ErrandStep = z.infer<typeof errandStep>
