// An enrolment token: so many workstations, in one zone, until then, from there. The token is told
// once and kept only as a hash; whoever has a copy of the database enrols nothing.

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { tokenOrder } from '@wardkey/protocol/admin/workstations'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Actor, AdminRefused } from '../person-flow.ts'
import type { Recorded } from '../recorded.ts'

export type TokenOrder = z.output<typeof tokenOrder>

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
  const zone = await needs.db
    .selectFrom('zone')
    .select('id')
    .where('id', '=', order.zoneId)
    .executeTakeFirst()
  if (!zone) return refuse('zone-unknown', order.by, needs)
  return minted(order, undefined, needs)
}

export interface Reissue extends Actor {
  readonly workstationId: WorkstationId
  readonly lifeMs: number
}

/**
 * A token for one workstation that was: whoever enrols with it has its place and its id, whatever
 * its old identity was good for. Until then the old one stays as it is.
 */
export async function reissueToken(
  { workstationId, lifeMs, by }: Reissue,
  needs: MintNeeds,
): Promise<Recorded<MintedToken | AdminRefused>> {
  const row = await needs.db
    .selectFrom('workstation')
    .select('zone_id')
    .where('id', '=', workstationId)
    .executeTakeFirst()
  if (!row) return refuse('workstation-unknown', by, needs)
  return minted({ zoneId: row.zone_id, uses: 1, lifeMs, by }, workstationId, needs)
}

function minted(
  order: Omit<TokenOrder, 'zoneId'> & Actor & { readonly zoneId: string },
  workstation: WorkstationId | undefined,
  needs: MintNeeds,
): Recorded<MintedToken> {
  const { by, uses, zoneId, addresses } = order
  const token = `wke_${needs.random(tokenBytes).toString('base64url')}`
  const hash = hashEnrolToken(token)
  const expiresMs = needs.nowMs() + order.lifeMs
  const query = needs.db
    .insertInto('enrol_token')
    .values({
      ...{ hash, zone_id: zoneId, uses_left: uses, expires_ms: expiresMs },
      ...{ uses, made_ms: needs.nowMs(), made_by: by },
      addresses: addresses ? JSON.stringify(addresses) : null,
      workstation_id: workstation ?? null,
    })
    .compile()
  const fields = {
    ...{ by, uses, expiresMs, token: hash.slice(0, 16) },
    ...(addresses ? { addresses: addresses.join(' ') } : {}),
  }
  const about = workstation === undefined ? {} : { workstation }
  return {
    answer: { kind: 'minted', token, expiresMs },
    facts: [newFact(needs, 'WKS-006', { ...about, zone: zoneId, fields })],
    writes: [{ query, expectRows: 1 }],
    notices: [],
  }
}

function refuse(
  code: 'zone-unknown' | 'workstation-unknown',
  by: string,
  needs: FlowNeeds,
): Recorded<AdminRefused> {
  const rule = code === 'zone-unknown' ? 'zone-exists' : 'workstation-exists'
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'WKS-101', { rule, fields: { by, reason: code } })],
    writes: [],
    notices: [],
  }
}
