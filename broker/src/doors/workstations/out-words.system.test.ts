// Who lost what opens screens is said through the real door, at once, signed, to the workstations
// of the zones concerned and to no other; and again to whoever was away or has not kept it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOut } from '@wardkey/agent/offline/bundle/people-out'
import { openBroker } from '../../../../test/kit/broker.ts'
import type { Broker } from '../../../../test/kit/broker.ts'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import type { WiredAgent } from '../../../../test/kit/wired-broker.ts'
import { changePerson } from '../../flows/change-person.ts'
import { revokePerson } from '../../flows/revoke-person.ts'

const hour = 3_600_000
const by = 'test'
const zoneOf = (id: string, roles: readonly string[], offlineMaxMs: number) => ({
  ...{ id, kind: 'nurse-station', label: id },
  rules: { roles, offlineMaxMs },
})
const zones = [
  zoneOf('4-west', ['nurse'], hour),
  zoneOf('pharmacy', ['pharmacist'], hour),
  zoneOf('lobby', ['nurse'], 0),
]
/** Far less than a bundle takes, and far more than a loaded machine needs. */
const atOnceMs = 2000

describe('people are out', () => {
  let broker: Broker
  let anna: KitPerson
  let west: WiredAgent
  let pharmacy: WiredAgent

  beforeEach(async () => {
    broker = await openBroker({ zones })
    anna = await broker.addPerson({ roles: ['nurse', 'pharmacist'] })
    west = await broker.connect(await broker.enrol('4-west', 'Station 1'))
    pharmacy = await broker.connect(await broker.enrol('pharmacy', 'Pharmacy 1'))
  })
  afterEach(() => broker.close())

  const suspend = () => {
    const { needs } = broker.running
    return needs.perform(() =>
      revokePerson({ personId: anna.personId, status: 'suspended', by }, needs),
    )
  }
  const word = async (agent: WiredAgent, zone: string) => {
    const frame = await agent.next('people-out')
    const opened = openOut(frame.text, agent.welcome?.bundleKey ?? '', zone)
    if (opened.kind === 'refused') throw new Error(opened.reason)
    return { id: frame.id, ...opened.word }
  }
  const pong = async (agent: WiredAgent) => {
    agent.say({ kind: 'ping' })
    const kinds: string[] = []
    for (;;) {
      const { kind } = await agent.any()
      kinds.push(kind)
      if (kind === 'pong') return kinds
    }
  }

  it('at once, as of after it was durable, in every zone that decides by itself', async () => {
    const beforeMs = Date.now()
    await suspend()
    const durableMs = Date.now()
    const said = await word(west, '4-west')
    expect(Date.now() - durableMs).toBeLessThan(atOnceMs)
    expect(said).toMatchObject({ zoneId: '4-west', people: [anna.personId] })
    expect(said.asOfMs).toBeGreaterThanOrEqual(beforeMs)
    expect(await word(pharmacy, 'pharmacy')).toMatchObject({ people: [anna.personId] })
    west.say({ kind: 'out-kept', replyTo: said.id })
    expect((await west.next('noted')).kind).toBe('noted')
  })

  it('of the zones alone that are for none of the roles that are left', async () => {
    const { needs } = broker.running
    await needs.perform(() =>
      changePerson({ personId: anna.personId, roles: ['nurse'], by }, needs),
    )
    expect(await word(pharmacy, 'pharmacy')).toMatchObject({ people: [anna.personId] })
    expect(await pong(west)).not.toContain('people-out')
  })

  it('for whoever comes back afterwards, and not where nobody decides alone', async () => {
    await suspend()
    await word(west, '4-west')
    const late = await broker.connect(await broker.enrol('4-west', 'Station 2'))
    expect(await word(late, '4-west')).toMatchObject({ people: [anna.personId] })
    const lobby = await broker.connect(await broker.enrol('lobby', 'Lobby'))
    expect(await pong(lobby)).not.toContain('people-out')
  })

  it('in one word where many are within a moment', async () => {
    const { needs } = broker.running
    const others = [await broker.addPerson(), await broker.addPerson(), await broker.addPerson()]
    await suspend()
    await word(west, '4-west')
    for (const { personId } of others) {
      await needs.perform(() => revokePerson({ personId, status: 'suspended', by }, needs))
    }
    const people = new Set<string>()
    while (people.size < others.length) {
      for (const one of (await word(west, '4-west')).people) people.add(one)
    }
    expect(people).toEqual(new Set(others.map(({ personId }) => personId)))
  })
})
