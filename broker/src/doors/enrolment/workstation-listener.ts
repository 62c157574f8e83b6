// The port that workstations connect to: TLS 1.3 with a client certificate where there is one.
// Who may do what with or without it is for the doors behind it; here only the line is made safe
// and bounded.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { TlsOptions } from 'node:tls'
import type { Authority } from '../../platform/authority/authority.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import type { Log } from '../../platform/log.ts'

export interface WorkstationListenerNeeds {
  readonly keys: Keys
  /** The present one; what it is is asked for at each refresh. */
  readonly authority: Pick<Authority, 'caPem' | 'serverChain'>
  /** Its hash, once another was ended: who connected by that one is asked anew who it is. */
  readonly presentLater?: () => string | undefined
  /** Another one whose certificates are taken too, while the authority changes (decision 0063). */
  readonly alsoBelieved?: () => string | undefined
  readonly connectionsMax: number
  readonly nowMs: () => number
  readonly log: Log
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void
}

export interface WorkstationListener {
  readonly server: Server
  /** Certificates and ticket keys as they should be now; called daily, and when one changed. */
  readonly refresh: () => Promise<void>
}

const dayMs = 86_400_000
const handshakeWithinMs = 10_000
const requestWithinMs = 15_000
const headerBytesMax = 8192

/** Not listening yet: whoever makes it adds the upgrade and then takes the port. */
export async function makeWorkstationListener(
  needs: WorkstationListenerNeeds,
): Promise<WorkstationListener> {
  const server = createServer(
    {
      ...(await contextOf(needs)),
      handshakeTimeout: handshakeWithinMs,
      maxHeaderSize: headerBytesMax,
      headersTimeout: requestWithinMs,
      requestTimeout: requestWithinMs,
      keepAliveTimeout: 5000,
      connectionsCheckingInterval: 5000,
      insecureHTTPParser: false,
    },
    needs.answer,
  )
  server.maxConnections = needs.connectionsMax
  server.on('drop', () => {
    needs.log.warn('workstation.turned-away', { reason: 'connections-max' })
  })
  server.on('clientError', (_error, socket) => {
    socket.destroy()
  })
  return {
    server,
    refresh: async () => {
      server.setSecureContext(await contextOf(needs))
    },
  }
}

async function contextOf({
  keys,
  authority,
  alsoBelieved,
  presentLater,
  nowMs,
}: WorkstationListenerNeeds): Promise<TlsOptions> {
  return {
    key: keys.server.export({ format: 'pem', type: 'pkcs8' }),
    cert: await authority.serverChain(),
    ca: [authority.caPem, alsoBelieved?.() ?? []].flat(),
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    ecdhCurve: 'X25519:P-256',
    requestCert: true,
    // Enrolling has no certificate yet. The doors ask who it is: a connection without one is
    // nobody, also where it resumes a session (then OpenSSL calls it authorized: nothing failed
    // to verify).
    rejectUnauthorized: false,
    // The same words and keys on every broker, so that one resumes what another began.
    sessionIdContext: 'wardkey-workstations',
    sessionTimeout: 24 * 3600,
    ticketKeys: keys.ticketKeys(Math.floor(nowMs() / dayMs), presentLater?.()),
  }
}
