// When the provider has to stop and look: the session must be open at this browser's workstation,
// as the same person, and a fresh proof is never answered from an older one.

import { interactionPolicy } from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Seated } from '../../sessions/find-seated.ts'
import { needsStepUp } from './step-up-need.ts'
import type { RequestWords } from './step-up-need.ts'

const { Check, base } = interactionPolicy

export interface PolicyNeeds {
  readonly seatedOf: (ctx: KoaContextWithOIDC) => Promise<Seated | undefined>
  readonly nowMs: () => number
}

/**
 * The login prompt with our checks, and no consent prompt: the hospital decides which EHR its
 * people use, in settings, not each person at each tap.
 */
export function seatPolicy(needs: PolicyNeeds): interactionPolicy.DefaultPolicy {
  const policy = base()
  policy.remove('consent')
  const login = policy.get('login')
  if (!login) throw new Error('the provider has no login prompt')
  login.checks.add(
    new Check('seat', 'no session is open at this workstation', 'login_required', (ctx) =>
      isSeatWrong(ctx, needs),
    ),
    0,
  )
  login.checks.add(
    new Check('fresh', 'a fresh badge and PIN are asked for', 'login_required', async (ctx) => {
      if (ctx.oidc.result?.login) return Check.NO_NEED_TO_PROMPT
      const seated = await needs.seatedOf(ctx)
      return seated !== undefined && needsStepUp(wordsOf(ctx), seated.pinAtMs, needs.nowMs())
    }),
  )
  return policy
}

/** The parameters of an authorization request that decide about freshness. */
export function wordsOf(ctx: KoaContextWithOIDC): RequestWords {
  return ctx.oidc.params ?? {}
}

async function isSeatWrong(ctx: KoaContextWithOIDC, needs: PolicyNeeds): Promise<boolean> {
  const { session, result } = ctx.oidc
  const seated = await needs.seatedOf(ctx)
  if (!seated || !session || session.accountId !== seated.personId) return Check.REQUEST_PROMPT
  // The result of a step-up says more than the session does, and is what was asked for.
  if (result?.login) return Check.NO_NEED_TO_PROMPT
  const authTimeSeconds = Math.floor(seated.pinAtMs / 1000)
  if (session.acr !== seated.acr || session.loginTs !== authTimeSeconds) {
    // The same person at the same seat, who gave a PIN since (or signed, which does not last): the
    // provider's session follows ours without asking anybody.
    session.loginAccount({
      accountId: seated.personId,
      acr: seated.acr,
      amr: [...seated.amr],
      loginTs: authTimeSeconds,
      transient: true,
    })
    Reflect.set(session, 'touched', true)
  }
  return Check.NO_NEED_TO_PROMPT
}
