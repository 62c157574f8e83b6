// The end of an authority over real TLS: what is shown and taken after it, and that neither a ticket
// from before nor a certificate that is late lets anybody in by the one that was ended.

import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { Server } from 'node:https'
import { connect } from 'node:tls'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuthorityHouse } from '../../../../test/kit/authority-house.ts'
import type { AuthorityBroker } from '../../../../test/kit/authority-house.ts'
import { openCore, silentLog } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import type { Authority } from '../../platform/authority/authority.ts'
import { findLatePeer, isOfAny } from '../../platform/authority/peer-certificate.ts'
import { listen } from '../../platform/listen.ts'
import { makeWorkstationListener } from './workstation-listener.ts'

const id = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'

describe('the workstations’ port at the end of an authority', () => {
  let core: BrokerCore
  let house: AuthorityHouse
  let broker: AuthorityBroker
  let server: Server
  let port: number
  /** How far the authorities' clock is from this machine's. */
  let aheadMs: number
  beforeEach(async () => {
    aheadMs = 0
    core = await openCore()
    house = new AuthorityHouse(core, () => Date.now() + aheadMs)
    broker = await house.broker()
    const { desk, keys } = broker
    const listener = await makeWorkstationListener({
      ...{ keys, authority: desk.present, presentLater: () => desk.presentLater },
      ...{ alsoBelieved: () => desk.caPem, connectionsMax: 100, log: silentLog },
      nowMs: Date.now,
      answer: (_request, response) => response.end(),
    })
    ;({ server } = listener)
    desk.follow(listener.refresh)
    port = await listen(server, { host: '127.0.0.1', port: 0, setting: 'workstations.port' })
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    house.remove()
    await core.close()
  })

  interface Proof {
    readonly key: string
    readonly cert: string
  }
  async function proofOf({ issue }: Pick<Authority, 'issue'>): Promise<Proof> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const der = publicKey.export({ format: 'der', type: 'spki' })
    const { pem } = await issue(Uint8Array.from(der).buffer, id)
    const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))
    return { key: key.export({ format: 'pem', type: 'pkcs8' }).toString(), cert: pem }
  }
  const nextOf = (): Authority => {
    const found = broker.desk.find('1'.padStart(16, '0'))
    if (!found) throw new Error('no next one')
    return found
  }

  /** Who the broker takes it for, and how it came; believes brokers by what is given. */
  async function come(proof: Proof | undefined, caPem: string, options: ConnectionOptions = {}) {
    const seen = new Promise<TLSSocket>((resolve) => server.once('secureConnection', resolve))
    const at = { host: '127.0.0.1', port, servername: 'localhost', ca: caPem }
    const client = connect({ ...at, ...proof, ...options })
    const ticket = new Promise<Buffer>((resolve) => client.once('session', resolve))
    await new Promise((resolve, reject) => {
      client.once('secureConnect', resolve)
      client.once('error', reject)
    })
    const socket = await seen
    const peer = findLatePeer(socket, Date.now(), broker.desk.believed)
    const isNow = isOfAny(socket, [new X509Certificate(broker.desk.present.caPem).publicKey])
    const session = options.session ?? (await ticket)
    const isReused = client.isSessionReused()
    client.destroy()
    return { peer: peer?.workstationId, isReused, session, isNow }
  }

  it('takes both while it is rotated, and shows the one that everybody believes', async () => {
    await house.rotated(broker)
    for (const authority of [broker.first, nextOf()]) {
      expect((await come(await proofOf(authority), broker.first.caPem)).peer).toBe(id)
    }
    await expect(come(undefined, nextOf().caPem)).rejects.toThrow('certificate')
  })
  it('shows the next one and takes no other after the end', async () => {
    await house.rotated(broker)
    const [old, next] = [await proofOf(broker.first), nextOf()]
    await broker.take(house.order('end'))
    expect((await come(await proofOf(next), next.caPem)).peer).toBe(id)
    expect(await come(old, next.caPem)).toMatchObject({ peer: undefined, isNow: false })
    await expect(come(old, broker.first.caPem)).rejects.toThrow('certificate')
  })
  it('does not resume across the end what began before it', async () => {
    await house.rotated(broker)
    const [old, next] = [await proofOf(broker.first), nextOf()]
    const both = broker.first.caPem + next.caPem
    const { session } = await come(old, both)
    expect(await come(undefined, both, { session })).toMatchObject({ isReused: true, peer: id })
    await broker.take(house.order('end'))
    const after = await come(undefined, both, { session })
    expect(after).toMatchObject({ isReused: false, peer: undefined })
    const shown = await come(old, both, { session })
    expect(shown).toMatchObject({ isReused: false, peer: undefined })
    const mine = await proofOf(next)
    const again = await come(mine, both)
    const resumed = await come(undefined, both, { session: again.session })
    expect(resumed).toMatchObject({ isReused: true, peer: id, isNow: true })
  })
  it('takes a certificate of the ended one for nobody’s, also where its time is over', async () => {
    await house.rotated(broker)
    const next = nextOf()
    aheadMs = -30 * 86_400_000
    const [old, lateNext] = [await proofOf(broker.first), await proofOf(next)]
    aheadMs = 0
    expect((await come(old, broker.first.caPem)).peer).toBe(id)
    await broker.take(house.order('end'))
    expect((await come(old, next.caPem)).peer).toBeUndefined()
    expect((await come(lateNext, next.caPem)).peer).toBe(id)
  })
})
