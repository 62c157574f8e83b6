// Shift, training, dates and zones at the workstation, on both stores: who is refused with which
// words, what emergency access overrides and what never, and what the record keeps of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { findExpiring } from './expiring.ts'

const hour = 3_600_000

describe.each(engines)('may they, on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('icu', { asksShift: 'refuse', asksTraining: ['bls'] })
    here = await core.addWorkstation('icu')
    anna = await core.addPerson()
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const onShift = (from: number, until: number) => [
    { fromMs: core.nowMs() + from * hour, untilMs: core.nowMs() + until * hour },
  ]
  const trained = () => ({ bls: core.nowMs() + 24 * hour })
  const lastFact = async (code: string) =>
    (await core.record()).filter((fact) => fact.code === code).at(-1)

  it('lets in who is on shift and trained, and keeps what it saw', async () => {
    await core.setAccess(anna, { roster: onShift(-1, 8), training: trained() })
    await core.signIn(here, anna)
    const fact = await lastFact('TAP-001')
    expect(fact).toMatchObject({ rule: 'badge-and-pin', fields: { policy: 'role-in-zone' } })
    expect(JSON.parse(sawOf(fact))).toEqual({
      ...{ roles: ['nurse'], shift: 'on', training: ['bls'] },
      zone: {
        ...{ id: 'icu', kind: 'nurse-station', roles: ['nurse'] },
        ...{ asksShift: 'refuse', asksTraining: ['bls'] },
      },
    })
  })

  it('lets in on call', async () => {
    const roster = onShift(-1, 8).map((one) => ({ ...one, kind: 'on-call' as const }))
    await core.setAccess(anna, { roster, training: trained() })
    await core.signIn(here, anna)
  })

  describe('refuses, before any PIN', () => {
    it.each([
      ['off-shift', () => ({ roster: onShift(1, 8), training: trained() })],
      ['off-shift', () => ({ training: trained() })],
      ['training-lapsed', () => ({ roster: onShift(-1, 8) })],
      ['training-lapsed', () => ({ roster: onShift(-1, 8), training: { bls: core.nowMs() } })],
      ['access-not-begun', () => ({ startsMs: core.nowMs() + 1 })],
      ['access-over', () => ({ endsMs: core.nowMs() })],
    ] as const)('%s', async (code, access) => {
      await core.setAccess(anna, access())
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'refused', code })
      expect(await lastFact('TAP-101')).toMatchObject({ fields: { code } })
    })
  })

  it('refuses the PIN of a shift that has ended since the badge', async () => {
    await core.setAccess(anna, { roster: onShift(-8, 0.01), training: trained() })
    const id = core.newTapId()
    expect(await core.tap(here, anna, id)).toMatchObject({ kind: 'ask-pin' })
    core.pass(0.011 * hour)
    expect(await core.pin(here, id, anna.pin)).toMatchObject({ code: 'off-shift' })
    // No try was used up.
    expect((await core.counts())['PIN-002']).toBeUndefined()
  })

  it('asks the PIN off shift within the window, where the zone wants that', async () => {
    await core.addZone('lab', { asksShift: 'pin' })
    const lab = await core.addWorkstation('lab')
    await core.setAccess(anna, { roster: onShift(-1, 0.1) })
    await core.leave(lab, await core.signIn(lab, anna))
    expect(await core.tap(lab, anna)).toMatchObject({ kind: 'admitted' })
    core.pass(0.2 * hour)
    const id = core.newTapId()
    expect(await core.tap(lab, anna, id)).toMatchObject({ kind: 'ask-pin' })
    expect(await lastFact('TAP-002')).toMatchObject({ rule: 'off-shift-asks-pin' })
    expect(await core.pin(lab, id, anna.pin)).toMatchObject({ kind: 'admitted' })
  })

  it('are warned in time: a week, two, a month, and what has lapsed', async () => {
    const day = 24 * hour
    const at = (days: number) => core.nowMs() + days * day
    const training = { bls: at(-1), privacy: at(7), chemo: at(14), licence: at(30), late: at(31) }
    await core.setAccess(anna, { training, endsMs: at(20) })
    const { expiring } = await findExpiring(30, core.needs)
    expect(expiring.map(({ kind, due }) => `${kind} ${due}`)).toEqual([
      ...['bls over', 'privacy 7-days', 'chemo 14-days', 'access 30-days', 'licence 30-days'],
    ])
    expect((await findExpiring(40, core.needs)).expiring.at(-1)).toMatchObject({ due: 'later' })
  })

  describe('emergency access', () => {
    it.each([
      ['off-shift', () => ({ roster: onShift(1, 8), training: trained() })],
      ['training-lapsed', () => ({ roster: onShift(-1, 8) })],
      [
        'zone-not-hers',
        () => ({ zones: [zoneId.parse('lab')], roster: onShift(-1, 8), training: trained() }),
      ],
      ['escort-needed', () => ({ needsEscort: true, roster: onShift(-1, 8), training: trained() })],
    ] as const)('overrides %s, and says so', async (code, access) => {
      await core.setAccess(anna, access())
      const id = core.newTapId()
      expect(await core.breakGlass(here, anna, { id })).toMatchObject({ kind: 'ask-pin' })
      expect(await core.pin(here, id, anna.pin)).toMatchObject({ kind: 'admitted' })
      expect(await lastFact('BTG-002')).toMatchObject({ fields: { otherwise: code } })
    })
    it.each([
      ['access-not-begun', () => ({ startsMs: core.nowMs() + 1 })],
      ['access-over', () => ({ endsMs: core.nowMs() })],
    ] as const)('never overrides %s', async (code, access) => {
      await core.setAccess(anna, access())
      expect(await core.breakGlass(here, anna)).toMatchObject({ kind: 'refused', code })
    })
  })
})

function sawOf(fact: Readonly<Record<string, unknown>> | undefined): string {
  return z.object({ saw: z.string() }).parse(fact?.['fields']).saw
}
