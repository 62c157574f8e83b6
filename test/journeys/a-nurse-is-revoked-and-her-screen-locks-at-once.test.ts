// Promise 4 and 5 through the whole broker: a revoked person is nowhere unlocked, a moved one is
// open in one place, and a restart of the broker changes neither.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Identity } from '@wardkey/agent/link/identity'
import { revokePerson } from '@wardkey/broker/flows/revoke-person'
import { openBroker } from '../kit/broker.ts'
import type { Broker } from '../kit/broker.ts'
import type { KitPerson } from '../kit/broker-core.ts'

/** Promise 4, for a connected workstation. */
const lockedWithinMs = 250

describe('a nurse is signed in at a nurse station', () => {
  let broker: Broker
  let station: Identity
  let anna: KitPerson

  beforeEach(async () => {
    broker = await openBroker()
    station = await broker.enrol('4-west', '4 West, station 1')
    anna = await broker.addPerson()
  })
  afterEach(async () => {
    await broker.record()
    await broker.close()
  })

  it('and when she is revoked her screen locks at once, and her badge opens nothing', async () => {
    const agent = await broker.connect(station)
    const sessionId = await broker.signIn(agent, anna)
    const { needs } = broker.running
    const fromMs = performance.now()
    await needs.perform(() =>
      revokePerson({ personId: anna.personId, status: 'terminated', by: 'journey' }, needs),
    )
    expect(await agent.next('lock')).toMatchObject({ sessionId, code: 'person-not-active' })
    expect(performance.now() - fromMs).toBeLessThan(lockedWithinMs)
    agent.tap(anna.card)
    expect(await agent.any()).toMatchObject({ kind: 'refused', code: 'badge-unknown' })
    const codes = (await broker.record()).map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['PER-003', 'SES-004', 'BDG-002', 'TAP-101']))
  })

  it('and when she taps at another station the first one locks and says where she is', async () => {
    const first = await broker.connect(station)
    const second = await broker.connect(await broker.enrol('4-west', '4 West, station 2'))
    const sessionId = await broker.signIn(first, anna)
    second.tap(anna.card)
    expect(await first.next('lock')).toMatchObject({ sessionId, movedTo: '4 West, station 2' })
    expect(await second.next('admitted')).toMatchObject({
      sessionId,
      movedFrom: '4 West, station 1',
    })
  })

  it('and the pharmacy does not open for her', async () => {
    const agent = await broker.connect(await broker.enrol('pharmacy', 'Pharmacy 1'))
    agent.tap(anna.card)
    expect(await agent.any()).toMatchObject({ kind: 'refused', code: 'role-not-in-zone' })
  })

  it('and after a restart of the broker her screen stays as it was', async () => {
    const agent = await broker.connect(station)
    const sessionId = await broker.signIn(agent, anna)
    await broker.restart()
    expect((await agent.closed()).code).toBe(1001)
    const again = await broker.connect(station, sessionId)
    again.say({ kind: 'ping' })
    expect((await again.any()).kind).toBe('pong')
    again.tap(anna.card)
    expect(await again.any()).toMatchObject({ kind: 'admitted', sessionId })
  })
})
