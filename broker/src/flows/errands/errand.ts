// An errand as its steps see it: whom it is for, what was proved so far, and which step is next.
// Pure.

import { z } from 'zod'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { BadgeId, PersonId, TapId } from '@wardkey/protocol/ids'
import { errandFlaw } from '@wardkey/protocol/workstation/errands'
import type { ErrandKind, ErrandStep } from '@wardkey/protocol/workstation/errands'
import type { Holder } from '../../identity/find-card-holder.ts'
import type { Workstation } from '../find-workstation.ts'
import { nextStep } from './errand-steps.ts'

const colleague = z.strictObject({ personId, badgeId })

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
/** She signs in with her hospital account; what binds the browser to it only as hashes. */
const signIn = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('asked'), ticket: sha256 }),
  /** The ticket was redeemed, and the provider is to answer to this state. */
  z.strictObject({ phase: z.literal('begun'), state: sha256 }),
  z.strictObject({ phase: z.literal('refused'), flaw: errandFlaw }),
])

export const errandProofs = z.strictObject({
  /** Who has spoken for her, with badge and PIN. */
  witnesses: z.array(colleague),
  /** Whose badge was shown, and whose PIN is to come. */
  shown: colleague.optional(),
  /** The badge that she found was reported lost: somebody has to speak for her. */
  wasLost: z.boolean(),
  /** Present while a sign-in is under way. */
  signIn: signIn.optional(),
  /** She proved by her hospital account who she is. */
  hasAccount: z.boolean().default(false),
  isNamed: z.boolean(),
  isConfirmed: z.boolean(),
  isPinProved: z.boolean(),
  /** When the PIN was set that she proved herself by: a change is of that one. */
  pinSetMs: z.int().optional(),
  /** It is over, and only told once more where its last answer was lost. */
  done: z.strictObject({ endsMs: z.int().optional() }).optional(),
  /** Badges and numbers that would not do. */
  strikes: z.int(),
})
export type ErrandProofs = z.infer<typeof errandProofs>
export const noProofs: ErrandProofs = {
  witnesses: [],
  wasLost: false,
  hasAccount: false,
  isNamed: false,
  isConfirmed: false,
  isPinProved: false,
  strikes: 0,
}

export interface Errand {
  readonly id: TapId
  readonly kind: ErrandKind
  readonly workstation: Workstation
  /** Roles of those who may speak for others, or are named so, in some zone: for her two speak. */
  readonly privileged: ReadonlySet<string>
  /** Of the card that it began with. */
  readonly lookup: string | null
  readonly badgeId: BadgeId | null
  /** Whom it is for; nobody yet, or nobody at all where a number names no one. */
  readonly subject: Holder | undefined
  readonly proofs: ErrandProofs
  readonly expiresMs: number
  /** 0 while there is no row of it yet. */
  readonly version: number
}

export function stepOf({ kind, badgeId: badge, subject, proofs: now, privileged }: Errand) {
  return nextStep(kind, {
    hasCard: badge !== null,
    isNamed: now.isNamed,
    hasPin: subject?.hasPin === true,
    isPrivileged: subject !== undefined && rolesOf(subject).some((role) => privileged.has(role)),
    witnesses: now.witnesses.length,
    isWitnessShown: now.shown !== undefined,
    wasLost: now.wasLost,
    isSigningIn: now.signIn !== undefined,
    hasAccount: now.hasAccount,
    isConfirmed: now.isConfirmed,
    isPinProved: now.isPinProved,
  })
}

/** Also what an exception gives her, on whichever day: two witnesses are no harm to her. */
function rolesOf({ roles, access: { exceptions = [] } }: Holder): readonly string[] {
  return [...roles, ...exceptions.filter(({ kind }) => kind === 'role').map(({ what }) => what)]
}

/** How long each step waits for a person; a colleague may have to be called over. */
export function waitsMs(step: ErrandStep): number {
  if (step === 'sign-in') return 180_000
  return step === 'witness-badge' ? 120_000 : 60_000
}

/** An answer that was lost on its way is asked for again within this. */
export const doneForMs = 60_000

export function personOf({ subject }: Pick<Errand, 'subject'>): PersonId | undefined {
  return subject?.personId
}

/** Who has to say that the name shown is the one whom she speaks for. */
export function lastWitness({ proofs }: Pick<Errand, 'proofs'>) {
  return proofs.witnesses.at(-1)
}

/** For facts: who spoke for her, colleagues and her own hospital account. */
export function witnessesOf({ proofs }: Errand): string {
  const account = proofs.hasAccount ? ['hospital-account'] : []
  return [...proofs.witnesses.map(({ personId }) => personId), ...account].join(' ')
}
