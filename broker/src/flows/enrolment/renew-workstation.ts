// A workstation gets a new certificate in place of the one it shows. The one before stays good
// until its own end, since the answer may be lost on the way; one that is older opens nothing any
// more. A copy of its disk is given none: it would end what the true one shows.

import type { HardwareClaim } from '@wardkey/protocol/workstation/enrolment'
import { sha256Of } from '../../platform/authority/authority.ts'
import type { Issued } from '../../platform/authority/certificates.ts'
import type { PeerWorkstation } from '../../platform/authority/peer-certificate.ts'
import type { Write } from '../../store/store.ts'
import { newFact } from '../flow-needs.ts'
import { whilePresent } from '../keys/authority-row.ts'
import type { Recorded } from '../recorded.ts'
import type { Certified } from './enrol-workstation.ts'
import { believedBy } from './believed-authorities.ts'
import { sameMachine, storedHardware } from './same-machine.ts'
import { forgetInventory } from './take-place.ts'
import type { CertifyNeeds } from './take-place.ts'

export interface RenewNeeds extends CertifyNeeds {
  /** How long after its end a certificate may still be renewed. */
  readonly renewLateMs: number
  /**
   * While the authority is rotated: the one after it, for whoever has said that it believes it
   * (decision 0063). Everybody else goes on with the present one.
   */
  readonly nextIssuer?: () => NextIssuer | undefined
}

export interface NextIssuer {
  readonly caSha256: string
  readonly issue: CertifyNeeds['issue']
}

export interface RenewOrder {
  /** Who the connection proved to be. */
  readonly peer: PeerWorkstation
  /** From a request whose signature was checked. */
  readonly publicKey: ArrayBuffer
  /** Which machine asks; absent where it cannot say. */
  readonly hardware?: HardwareClaim | undefined
  readonly address: string
}

export async function renewWorkstation(
  order: RenewOrder,
  needs: RenewNeeds,
): Promise<Recorded<Certified>> {
  const { db } = needs
  const { peer } = order
  const row = await db
    .selectFrom('workstation')
    .select(['zone_id', 'status', 'cert_sha256', 'cert_previous_sha256', 'hardware', 'version'])
    .where('id', '=', peer.workstationId)
    .executeTakeFirst()
  if (row?.status !== 'active') return refuse(order, 'not-active', needs)
  if (peer.certSha256 !== row.cert_sha256 && peer.certSha256 !== row.cert_previous_sha256) {
    return refuse(order, 'not-its-certificate', needs)
  }
  if (sameMachine(storedHardware(row.hardware), order.hardware) === 'another') {
    return refuse(order, 'other-hardware', needs)
  }
  // One that was switched off for weeks comes back by itself; one that was lost for longer does
  // not.
  if (peer.isExpired && peer.notAfterMs + needs.renewLateMs < needs.nowMs()) {
    return refuse(order, 'certificate-too-old', needs)
  }
  const { issue, held, own } = await issueFor(peer, needs)
  const issued = await issue(order.publicKey, peer.workstationId)
  // Back to the present authority: until it says so itself, it counts as one that would be lost.
  const isStale = held.length > 0 && own !== undefined && own !== sha256Of(issued.caPem)
  const forgotten = isStale ? [forgetInventory(peer.workstationId, needs)] : []
  const query = db
    .updateTable('workstation')
    .set({
      cert_sha256: issued.sha256,
      cert_previous_sha256: peer.certSha256,
      cert_not_after_ms: issued.notAfterMs,
      version: row.version + 1,
    })
    .where('id', '=', peer.workstationId)
    .where('version', '=', row.version)
    .where('status', '=', 'active')
    .compile()
  return {
    answer: { kind: 'certified', workstationId: peer.workstationId, issued },
    facts: [
      newFact(needs, 'WKS-002', {
        workstation: peer.workstationId,
        zone: row.zone_id,
        fields: fieldsOf(order, issued),
      }),
    ],
    writes: [{ query, expectRows: 1 }, ...held, ...forgotten],
    notices: [{ kind: 'workstation-changed', workstationId: peer.workstationId, isRevoked: false }],
  }
}

interface Issuing {
  readonly issue: CertifyNeeds['issue']
  readonly held: readonly Write[]
  /** Of which authority its certificate is, as it said last. */
  readonly own?: string | undefined
}

async function issueFor({ workstationId }: PeerWorkstation, needs: RenewNeeds): Promise<Issuing> {
  const next = needs.nextIssuer?.()
  const believed = await believedBy(workstationId, needs)
  if (next && believed.includes(next.caSha256)) return { issue: next.issue, held: [] }
  const [own] = believed
  return { held: await whilePresent(needs), issue: needs.issue, own }
}

function fieldsOf({ peer, address }: RenewOrder, issued: Issued) {
  return { was: peer.certSha256, certificate: issued.sha256, wasExpired: peer.isExpired, address }
}

function refuse(
  { peer, address }: RenewOrder,
  reason: string,
  needs: RenewNeeds,
): Recorded<Certified> {
  const about = { workstation: peer.workstationId, fields: { reason, address } }
  return {
    answer: { kind: 'refused', code: 'workstation-not-enrolled' },
    facts: [newFact(needs, 'WKS-101', about)],
    writes: [],
    notices: [],
  }
}
