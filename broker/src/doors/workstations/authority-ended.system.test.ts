// Who is connected when an authority ends, over real sockets: whose certificate is of it is cut off,
// and so is who comes by a handshake from before; nobody else is touched.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredBroker } from '../../../../test/kit/wired-broker.ts'

let wired: WiredBroker
let here: KitIdentity

beforeEach(async () => {
  wired = await openWired()
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
})
afterEach(async () => {
  await wired.core.record()
  await wired.close()
})

it('leaves those whose authority is one of those that are taken', async () => {
  const agent = await wired.connect(here)
  const { caPem } = await ThrowAwayAuthority.make()
  wired.door.believe([caPem, wired.caPem])
  wired.door.cutOthers()
  agent.say({ kind: 'ping' })
  await agent.next('pong')
  await wired.connect(await wired.addWorkstation('4-west'))
})
it('cuts the others, which says so in the record, and whoever is still on the way', async () => {
  const agent = await wired.connect(here)
  const { caPem } = await ThrowAwayAuthority.make()
  wired.door.believe([caPem])
  wired.door.cutOthers()
  const ended = { code: 1001, reason: 'authority-ended' }
  expect(await agent.closed()).toMatchObject(ended)
  // The listener would refuse it; this one's handshake was before the end.
  const late = wired.dial({ identity: here })
  expect(await late.closed()).toMatchObject(ended)
  await wired.door.close()
  const left = (await wired.core.record()).filter(({ code }) => code === 'WKS-005')
  expect(left.map(({ fields }) => fields)).toMatchObject([{ reason: 'authority-ended' }])
})

it('lets those in again whose authority is taken from now on, as after another preparation', async () => {
  const { caPem } = await ThrowAwayAuthority.make()
  wired.door.believe([caPem])
  wired.door.cutOthers()
  wired.door.believe([caPem, wired.caPem])
  const agent = await wired.connect(here)
  agent.say({ kind: 'ping' })
  await agent.next('pong')
})

it('tells who may have a certificate of an authority that it lacks to go elsewhere, and no more', async () => {
  let isLacking = false
  const lacking = await openWired({ isAuthorityLacking: () => isLacking })
  try {
    await lacking.core.addZone('4-west')
    const known = await lacking.addWorkstation('4-west')
    // Of another authority, as the next one is.
    const { identity: stranger } = await wired.issue(known.id)
    const strange = lacking.dial({ identity: stranger })
    expect(await strange.refused()).toBe(401)
    isLacking = true
    expect(await lacking.dial({ identity: stranger }).refused()).toBe(503)
    const agent = await lacking.connect(known)
    agent.say({ kind: 'ping' })
    await agent.next('pong')
    await lacking.core.record()
  } finally {
    await lacking.close()
  }
})
