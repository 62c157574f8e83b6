// The end of the present authority by the database: who does it and when not, who signs meanwhile,
// kills, and folders that lack what they need.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuthorityHouse } from '../../../../test/kit/authority-house.ts'
import type { AuthorityBroker, EnrolledHere } from '../../../../test/kit/authority-house.ts'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { brokersLacking, LackTeller } from './authority-lacks.ts'
import { readStanding } from './authority-row.ts'

describe.each(engines)('the end of an authority on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let house: AuthorityHouse
  let broker: AuthorityBroker
  let one: EnrolledHere
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    house = new AuthorityHouse(core)
    broker = await house.broker()
    one = await house.enrolled(broker)
  })
  afterEach(async () => {
    if (!isHere) return
    house.remove()
    await core.record()
    await core.close()
  })

  const end = () => broker.take(house.order('end'))
  const said = async () => (await core.counts())['KEY-006'] ?? 0
  const standing = async () => (await readStanding(core.needs))?.standing

  it('makes the next one the present one, shown and signed with, and nothing comes after it', async () => {
    const sha256 = await house.rotated(broker, [one])
    const { first } = broker
    expect(await end()).toBe('changed')
    const { present, shown, issuer, caPem, presentLater } = broker.desk
    expect(present.caSha256).toBe(sha256)
    expect(present.caPem).not.toBe(first.caPem)
    expect(await present.serverChain()).toContain(present.caPem)
    expect([shown, issuer, caPem, presentLater]).toEqual([undefined, undefined, undefined, sha256])
    expect((await house.enrolled(broker)).issued.caPem).toBe(present.caPem)
    expect(await said()).toBe(3)
  })
  it('is refused while a workstation has no certificate of the next one', async () => {
    await house.rotated(broker)
    expect(await end()).toBe('same')
    expect((await standing())?.next?.state).toBe('rotating')
    expect(broker.desk.present.caPem).toBe(broker.first.caPem)
    expect(await said()).toBe(2)
  })
  it.each(['prepare', 'take-back'] as const)('is refused after %s', async (step) => {
    await house.rotated(broker, [one])
    await broker.take(house.order('take-back'))
    await broker.take(house.order(step))
    await end()
    expect((await standing())?.present).toBeUndefined()
  })
  it('is refused where nothing was ever prepared', async () => {
    expect(await end()).toBe('same')
    expect(await said()).toBe(0)
  })
  it('is done once by brokers that see the order together, and by each at its next look', async () => {
    const sha256 = await house.rotated(broker, [one])
    house.copyKeys('keys', 'copy')
    const other = await house.broker('copy')
    await other.take()
    const ordered = house.order('end')
    await Promise.all([broker.look(ordered), other.look(ordered), broker.look(ordered)])
    expect(await said()).toBe(3)
    expect(other.desk.caPem).toBeDefined()
    for (const each of [broker, other]) {
      await each.take(ordered)
      expect(each.desk.present.caSha256).toBe(sha256)
    }
  })
  it('stays done, whatever older order a copy of the key folder holds', async () => {
    await house.rotated(broker, [one])
    const older = house.order('rotate')
    await broker.take(older)
    await end()
    await broker.take(house.order('prepare'))
    await broker.take(older)
    expect((await standing())?.next?.state).toBe('prepared')
  })
  it('is taken up by a broker that starts after it', async () => {
    const sha256 = await house.rotated(broker, [one])
    // Killed right after the commit: nothing of it was done by the one that committed.
    await broker.look(house.order('end'))
    expect(broker.desk.present.caPem).toBe(broker.first.caPem)
    const again = await house.broker()
    expect(await again.take()).toBe('changed')
    expect(again.desk.present.caSha256).toBe(sha256)
  })
  it('is followed by another rotation, vouched for by the one that is present now', async () => {
    const first = await house.rotated(broker, [one])
    await end()
    await broker.take(house.order('prepare'))
    await broker.take(house.order('rotate'))
    const next = (await broker.look())?.next?.sha256 ?? ''
    expect(broker.desk.shown?.caPem).not.toBe(broker.desk.present.caPem)
    await house.tell(one.workstationId, [next, first])
    await end()
    expect(broker.desk.present.caSha256).toBe(next)
    expect([first, broker.first.caSha256]).not.toContain(next)
  })

  it('tells nobody of a certificate that was signed while another broker ended its authority', async () => {
    await house.rotated(broker, [one])
    const late = await house.broker()
    await late.take()
    await broker.take(house.order('end'))
    await expect(house.enrolled(late)).rejects.toThrow('store-contended')
    await late.take()
    expect((await house.enrolled(late)).issued.caPem).toBe(broker.desk.present.caPem)
  })
  it('does not happen over a workstation that enrolled while it was counted', async () => {
    await house.rotated(broker, [one])
    const other = await house.broker()
    await other.take()
    const racing = await Promise.allSettled([
      broker.take(house.order('end')),
      house.enrolled(other),
    ])
    const enrolled = racing[1].status === 'fulfilled'
    expect((await standing())?.present === undefined).toBe(enrolled)
  })

  it('and a rotation wait for a broker whose folder lacks the next one, which names the file', async () => {
    await broker.take(house.order('prepare'))
    const next = (await broker.look())?.next
    if (!next) throw new Error('nothing stands')
    const files = [`authority-${next.generation}.crt`, `authority-${next.generation}.key.sealed`]
    const other = await house.broker('other')
    expect(await other.take()).toBe('missing')
    expect(other.missing(next)).toEqual(files)
    const teller = new LackTeller('1', core.needs)
    const { sha256 } = next
    await teller.tell({ sha256, at: 'two.example', missing: [...other.missing(next)] })
    expect(await brokersLacking(sha256, core.needs)).toMatchObject([{ missing: files }])
    await broker.take(house.order('rotate'))
    expect((await standing())?.next?.state).toBe('prepared')
    await teller.tell(undefined)
    await broker.take(house.order('rotate'))
    await house.tell(one.workstationId, [sha256])
    await teller.tell({ sha256, at: 'two.example', missing: ['one'] })
    await end()
    expect((await standing())?.next?.state).toBe('rotating')
    await teller.tell(undefined)
    await end()
    expect((await standing())?.present?.sha256).toBe(sha256)
  })
  it('pauses renewals by the next one while a broker lacks it', async () => {
    await house.rotated(broker, [one])
    const known = await broker.look()
    expect(await broker.desk.take(known, true)).toBe('same')
    expect(await house.renewed(broker, await house.enrolled(broker))).toBe(broker.first.caPem)
    expect(broker.desk.issuer).toBeUndefined()
    await broker.desk.take(known, false)
    expect(broker.desk.issuer).toBeDefined()
  })
  it('forgets what a broker said that is gone', async () => {
    const lack = { sha256: 'a'.repeat(64), at: 'two.example', missing: ['one'] }
    await new LackTeller('1', core.needs).tell(lack)
    const later = { ...core.needs, nowMs: () => core.needs.nowMs() + 121_000 }
    expect(await brokersLacking(lack.sha256, core.needs)).toHaveLength(1)
    expect(await brokersLacking('b'.repeat(64), core.needs)).toHaveLength(0)
    expect(await brokersLacking(lack.sha256, later)).toHaveLength(0)
    const other = new LackTeller('2', later)
    await other.tell(lack)
    await other.tell(undefined)
    expect(await brokersLacking(lack.sha256, core.needs)).toHaveLength(0)
  })
  it('leaves a broker that lacks the present one with nothing to go on with', async () => {
    await house.rotated(broker, [one])
    await end()
    const { generation = '' } = (await standing())?.present ?? {}
    for (const kind of ['crt', 'key.sealed']) {
      rmSync(join(house.root, 'keys', `authority-${generation}.${kind}`))
      expect(await (await house.broker()).take()).toBe('present-missing')
    }
  })
  it('itself is not done by a broker that lacks the files of the next one', async () => {
    await house.rotated(broker, [one])
    const { generation = '' } = (await standing())?.next ?? {}
    rmSync(join(house.root, 'keys', `authority-${generation}.crt`))
    await end()
    expect((await standing())?.next?.state).toBe('rotating')
  })
})
