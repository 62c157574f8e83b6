// What a workstation says it is made of, over a real socket: kept, not too often, and not when it is
// something else.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredAgent, WiredBroker } from '../../../../test/kit/wired-broker.ts'

const inventory = {
  kind: 'inventory',
  agentVersion: '1.2.3',
  system: { platform: 'linux', release: '6.1', arch: 'x64' },
  readers: [{ model: 'ACR 1252', mode: 'pcsc' }],
  settings: [],
}
let wired: WiredBroker
let here: KitIdentity
let agent: WiredAgent

beforeEach(async () => {
  wired = await openWired()
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
  agent = await wired.connect(here)
})
afterEach(async () => {
  await wired.core.record()
  await wired.close()
})
const kept = () => wired.core.store.read.selectFrom('workstation_inventory').selectAll().execute()

it('is kept, once however fast it is said', async () => {
  agent.say(inventory)
  await agent.next('noted')
  agent.say({ ...inventory, agentVersion: '9.9.9' })
  await agent.next('noted')
  const [row, ...more] = await kept()
  expect(more).toEqual([])
  expect(row?.workstation_id).toBe(here.id)
  expect(row?.body).toContain('1.2.3')
})
it('is kept with how far updates are', async () => {
  const updates = { installed: '1.2.3', underWay: { to: '1.3.0', step: 'on-trial' } }
  agent.say({ ...inventory, updates })
  await agent.next('noted')
  expect((await kept())[0]?.body).toContain('"step":"on-trial"')
})
it.each([
  ['a release that is none', { updates: { installed: 'Rosa Santos' } }],
  ['an outcome that nobody knows', { updates: { last: { to: '1.2.3', outcome: 'x' } } }],
  ['text that could disguise itself', { readers: [{ model: 'a\u202eb', mode: 'pcsc' }] }],
  ['a reader without end', { readers: [{ model: 'x'.repeat(65), mode: 'pcsc' }] }],
  ['readers without end', { readers: Array(9).fill({ model: 'x', mode: 'pcsc' }) }],
  ['a setting that holds a list', { settings: [{ key: 'a', from: 'file', value: ['x'] }] }],
])('is not understood where it is %s', async (_what, change) => {
  agent.say({ ...inventory, ...change })
  expect(await agent.next('failed')).toMatchObject({ code: 'frame-not-understood' })
  expect(await kept()).toEqual([])
})
