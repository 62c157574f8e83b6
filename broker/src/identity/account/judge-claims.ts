// Whether what the provider says of somebody counts: from whom, for whom, for this sign-in, how,
// when, and in which groups. Its signature was verified before. Pure.

import { z } from 'zod'
import type { AccountRules } from './account-settings.ts'

export type JudgedClaims =
  | {
      readonly kind: 'proved'
      readonly name: string
      readonly acr: string
      /** Of hers, those that count. */
      readonly groups: readonly string[]
    }
  /** `rule`: which it does not keep; for the record, never for the page. */
  | { readonly kind: 'no'; readonly rule: AccountRule }

export type AccountRule =
  | 'account-is-told'
  | 'account-issuer'
  | 'account-audience'
  | 'account-nonce'
  | 'account-signed-in-now'
  | 'account-acr'
  | 'account-group'
  | 'account-names-somebody'

/** As old as a sign-in may be, and as far as clocks may differ. */
const signedInWithinMs = 5 * 60_000
const clocksApartMs = 60_000

const claimsRead = z.object({
  iss: z.url().max(2048),
  aud: z.union([z.string(), z.array(z.string()).min(1).max(16)]),
  azp: z.string().optional(),
  nonce: z.string(),
  auth_time: z.number(),
  acr: z.string(),
})
const groupsRead = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(5000)])
/** No control characters, and nothing that only looks like another letter. */
const nameRead = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\s\p{C}]+$/u)
  .refine((name) => name.normalize('NFKC') === name)

/** `nonce` is the one of this sign-in; an answer to any other is none. */
export function judgeClaims(
  claims: Readonly<Record<string, unknown>>,
  nonce: string,
  rules: AccountRules,
  nowMs: number,
): JudgedClaims {
  const parsed = claimsRead.safeParse(claims)
  if (!parsed.success) return no(ruleOf(parsed.error))
  const { iss, aud, azp, acr, auth_time: authTime } = parsed.data
  if (new URL(iss).href !== new URL(rules.issuer).href) return no('account-issuer')
  const audience = typeof aud === 'string' ? [aud] : aud
  const isOthers = azp !== undefined && azp !== rules.clientId
  if (!audience.includes(rules.clientId) || isOthers) return no('account-audience')
  if (audience.length > 1 && azp === undefined) return no('account-audience')
  if (parsed.data.nonce !== nonce) return no('account-nonce')
  const agoMs = nowMs - authTime * 1000
  if (agoMs > signedInWithinMs || agoMs < -clocksApartMs) return no('account-signed-in-now')
  if (!rules.acr.includes(acr)) return no('account-acr')
  const groups = groupsRead.safeParse(claims[rules.groupsClaim])
  const counting = groups.data?.filter((one) => rules.groups.includes(one)) ?? []
  if (counting.length === 0 && !rules.takesNoGroup) return no('account-group')
  const name = nameRead.safeParse(claims[rules.claim])
  return name.success
    ? { kind: 'proved', name: name.data, acr, groups: counting }
    : no('account-names-somebody')
}

const no = (rule: AccountRule): JudgedClaims => ({ kind: 'no', rule })

/** By the first claim that is missing, or is not what it should be. */
function ruleOf(error: z.ZodError): AccountRule {
  const [claim] = error.issues[0]?.path ?? []
  return (typeof claim === 'string' ? byClaim[claim] : undefined) ?? 'account-is-told'
}

const byClaim: Readonly<Record<string, AccountRule>> = {
  iss: 'account-issuer',
  aud: 'account-audience',
  azp: 'account-audience',
  nonce: 'account-nonce',
  auth_time: 'account-signed-in-now',
  acr: 'account-acr',
}
