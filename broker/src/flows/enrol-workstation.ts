// A computer becomes a workstation: a token for a zone, and a key that it made itself, are turned
// into an identity. Of the token one use is gone in the same act, or nothing happened.

import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { EnrolRequest } from '@wardkey/protocol/workstation/enrolment'
import type { Issued } from '../platform/authority/certificates.ts'
import { newFact } from './flow-needs.ts'
import type { FlowNeeds } from './flow-needs.ts'
import { hashEnrolToken } from './mint-token.ts'
import type { Recorded } from './recorded.ts'

export interface CertifyNeeds extends FlowNeeds {
  /** A certificate of our authority for that key, good for that workstation and nothing else. */
  readonly issue: (publicKey: ArrayBuffer, workstationId: string) => Promise<Issued>
}

export interface EnrolOrder extends Pick<EnrolRequest, 'token' | 'place' | 'assetTag'> {
  /** From a request whose signature was checked. */
  readonly publicKey: ArrayBuffer
  /** Whence it came, for the record. */
  readonly address: string
}

export type Certified =
  | { readonly kind: 'certified'; readonly workstationId: WorkstationId; readonly issued: Issued }
  | { readonly kind: 'refused'; readonly code: 'token-not-valid' | 'workstation-not-enrolled' }

export async function enrolWorkstation(
  order: EnrolOrder,
  needs: CertifyNeeds,
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
  if (row.expires_ms <= nowMs) return refuse(order, 'token-expired', needs, row.zone_id)
  if (row.uses_left < 1) return refuse(order, 'token-used-up', needs, row.zone_id)

  const id = workstationId.parse(needs.newId())
  const issued = await needs.issue(order.publicKey, id)
  const use = db
    .updateTable('enrol_token')
    .set((eb) => ({ uses_left: eb('uses_left', '-', 1) }))
    .where('hash', '=', hash)
    .where('uses_left', '>', 0)
    .where('expires_ms', '>', nowMs)
    .compile()
  const insert = db
    .insertInto('workstation')
    .values({
      id,
      place: order.place,
      zone_id: row.zone_id,
      cert_sha256: issued.sha256,
      cert_previous_sha256: null,
      cert_not_after_ms: issued.notAfterMs,
      status: 'active',
      asset_tag: order.assetTag ?? null,
      boot_id: null,
      trusted_since_ms: nowMs,
      failures: 0,
      locked_until_ms: 0,
      enrolled_ms: nowMs,
      version: 1,
    })
    .compile()
  return {
    answer: { kind: 'certified', workstationId: id, issued },
    facts: [
      newFact(needs, 'WKS-001', {
        workstation: id,
        zone: row.zone_id,
        fields: { place: order.place, certificate: issued.sha256, address: order.address },
      }),
    ],
    writes: [
      { query: use, expectRows: 1 },
      { query: insert, expectRows: 1 },
    ],
    notices: [],
  }
}

/** The asker hears one word for all of them: which half was wrong is the operator's to know. */
function refuse(
  { address }: EnrolOrder,
  reason: string,
  needs: FlowNeeds,
  zone?: string,
): Recorded<Certified> {
  const about = { ...(zone === undefined ? {} : { zone }), fields: { reason, address } }
  return {
    answer: { kind: 'refused', code: 'token-not-valid' },
    facts: [newFact(needs, 'WKS-101', about)],
    writes: [],
    notices: [],
  }
}
