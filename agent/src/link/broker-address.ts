// Where a broker is, and which name its certificate must have. Pure.

import { isIP } from 'node:net'

export interface BrokerAddress {
  readonly host: string
  readonly port: number
  /** The name its certificate is for, where that is not the host. */
  readonly serverName: string
}

/** `host:port`, `192.0.2.1:443`, `[::1]:443`; nothing for anything else. */
export function parseBrokerAddress(text: string, serverName = ''): BrokerAddress | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/.exec(text)
  const host = found?.[1] ?? found?.[2]
  const port = Number(found?.[3])
  if (host === undefined || port < 1 || port > 65_535) return undefined
  if (found?.[1] !== undefined && isIP(host) !== 6) return undefined
  return { host, port, serverName }
}

export function addressText({ host, port }: BrokerAddress): string {
  return isIP(host) === 6 ? `[${host}]:${String(port)}` : `${host}:${String(port)}`
}

/**
 * What TLS is to send and to check. An address is never sent as a name (RFC 6066 §3): without one,
 * the certificate is checked against the address itself.
 */
export function serverNameOf({ host, serverName }: BrokerAddress): string {
  if (serverName !== '') return serverName
  return isIP(host) === 0 ? host : ''
}
