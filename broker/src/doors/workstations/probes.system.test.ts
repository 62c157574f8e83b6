// A ping that probes, over real TLS and real sockets: when it is answered, how often one
// workstation may ask, and that whoever asks learns nothing and holds nobody up.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredAgent, WiredBroker } from '../../../../test/kit/wired-broker.ts'

let passedMs: number
let wired: WiredBroker
let here: KitIdentity
let anna: KitPerson

beforeEach(async () => {
  passedMs = 0
  wired = await openWired({ monoMs: () => performance.now() + passedMs })
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
  anna = await wired.core.addPerson()
})
afterEach(async () => {
  await wired.core.checkInvariants()
  await wired.core.record()
  await wired.close()
})

async function probe(agent: WiredAgent) {
  const id = agent.say({ kind: 'ping', probe: true })
  const answer = await agent.any()
  expect(answer).toMatchObject({ replyTo: id })
  return answer
}
const tooFast = { kind: 'failed', code: 'frame-too-fast', repeat: 'transient' }

describe('a broker that is asked to probe', () => {
  it('says in its welcome that it does, and answers as a ping is answered', async () => {
    const agent = wired.dial({ identity: here })
    await agent.opened()
    agent.hello()
    expect(await agent.next('welcome')).toMatchObject({ probes: true })
    const plain = agent.say({ kind: 'ping' })
    const pong = await agent.any()
    expect(pong).toMatchObject({ kind: 'pong', replyTo: plain })
    expect(Object.keys(await probe(agent)).sort()).toEqual(Object.keys(pong).sort())
  })
  it('writes nothing of it into the record', async () => {
    const agent = await wired.connect(here)
    const before = await wired.core.counts()
    expect(await probe(agent)).toMatchObject({ kind: 'pong' })
    expect(await wired.core.counts()).toEqual(before)
  })
  it('does not answer well where a tap would not be, and the line stands', async () => {
    const agent = await wired.connect(here)
    const { db } = wired.core.needs
    const revoke = db.updateTable('workstation').set({ status: 'revoked' }).compile()
    const writes = [{ query: revoke, expectRows: 1 }]
    await wired.core.store.commit({ kind: 'housekeeping', writes })
    expect(await probe(agent)).toMatchObject({ kind: 'failed', repeat: 'permanent' })
    expect(await probe(agent)).toMatchObject({ kind: 'failed', repeat: 'permanent' })
    agent.say({ kind: 'ping' })
    expect(await agent.any()).toMatchObject({ kind: 'pong' })
  })
  it('does not answer well when its store is gone, and the line stands', async () => {
    const failing = await openWired()
    await failing.core.addZone('4-west')
    const agent = await failing.connect(await failing.addWorkstation('4-west'))
    await failing.core.store.close()
    expect(await probe(agent)).toMatchObject({ kind: 'failed' })
    agent.say({ kind: 'ping' })
    expect(await agent.any()).toMatchObject({ kind: 'pong' })
    await failing.close()
  })
  it.each([
    ['a card', { probe: true, card: { technology: 'csn', canonical: '04a1b2c3' } }, 'pong'],
    ['no', { probe: false }, 'failed'],
    ['something', { probe: 'badge 4711' }, 'failed'],
  ])('looks for no card that it is told, and takes yes only: %s', async (_what, says, kind) => {
    const agent = await wired.connect(here)
    agent.say({ kind: 'ping', ...says })
    const answer = await agent.any()
    expect(answer.kind).toBe(kind)
    expect(JSON.stringify(answer)).not.toMatch(/4711|04a1b2c3/)
  })
})

describe('a workstation that asks without end', () => {
  it('is told so, whichever line it comes over, and may again later', async () => {
    const first = await wired.connect(here)
    for (let n = 0; n < 4; n++) expect(await probe(first)).toMatchObject({ kind: 'pong' })
    expect(await probe(first)).toMatchObject(tooFast)
    const second = await wired.connect(here)
    expect(await probe(second)).toMatchObject(tooFast)
    passedMs = 6000
    expect(await probe(second)).toMatchObject({ kind: 'pong' })
    expect(await probe(second)).toMatchObject(tooFast)
  })
  it('keeps no other from asking, and nobody from her tap', async () => {
    const agent = await wired.connect(here)
    for (let n = 0; n < 200; n++) agent.say({ kind: 'ping', probe: true })
    const tap = agent.tap(anna.card, randomUUID())
    expect(await agent.next('ask-pin')).toMatchObject({ tapId: tap })
    const other = await wired.connect(await wired.addWorkstation('4-west'))
    expect(await probe(other)).toMatchObject({ kind: 'pong' })
  })
})
