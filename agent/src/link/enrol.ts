// Getting and renewing the workstation's certificate over HTTPS. The broker's authority is pinned
// before anything is sent: a token told to a stranger would enrol the stranger.

import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import type { RequestOptions } from 'node:https'
import { connect } from 'node:tls'
import { enrolPath, identityAnswer, renewPath } from '@wardkey/protocol/workstation/enrolment'
import type { IdentityAnswer } from '@wardkey/protocol/workstation/enrolment'
import { Fault } from '../platform/fault.ts'
import { makeKeyWithRequest } from './certificate-request.ts'
import type { Identity } from './identity.ts'

const withinMs = 15_000
const answerBytesMax = 64 * 1024

export interface BrokerAddress {
  readonly host: string
  readonly port: number
  /** The name its certificate is for; the host where there is none. */
  readonly serverName: string
}

/** How the authority is known before the first word: its certificate, or the hash of it. */
export type Pin =
  | { readonly kind: 'certificate'; readonly caPem: string }
  | { readonly kind: 'sha256'; readonly hex: string }

export type EnrolOutcome =
  | { readonly kind: 'enrolled'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly status: number }

export interface EnrolRequest {
  readonly broker: BrokerAddress
  readonly pin: Pin
  readonly token: string
  readonly place: string
  readonly assetTag?: string
}

/** Throws Fault `link-down` where no broker with that pin answers. */
export async function enrol(asked: EnrolRequest): Promise<EnrolOutcome> {
  const caPem = await pinnedAuthority(asked.broker, asked.pin)
  const { keyPem, csrPem } = await makeKeyWithRequest()
  const { token, place, assetTag } = asked
  const body = { token, csrPem, place, ...(assetTag === undefined ? {} : { assetTag }) }
  return send(asked.broker, enrolPath, body, { ca: caPem }, keyPem)
}

/** A new key and certificate in place of the present ones, which prove who asks. */
export async function renew(broker: BrokerAddress, identity: Identity): Promise<EnrolOutcome> {
  const { keyPem, csrPem } = await makeKeyWithRequest()
  const { caPem, certificatePem } = identity
  const proof = { ca: caPem, cert: certificatePem, key: identity.keyPem }
  return send(broker, renewPath, { csrPem }, proof, keyPem)
}

async function send(
  broker: BrokerAddress,
  path: string,
  body: object,
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key'>,
  keyPem: string,
): Promise<EnrolOutcome> {
  const { status, text } = await post(broker, path, JSON.stringify(body), tls)
  if (status !== 200) return { kind: 'refused', status }
  const answer = identityAnswer.safeParse(JSON.parse(text))
  if (!answer.success || !isFor(answer.data, keyPem)) throw new Fault('link-down', 'permanent')
  return { kind: 'enrolled', identity: { ...answer.data, keyPem } }
}

/** The certificate must be of our own key: anything else is a mix-up, or somebody's attempt. */
function isFor(answer: IdentityAnswer, keyPem: string): boolean {
  try {
    const certificate = new X509Certificate(answer.certificatePem)
    const authority = new X509Certificate(answer.caPem)
    return (
      certificate.checkPrivateKey(createPrivateKey(keyPem)) &&
      certificate.verify(authority.publicKey)
    )
  } catch (cause) {
    throw new Fault('link-down', 'permanent', { cause })
  }
}

function post(
  broker: BrokerAddress,
  path: string,
  body: string,
  tls: Pick<RequestOptions, 'ca' | 'cert' | 'key'>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      reject(new Fault('link-down', 'transient', { cause }))
    }
    const sending = request(
      {
        ...tls,
        host: broker.host,
        port: broker.port,
        servername: broker.serverName,
        minVersion: 'TLSv1.3',
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        timeout: withinMs,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        let bytes = 0
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > answerBytesMax) sending.destroy(new Error('the answer is too large'))
          else chunks.push(chunk)
        })
        response.on('error', fail)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, text })
        })
      },
    )
    sending.on('timeout', () => {
      sending.destroy(new Error('no answer in time'))
    })
    sending.on('error', fail)
    sending.end(body)
  })
}

/** With a hash as the pin, the authority is read from the handshake and compared before use. */
async function pinnedAuthority(broker: BrokerAddress, pin: Pin): Promise<string> {
  if (pin.kind === 'certificate') return pin.caPem
  const raw = await rootOfHandshake(broker)
  const hex = createHash('sha256').update(raw).digest('hex')
  if (hex !== pin.hex.toLowerCase().replaceAll(':', '')) throw new Fault('link-down', 'permanent')
  return new X509Certificate(raw).toString()
}

function rootOfHandshake(broker: BrokerAddress): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Nothing is sent over this connection; it is made only to see the chain, which is then judged.
    const socket = connect({
      host: broker.host,
      port: broker.port,
      servername: broker.serverName,
      minVersion: 'TLSv1.3',
      rejectUnauthorized: false,
      timeout: withinMs,
    })
    const fail = (cause: unknown): void => {
      socket.destroy()
      reject(new Fault('link-down', 'transient', { cause }))
    }
    socket.once('error', fail)
    socket.once('timeout', fail)
    socket.once('secureConnect', () => {
      let certificate = socket.getPeerCertificate(true)
      // A root names itself as its own issuer; the chain ends there.
      for (let depth = 0; depth < 4 && certificate.issuerCertificate !== certificate; depth++) {
        certificate = certificate.issuerCertificate
      }
      socket.end()
      resolve(certificate.raw)
    })
  })
}
