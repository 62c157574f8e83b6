// Which workstation a connection is, by the certificate its handshake was made with. What is behind
// the id (active, revoked, expired by now) is the store's to say, at every connect.

import { createHash, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { workstationUri } from './certificates.ts'

export interface PeerWorkstation {
  readonly workstationId: WorkstationId
  /** Of the certificate's DER, lower-case hex. */
  readonly certSha256: string
  readonly notAfterMs: number
  /** True where the only thing wrong with the certificate is that its time is over. */
  readonly isExpired: boolean
}

/**
 * The workstation that the peer of this connection proved to be; nothing where it showed no
 * certificate, or one that is not of our authority or not a workstation's.
 *
 * A resumed TLS session is not verified anew, so expiry is judged here against the clock that is
 * handed in, and never by what the handshake once said.
 */
export function findPeerWorkstation(
  socket: Pick<TLSSocket, 'authorized' | 'authorizationError' | 'getPeerX509Certificate'>,
  nowMs: number,
): PeerWorkstation | undefined {
  const certificate = socket.getPeerX509Certificate()
  if (!certificate) return undefined
  const isLate = isExpiredError(socket.authorizationError)
  if (!socket.authorized && !isLate) return undefined
  const parsed = workstationId.safeParse(/^CN=(\S+)$/.exec(certificate.subject)?.[1])
  if (!parsed.success) return undefined
  if (certificate.subjectAltName !== `URI:${workstationUri(parsed.data)}`) return undefined
  const notAfterMs = certificate.validToDate.getTime()
  return {
    workstationId: parsed.data,
    certSha256: createHash('sha256').update(certificate.raw).digest('hex'),
    notAfterMs,
    isExpired: isLate || notAfterMs <= nowMs,
  }
}

/**
 * As above, for whoever may come late: where the time of a certificate is over, OpenSSL says that
 * alone, and not that its authority is none of ours. So its signature is looked at here.
 */
export function findLatePeer(
  socket: TLSSocket,
  nowMs: number,
  authorities: readonly string[],
): PeerWorkstation | undefined {
  const peer = findPeerWorkstation(socket, nowMs)
  if (peer?.isExpired !== true) return peer
  const keys = authorities.map((pem) => new X509Certificate(pem).publicKey)
  return isOfAny(socket, keys) ? peer : undefined
}

/** Node types it as an Error and gives the bare code of OpenSSL. */
function isExpiredError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : error
  return code === 'CERT_HAS_EXPIRED'
}

/** Whether one of these authorities signed what it showed, whatever its handshake said then. */
export function isOfAny(
  peer: Pick<TLSSocket, 'getPeerX509Certificate'> | undefined,
  authorities: readonly KeyObject[],
): boolean {
  const certificate = peer?.getPeerX509Certificate()
  return certificate !== undefined && authorities.some((key) => certificate.verify(key))
}
