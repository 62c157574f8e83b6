// A probe goes the way of a tap, on both stores: where a tap would be answered it is, where none
// could be it is not, and nothing of it is anywhere afterwards.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workstationId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { cardClaim } from '@wardkey/protocol/workstation/agent-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { openCore, silentLog } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { compiledOf, usualHouse } from '../../../test/kit/usual-house.ts'
import { insertLoanerCard } from '../identity/cards/loaner-cards.ts'
import { Fault } from '../platform/fault.ts'
import { makeHouse } from './house-book.ts'
import type { HouseRules } from './house-book.ts'
import { noCard, probeTap } from './probe-tap.ts'

const tables = ['fact', 'tap', 'session', 'presence', 'grace', 'pin'] as const
const everybody = `@id("everybody-everywhere")
permit (principal, action, resource);`

describe.each(engines)('a probe on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })
  const everything = () =>
    Promise.all(tables.map((name) => core.store.read.selectFrom(name).selectAll().execute()))
  const rules = (change: Partial<HouseRules>) => ({
    ...core.needs,
    house: () => Promise.resolve({ ...usualHouse, number: 0, sinceMs: 0, ...change }),
  })
  const lookup = () => lookupOf(noCard, core.needs.cardKey)

  it('is answered beside somebody who works there, and changes nothing of hers', async () => {
    const session = await core.signIn(here, anna)
    const before = await everything()
    for (let n = 0; n < 20; n++) expect(await probeTap(here, core.needs)).toBe('probed')
    expect(await everything()).toEqual(before)
    await core.leave(here, session)
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'admitted', sessionId: session })
  })
  it('is answered in a zone that is for others, and where a badge is enough', async () => {
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    await core.addZone('desk', { pin: 'never', badgeAloneAssurance: 0 })
    for (const zone of ['pharmacy', 'desk']) {
      expect(await probeTap(await core.addWorkstation(zone), core.needs)).toBe('probed')
    }
  })
  it('asks the policies in force, and counts none of it as somebody’s', async () => {
    let asked = 0
    const policies = compiledOf(everybody)
    const ask: HouseRules['policies']['ask'] = (...about) => {
      asked += 1
      return policies.ask(...about)
    }
    const onJudged = (): void => {
      throw new Error('it was counted')
    }
    expect(await probeTap(here, rules({ policies: { ...policies, ask }, onJudged }))).toBe('probed')
    expect(asked).toBe(1)
  })
  it('is not answered for a workstation that is not, or was revoked', async () => {
    const stranger = workstationId.parse(randomUUID())
    expect(await probeTap(stranger, core.needs)).toBe('not-enrolled')
    const query = core.store.read.updateTable('workstation').set({ status: 'revoked' }).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query, expectRows: 1 }] })
    expect(await probeTap(here, core.needs)).toBe('not-enrolled')
  })
  it('is not answered where policies cannot be had, nor where they cannot be read', async () => {
    const house = () => Promise.reject(new Fault('store-unavailable', 'transient'))
    await expect(probeTap(here, { ...core.needs, house })).rejects.toThrow('store-unavailable')
    const values = {
      ...{ number: 1, based_on: 0, set_id: '', text: 'permit nothing', note: '' },
      ...{ proposed_by: 'kit', proposed_ms: 1 },
      ...{ outcome: 'approved' as const, decided_by: 'kit two', decided_ms: 2 },
    }
    const query = core.store.read.insertInto('policy_version').values(values).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query, expectRows: 1 }] })
    const { calendar } = usualHouse
    const anew = makeHouse({ db: core.store.read, calendar, log: silentLog })
    const asked = probeTap(here, { ...core.needs, house: anew })
    await expect(asked).rejects.toThrow('policy-not-valid')
  })
  it('is not answered where its card is somebody’s, or lies among the loaners', async () => {
    const card = insertLoanerCard(core.store.read, {
      ...{ id: randomUUID(), label: 'L1', lookup: lookup(), nowMs: 1 },
      technology: { name: 'unknown', assurance: 1 },
    })
    await core.store.commit({ kind: 'housekeeping', writes: [card] })
    await expect(probeTap(here, core.needs)).rejects.toThrow('internal')
    const retire = core.store.read.deleteFrom('loaner_card').compile()
    const theirs = core.store.read.updateTable('badge').set({ lookup: lookup() }).compile()
    await core.store.commit({
      kind: 'housekeeping',
      writes: [
        { query: retire, expectRows: 1 },
        { query: theirs, expectRows: 1 },
      ],
    })
    await expect(probeTap(here, core.needs)).rejects.toThrow('internal')
  })
  it('looks for a card that no reader can say', () => {
    expect(cardClaim.safeParse(anna.card).success).toBe(true)
    expect(cardClaim.safeParse(noCard).success).toBe(false)
  })
})
