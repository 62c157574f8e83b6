// The steps to a broker, against a real one and against others that end the way at each step. What
// the running agent has is never disturbed.

import { createHash, X509Certificate } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BareBroker } from '../../../../test/kit/bare-broker.ts'
import type { BareBrokerSettings } from '../../../../test/kit/bare-broker.ts'
import { openBroker } from '../../../../test/kit/broker.ts'
import type { Broker } from '../../../../test/kit/broker.ts'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import { systemClock } from '../../platform/clock.ts'
import { parseBrokerAddress } from '../broker-address.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Identity } from '../identity.ts'
import { probeBroker } from './probe-broker.ts'

const at = (port: number): BrokerAddress => ({ host: '127.0.0.1', port, serverName: '' })
let authority: ThrowAwayAuthority
const open: { close(): Promise<void> }[] = []
beforeAll(async () => {
  authority = await ThrowAwayAuthority.make()
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function bare(settings: BareBrokerSettings = {}, of = authority): Promise<BareBroker> {
  const broker = await BareBroker.open(of, settings)
  broker.server.on('request', (_request, response) => response.writeHead(404).end())
  open.push(broker)
  return broker
}

/** Listens, and does with each connection what is said. */
async function listening(server: Server): Promise<number> {
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  })
  return (server.address() as AddressInfo).port
}

describe('a real broker', () => {
  let broker: Broker
  beforeAll(async () => {
    broker = await openBroker()
  })
  afterAll(() => broker.close())
  const enrolled = async (): Promise<{ identity: Identity; address: BrokerAddress }> => {
    const { hostname, port } = new URL(broker.running.workstationUrl)
    const identity = await broker.enrol('4-west', '4 West, station 2')
    return { identity, address: { host: hostname, port: Number(port), serverName: hostname } }
  }

  it('is reached with the certificate that it gave, and tells the time', async () => {
    const { identity, address } = await enrolled()
    const probe = await probeBroker(address, identity, systemClock)
    expect(probe.kind).toBe('reached')
    expect(Math.abs((probe.kind === 'reached' ? probe.skewMs : undefined) ?? NaN)).toBeLessThan(
      5000,
    )
  })
  it('tells by how much the clock here is wrong', async () => {
    const { identity, address } = await enrolled()
    const wrong = { ...systemClock, wallMs: () => systemClock.wallMs() - 3_600_000 }
    const probe = await probeBroker(address, identity, wrong)
    expect(probe).toMatchObject({ kind: 'reached' })
    const skew = probe.kind === 'reached' ? (probe.skewMs ?? 0) : 0
    expect(Math.abs(skew + 3_600_000)).toBeLessThan(5000)
  })
  it('keeps the connection of the agent that runs, and writes nothing of the look', async () => {
    const { identity, address } = await enrolled()
    const agent = await broker.connect(identity)
    const before = (await broker.record()).length
    expect(await probeBroker(address, identity, systemClock)).toMatchObject({ kind: 'reached' })
    expect(agent.socket.readyState).toBe(agent.socket.OPEN)
    expect((await broker.record()).length).toBe(before)
  })
  it('refuses the certificate of another authority before it is shown to it', async () => {
    const { address, identity } = await enrolled()
    const { raw } = new X509Certificate(identity.caPem)
    const caSha256 = createHash('sha256').update(raw).digest('hex')
    expect(await probeBroker(address, await authority.identity(), systemClock)).toMatchObject({
      kind: 'failed',
      step: 'authority',
      shown: caSha256,
    })
  })
  it('refuses a certificate that it does not know', async () => {
    const { address, identity } = await enrolled()
    const stranger = await authority.identity()
    // Its own authority is believed, so that ours is shown; it signed none of it.
    const shown = { ...stranger, caPem: identity.caPem }
    expect(await probeBroker(address, shown, systemClock)).toMatchObject({
      kind: 'failed',
      step: 'certificate',
      reason: '401',
    })
  })
  it('is reached, as far as that goes, by who is not enrolled', async () => {
    const { address } = await enrolled()
    expect(await probeBroker(address, undefined, systemClock)).toEqual({ kind: 'not-enrolled' })
  })
})

describe('the way ends', () => {
  it('at a name that nobody knows', async () => {
    const address = parseBrokerAddress('broker.invalid:8443') ?? at(1)
    const probe = await probeBroker(address, await authority.identity(), systemClock)
    expect(probe).toMatchObject({ kind: 'failed', step: 'name' })
  })
  it('where nobody listens', async () => {
    expect(await probeBroker(at(1), await authority.identity(), systemClock)).toEqual({
      kind: 'failed',
      step: 'tcp',
      reason: 'ECONNREFUSED',
    })
  })
  it('where somebody listens who speaks no TLS', async () => {
    const port = await listening(createServer((socket) => socket.end('220 mail\r\n')))
    const probe = await probeBroker(at(port), await authority.identity(), systemClock)
    expect(probe).toMatchObject({ kind: 'failed', step: 'tls' })
  })
  it('where somebody listens and says nothing, within the deadline', async () => {
    const port = await listening(createServer())
    const probe = await probeBroker(at(port), await authority.identity(), systemClock)
    expect(probe).toEqual({ kind: 'failed', step: 'tls', reason: 'late' })
  })
  it('at TLS 1.2', async () => {
    const tls = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    const { port } = await bare({ tls })
    const probe = await probeBroker(at(port), await authority.identity(), systemClock)
    expect(probe).toMatchObject({ kind: 'failed', step: 'tls' })
  })
  it('at a stranger, who is shown no certificate', async () => {
    const broker = await bare({}, await ThrowAwayAuthority.make())
    const probe = await probeBroker(at(broker.port), await authority.identity(), systemClock)
    expect(probe).toMatchObject({ kind: 'failed', step: 'authority' })
    expect(broker.peers).toEqual([])
  })
  it('at a broker of another name', async () => {
    const broker = await bare({ names: ['elsewhere.example'] })
    const probe = await probeBroker(at(broker.port), await authority.identity(), systemClock)
    expect(probe).toMatchObject({ kind: 'failed', step: 'server-name' })
  })
  it.each([401, 403, 503])('at a broker that turns it away with %s', async (status) => {
    const broker = await bare({ turnAway: status })
    const probe = await probeBroker(at(broker.port), await authority.identity(), systemClock)
    expect(probe).toMatchObject({ kind: 'failed', step: 'certificate', reason: String(status) })
  })
  it('before hello, in any case: a running agent keeps its connection', async () => {
    const broker = await bare()
    const probe = await probeBroker(at(broker.port), await authority.identity(), systemClock)
    expect(probe.kind).toBe('reached')
    expect(broker.frames).toEqual([])
  })
})
