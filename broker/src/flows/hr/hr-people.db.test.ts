// People as HR has them, from the first day to the last: what each word of HR does at the next tap
// and on the open screen, and what it does not. On both stores.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore, usualPin } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { changePerson } from '../change-person.ts'
import { revokePerson } from '../revoke-person.ts'
import { setPin } from '../set-pin.ts'
import { addHrGroup, changeHrGroup } from './groups/change-hr-group.ts'
import { addHrPerson } from './add-hr-person.ts'
import { changeHrPerson } from './change-hr-person.ts'
import { followDates } from './follow-dates.ts'
import type { HrTaken } from './hr-flow.ts'
import { hrRecord } from './hr-record.ts'
import type { HrRecord } from './hr-record.ts'

const actor = { by: 'token hr', client: 'hr' }
const dayMs = 86_400_000
const roleRules = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse'] },
  { name: 'charge', group: ['charge'], roles: ['charge-nurse', 'nurse'] },
]

describe.each(engines)('people from HR on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let cards = 0

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const recordOf = (userName: string, change: Partial<HrRecord['identity']> = {}): HrRecord =>
    hrRecord.parse({
      identity: { userName, given: 'Ana', family: 'Quartermaine', ...change },
      place: { jobCode: 'RN' },
      access: {},
    })
  const join = async (record: HrRecord, card?: string) => {
    const badges =
      card === undefined
        ? []
        : [
            {
              kind: 'enrol' as const,
              card: { technology: 'csn' as const, canonical: card },
              status: 'active' as const,
            },
          ]
    const word = { record, badges, dropped: 0 }
    return (await core.needs.perform(() => addHrPerson({ ...actor, word }, core.needs))).answer
  }
  const taken = (answer: Awaited<ReturnType<typeof join>>): HrTaken => {
    if (answer.kind !== 'taken') throw new Error(answer.code)
    return answer
  }
  const hire = async (record = recordOf('ana')): Promise<KitPerson> => {
    cards += 1
    const canonical = `05${cards.toString(16).padStart(12, '0')}`
    const { personId } = taken(await join(record, canonical)).person
    const set = await setPin({ personId, pin: usualPin, by: 'kit' }, core.needs)
    expect(set.answer.kind).toBe('set')
    const [badge] = await core.store.read
      .selectFrom('badge')
      .select('id')
      .where('person_id', '=', personId)
      .execute()
    const badgeId = badge?.id as KitPerson['badgeId']
    return { personId, badgeId, card: { technology: 'csn', canonical }, pin: usualPin }
  }
  const say = async (
    personId: PersonId,
    change: (now: HrRecord) => HrRecord,
    more: { ifVersion?: number[]; isRemoval?: boolean } = {},
  ) => {
    const word = (now: { record: HrRecord }) => ({
      record: change(now.record),
      badges: [],
      dropped: 0,
    })
    const order = { ...actor, personId, word, ...more }
    return (await core.needs.perform(() => changeHrPerson(order, core.needs))).answer
  }
  const identity = (change: Partial<HrRecord['identity']>) => (now: HrRecord) =>
    hrRecord.parse({ ...now, identity: { ...now.identity, ...change } })
  const remove = (personId: PersonId) => say(personId, (now) => now, { isRemoval: true })
  const statusOf = async (id: PersonId) =>
    (
      await core.store.read
        .selectFrom('person')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).status
  const lockFrames = () =>
    core.notices.filter((n) => n.kind === 'to-workstation' && n.frame.kind === 'lock')

  it('a nurse whom HR names taps in on that day', async () => {
    await core.signIn(here, await hire())
  })
  it('a nurse whom no rule maps opens nothing', async () => {
    const ana = await hire(hrRecord.parse({ ...recordOf('ana'), place: { jobCode: 'XX' } }))
    expect(await core.tap(here, ana)).toMatchObject({ code: 'role-not-in-zone' })
    const rows = await core.store.read.selectFrom('person_hr').select('is_mapped').execute()
    expect(rows).toEqual([{ is_mapped: 0 }])
  })

  it.each([
    ['active: false', { isActive: false }, 'suspended'],
    ['a leave', { employmentStatus: 'on-leave' }, 'on-leave'],
    ['a termination', { employmentStatus: 'terminated' }, 'terminated'],
    ['a start that is put off', { employmentStatus: 'pre-hire' }, 'pre-hire'],
  ] as const)('%s locks the open screen in the same act', async (_name, change, status) => {
    const ana = await hire()
    const session = await core.signIn(here, ana)
    core.notices.length = 0
    const answer = await say(ana.personId, identity(change))
    expect(answer).toMatchObject({ kind: 'taken', sessions: 1 })
    expect(core.notices[0]).toMatchObject({
      kind: 'to-workstation',
      workstationId: here,
      frame: { kind: 'lock', sessionId: session, code: 'person-not-active' },
    })
    expect(core.notices).toContainEqual({ kind: 'person-revoked', personId: ana.personId })
    expect(await statusOf(ana.personId)).toBe(status)
    expect((await core.tap(here, ana)).kind).toBe('refused')
  })
  it('who returns from leave has badge and PIN as before, and is asked for the PIN', async () => {
    const ana = await hire()
    await core.signIn(here, ana)
    await say(ana.personId, identity({ employmentStatus: 'on-leave' }))
    await say(ana.personId, identity({ employmentStatus: 'active' }))
    expect((await core.tap(here, ana)).kind).toBe('ask-pin')
    await core.signIn(here, ana)
  })
  it('who left for good has no badge and no PIN, also after she is employed anew', async () => {
    const ana = await hire(recordOf('ana', { externalId: 'e-1', employeeNumber: 'N-4711' }))
    await say(ana.personId, identity({ employmentStatus: 'terminated' }))
    expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-unknown' })
    expect(await core.store.read.selectFrom('pin').selectAll().execute()).toEqual([])
    expect(await core.store.read.selectFrom('staff_number').selectAll().execute()).toEqual([])
    expect(await say(ana.personId, identity({ isActive: true }))).toMatchObject({ outcome: 'same' })
    const back = await say(ana.personId, identity({ employmentStatus: 'active' }))
    expect(back).toMatchObject({ outcome: 'returned' })
    expect(await statusOf(ana.personId)).toBe('active')
    expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-unknown' })
  })
  it('who left does not come back by a word that is left out, or without HR’s id', async () => {
    const ana = await hire(recordOf('ana', { externalId: 'e-1' }))
    await say(ana.personId, identity({ employmentStatus: 'terminated' }))
    const silent = await say(ana.personId, identity({ employmentStatus: undefined }))
    expect(silent).toMatchObject({ code: 'employment-over' })
    const other = await say(
      ana.personId,
      identity({ employmentStatus: 'active', externalId: 'e-2' }),
    )
    expect(other).toMatchObject({ code: 'employment-over' })
    expect(await statusOf(ana.personId)).toBe('terminated')
  })
  it('who was removed is no longer there, and her name is free', async () => {
    const ana = await hire(recordOf('ana', { externalId: 'e-1' }))
    expect(await remove(ana.personId)).toMatchObject({ outcome: 'ended' })
    expect(await remove(ana.personId)).toMatchObject({ code: 'person-unknown' })
    expect(await statusOf(ana.personId)).toBe('terminated')
    const other = taken(await join(recordOf('ANA')))
    expect(other.person.personId).not.toBe(ana.personId)
  })
  it('who was removed and is named again by HR’s id is the same person', async () => {
    const ana = await hire(recordOf('ana', { externalId: 'e-1' }))
    await remove(ana.personId)
    const back = taken(await join(recordOf('ana.q', { externalId: 'e-1' })))
    expect(back).toMatchObject({ outcome: 'returned', person: { personId: ana.personId } })
    expect(await statusOf(ana.personId)).toBe('active')
    expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-unknown' })
  })

  describe('security’s hold', () => {
    const hold = async (personId: PersonId, status: 'suspended' | 'terminated' = 'suspended') =>
      core.needs.perform(() => revokePerson({ personId, status, by: 'soc' }, core.needs))
    it('is not lifted by HR’s active: true, in whatever words', async () => {
      const ana = await hire()
      await hold(ana.personId)
      await say(ana.personId, identity({ isActive: true }))
      await say(ana.personId, identity({ isActive: false }))
      await say(ana.personId, identity({ isActive: true }))
      await say(ana.personId, identity({ employmentStatus: 'active' }))
      expect(await statusOf(ana.personId)).toBe('suspended')
    })
    it('does not hire anybody when it is lifted', async () => {
      const ana = await hire()
      await hold(ana.personId)
      await say(ana.personId, identity({ employmentStatus: 'on-leave' }))
      const lift = { personId: ana.personId, isActive: true as const, by: 'soc' }
      await core.needs.perform(() => changePerson(lift, core.needs))
      expect(await statusOf(ana.personId)).toBe('on-leave')
      await say(ana.personId, identity({ employmentStatus: 'active' }))
      expect(await statusOf(ana.personId)).toBe('active')
    })
    it('for good is for good, whatever HR says next', async () => {
      const ana = await hire(recordOf('ana', { externalId: 'e-1' }))
      await hold(ana.personId, 'terminated')
      await say(ana.personId, identity({ employmentStatus: 'on-leave' }))
      await say(ana.personId, identity({ employmentStatus: 'active' }))
      expect(await statusOf(ana.personId)).toBe('terminated')
    })
  })

  describe('dates', () => {
    const dated = (startsMs: number | undefined, endsMs: number | undefined): HrRecord =>
      hrRecord.parse({
        ...recordOf('cara'),
        access: {
          ...(startsMs === undefined ? {} : { startsMs }),
          ...(endsMs === undefined ? {} : { endsMs }),
        },
      })
    it('of a first day: nothing before it, everything from it', async () => {
      const cara = await hire(dated(core.nowMs() + dayMs, undefined))
      expect(await core.tap(here, cara)).toMatchObject({ code: 'person-not-active' })
      core.pass(dayMs)
      expect(await followDates(core.needs)).toBe(1)
      expect(await followDates(core.needs)).toBe(0)
      await core.signIn(here, cara)
    })
    it('of a last day: her screen locks when it is over, and a longer contract opens again', async () => {
      const cara = await hire(dated(undefined, core.nowMs() + dayMs))
      core.pass(dayMs - 1000)
      await core.signIn(here, cara)
      core.notices.length = 0
      core.pass(1000)
      await followDates(core.needs)
      expect(lockFrames()).toHaveLength(1)
      expect(await core.tap(here, cara)).toMatchObject({ code: 'person-not-active' })
      const endsMs = core.nowMs() + dayMs
      await say(cara.personId, (now) => ({ ...now, access: { ...now.access, endsMs } }))
      await core.signIn(here, cara)
    })
  })

  it('a nurse who moves to another job loses what the old one opened, at once', async () => {
    const ana = await hire()
    await core.signIn(here, ana)
    core.notices.length = 0
    await say(ana.personId, (now) => ({ ...now, place: { ...now.place, jobCode: 'REG' } }))
    expect(lockFrames()).toHaveLength(1)
    expect(await core.tap(here, ana)).toMatchObject({ code: 'role-not-in-zone' })
  })
  it('a change that takes nothing away leaves the screen open', async () => {
    const ana = await hire()
    await core.signIn(here, ana)
    core.notices.length = 0
    await say(ana.personId, (now) => ({ ...now, place: { ...now.place, department: 'ICU' } }))
    await say(ana.personId, identity({ given: 'Anna' }))
    expect(core.notices).toEqual([])
  })
  it('fewer zones lock the screen, more do not', async () => {
    const ana = await hire()
    const zones = (...ids: string[]) =>
      say(ana.personId, (now) => hrRecord.parse({ ...now, access: { ...now.access, zones: ids } }))
    await core.signIn(here, ana)
    core.notices.length = 0
    await zones('4-west', 'icu')
    expect(lockFrames()).toHaveLength(1)
    core.notices.length = 0
    await core.signIn(here, ana)
    await zones('4-west', 'icu', 'er')
    expect(lockFrames()).toEqual([])
  })
  it('the same word again changes nothing, and says so', async () => {
    const ana = await hire()
    const before = await core.store.read.selectFrom('person_hr').selectAll().execute()
    core.pass(5000)
    expect(await say(ana.personId, (now) => now)).toMatchObject({ outcome: 'same' })
    expect(await core.store.read.selectFrom('person_hr').selectAll().execute()).toEqual(before)
  })
  it('of two people at once with one name one is added', async () => {
    const answers = await Promise.all([join(recordOf('ana')), join(recordOf('Ana'))])
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['refused', 'taken'])
    expect(answers).toContainEqual(expect.objectContaining({ code: 'user-name-taken' }))
  })
  it('of two changes to one version one is taken', async () => {
    const ana = await hire()
    const answers = await Promise.all([
      say(ana.personId, identity({ given: 'Anna' }), { ifVersion: [1] }),
      say(ana.personId, identity({ given: 'Hannah' }), { ifVersion: [1] }),
    ])
    expect(answers.map((a) => (a.kind === 'taken' ? 'taken' : a.code)).sort()).toEqual([
      'record-moved',
      'taken',
    ])
  })
  it('a card that is somebody’s badge is nobody else’s, and hers is hers again', async () => {
    const ana = await hire()
    expect(await join(recordOf('ben'), ana.card.canonical)).toMatchObject({ code: 'badge-taken' })
    const rows = await core.store.read.selectFrom('person_hr').select('person_id').execute()
    expect(rows).toHaveLength(1)
  })
  it('leaves no name and no id of HR in the open', async () => {
    await hire(recordOf('annabelle.q@h.example', { externalId: 'EXT-99887', title: 'Sister' }))
    const tables = await Promise.all(
      (['person', 'person_hr', 'staff_number', 'fact'] as const).map((table) =>
        core.store.read.selectFrom(table).selectAll().execute(),
      ),
    )
    const text = JSON.stringify(tables, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    for (const secret of ['annabelle', 'EXT-99887', 'Quartermaine', 'Sister']) {
      expect(text.toLowerCase()).not.toContain(secret.toLowerCase())
    }
  })

  describe('a group', () => {
    const add = async (members: readonly PersonId[], displayName = 'charge') => {
      const word = { displayName, externalId: null, members }
      return (await core.needs.perform(() => addHrGroup({ ...actor, word }, core.needs))).answer
    }
    const rolesOf = async (id: PersonId) =>
      (
        await core.store.read
          .selectFrom('person')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).roles
    it('gives its members roles, and takes them with the screen when they leave it', async () => {
      const ana = await hire(hrRecord.parse({ ...recordOf('ana'), place: {} }))
      const made = await add([ana.personId])
      if (made.kind !== 'taken') throw new Error(made.code)
      expect(await rolesOf(ana.personId)).toBe('["charge-nurse","nurse"]')
      await core.signIn(here, ana)
      core.notices.length = 0
      const leave = {
        ...actor,
        groupId: made.group.id,
        word: () => ({ displayName: 'charge', externalId: null, members: [] }),
      }
      await core.needs.perform(() => changeHrGroup(leave, core.needs))
      expect(lockFrames()).toHaveLength(1)
      expect(await rolesOf(ana.personId)).toBe('[]')
    })
    it('takes no stranger, and no second of one name', async () => {
      const ana = await hire()
      const stranger = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55' as PersonId
      expect(await add([ana.personId, stranger])).toMatchObject({ code: 'person-unknown' })
      await add([])
      expect(await add([])).toMatchObject({ code: 'group-name-taken' })
    })
    it('forgets who was removed', async () => {
      const ana = await hire()
      await add([ana.personId])
      await remove(ana.personId)
      expect(await core.store.read.selectFrom('hr_group_member').selectAll().execute()).toEqual([])
    })
  })
})
