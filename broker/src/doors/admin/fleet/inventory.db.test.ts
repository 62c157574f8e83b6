// What is shown of workstations, on both stores: what they are made of, when they were last there,
// what is wrong with them; and that what does not parse any more hides none.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { keepInventory } from '../../../flows/enrolment/keep-inventory.ts'
import { showWorkstation, showWorkstations } from './show-workstations.ts'

const day = 86_400_000
const inventory = {
  agentVersion: '1.2.3',
  system: { platform: 'win32', release: '10.0', arch: 'x64' },
  readers: [{ model: 'OMNIKEY 5427', mode: 'pcsc' as const }],
  settings: [{ key: 'readers.pcsc', from: 'policy' as const, value: true }],
}

describe.each(engines)('workstations as they are shown on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let connection: { agentVersion: string; reader?: string; browser?: string } | undefined

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    connection = { agentVersion: '1.2.4', reader: 'ready', browser: 'ready' }
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })
  const looks = () => ({ ...core.needs, connectionOf: () => connection })
  const one = async () => (await showWorkstations(looks()))[0]

  it('are shown with what they said last, and with the newest', async () => {
    expect(await one()).toMatchObject({ troubles: [], seenMs: core.nowMs() })
    await keepInventory(here, inventory, core.needs)
    await keepInventory(here, { ...inventory, agentVersion: '1.2.4' }, core.needs)
    const { settings, ...summary } = { ...inventory, agentVersion: '1.2.4' }
    expect(await one()).toMatchObject({ madeOf: { ...summary, toldMs: core.nowMs() } })
    expect(JSON.stringify(await one())).not.toContain('readers.pcsc')
    expect(await showWorkstation(here, looks())).toMatchObject({ settings })
  })
  it('say how far updates are, where they told of it, and nothing of it where they did not', async () => {
    await keepInventory(here, inventory, core.needs)
    expect((await one())?.madeOf).not.toHaveProperty('updates')
    const last = { to: '1.3.0', outcome: 'returned' as const, flaw: 'no-link' as const }
    const updates = { installed: '1.2.3', last }
    await keepInventory(here, { ...inventory, updates }, core.needs)
    expect(await one()).toMatchObject({ madeOf: { agentVersion: '1.2.3', updates } })
    expect(await showWorkstation(here, looks())).toMatchObject({ madeOf: { updates } })
  })
  it('say when somebody tapped there last', async () => {
    expect(await showWorkstation(here, looks())).not.toHaveProperty('lastTapMs')
    core.pass(1000)
    await core.signIn(here, await core.addPerson())
    expect(await showWorkstation(here, looks())).toMatchObject({ lastTapMs: core.nowMs() })
  })
  it('are unwell without a line, a reader, a browser or a certificate', async () => {
    const troubles = async () => (await one())?.troubles
    connection = { agentVersion: '1', reader: 'unplugged', browser: 'died' }
    expect(await troubles()).toEqual(['reader', 'browser'])
    connection = undefined
    expect(await troubles()).toEqual(['away'])
    await keepInventory(here, { ...inventory, readers: [] }, core.needs)
    core.pass(364 * day)
    expect(await troubles()).toEqual(['away', 'reader', 'certificate-soon'])
    core.pass(2 * day)
    expect(await troubles()).toEqual(['certificate-over', 'away', 'reader'])
  })
  it('are shown whatever was kept of them by another release', async () => {
    await keepInventory(here, inventory, core.needs)
    const query = core.store.read
      .updateTable('workstation_inventory')
      .set({ body: '{"later":true}' })
      .compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    expect(await one()).not.toHaveProperty('madeOf')
  })
  it('are not found under an id that nobody has, nor shown without the right', async () => {
    const fastify = await openAdminDoor(core)
    const ask = async (id: string, scope: 'workstations:read' | 'people:read') => {
      const token = await adminTokenFor(core, [scope], scope.replace(':', '-'))
      const headers = { authorization: `Bearer ${token}` }
      const url = `${adminPath}/workstations/${id}`
      return (await fastify.inject({ method: 'GET', url, headers })).statusCode
    }
    expect(await ask(here, 'workstations:read')).toBe(200)
    expect(await ask(core.needs.newId(), 'workstations:read')).toBe(404)
    expect(await ask(here, 'people:read')).toBe(403)
    await fastify.close()
  })
})
