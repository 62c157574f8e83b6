// An errand over the door: real TLS, real sockets; a badge that nobody knew opens the next tap, and
// frames that are none change nothing.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usualPin } from '../../../../test/kit/broker-core.ts'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredBroker } from '../../../../test/kit/wired-broker.ts'

const card = { technology: 'csn', canonical: '04aabbccddeeff' } as const
const atMs = 1

describe('an errand over the door', () => {
  let wired: WiredBroker
  let here: KitIdentity
  let chief: KitPerson

  beforeEach(async () => {
    wired = await openWired()
    await wired.core.addZone('4-west', { witnessRoles: ['charge-nurse'] })
    here = await wired.addWorkstation('4-west')
    chief = await wired.core.addPerson({ roles: ['nurse', 'charge-nurse'] })
    await wired.core.addPerson({ given: 'Anna', staffNumber: 'N-4711' })
  })
  afterEach(async () => {
    await wired.core.checkInvariants()
    await wired.core.record()
    await wired.close()
  })

  it('makes an unknown badge hers, and the next tap asks for her PIN', async () => {
    const agent = wired.dial({ identity: here })
    await agent.opened()
    agent.hello()
    expect((await agent.next('welcome')).rules.errands).toContain('enrol')
    const tapId = wired.core.newTapId()
    agent.say({ kind: 'errand', tapId, errand: 'enrol', card, atMs })
    const say = (answer: object) => {
      agent.say({ kind: 'errand-answer', tapId, answer, card })
    }
    expect(await agent.next('ask-errand')).toMatchObject({ step: 'witness-badge' })
    say({ by: 'card', card: chief.card })
    expect(await agent.next('ask-errand')).toMatchObject({ step: 'witness-pin', name: 'R. Santos' })
    say({ by: 'pin', pin: usualPin })
    expect(await agent.next('ask-errand')).toMatchObject({ step: 'number' })
    say({ by: 'staff-number', staffNumber: 'N-4711' })
    expect(await agent.next('ask-errand')).toMatchObject({ step: 'confirm', name: 'Anna Santos' })
    say({ by: 'card', card: chief.card })
    expect(await agent.next('ask-errand')).toMatchObject({ step: 'pin' })
    say({ by: 'pin', pin: usualPin })
    expect(await agent.next('errand-done')).toMatchObject({ tapId, errand: 'enrol' })
    agent.say({ kind: 'tap', tapId: wired.core.newTapId(), card, atMs })
    expect(await agent.next('ask-pin')).toMatchObject({ name: 'A. Santos' })
  })

  it.each([
    ['an errand that is none', { kind: 'errand', errand: 'promote', atMs }],
    ['an errand without its time', { kind: 'errand', errand: 'lost' }],
    ['an answer in two ways', { kind: 'errand-answer', answer: { by: 'yes', pin: '12345678' } }],
    ['a PIN of letters', { kind: 'errand-answer', answer: { by: 'pin', pin: 'abcdefgh' } }],
    [
      'a number that is none',
      { kind: 'errand-answer', answer: { by: 'staff-number', staffNumber: "' or 1" } },
    ],
    [
      'a witness that the workstation names',
      { kind: 'errand-answer', answer: { by: 'witness', personId: 'x' } },
    ],
  ])('refuses %s', async (_name, frame) => {
    const agent = await wired.connect(here)
    agent.say({ tapId: wired.core.newTapId(), ...frame })
    expect(await agent.next('failed')).toMatchObject({ code: 'frame-not-understood' })
    expect(await wired.core.store.read.selectFrom('errand').selectAll().execute()).toEqual([])
  })
})
