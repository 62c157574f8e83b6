// The claims an EHR gets about a sign-in: who, how surely, where, and for what purpose. Pure: one
// place to read for anybody who asks what leaves the house in a token.

import type { Seated } from '../../sessions/find-seated.ts'
import type { SignatureDetail } from './signature-request.ts'

/** HL7 v3 PurposeOfUse codes; break-glass sessions carry BTG. */
export type Purpose = 'TREAT' | 'BTG'

export interface ContextClaims {
  readonly [claim: string]: unknown
  readonly sub: string
  readonly name: string
  readonly zone: string
  readonly zone_kind: string
  readonly workstation: string
  /** The first that HR gives her. */
  readonly role: string
  /** All that she has now: HR's first, then what exceptions give her while they hold. */
  readonly roles: readonly string[]
  readonly purpose: Purpose
  /**
   * The session itself: `sid` is of one browser, this is the same wherever her screen is. An EHR
   * that sees it again may bring back the chart she had open, for her alone.
   */
  readonly session: string
  readonly authorization_details?: readonly SignatureDetail[]
}

/** The names of all claims that are ours, for the provider's discovery document. */
export const contextClaimNames = [
  'name',
  'zone',
  'zone_kind',
  'workstation',
  'role',
  'roles',
  'purpose',
  'session',
  'authorization_details',
] as const

/**
 * Claims for one seated session. `signature` is present only in the answer to the request that
 * asked for it, so that an EHR cannot mistake yesterday's signature for today's.
 */
export function contextClaims(
  seated: Seated,
  name: string,
  signature: SignatureDetail | undefined,
): ContextClaims {
  return {
    sub: seated.personId,
    name,
    zone: seated.zoneId,
    zone_kind: seated.zoneKind,
    workstation: seated.place,
    role: seated.roles[0] ?? 'none',
    roles: seated.roles,
    purpose: purposeOf(seated),
    session: seated.sessionId,
    ...(signature === undefined ? {} : { authorization_details: [signature] }),
  }
}

/** Of a session that emergency access opened, in every token that it gives out. */
export function purposeOf({ grantId }: Pick<Seated, 'grantId'>): Purpose {
  return grantId === undefined ? 'TREAT' : 'BTG'
}
