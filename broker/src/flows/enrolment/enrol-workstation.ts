// A computer becomes a workstation: a token for a zone, and a key that it made itself, are turned
// into an identity. Of the token one use is gone in the same act, or nothing happened.

import type { WorkstationId } from '@wardkey/protocol/ids'
import { addressRanges } from '@wardkey/protocol/admin/fleet/address-ranges'
import type { EnrolRequest } from '@wardkey/protocol/workstation/enrolment'
import type { Issued } from '../../platform/authority/certificates.ts'
import type { EnrolTokenTable } from '../../store/tables/fleet-tables.ts'
import { newFact } from '../flow-needs.ts'
import type { FlowNeeds } from '../flow-needs.ts'
import type { Recorded } from '../recorded.ts'
import { isWithin } from './address-range.ts'
import { hashEnrolToken } from './mint-token.ts'
import { takePlace } from './take-place.ts'
import type { PlaceNeeds } from './take-place.ts'

export interface EnrolOrder extends Pick<
  EnrolRequest,
  'token' | 'place' | 'assetTag' | 'hardware'
> {
  /** From a request whose signature was checked. */
  readonly publicKey: ArrayBuffer
  /** Whence it came, for the record and for tokens that are good from some addresses only. */
  readonly address: string
}

export type CertifyRefusal =
  | 'token-not-valid'
  | 'workstation-not-enrolled'
  | 'asset-tag-in-use'
  | 'asset-tag-elsewhere'
  | 'enrolment-refused'

export type Certified =
  | { readonly kind: 'certified'; readonly workstationId: WorkstationId; readonly issued: Issued }
  | { readonly kind: 'refused'; readonly code: CertifyRefusal }

export async function enrolWorkstation(
  order: EnrolOrder,
  needs: PlaceNeeds,
): Promise<Recorded<Certified>> {
  const { db } = needs
  const hash = hashEnrolToken(order.token)
  const nowMs = needs.nowMs()
  const row = await db
    .selectFrom('enrol_token')
    .selectAll()
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (!row) return refuse(order, 'token-unknown', needs)
  const flaw = flawOf(row, order.address, nowMs)
  if (flaw !== undefined) return refuse(order, flaw, needs, row.zone_id)
  const { token: _token, ...about } = order
  const reissueOf = row.workstation_id ?? undefined
  const placed = await takePlace({ ...about, zoneId: row.zone_id, reissueOf }, needs)
  if (placed.kind === 'refused') return refuse(order, placed.code, needs, row.zone_id, placed.code)
  const use = db
    .updateTable('enrol_token')
    .set((eb) => ({ uses_left: eb('uses_left', '-', 1) }))
    .where('hash', '=', hash)
    .where('uses_left', '>', 0)
    .where('expires_ms', '>', nowMs)
    .where('revoked_ms', 'is', null)
    .compile()
  const { workstationId, issued, facts, writes, notices } = placed
  return {
    answer: { kind: 'certified', workstationId, issued },
    facts,
    writes: [{ query: use, expectRows: 1 }, ...writes],
    notices,
  }
}

function flawOf(row: EnrolTokenTable, address: string, nowMs: number): string | undefined {
  if (row.revoked_ms !== null) return 'token-revoked'
  if (row.expires_ms <= nowMs) return 'token-expired'
  if (row.uses_left < 1) return 'token-used-up'
  if (row.addresses === null) return undefined
  const ranges = addressRanges.parse(JSON.parse(row.addresses))
  return isWithin(address, ranges) ? undefined : 'token-not-from-here'
}

/**
 * Of a token the asker hears one word whatever is wrong with it: the rest is the operator's to know.
 * Whoever has a good one is told what is wrong with the tag.
 */
function refuse(
  { address }: EnrolOrder,
  reason: string,
  needs: FlowNeeds,
  zone?: string,
  code: CertifyRefusal = 'token-not-valid',
): Recorded<Certified> {
  const about = { ...(zone === undefined ? {} : { zone }), fields: { reason, address } }
  return {
    answer: { kind: 'refused', code },
    facts: [newFact(needs, 'WKS-101', about)],
    writes: [],
    notices: [],
  }
}
