// How it stands with the authority that comes after the present one, as the row in key_note has it,
// and what an order makes of that. Pure.

import { z } from 'zod'
import { Fault } from '../../platform/fault.ts'
import type { AuthorityOrder } from '../../platform/keys/authority-keys.ts'

const standing = z.strictObject({
  version: z.literal(1),
  /** The order that was looked at last. */
  order: z.string().regex(/^[0-9a-f]{16}$/),
  next: z
    .strictObject({
      /** Which files of the key folder. */
      generation: z.string().regex(/^[0-9a-f]{16}$/),
      /** Of its certificate. */
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /**
       * `prepared`: workstations are shown it. `rotating`: those that believe it are renewed by it,
       * too. `taken-back`: neither, and what it signed is taken to its end.
       */
      state: z.enum(['prepared', 'rotating', 'taken-back']),
    })
    .optional(),
})
export type AuthorityStanding = z.infer<typeof standing>
export type NextStanding = NonNullable<AuthorityStanding['next']>

type StandingRefusal = 'nothing-prepared' | 'rotating-already'

/** What has to be done to get there; `make` first makes its files. */
export type StandingStep =
  | { readonly kind: 'make'; readonly generation: string }
  | { readonly kind: 'change'; readonly next: NextStanding }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly reason: StandingRefusal }

/** Throws Fault `key-missing` where the row is not understood: nothing is guessed about it. */
export function parseStanding(value: string): AuthorityStanding {
  try {
    return standing.parse(JSON.parse(value))
  } catch (cause) {
    throw new Fault('key-missing', 'permanent', { cause })
  }
}

/** One that was taken back is prepared again: who was told of it still believes it. */
export function stepFor(order: AuthorityOrder, next: NextStanding | undefined): StandingStep {
  if (order.step === 'prepare') {
    if (!next) return { kind: 'make', generation: order.id }
    if (next.state === 'rotating') return { kind: 'refused', reason: 'rotating-already' }
    return changeTo(next, 'prepared')
  }
  if (!next) return { kind: 'refused', reason: 'nothing-prepared' }
  if (order.step === 'take-back') return changeTo(next, 'taken-back')
  if (next.state === 'taken-back') return { kind: 'refused', reason: 'nothing-prepared' }
  return changeTo(next, 'rotating')
}

const changeTo = (next: NextStanding, state: NextStanding['state']): StandingStep =>
  next.state === state ? { kind: 'nothing' } : { kind: 'change', next: { ...next, state } }
