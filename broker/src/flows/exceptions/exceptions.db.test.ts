// Exceptions on both stores: who may ask and who approve, what holds by one and until when, which
// screens are locked at its end, and what is never let in by any.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { findSeated } from '../../sessions/find-seated.ts'
import { changePerson } from '../change-person.ts'
import { explainTap } from '../explain-tap.ts'
import { revokePerson } from '../revoke-person.ts'
import { sweep } from '../sweep.ts'
import { decideException } from './decide-exception.ts'
import { endException } from './end-exception.ts'
import { listExceptions } from './exception-rows.ts'
import { exceptionTrend } from './exception-trend.ts'
import { proposeException } from './propose-exception.ts'
import type { ExceptionOrder } from './propose-exception.ts'

const hour = 3_600_000

describe.each(engines)('exceptions on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let pharmacy: WorkstationId
  let ward: WorkstationId
  let anna: KitPerson
  let chief: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    ward = await core.addWorkstation('4-west')
    pharmacy = await core.addWorkstation('pharmacy')
    anna = await core.addPerson()
    chief = await core.addPerson({ given: 'Carl', family: 'Weiss' })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const order = (change: Partial<ExceptionOrder> = {}): ExceptionOrder => ({
    ...{ personId: anna.personId, ownerId: chief.personId, by: 'token a' },
    ...({ kind: 'role', what: 'pharmacist', reason: 'covers nights', lastsMs: 8 * hour } as const),
    ...change,
  })
  const propose = async (change: Partial<ExceptionOrder> = {}) => {
    const { answer } = await core.needs.perform(() => proposeException(order(change), core.needs))
    return answer
  }
  const decide = async (
    id: string,
    by = 'token b',
    outcome: 'approved' | 'rejected' = 'approved',
  ) => (await core.needs.perform(() => decideException({ id, outcome, by }, core.needs))).answer
  const given = async (change: Partial<ExceptionOrder> = {}): Promise<string> => {
    const answer = await propose(change)
    if (answer.kind !== 'proposed') throw new Error(`not proposed: ${answer.code}`)
    expect(await decide(answer.id)).toEqual({ kind: 'decided' })
    return answer.id
  }
  const end = async (id: string) =>
    (await core.needs.perform(() => endException({ id, by: 'token a' }, core.needs))).answer
  const swept = () =>
    sweep({
      ...core.needs,
      lost: { list: () => [], settled: () => undefined },
    })
  const facts = async (code: string) => (await core.record()).filter((fact) => fact.code === code)
  const locks = () =>
    core.notices.filter(
      (notice) => notice.kind === 'to-workstation' && notice.frame.kind === 'lock',
    )

  describe('are not asked for', () => {
    it.each<[string, () => Partial<ExceptionOrder>]>([
      ['exception-too-long', () => ({ lastsMs: core.needs.exceptionMaxMs + 1 })],
      ['exception-owner', () => ({ ownerId: anna.personId })],
      ['exception-needless', () => ({ what: 'nurse' })],
      ['zone-unknown', () => ({ kind: 'zone', what: 'nowhere' })],
      // She goes where her roles allow: a zone would say nothing.
      ['exception-needless', () => ({ kind: 'zone', what: 'pharmacy' })],
    ])('%s', async (code, change) => {
      expect(await propose(change())).toEqual({ kind: 'refused', code })
      expect(await facts('EXC-101')).toMatchObject([{ rule: code }])
    })
    it('for whoever is gone, nor answered for by her', async () => {
      const gone = { personId: chief.personId, status: 'terminated', by: 'hr' } as const
      await core.needs.perform(() => revokePerson(gone, core.needs))
      expect(await propose()).toMatchObject({ code: 'exception-owner' })
      const swap = { personId: chief.personId, ownerId: anna.personId }
      expect(await propose(swap)).toMatchObject({ code: 'person-unknown' })
    })
    it('twice', async () => {
      await given()
      expect(await propose()).toMatchObject({ code: 'exception-needless' })
    })
  })

  it('hold by two people only, and each is decided once', async () => {
    const asked = await propose()
    if (asked.kind !== 'proposed') throw new Error('not proposed')
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
    expect(await decide(asked.id, 'token a')).toMatchObject({ code: 'exception-own' })
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
    expect(await decide(asked.id)).toEqual({ kind: 'decided' })
    expect(await decide(asked.id)).toMatchObject({ code: 'exception-decided' })
    expect(await decide('018f3c1e-0000-7000-8000-00000000ffff')).toMatchObject({
      code: 'exception-unknown',
    })
    await core.signIn(pharmacy, anna)
    expect(await facts('EXC-002')).toMatchObject([
      { person: anna.personId, fields: { by: 'token b', proposedBy: 'token a' } },
    ])
  })

  it('rejected or taken back let nobody in', async () => {
    for (const word of ['rejected', 'taken back']) {
      const asked = await propose()
      if (asked.kind !== 'proposed') throw new Error('not proposed')
      if (word === 'rejected') await decide(asked.id, 'token b', 'rejected')
      else await end(asked.id)
      expect(await decide(asked.id)).toMatchObject({ code: 'exception-decided' })
    }
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
    expect(await listExceptions(false, core.needs)).toEqual([])
  })

  it('end by themselves: the tap first, then the open screen, and the record says so', async () => {
    await given()
    const session = await core.signIn(pharmacy, anna)
    core.pass(8 * hour - 1)
    await swept()
    expect(locks()).toEqual([])
    core.pass(1)
    // Whether anybody has swept or not.
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
    await core.leave(pharmacy, session)
    await swept()
    expect(await facts('EXC-004')).toMatchObject([{ fields: { reason: 'time', heldMs: 8 * hour } }])
    await swept()
    expect(await facts('EXC-004')).toHaveLength(1)
  })

  it('lock at their end what was open by a zone alone, and nothing else; of a role every screen', async () => {
    await core.addZone('icu')
    await core.setAccess(anna, { zones: ['4-west', 'pharmacy'] })
    const id = await given({ kind: 'zone', what: 'icu' })
    await core.signIn(ward, anna)
    expect(await end(id)).toEqual({ kind: 'ended', sessions: 0 })
    expect(locks()).toEqual([])
    await given()
    core.pass(60_000)
    await core.signIn(pharmacy, anna)
    const before = locks().length
    core.pass(8 * hour)
    await swept()
    expect(locks().slice(before)).toMatchObject([
      { workstationId: pharmacy, frame: { code: 'role-not-in-zone' } },
    ])
    expect((await facts('SES-003')).at(-1)).toMatchObject({ fields: { reason: 'exception-ended' } })
  })

  it('of a role, ended by hand, lock also where she may stay, and are told to who decides alone', async () => {
    const id = await given()
    const session = await core.signIn(ward, anna)
    const seated = () => findSeated(core.needs.db, session, ward, core.nowMs())
    expect((await seated())?.roles).toEqual(['nurse', 'pharmacist'])
    core.notices.length = 0
    expect(await end(id)).toEqual({ kind: 'ended', sessions: 1 })
    expect(locks()).toMatchObject([{ workstationId: ward }])
    expect(core.notices).toContainEqual({
      ...{ kind: 'role-lost', personId: anna.personId, roles: ['nurse'] },
    })
    // The next tap is decided with what she has left.
    await core.signIn(ward, anna)
  })

  it('count among what she has left where an administrator takes a role away', async () => {
    await given()
    core.notices.length = 0
    const change = { personId: anna.personId, roles: ['porter'], by: 'token a' }
    await core.needs.perform(() => changePerson(change, core.needs))
    expect(core.notices).toContainEqual({
      ...{ kind: 'role-lost', personId: anna.personId, roles: ['porter', 'pharmacist'] },
    })
  })

  it('are not approved once nobody answers for them, nor after a week', async () => {
    const asked = async () => {
      const answer = await propose()
      if (answer.kind !== 'proposed') throw new Error(answer.code)
      return answer.id
    }
    const late = await asked()
    core.pass(7 * 24 * hour + 1)
    expect(await decide(late)).toMatchObject({ code: 'exception-too-old' })
    expect(await decide(late, 'token a', 'rejected')).toEqual({ kind: 'decided' })
    const alone = await asked()
    const leave = { personId: chief.personId, status: 'on-leave', by: 'hr' } as const
    await core.needs.perform(() => revokePerson(leave, core.needs))
    expect(await decide(alone)).toMatchObject({ code: 'exception-owner' })
  })

  it('of a zone are not approved once the zone is none', async () => {
    await core.addZone('icu')
    await core.setAccess(anna, { zones: ['4-west'] })
    const answer = await propose({ kind: 'zone', what: 'icu' })
    if (answer.kind !== 'proposed') throw new Error(answer.code)
    const gone = core.needs.db.deleteFrom('zone').where('id', '=', 'icu').compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query: gone }] })
    expect(await decide(answer.id)).toMatchObject({ code: 'zone-unknown' })
  })

  it('end with whoever answered for them', async () => {
    await given()
    await core.signIn(pharmacy, anna)
    await swept()
    expect(locks()).toEqual([])
    const gone = { personId: chief.personId, status: 'terminated', by: 'hr' } as const
    await core.needs.perform(() => revokePerson(gone, core.needs))
    await swept()
    expect(await facts('EXC-004')).toMatchObject([{ fields: { reason: 'owner-left' } }])
    expect(locks()).toMatchObject([{ workstationId: pharmacy }])
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
  })

  it('give a zone to whoever is bound to zones, and no role with it', async () => {
    await core.addZone('icu')
    const icu = await core.addWorkstation('icu')
    await core.setAccess(anna, { zones: ['4-west'] })
    expect(await core.tap(icu, anna)).toMatchObject({ code: 'zone-not-hers' })
    await given({ kind: 'zone', what: 'icu' })
    await core.signIn(icu, anna)
    await given({ kind: 'zone', what: 'pharmacy' })
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
  })

  it('let nobody in who is away, and are over when she is gone', async () => {
    await given()
    const leave = { personId: anna.personId, status: 'on-leave', by: 'hr' } as const
    await core.needs.perform(() => revokePerson(leave, core.needs))
    expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'person-not-active' })
    const gone = { ...leave, status: 'terminated' } as const
    await core.needs.perform(() => revokePerson(gone, core.needs))
    expect(await facts('EXC-004')).toMatchObject([{ fields: { reason: 'left' } }])
    const row = await core.needs.db
      .selectFrom('person')
      .select('exceptions')
      .where('id', '=', anna.personId)
      .executeTakeFirstOrThrow()
    expect(row.exceptions).toBeNull()
  })

  it('are named where a tap is explained', async () => {
    const id = await given()
    const tap = core.newTapId()
    await core.tap(pharmacy, anna, tap)
    expect(await explainTap(tap, core.store)).toMatchObject({
      saw: { roles: ['nurse', 'pharmacist'] },
      exceptions: [{ id, kind: 'role', what: 'pharmacist', ownerId: chief.personId }],
    })
  })

  it('are counted, week by week', async () => {
    const id = await given()
    core.pass(2 * hour)
    await end(id)
    core.pass(8 * 24 * hour)
    await given()
    core.pass(hour)
    const trend = await exceptionTrend(2, core.needs)
    expect(trend).toMatchObject({
      ...{ standing: 1, longestMs: hour },
      weeks: [
        { proposed: 1, approved: 1, ended: 0 },
        { proposed: 1, approved: 1, ended: 1, endedByHand: 1, medianHeldMs: 2 * hour },
      ],
    })
  })
})
