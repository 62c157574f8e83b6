// Where settings name nothing to open for somebody: she is told so before her PIN is asked for, and
// nothing of hers is opened, moved or locked. On both stores.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { usualApps } from '../../../test/kit/usual-house.ts'
import { makeHasChart } from '../launch/plan-launch.ts'
import { explainTap } from './explain-tap.ts'

describe.each(engines)('a workstation without a chart, on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let ward: WorkstationId
  let office: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    ward = await core.addWorkstation('4-west')
    office = await core.addWorkstation('4-west')
    anna = await core.addPerson()
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })
  const setUp = (apps: Parameters<typeof makeHasChart>[0]) => {
    Object.assign(core.needs, { hasChart: makeHasChart(apps) })
  }
  const sessions = async () => (await core.sessions()).map(({ id, state }) => `${id} ${state}`)

  it('says so to a right badge, before the PIN is asked for', async () => {
    setUp([])
    const id = core.newTapId()
    const answer = await core.tap(office, anna, id)
    expect(answer).toMatchObject({ kind: 'refused', code: 'no-chart-here' })
    expect(await core.sessions()).toEqual([])
    expect(await explainTap(id, core.store)).toMatchObject({
      ...{ outcome: 'refused', rule: 'chart-is-set-up', code: 'no-chart-here' },
    })
  })

  it('leaves what she has open elsewhere as it is', async () => {
    await core.signIn(ward, anna)
    const before = await sessions()
    setUp([])
    expect(await core.tap(office, anna)).toMatchObject({ code: 'no-chart-here' })
    expect(await sessions()).toEqual(before)
  })

  it('opens nothing by a PIN that was asked for before it was so', async () => {
    const id = core.newTapId()
    expect(await core.tap(ward, anna, id)).toMatchObject({ kind: 'ask-pin' })
    setUp([])
    expect(await core.pin(ward, id, usualPin)).toMatchObject({ code: 'no-chart-here' })
    expect(await core.sessions()).toEqual([])
    expect((await core.counts())['PIN-001'] ?? 0).toBe(0)
  })

  it('says the harder no where there is one', async () => {
    setUp([])
    const stranger = await core.addPerson({ roles: ['billing'] })
    expect(await core.tap(office, stranger)).toMatchObject({ code: 'role-not-in-zone' })
  })

  it('is one for her alone whose roles and zone have no chart', async () => {
    setUp(usualApps.map((app) => ({ ...app, roles: ['physician'] })))
    expect(await core.tap(ward, anna)).toMatchObject({ code: 'no-chart-here' })
    setUp(usualApps.map((app) => ({ ...app, zoneKinds: ['pharmacy'] })))
    expect(await core.tap(ward, anna)).toMatchObject({ code: 'no-chart-here' })
    setUp(usualApps.map((app) => ({ ...app, roles: ['nurse'], zoneKinds: ['nurse-station'] })))
    await core.signIn(ward, anna)
    expect(await core.sessions()).toMatchObject([{ state: 'open' }])
  })

  it('opens no emergency either, unless the chart is only for other roles', async () => {
    setUp([])
    expect(await core.breakGlass(ward, anna)).toMatchObject({
      kind: 'refused',
      code: 'no-chart-here',
    })
    setUp(usualApps.map((app) => ({ ...app, roles: ['physician'] })))
    expect(await core.breakGlass(ward, anna)).toMatchObject({ kind: 'ask-pin' })
  })
})
