// One certificate on two machines, over real sockets: which of them is let in, and what becomes of
// what was open on the other.

import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredBroker } from '../../../../test/kit/wired-broker.ts'

const board = ['a'.repeat(32), 'c'.repeat(32)]
const other = ['b'.repeat(32)]
let wired: WiredBroker
let here: KitIdentity

beforeEach(async () => {
  wired = await openWired()
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
})
afterEach(async () => {
  await wired.core.checkInvariants()
  await wired.core.record()
  await wired.close()
})

async function refused(says: object): Promise<void> {
  const agent = wired.dial({ identity: here })
  await agent.opened()
  agent.hello(says)
  expect(await agent.closed()).toMatchObject({ code: 4410, reason: 'copy' })
}

async function facts(code: string): Promise<readonly unknown[]> {
  return (await wired.core.record())
    .filter((fact) => fact.code === code)
    .map(({ fields }) => fields)
}

it('refuses other hardware, first or second, and leaves the true one as it is', async () => {
  const anna = await wired.core.addPerson()
  const true_ = await wired.connect(here, { hardware: board })
  const session = await wired.core.signIn(here.id, anna)
  await refused({ hardware: other, bootId: 'b007-0002' })
  await refused({ hardware: other })
  true_.say({ kind: 'ping' })
  await true_.next('pong')
  expect(await wired.core.sessions()).toMatchObject([{ id: session, state: 'open' }])
  true_.socket.close()
  await true_.closed()
  await refused({ hardware: other, bootId: 'b007-0003' })
  const reason = { reason: 'other-hardware' }
  expect(await facts('WKS-103')).toEqual([reason, reason, reason])
})
it('refuses a copy that calls itself by the same board while the true one answers', async () => {
  const true_ = await wired.connect(here, { hardware: board })
  await refused({ hardware: board, bootId: 'b007-0002' })
  true_.say({ kind: 'ping' })
  await true_.next('pong')
  expect(await facts('WKS-103')).toEqual([{ reason: 'both-answer' }])
})
it('refuses it too where neither can say what it runs on', async () => {
  await wired.connect(here)
  await refused({ bootId: 'b007-0002' })
})
it('lets the same machine in again after a restart, whose old line answers no more', async () => {
  const before = await wired.connect(here, { hardware: board })
  before.socket.pause()
  const after = await wired.connect(here, { hardware: board, bootId: 'b007-0002' })
  after.say({ kind: 'ping' })
  await after.next('pong')
  expect(await facts('WKS-103')).toEqual([])
})
it('lets it in again on the same start, in place of its older line', async () => {
  const before = await wired.connect(here, { hardware: board })
  await wired.connect(here, { hardware: board })
  expect(await before.closed()).toMatchObject({ code: 4409 })
})
it('knows a machine by one part of it, also by one that it left out meanwhile', async () => {
  const [first = '', second = ''] = board
  for (const hardware of [[first], [first, second], [second], [first]]) {
    const agent = await wired.connect(here, { hardware })
    agent.socket.close()
    await agent.closed()
  }
  await refused({ hardware: other, bootId: 'b007-0002' })
})
it('still takes agents that say nothing of their hardware', async () => {
  const agent = await wired.connect(here, { hardware: board })
  agent.socket.close()
  await agent.closed()
  await wired.connect(here, { bootId: 'b007-0002' })
})

/** The door whose look at an older line ends when a test says so. */
async function withSlowLooks() {
  await wired.close()
  let asked = Promise.withResolvers<(isThere: boolean) => void>()
  const isStillThere = (): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    asked.resolve(resolve)
    return promise
  }
  wired = await openWired({ isStillThere })
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
  return async (): Promise<(isThere: boolean) => void> => {
    const answer = await asked.promise
    asked = Promise.withResolvers()
    return answer
  }
}

it('keeps a line that ended while an older one was looked at from taking its place', async () => {
  const nextLook = await withSlowLooks()
  const true_ = await wired.connect(here)
  const older = wired.door.connections.find(here.id)
  const arrived = once(wired.server, 'secureConnection')
  const short = wired.dial({ identity: here })
  await short.opened()
  short.hello({ bootId: 'b007-0002' })
  const answer = await nextLook()
  const [line] = (await arrived) as [TLSSocket]
  const ended = once(line, 'close')
  short.socket.terminate()
  await ended
  await new Promise((resolve) => setImmediate(resolve))
  answer(false)
  true_.say({ kind: 'ping' })
  await true_.next('pong')
  expect(wired.door.connections.find(here.id)).toBe(older)
})
it('looks at the one that came meanwhile, where two come at the same moment', async () => {
  const nextLook = await withSlowLooks()
  await wired.connect(here)
  const first = wired.dial({ identity: here })
  await first.opened()
  first.hello({ bootId: 'b007-0002' })
  const firstAnswer = await nextLook()
  const second = wired.dial({ identity: here })
  await second.opened()
  second.hello({ bootId: 'b007-0003' })
  const secondAnswer = await nextLook()
  firstAnswer(false)
  await first.next('welcome')
  secondAnswer(false)
  const again = await nextLook()
  again(true)
  expect(await second.closed()).toMatchObject({ code: 4410 })
  first.say({ kind: 'ping' })
  await first.next('pong')
})
