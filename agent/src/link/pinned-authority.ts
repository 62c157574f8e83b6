// The broker's authority as it is known before the first word: by its certificate, or by the hash
// of it, which is then looked for in the handshake. Nothing is sent before it was found.

import { createHash, X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { Fault } from '../platform/fault.ts'
import { serverNameOf } from './broker-address.ts'
import type { BrokerAddress } from './broker-address.ts'

export type Pin =
  | { readonly kind: 'certificate'; readonly caPem: string }
  /**
   * Of the certificate's DER, as `wardkey-broker` prints it; colons and upper case may be in it.
   */
  | { readonly kind: 'sha256'; readonly hex: string }

const withinMs = 15_000
/** Leaf, one between, root: no chain of ours is longer. */
const depthMax = 4

/** Throws Fault `link-down`: permanent where the broker shows another authority. */
export async function pinnedAuthority(broker: BrokerAddress, pin: Pin): Promise<string> {
  if (pin.kind === 'certificate') return pin.caPem
  const wanted = pin.hex.toLowerCase().replaceAll(':', '')
  const shown = await certificatesShown(broker)
  const found = shown.find((raw) => createHash('sha256').update(raw).digest('hex') === wanted)
  if (!found) throw new Fault('link-down', 'permanent')
  return new X509Certificate(found).toString()
}

/** What the broker shows of its chain. Anybody could be there: this is looked at, not believed. */
function certificatesShown(broker: BrokerAddress): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: broker.host,
      port: broker.port,
      servername: serverNameOf(broker),
      minVersion: 'TLSv1.3',
      rejectUnauthorized: false,
    })
    const settle = (act: () => void): void => {
      clearTimeout(deadline)
      socket.destroy()
      act()
    }
    const fail = (cause: unknown): void => {
      settle(() => {
        reject(new Fault('link-down', 'transient', { cause }))
      })
    }
    const deadline = setTimeout(fail, withinMs, new Error('no handshake in time'))
    socket.on('error', fail)
    socket.once('secureConnect', () => {
      const chain = chainOf(socket)
      settle(() => {
        resolve(chain)
      })
    })
  })
}

/** The hash of the root that it shows, for people to compare: anybody can show one. */
export function authorityShown(socket: TLSSocket): string | undefined {
  const root = chainOf(socket).at(-1)
  if (!root || !new X509Certificate(root).ca) return undefined
  return createHash('sha256').update(root).digest('hex')
}

function chainOf(socket: TLSSocket): readonly Buffer[] {
  const chain: Buffer[] = []
  let certificate: Issued | undefined = socket.getPeerCertificate(true)
  while (certificate?.raw && chain.length < depthMax) {
    chain.push(certificate.raw)
    // A root names itself as its own issuer; of a chain cut short there is none.
    const next: Issued | undefined = certificate.issuerCertificate
    certificate = next === certificate ? undefined : next
  }
  return chain
}

/** As Node gives it: more may be missing than its types say. */
interface Issued {
  readonly raw?: Buffer
  readonly issuerCertificate?: Issued
}
