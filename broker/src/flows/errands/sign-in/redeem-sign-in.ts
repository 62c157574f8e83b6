// The workstation's browser comes with its ticket, once, and is sent on to the provider bound to
// this errand, this workstation and itself.

import type { TapId } from '@wardkey/protocol/ids'
import type { Fact } from '../../../audit/fact.ts'
import { newFact } from '../../flow-needs.ts'
import type { Perform } from '../../perform.ts'
import { factOf } from '../errand-answers.ts'
import type { ErrandNeeds } from '../errand-answers.ts'
import { findErrandAnywhere, moveErrand } from '../errand-row.ts'
import type { Errand } from '../errand.ts'
import type { AccountNeeds } from './account-needs.ts'
import { boundBy, hashOf, isSame, stateOf } from './sign-in-secrets.ts'
import type { BoundSignIn } from './sign-in-secrets.ts'

export interface SignInNeeds extends Omit<ErrandNeeds, 'accounts'> {
  readonly accounts: AccountNeeds
  readonly perform: Perform
}

/** Nothing where no such errand waits for it, or another ticket was given; the record says so. */
export async function redeemSignIn(
  id: TapId,
  ticket: string,
  needs: SignInNeeds,
): Promise<BoundSignIn | undefined> {
  const { db, accounts, nowMs } = needs
  // Of what is no errand here nothing is written: anybody could make us write without end.
  if (!(await findErrandAnywhere(db, id, nowMs()))) return undefined
  const state = stateOf(id, accounts.random(32))
  const done = await needs.perform(async () => {
    const errand = await findErrandAnywhere(db, id, nowMs())
    if (!errand || !isAsked(errand, ticket)) {
      const facts = [noSignIn(id, errand, 'sign-in-is-asked', needs)] as const
      return { answer: undefined, facts, writes: [], notices: [] }
    }
    const signIn = { phase: 'begun', state: hashOf(state) } as const
    const next = { ...errand, proofs: { ...errand.proofs, signIn } }
    return {
      answer: boundBy(state, errand.workstation.id, accounts.key),
      facts: [factOf(next, 'ERD-001', needs, { step: 'sign-in', isBegun: true })],
      writes: [moveErrand(db, next)],
      notices: [],
    }
  })
  return done.answer
}

/** For the record: which sign-in was refused, and by which rule. */
export function noSignIn(
  id: TapId,
  errand: Errand | undefined,
  rule: string,
  needs: Pick<SignInNeeds, 'newId' | 'nowMs'>,
): Fact {
  return errand
    ? factOf(errand, 'ERD-104', needs, {}, rule)
    : newFact(needs, 'ERD-104', { tap: id, rule })
}

function isAsked({ proofs: { signIn } }: Errand, ticket: string): boolean {
  return signIn?.phase === 'asked' && isSame(hashOf(ticket), signIn.ticket)
}
