// Questions that are over before they were answered: cancelled, superseded, run out. Whose they were
// is in the record, and nobody gets in by them. On both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { cancelTap } from './cancel-tap.ts'

const minute = 60_000

describe.each(engines)('questions that are over on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let anna: KitPerson
  let session: SessionId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    session = await core.signIn(here, anna)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.close()
  })

  const base = () => ({ id: messageId.parse(randomUUID()) })

  it('a cancelled question is over, and its PIN is not looked at', async () => {
    core.pass(2 * 60 * minute)
    const tapId = core.newTapId()
    await core.tap(there, anna, tapId)
    const frame = { kind: 'cancel', ...base(), tapId, reason: 'not-me' } as const
    await core.needs.perform(() => cancelTap(frame, here, core.needs))
    // Another workstation cannot cancel it.
    await core.needs.perform(() => cancelTap(frame, there, core.needs))
    expect(await core.pin(there, tapId, anna.pin)).toMatchObject({ code: 'tap-expired' })
    expect(await core.tap(there, anna, tapId)).toMatchObject({ code: 'tap-cancelled' })
    const cancelled = (await core.record()).filter(({ code }) => code === 'TAP-102')
    // From the wrong place, from the right one, and the PIN that came too late.
    expect(cancelled).toHaveLength(3)
    expect(cancelled[0]?.fields).toMatchObject({ wasAsked: false })
    expect(cancelled[1]?.fields).toMatchObject({ wasAsked: true })
  })

  it('a tap that was given up after its answer is hers in the record, and nowhere else', async () => {
    core.pass(minute)
    await core.leave(here, session)
    const tapId = core.newTapId()
    expect(await core.tap(here, anna, tapId)).toMatchObject({ kind: 'admitted' })
    const frame = { kind: 'cancel', ...base(), tapId, reason: 'superseded' } as const
    await core.needs.perform(() => cancelTap(frame, there, core.needs))
    await core.needs.perform(() => cancelTap(frame, here, core.needs))
    const told = (await core.record()).filter(({ code }) => code === 'TAP-102')
    expect(told.map(({ person }) => person)).toEqual([undefined, anna.personId])
    expect(told[1]?.fields).toMatchObject({ wasAsked: false })
  })

  it('a question that ran out is hers in the record, though its screen tells of it late', async () => {
    core.pass(2 * 60 * minute)
    const tapId = core.newTapId()
    await core.tap(here, anna, tapId)
    core.pass(minute)
    const frame = { kind: 'cancel', ...base(), tapId, reason: 'timeout' } as const
    await core.needs.perform(() => cancelTap(frame, here, core.needs))
    const told = (await core.record()).find(({ code }) => code === 'TAP-102')
    expect(told).toMatchObject({ person: anna.personId, fields: { wasAsked: true } })
  })
})
