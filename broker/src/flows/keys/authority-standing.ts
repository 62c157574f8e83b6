// How it stands with the workstation authority, as the row in key_note has it: which one is the
// present one, which one comes after it, and what an order makes of that. Pure.

import { z } from 'zod'
import { Fault } from '../../platform/fault.ts'
import type { AuthorityOrder } from '../../platform/keys/authority-keys.ts'

const named = {
  /** Which files of the key folder. */
  generation: z.string().regex(/^[0-9a-f]{16}$/),
  /** Of its certificate. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
}

/** Whoever would lose more than that has a house to set up anew. */
export const markedMax = 50_000
/** Orders that are remembered: an older copy of the key folder holds one that was carried out. */
const ordersMax = 16

const standing = z.strictObject({
  version: z.literal(1),
  /** The orders that were looked at, the last one last. */
  orders: z.array(named.generation).max(ordersMax),
  /** What took the place of the authority that the key folder began with; absent before any end. */
  present: z.strictObject(named).optional(),
  next: z
    .strictObject({
      ...named,
      /**
       * `prepared`: workstations are shown it. `rotating`: those that believe it are renewed by it,
       * too. `taken-back`: neither, and what it signed is taken to its end.
       */
      state: z.enum(['prepared', 'rotating', 'taken-back']),
    })
    .optional(),
  /** Somebody asks to end the present one, though so many workstations would be lost. */
  asked: z
    .strictObject({
      ...{ by: z.string(), atMs: z.int(), without: z.int().min(0) },
      /** Which ones, each by a hash: no other is lost by a word that was given about these. */
      lost: z.array(z.string().regex(/^[0-9a-f]{16}$/)).max(markedMax),
    })
    .optional(),
})
export type AuthorityStanding = z.infer<typeof standing>
export type NextStanding = NonNullable<AuthorityStanding['next']>
export type NamedAuthority = Pick<NextStanding, 'generation' | 'sha256'>

type StandingRefusal =
  | 'nothing-prepared'
  | 'nothing-rotating'
  | 'rotating-already'
  | 'files-missing'
  | 'workstations-without'

/** What an order is held against. */
export interface Seen {
  /** Brokers whose key folder lacks the next one, this one among them. */
  readonly lacking: number
  /** Active workstations that have no certificate of the next one. */
  readonly without: number
}

/** What has to be done to get there; `make` first makes its files. */
export type StandingStep =
  | { readonly kind: 'make'; readonly generation: string }
  | { readonly kind: 'change'; readonly next: NextStanding }
  | { readonly kind: 'end'; readonly present: NamedAuthority }
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
export function stepFor(
  { step, id }: AuthorityOrder,
  next: NextStanding | undefined,
  seen: Seen,
): StandingStep {
  if (step === 'prepare') {
    if (!next) return { kind: 'make', generation: id }
    return next.state === 'rotating' ? refused('rotating-already') : changeTo(next, 'prepared')
  }
  if (step === 'end') return endOf(next, seen)
  if (!next) return refused('nothing-prepared')
  if (step === 'take-back') return changeTo(next, 'taken-back')
  if (next.state === 'taken-back') return refused('nothing-prepared')
  // A broker without its files would refuse whoever is renewed by it.
  return seen.lacking > 0 ? refused('files-missing') : changeTo(next, 'rotating')
}

function endOf(next: NextStanding | undefined, { lacking, without }: Seen): StandingStep {
  if (next?.state !== 'rotating') return refused('nothing-rotating')
  if (lacking > 0) return refused('files-missing')
  return without > 0 ? refused('workstations-without') : { kind: 'end', present: nameOf(next) }
}

export const nameOf = ({ generation, sha256 }: NamedAuthority): NamedAuthority => ({
  ...{ generation, sha256 },
})

/** After that order was looked at, whatever became of it. */
export function withOrder(known: AuthorityStanding | undefined, id: string): AuthorityStanding {
  const orders = [...(known?.orders ?? []), id].slice(-ordersMax)
  return { ...known, version: 1, orders }
}

/** What was asked about the state before counts no more. */
export function withNext(
  { version, orders, present }: AuthorityStanding,
  next: NextStanding,
): AuthorityStanding {
  return { version, orders, ...(present ? { present } : {}), next }
}

/** The next one is the present one, and nothing comes after it. */
export function ended(
  { version, orders }: AuthorityStanding,
  present: NamedAuthority,
): AuthorityStanding {
  return { version, orders, present: nameOf(present) }
}

const refused = (reason: StandingRefusal): StandingStep => ({ kind: 'refused', reason })

const changeTo = (next: NextStanding, state: NextStanding['state']): StandingStep =>
  next.state === state ? { kind: 'nothing' } : { kind: 'change', next: { ...next, state } }
