// What the provider said of somebody becomes what her errand knows. It counts once, for the errand,
// workstation and browser that it was begun by, while that errand waits for it; and it says who
// she is, nothing more: the name is shown back, and her PIN or a first one comes after.

import type { TapId } from '@wardkey/protocol/ids'
import type { ErrandFlaw } from '@wardkey/protocol/workstation/errands'
import type { AccountAnswer } from '../../../identity/account/account-provider.ts'
import type { Holder } from '../../../identity/find-card-holder.ts'
import { termAt } from '../../../policy/access-standing.ts'
import type { Recorded } from '../../recorded.ts'
import { factOf } from '../errand-answers.ts'
import { findErrandAnywhere, moveErrand } from '../errand-row.ts'
import { waitsMs } from '../errand.ts'
import type { Errand } from '../errand.ts'
import { findAccount } from './find-account.ts'
import { noSignIn } from './redeem-sign-in.ts'
import type { SignInNeeds } from './redeem-sign-in.ts'
import { boundBy, errandIn, hashOf, isSame } from './sign-in-secrets.ts'
import type { BoundSignIn } from './sign-in-secrets.ts'

/** What came back to the browser, before the provider is asked about it. */
export type Returned =
  | { readonly kind: 'ours'; readonly errandId: TapId; readonly bound: BoundSignIn }
  /** A state of ours in another browser: somebody else signed in, or was made to. */
  | { readonly kind: 'elsewhere'; readonly errandId: TapId; readonly state: string }
  | { readonly kind: 'unknown' }

export async function findReturned(
  state: string,
  browser: string | undefined,
  { db, nowMs, accounts }: SignInNeeds,
): Promise<Returned> {
  const id = errandIn(state)
  const errand = id && (await findErrandAnywhere(db, id, nowMs()))
  if (!errand || !isBegun(errand, state)) return { kind: 'unknown' }
  const bound = boundBy(state, errand.workstation.id, accounts.key)
  if (browser === undefined || !isSame(browser, bound.browser)) {
    return { kind: 'elsewhere', errandId: errand.id, state }
  }
  return { kind: 'ours', errandId: errand.id, bound }
}

/** Resolves when it is durable. Nothing of it is told to the browser. */
export async function endSignIn(
  id: TapId,
  state: string,
  answer: AccountAnswer | { readonly kind: 'elsewhere' },
  needs: SignInNeeds,
): Promise<void> {
  await needs.perform(async (): Promise<Recorded<undefined>> => {
    const errand = await findErrandAnywhere(needs.db, id, needs.nowMs())
    if (!errand || !isBegun(errand, state)) {
      const facts = [noSignIn(id, errand, 'sign-in-is-asked', needs)] as const
      return { answer: undefined, facts, writes: [], notices: [] }
    }
    return answer.kind === 'proved' ? take(errand, answer, needs) : no(errand, answer, needs)
  })
}

function isBegun({ proofs: { signIn } }: Errand, state: string): boolean {
  return signIn?.phase === 'begun' && isSame(hashOf(state), signIn.state)
}

type Proved = Extract<AccountAnswer, { kind: 'proved' }>
type NotProved = Exclude<Parameters<typeof endSignIn>[2], Proved>

async function take(
  errand: Errand,
  { name, acr }: Proved,
  needs: SignInNeeds,
): Promise<Recorded<undefined>> {
  const holder = await findAccount(name, needs)
  const rule = holder ? ruleAgainst(errand, holder, needs.nowMs()) : 'account-is-somebodys'
  if (!holder || rule !== undefined) {
    const why = { rule: rule ?? 'account-is-somebodys', flaw: 'account-not-usable' } as const
    return refused(errand, holder, why, needs)
  }
  const { signIn: _over, ...proofs } = errand.proofs
  const next = {
    ...errand,
    subject: holder,
    proofs: { ...proofs, hasAccount: true, isNamed: true },
    expiresMs: needs.nowMs() + waitsMs('confirm'),
  }
  return {
    answer: undefined,
    facts: [factOf(next, 'ERD-005', needs, { acr })],
    writes: [moveErrand(needs.db, next)],
    notices: [],
  }
}

/** As with a colleague: nobody who is not active, and nobody but whom the errand is about. */
function ruleAgainst({ subject, proofs }: Errand, holder: Holder, nowMs: number) {
  if (subject && subject.personId !== holder.personId) return 'account-is-hers'
  if (proofs.witnesses.some(({ personId }) => personId === holder.personId)) {
    return 'witness-is-another'
  }
  const isWithin = termAt(holder.access, nowMs) === 'within'
  return holder.personStatus === 'active' && isWithin ? undefined : 'person-is-active'
}

function no(errand: Errand, answer: NotProved, needs: SignInNeeds): Recorded<undefined> {
  return refused(errand, undefined, whyNot(answer), needs)
}

function whyNot(answer: NotProved): Why {
  switch (answer.kind) {
    case 'no': {
      const { rule, code } = answer
      return { rule, flaw: 'account-not-usable', ...(code === undefined ? {} : { code }) }
    }
    case 'elsewhere':
      return { rule: 'sign-in-is-this-browser', flaw: 'account-not-usable' }
    case 'not-signed-in':
      return { rule: 'account-signs-in', flaw: 'account-not-signed-in' }
    case 'unreachable':
      return { rule: 'account-answers', flaw: 'account-unreachable', code: answer.code }
  }
}

interface Why {
  readonly rule: string
  /** For the screen. */
  readonly flaw: ErrandFlaw
  /** For the operator: the protocol's or the client's word for it. */
  readonly code?: string
}

/**
 * The screen hears the same of somebody who is nobody here, who has left, and who is in no group
 * that may: whoever stands there is not told which. The record has the rule, and who it was.
 */
function refused(
  errand: Errand,
  holder: Holder | undefined,
  { rule, ...said }: Why,
  needs: SignInNeeds,
): Recorded<undefined> {
  const { flaw } = said
  const signIn = { phase: 'refused', flaw } as const
  const next = { ...errand, proofs: { ...errand.proofs, signIn } }
  const about = holder ? { ...errand, subject: holder } : errand
  return {
    answer: undefined,
    facts: [factOf(about, 'ERD-104', needs, said, rule)],
    writes: [moveErrand(needs.db, next)],
    notices: [],
  }
}
