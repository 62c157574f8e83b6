// A sign-in with a hospital account as the workstation sees it: asked for, and over. What was
// proved in between came by the browser (end-sign-in), and is in the errand by then.

import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { ErrandFlaw } from '@wardkey/protocol/workstation/errands'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import type { Unreachable } from '../../../identity/account/account-provider.ts'
import type { Recorded } from '../../recorded.ts'
import { askStep, factOf } from '../errand-answers.ts'
import type { ErrandNeeds } from '../errand-answers.ts'
import type { Errand } from '../errand.ts'
import { takeStrike } from '../proved-pin.ts'
import type { AccountNeeds } from './account-needs.ts'
import { hashOf } from './sign-in-secrets.ts'

export const signInPaths = {
  /** One for each errand: `/enrol/<errand>`. */
  begin: '/enrol',
  callback: '/enrol/callback',
  done: '/enrol/done',
} as const
export const signInField = 'ticket'

/** Without origins the provider does not answer: the colleague's way is all there is. */
export function askSignIn(
  errand: Errand,
  origins: readonly string[] | Unreachable,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> {
  const { accounts } = needs
  if (!accounts || 'kind' in origins) {
    const about = 'kind' in origins ? { code: origins.code } : {}
    const facts = [factOf(errand, 'ERD-104', needs, about, 'account-answers')]
    const again = { again: true, flaw: 'account-unreachable' } as const
    return askStep(errand, 'witness-badge', { facts, writes: [] }, needs, again)
  }
  const ticket = accounts.random(32).toString('base64url')
  const signIn = { phase: 'asked', ticket: hashOf(ticket) } as const
  const next = { ...errand, proofs: { ...errand.proofs, signIn } }
  const facts = [factOf(next, 'ERD-001', needs, { step: 'sign-in' })]
  const page = pageOf(errand, ticket, origins, accounts)
  return askStep(next, 'sign-in', { facts, writes: [] }, needs, { signIn: page })
}

/** The ticket is posted, never in an address; all that is outside of both origins is stopped. */
function pageOf(
  { id }: Errand,
  ticket: string,
  origins: readonly string[],
  { webUrl }: AccountNeeds,
): OpenWeb {
  return {
    kind: 'open-web',
    url: `${webUrl}${signInPaths.done}`,
    signIn: { url: `${webUrl}${signInPaths.begin}/${id}`, field: signInField, ticket },
    allowedOrigins: [...new Set([new URL(webUrl).origin, ...origins])],
  }
}

/**
 * The page is closed, and nothing was proved: what comes for it later counts no more. A few times,
 * as with everything that will not do.
 */
export function endedAtScreen(
  errand: Errand,
  needs: ErrandNeeds,
): Promise<Recorded<BrokerFrame>> | Recorded<BrokerFrame> {
  const { signIn, ...proofs } = errand.proofs
  const flaw: ErrandFlaw = signIn?.phase === 'refused' ? signIn.flaw : 'account-not-signed-in'
  const facts = [factOf(errand, 'ERD-001', needs, { step: 'witness-badge', flaw })]
  const about = { flaw, code: 'witness-not-usable' } as const
  return takeStrike({ ...errand, proofs }, 'witness-badge', about, { facts, writes: [] }, needs)
}

/** Asked for anew while a sign-in is under way: that one is over. */
export function dropSignIn(errand: Errand, needs: ErrandNeeds): Promise<Recorded<BrokerFrame>> {
  const { signIn: _over, ...proofs } = errand.proofs
  const facts = [factOf(errand, 'ERD-001', needs, { again: true })]
  return askStep({ ...errand, proofs }, 'witness-badge', { facts, writes: [] }, needs)
}
