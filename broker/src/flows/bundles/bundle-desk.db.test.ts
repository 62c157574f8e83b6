// Somebody loses something while a bundle that lets her in is being made, on both stores: it goes
// out without that, however far it was.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { offlineBundle } from '@wardkey/protocol/workstation/offline-bundle'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { changePerson } from '../change-person.ts'
import { enrolBadge } from '../enrol-badge.ts'
import { markBadge } from '../mark-badge.ts'
import type { Perform } from '../perform.ts'
import { revokePerson } from '../revoke-person.ts'
import { setPin } from '../set-pin.ts'
import { BundleDesk } from './bundle-desk.ts'

const by = 'kit'

describe.each(engines)('a bundle that is being made on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson
  let ben: KitPerson
  let meanwhile: () => Promise<unknown>
  let desk: BundleDesk

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { offlineMaxMs: 3_600_000 })
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben' })
    meanwhile = () => Promise.resolve()
    const { perform: real } = core.needs
    const perform: Perform = Object.assign(
      async <Answer>(flow: Parameters<typeof real<Answer>>[0]) => {
        const done = await real(flow)
        await meanwhile()
        return done
      },
      { idle: () => real.idle() },
    )
    desk = new BundleDesk({
      ...{ ...core.needs, perform },
      signKey: generateKeyPairSync('ed25519').privateKey,
      ...{ pinPepper: randomBytes(32), random: randomBytes, othersMax: 10 },
      findDowntimeKey: () => undefined,
    })
    await desk.refresh((await desk.zones()).values())
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  const make = async () => {
    const view = desk.viewOf('4-west')
    const made = view && (await desk.make(here, view))
    if (!made) throw new Error('no bundle')
    const [body = ''] = made.text.split('.')
    return offlineBundle.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  }
  const find = async (who = anna) =>
    (await make()).people.find(({ personId }) => personId === who.personId)

  it('has everybody where nobody lost anything', async () => {
    expect((await make()).people).toHaveLength(2)
    meanwhile = async () => {
      const card = { technology: 'csn', canonical: '04aaaaaaaaaa01' } as const
      const order = { personId: anna.personId, card, by }
      await core.needs.perform(() => enrolBadge(order, core.needs))
    }
    // What somebody gained comes with the next one.
    expect((await find())?.cards).toHaveLength(1)
  })
  it.each(['suspended', 'terminated'] as const)('has not who is %s by then', async (status) => {
    meanwhile = () =>
      core.needs.perform(() => revokePerson({ personId: anna.personId, status, by }, core.needs))
    expect(await find()).toBeUndefined()
    // Nor the next one that is made from the same look, for another workstation.
    meanwhile = () => Promise.resolve()
    expect(await find()).toBeUndefined()
    expect(await find(ben)).toMatchObject({ mayBreakGlass: true })
    await desk.refresh((await desk.zones()).values())
    expect((await make()).people).toHaveLength(1)
  })
  it('refuses who is on leave by then, and knows her for emergencies', async () => {
    const { personId } = anna
    meanwhile = () =>
      core.needs.perform(() => revokePerson({ personId, status: 'on-leave', by }, core.needs))
    expect(await find()).toMatchObject({ refusal: 'person-not-active', mayBreakGlass: true })
  })
  it('refuses whose role is gone by then', async () => {
    const { personId } = anna
    meanwhile = () =>
      core.needs.perform(() => changePerson({ personId, roles: ['billing'], by }, core.needs))
    expect(await find()).toMatchObject({ refusal: 'role-not-in-zone' })
  })
  it('has no badge that was lost by then', async () => {
    const order = { badgeId: anna.badgeId, status: 'lost', by } as const
    meanwhile = () => core.needs.perform(() => markBadge(order, core.needs))
    expect((await find())?.cards ?? []).toEqual([])
  })
  it('takes no PIN that is another by then', async () => {
    const before = await find()
    meanwhile = () => setPin({ personId: anna.personId, pin: '93715602', by }, core.needs)
    const after = await find()
    expect(after?.pin?.hash).toBeDefined()
    expect(after?.pin?.hash).not.toBe(before?.pin?.hash)
  })
})
