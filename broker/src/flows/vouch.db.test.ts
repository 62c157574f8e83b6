// A colleague's badge in an emergency, on both stores: her own time counts as at a tap, and where
// zone and policies disagree she is judged as her own taps are.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { decidePolicy, proposePolicy } from './policy-versions.ts'

const hour = 3_600_000

/** Pharmacists work at nurse stations, and nurses do not. */
const policies = `@id("pharmacists")
permit (principal in Role::"pharmacist", action == Action::"use", resource)
when { resource.zone.kind == "nurse-station" };
@id("badge-alone")
permit (principal, action == Action::"useByBadgeAlone", resource);`

describe.each(engines)('a colleague in an emergency on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let nurse: KitPerson
  let pharmacist: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { roles: ['nurse'], witnessRoles: ['charge-nurse'] })
    here = await core.addWorkstation('4-west')
    await core.addPerson({ roles: ['billing'], staffNumber: 'N-4711' })
    nurse = await core.addPerson({ given: 'Ben', family: 'Okafor' })
    pharmacist = await core.addPerson({ given: 'Eva', family: 'Lind', roles: ['pharmacist'] })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const upToWitness = async (): Promise<TapId> => {
    const id = core.newTapId()
    await core.breakGlass(here, { staffNumber: 'N-4711' }, { id })
    expect(await core.pin(here, id, usualPin)).toMatchObject({ kind: 'ask-witness' })
    return id
  }
  const refusals = async () =>
    (await core.record()).filter(({ code }) => code === 'BTG-102').map((fact) => fact['rule'])

  it.each([
    ['is over', -1, 'endsMs'],
    ['is over at this moment', 0, 'endsMs'],
    ['has not begun', 1, 'startsMs'],
  ] as const)('whose time %s does not speak for anybody', async (_name, byMs, date) => {
    await core.setAccess(nurse, { [date]: core.needs.nowMs() + byMs })
    const id = await upToWitness()
    expect(await core.vouch(here, id, nurse)).toMatchObject({ kind: 'ask-witness', again: true })
    expect(await refusals()).toEqual(['witness-is-active'])
    expect(await core.sessions()).toEqual([])
  })
  it('whose time has not ended speaks', async () => {
    await core.setAccess(nurse, { startsMs: core.needs.nowMs(), endsMs: core.needs.nowMs() + hour })
    const id = await upToWitness()
    expect(await core.vouch(here, id, nurse)).toMatchObject({ kind: 'admitted' })
  })
  it('is she whom policies let in there, and not she whom the zone names and they do not', async () => {
    const order = { text: policies, note: 'why not', by: 'token a' }
    const { answer } = await core.needs.perform(() => proposePolicy(order, core.needs))
    if (answer.kind !== 'proposed') throw new Error('not proposed')
    const word = { number: answer.number, outcome: 'approved', by: 'token b' } as const
    await core.needs.perform(() => decidePolicy(word, core.needs))
    const id = await upToWitness()
    expect(await core.vouch(here, id, nurse)).toMatchObject({ kind: 'ask-witness', again: true })
    expect(await refusals()).toEqual(['witness-role-may'])
    expect(await core.vouch(here, id, pharmacist)).toMatchObject({ kind: 'admitted' })
  })
})
