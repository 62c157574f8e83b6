// The door from outside, over real TLS and real sockets: whom it turns away, whose connection it
// ends, and what it answers to what it does not understand.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { frameBytesMax } from '@wardkey/protocol/workstation/version'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredBroker } from '../../../../test/kit/wired-broker.ts'

let wired: WiredBroker
let here: KitIdentity
let anna: KitPerson

beforeEach(async () => {
  wired = await openWired()
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
  anna = await wired.core.addPerson()
})
afterEach(async () => {
  await wired.core.checkInvariants()
  await wired.core.record()
  await wired.close()
})

describe('turns away', () => {
  it('nobody’s certificate', async () => {
    expect(await wired.dial().refused()).toBe(401)
  })
  it('a certificate of another authority', async () => {
    const other = await openWired()
    const { identity } = await other.issue(here.id)
    expect(await wired.dial({ identity }).refused()).toBe(401)
    await other.close()
  })
  it('a workstation that was never enrolled, whatever its certificate', async () => {
    const { identity } = await wired.issue(randomWorkstation())
    expect(await wired.dial({ identity }).refused()).toBe(403)
  })
  it('another certificate in the name of an enrolled workstation', async () => {
    const { identity } = await wired.issue(here.id)
    expect(await wired.dial({ identity }).refused()).toBe(403)
  })
  it('a revoked workstation, on a resumed session too', async () => {
    const agent = await wired.connect(here)
    agent.say({ kind: 'ping' })
    await agent.next('pong')
    await revoke(here)
    wired.door.connections.closeRevoked(here.id)
    expect(await agent.closed()).toMatchObject({ code: 4401 })
    const { session } = agent
    if (!session) throw new Error('no ticket came')
    expect(await wired.dial({ identity: here, session }).refused()).toBe(403)
    expect(await wired.dial({ identity: here }).refused()).toBe(403)
  })
  it('a certificate whose time is over by our clock', async () => {
    wired.core.pass(366 * 86_400_000)
    expect(await wired.dial({ identity: here }).refused()).toBe(403)
  })
  it('a page in a browser, whatever certificate it has', async () => {
    const headers = { origin: 'https://ehr.example' }
    expect(await wired.dial({ identity: here, headers }).refused()).toBe(403)
  })
  it('another path, and another protocol', async () => {
    expect(await wired.dial({ identity: here, path: '/' }).refused()).toBe(404)
    expect(await wired.dial({ identity: here, protocols: ['wardkey.v9'] }).refused()).toBe(400)
  })
  it('a workstation that comes and goes without end', async () => {
    const statuses = new Set<number | undefined>()
    for (let n = 0; n < 24; n++) {
      const agent = wired.dial({ identity: here })
      const isOpen = await agent.opened().then(
        () => true,
        () => false,
      )
      statuses.add(isOpen ? 101 : await agent.refused())
      agent.socket.terminate()
    }
    expect(statuses).toContain(429)
  })
})

describe('ends the connection of an agent that', () => {
  it('says anything before hello', async () => {
    const agent = wired.dial({ identity: here })
    await agent.opened()
    agent.tap(anna.card)
    expect(await agent.closed()).toMatchObject({ code: 1008, reason: 'hello-once-and-first' })
    expect((await wired.core.counts())['TAP-002']).toBeUndefined()
  })
  it('says hello twice', async () => {
    const agent = await wired.connect(here)
    agent.hello()
    expect(await agent.closed()).toMatchObject({ code: 1008 })
  })
  it('sends a frame that is too large', async () => {
    const agent = await wired.connect(here)
    agent.socket.send('x'.repeat(frameBytesMax + 1))
    expect(await agent.closed()).toMatchObject({ code: 1009 })
  })
  it('sends what is not JSON, or nests too deeply, or bytes', async () => {
    const said = ['{', '['.repeat(9) + ']'.repeat(9), Buffer.from([1, 2, 3])]
    for (const data of said) {
      const agent = await wired.connect(here)
      agent.socket.send(data)
      expect([1003, 1008]).toContain((await agent.closed()).code)
    }
  })
  it('floods', async () => {
    const agent = await wired.connect(here)
    for (let n = 0; n < 2000; n++) agent.say({ kind: 'ping' })
    expect(await agent.closed()).toMatchObject({ code: 1008, reason: 'frame-too-fast' })
  })
  it('is not enrolled any more when it says hello', async () => {
    const agent = wired.dial({ identity: here })
    await agent.opened()
    await revoke(here)
    agent.hello()
    expect(await agent.closed()).toMatchObject({ code: 4401 })
  })
})

describe('cuts off an agent that', () => {
  let passedMs: number
  let one: WiredBroker
  let identity: KitIdentity

  beforeEach(async () => {
    passedMs = 0
    one = await openWired({ monoMs: () => performance.now() + passedMs })
    await one.core.addZone('4-west')
    identity = await one.addWorkstation('4-west')
  })
  afterEach(() => one.close())

  it('never says hello', async () => {
    const agent = one.dial({ identity })
    await agent.opened()
    passedMs = 5001
    expect(await agent.closed()).toMatchObject({ code: 1006 })
  })
  it('says nothing any more, and not one that says something', async () => {
    const silent = await one.connect(identity)
    const lively = await one.connect(await one.addWorkstation('4-west'))
    passedMs = 20_000
    lively.socket.ping()
    await new Promise((resolve) => lively.socket.once('pong', resolve))
    passedMs = 40_000
    expect(await silent.closed()).toMatchObject({ code: 1006 })
    lively.say({ kind: 'ping' })
    expect(await lively.any()).toMatchObject({ kind: 'pong' })
  })
  it('does not read what it is sent, and not one that reads', async () => {
    const agent = await one.connect(identity)
    const connection = one.door.connections.find(identity.id)
    const send = async (count: number): Promise<void> => {
      for (let n = 0; n < count && connection?.phase === 'welcome'; n++) {
        await one.door.tellRulesAt(identity.id)
        if (n % 20 === 0) await new Promise(setImmediate)
      }
    }
    await send(5000)
    expect(connection?.phase).toBe('welcome')
    agent.socket.pause()
    await send(40_000)
    expect(connection?.phase).toBe('closed')
  })
})

describe('answers with a code', () => {
  it('a kind it does not know, and goes on', async () => {
    const agent = await wired.connect(here)
    const id = agent.say({ kind: 'unlock-everything' })
    expect(await agent.any()).toMatchObject({
      kind: 'failed',
      replyTo: id,
      code: 'frame-not-understood',
      repeat: 'permanent',
    })
    agent.say({ kind: 'ping' })
    expect(await agent.any()).toMatchObject({ kind: 'pong' })
  })
  it('fields that do not fit, until it is too much', async () => {
    const agent = await wired.connect(here)
    for (let n = 0; n < 6; n++) agent.say({ kind: 'tap', tapId: 'x', __proto__: { a: 1 } })
    expect(await agent.closed()).toMatchObject({ code: 1008, reason: 'frame-not-understood' })
  })
  it('that it could not look, and never opens, when the store is gone', async () => {
    const failing = await openWired()
    await failing.core.addZone('4-west')
    const identity = await failing.addWorkstation('4-west')
    const person = await failing.core.addPerson()
    const agent = await failing.connect(identity)
    await failing.core.store.close()
    agent.tap(person.card)
    expect(await agent.any()).toMatchObject({ kind: 'failed' })
    await failing.close()
  })
})

function randomWorkstation() {
  return wired.core.newTapId() as unknown as KitIdentity['id']
}

async function revoke({ id }: KitIdentity): Promise<void> {
  const query = wired.core.store.read
    .updateTable('workstation')
    .set({ status: 'revoked' })
    .where('id', '=', id)
    .compile()
  await wired.core.store.commit({ kind: 'housekeeping', writes: [{ query, expectRows: 1 }] })
}
