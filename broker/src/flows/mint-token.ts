// An enrolment token: so many workstations, in one zone, until then. The token is told once and
// kept only as a hash; whoever has a copy of the database enrols nothing.

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { zoneId } from '@wardkey/protocol/ids'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import type { Actor, AdminRefused } from './person-flow.ts'
import type { Recorded } from './recorded.ts'

const hourMs = 3_600_000

export const tokenOrder = z.strictObject({
  zoneId,
  /** How many workstations may enrol with it. */
  uses: z.int().min(1).max(1000).default(1),
  lifeMs: z
    .int()
    .min(60_000)
    .max(30 * 24 * hourMs)
    .default(24 * hourMs),
})
export type TokenOrder = z.infer<typeof tokenOrder>

export interface MintNeeds extends FlowNeeds {
  readonly random: (bytes: number) => Buffer
}

export interface MintedToken {
  readonly kind: 'minted'
  /** Never stored, logged or told again. */
  readonly token: string
  readonly expiresMs: number
}

const tokenBytes = 32

/** 256 random bits: a plain hash is enough, and a look-up by it tells nothing by its timing. */
export function hashEnrolToken(token: string): string {
  return createHash('sha256').update('wardkey enrolment token\n').update(token).digest('hex')
}

export async function mintToken(
  order: TokenOrder & Actor,
  needs: MintNeeds,
): Promise<Recorded<MintedToken | AdminRefused>> {
  const { db } = needs
  const { by, uses } = order
  const zone = await db
    .selectFrom('zone')
    .select('id')
    .where('id', '=', order.zoneId)
    .executeTakeFirst()
  if (!zone) {
    const fields = { by, reason: 'zone-unknown' }
    return {
      answer: { kind: 'refused', code: 'zone-unknown' },
      facts: [newFact(needs, 'WKS-101', { rule: 'zone-exists', fields })],
      writes: [],
      notices: [],
    }
  }
  const token = `wke_${needs.random(tokenBytes).toString('base64url')}`
  const expiresMs = needs.nowMs() + order.lifeMs
  const query = db
    .insertInto('enrol_token')
    .values({
      hash: hashEnrolToken(token),
      zone_id: order.zoneId,
      uses_left: uses,
      expires_ms: expiresMs,
    })
    .compile()
  return {
    answer: { kind: 'minted', token, expiresMs },
    facts: [newFact(needs, 'WKS-006', { zone: order.zoneId, fields: { by, uses, expiresMs } })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}
