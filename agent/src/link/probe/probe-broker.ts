// One broker, asked step by step, so that it can be said where the way to it ends. It never says
// hello: a second hello would take the place of the running agent's connection. The certificate is
// shown only to a broker of the authority that is believed.

import { lookup } from 'node:dns/promises'
import { request } from 'node:https'
import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import WebSocket from 'ws'
import { socketPath } from '@wardkey/protocol/workstation/enrolment'
import { subprotocol } from '@wardkey/protocol/workstation/version'
import type { Clock } from '../../platform/clock.ts'
import { addressText, serverNameOf } from '../broker-address.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Identity } from '../identity.ts'
import { authorityShown } from '../pinned-authority.ts'

/** In the order in which they are taken. */
export type ProbeStep = 'name' | 'tcp' | 'tls' | 'authority' | 'server-name' | 'certificate'

export type Probe =
  /** Our clock less the broker's; whole seconds, as HTTP tells it. Absent where it told none. */
  | { readonly kind: 'reached'; readonly skewMs?: number }
  /** As far as one comes without a certificate of one's own. */
  | { readonly kind: 'not-enrolled' }
  | {
      readonly kind: 'failed'
      readonly step: ProbeStep
      /** A code, never a message: those quote hosts and certificates. */
      readonly reason: string
      readonly skewMs?: number
      /** At `authority`: the hash of the one that is shown there, where one is. */
      readonly shown?: string
    }

const stepWithinMs = 4000

export async function probeBroker(
  address: BrokerAddress,
  identity: Identity | undefined,
  clock: Clock,
): Promise<Probe> {
  const ended = (await probeName(address)) ?? (await probeTls(address, identity))
  if (ended) return ended
  if (!identity) return { kind: 'not-enrolled' }
  const skew = await askTime(address, identity, clock)
  return { ...(await probeUpgrade(address, identity)), ...skew }
}

type Failed = Extract<Probe, { kind: 'failed' }>
const failed = (step: ProbeStep, thrown: unknown): Failed => ({
  kind: 'failed',
  step,
  reason: reasonOf(thrown),
})

async function probeName({ host }: BrokerAddress): Promise<Failed | undefined> {
  if (isIP(host) !== 0) return undefined
  try {
    await inTime(lookup(host))
    return undefined
  } catch (thrown) {
    return failed('name', thrown)
  }
}

/** First without a certificate, to look at what the other side shows. */
async function probeTls(
  address: BrokerAddress,
  identity: Identity | undefined,
): Promise<Failed | undefined> {
  const { host, port } = address
  let tcp: Socket
  try {
    tcp = await connected(() => connectTcp({ host, port }), 'connect')
  } catch (thrown) {
    return failed('tcp', thrown)
  }
  try {
    const tls = await connected(
      () =>
        connectTls({
          socket: tcp,
          ...(identity ? { ca: identity.caPem } : {}),
          host,
          servername: serverNameOf(address),
          minVersion: 'TLSv1.3',
          rejectUnauthorized: false,
        }),
      'secureConnect',
    )
    const shown = authorityShown(tls)
    tls.destroy()
    // Without an authority of our own there is none to hold it against.
    if (!identity || tls.authorized) return undefined
    const reason = String(tls.authorizationError)
    const isName = reason.startsWith('ERR_TLS_CERT_ALTNAME')
    if (isName) return failed('server-name', { code: codeIn(reason) })
    const other = failed('authority', { code: codeIn(reason) })
    return shown === undefined ? other : { ...other, shown }
  } catch (thrown) {
    return failed('tls', thrown)
  } finally {
    tcp.destroy()
  }
}

/** Some of Node's say more than a code. */
const codeIn = (text: string): string =>
  /^(?:Error: )?([A-Z][A-Z0-9_]*)/.exec(text)?.[1] ?? 'unknown'

function connected<T extends Socket>(open: () => T, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = open()
    const deadline = setTimeout(() => {
      socket.destroy()
      reject(new Late())
    }, stepWithinMs)
    socket.on('error', (thrown) => {
      clearTimeout(deadline)
      reject(thrown)
    })
    socket.once(event, () => {
      clearTimeout(deadline)
      resolve(socket)
    })
  })
}

const tlsOf = (address: BrokerAddress, identity: Identity) => ({
  ca: identity.caPem,
  cert: identity.certificatePem,
  key: identity.keyPem,
  servername: serverNameOf(address),
  minVersion: 'TLSv1.3' as const,
  rejectUnauthorized: true,
})

/** HTTP's own Date, whatever the answer is; a broker that tells none is no failure. */
async function askTime(
  address: BrokerAddress,
  identity: Identity,
  clock: Clock,
): Promise<{ skewMs?: number }> {
  const { host, port } = address
  const asked = clock.wallMs()
  try {
    const date = await new Promise<string | undefined>((resolve, reject) => {
      const asking = request({
        ...tlsOf(address, identity),
        host,
        port,
        method: 'HEAD',
        path: '/',
        signal: AbortSignal.timeout(stepWithinMs),
        agent: false,
      })
      asking.on('error', reject)
      asking.on('response', (response) => {
        response.resume()
        resolve(response.headers.date)
      })
      asking.end()
    })
    const told = Date.parse(date ?? '')
    // It was told in whole seconds, somewhere between our question and its answer.
    const between = (asked + clock.wallMs()) / 2
    return Number.isNaN(told) ? {} : { skewMs: Math.round(between - told - 500) }
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    return {}
  }
}

/** Taken at the door, and let go of before a word is said. */
function probeUpgrade(address: BrokerAddress, identity: Identity): Promise<Probe> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`wss://${addressText(address)}${socketPath}`, subprotocol, {
      ...tlsOf(address, identity),
      handshakeTimeout: stepWithinMs,
      perMessageDeflate: false,
      followRedirects: false,
    })
    socket.on('unexpected-response', (asking, response) => {
      resolve(failed('certificate', { code: String(response.statusCode ?? 0) }))
      asking.destroy()
      socket.terminate()
    })
    socket.on('error', (thrown) => {
      const isLate = thrown.message.includes('handshake has timed out')
      resolve(failed('certificate', isLate ? new Late() : thrown))
    })
    socket.on('open', () => {
      resolve({ kind: 'reached' })
      socket.terminate()
    })
  })
}

class Late extends Error {
  readonly code = 'late'
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Late())
    }, stepWithinMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function reasonOf(thrown: unknown): string {
  const isCoded = typeof thrown === 'object' && thrown !== null && 'code' in thrown
  return isCoded && typeof thrown.code === 'string' ? thrown.code : 'unknown'
}
