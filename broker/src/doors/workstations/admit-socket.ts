// Who is at the other end, before a word is read: the workstation whose certificate it is. Asked of
// the store at every connection, since a resumed TLS session verifies nothing anew (RFC 8446 §2.2).

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Kysely } from 'kysely'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { subprotocol } from '@wardkey/protocol/workstation/version'
import { findPeerWorkstation } from '../../platform/authority/peer-certificate.ts'
import type { Schema } from '../../store/schema.ts'

export type Admitted =
  | { readonly kind: 'admitted'; readonly workstationId: WorkstationId }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 404 }

/**
 * What the request itself says. Pages of browsers send an Origin, agents never do: a page must not
 * be able to use a certificate that somebody imported into a browser.
 */
export function judgeUpgrade(request: IncomingMessage): 400 | 403 | 404 | undefined {
  if (request.url !== socketPath) return 404
  if (request.headers.origin !== undefined) return 403
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',')
  return offered.some((name) => name.trim() === subprotocol) ? undefined : 400
}

/**
 * The workstation behind the socket's certificate, if it is enrolled with this very certificate, or
 * with the one that came after it: the answer that brought that one may have been lost on the way.
 */
export async function findConnecting(
  db: Kysely<Schema>,
  socket: Duplex,
  nowMs: number,
): Promise<Admitted> {
  const peer = socket instanceof TLSSocket ? findPeerWorkstation(socket, nowMs) : undefined
  if (!peer || peer.isExpired) return { kind: 'refused', status: 401 }
  const row = await db
    .selectFrom('workstation')
    .select(['status', 'cert_sha256', 'cert_previous_sha256', 'cert_not_after_ms'])
    .where('id', '=', peer.workstationId)
    .executeTakeFirst()
  const isKnown =
    row?.status === 'active' &&
    (row.cert_sha256 === peer.certSha256 || row.cert_previous_sha256 === peer.certSha256)
  if (!isKnown || row.cert_not_after_ms <= nowMs) return { kind: 'refused', status: 403 }
  return { kind: 'admitted', workstationId: peer.workstationId }
}
