// Somebody who was added by hand and is sent by HR: adopted with everything that is hers where an
// administrator said so, and never by a number alone. On both stores.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { ImportRow } from '@wardkey/protocol/admin/hr'
import { openCore, usualPin } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { changePerson } from '../../change-person.ts'
import { byPerson } from '../../own-record.ts'
import { revokePerson } from '../../revoke-person.ts'
import { addHrPerson } from '../add-hr-person.ts'
import { changeHrPerson } from '../change-hr-person.ts'
import type { HrNeeds } from '../hr-flow.ts'
import { findHrPerson } from '../hr-person-row.ts'
import { hrRecord } from '../hr-record.ts'
import type { HrRecord } from '../hr-record.ts'
import { applyRow, previewRow } from '../import/import-row.ts'
import { linkPerson } from './link-person.ts'

const actor = { by: 'token entra', client: 'entra' }
const by = 'token admin'
const roleRules = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse'] },
  { name: 'pharmacy', jobCode: ['PH'], roles: ['pharmacist'] },
]

describe.each(engines)('who was added by hand, on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let rosa: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    rosa = await core.addPerson({ staffNumber: 'N-4711' })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const recordOf = (identity: Partial<HrRecord['identity']> = {}, jobCode = 'RN'): HrRecord => {
    const usual = { userName: 'rsantos', given: 'Rosa', family: 'Santos' }
    const number = { employeeNumber: 'n-4711' }
    return hrRecord.parse({
      identity: { ...usual, ...number, ...identity },
      place: { jobCode },
      access: {},
    })
  }
  const needs = (adoptBy: HrNeeds['adoptBy'] = 'administrator') => ({ ...core.needs, adoptBy })
  const send = async (record = recordOf(), adoptBy?: HrNeeds['adoptBy']) => {
    const word = { record, badges: [], dropped: 0 }
    return (await core.needs.perform(() => addHrPerson({ ...actor, word }, needs(adoptBy)))).answer
  }
  const people = () => core.store.read.selectFrom('person').select('id').execute()
  const isHrs = async () => (await findHrPerson(core.store.read, rosa.personId)) !== undefined
  const tapsIn = async () => {
    const id = core.newTapId()
    await core.tap(here, rosa, id)
    return (await core.pin(here, id, usualPin)).kind
  }
  const untouched = async () => {
    expect(await isHrs()).toBe(false)
    expect(await people()).toHaveLength(1)
    expect(await tapsIn()).toBe('admitted')
  }

  describe('by SCIM, where nothing was set', () => {
    it('stays as she is: the client hears why, and the record has whom it meant', async () => {
      expect(await send()).toMatchObject({ code: 'person-added-by-hand', holder: rosa.personId })
      await untouched()
      const no = (await core.record()).filter(({ code }) => code === 'PER-101')
      expect(no).toMatchObject([{ rule: 'person-added-by-hand', person: rosa.personId }])
    })
  })

  describe('by SCIM, where the setting allows the staff number', () => {
    it('is adopted with her badge and her PIN, and is the same person', async () => {
      const answer = await send(recordOf({ family: 'SANTOS' }), 'staff-number')
      expect(answer).toMatchObject({ kind: 'taken', outcome: 'adopted' })
      expect(await people()).toHaveLength(1)
      expect(await tapsIn()).toBe('admitted')
      const found = await findHrPerson(core.store.read, rosa.personId)
      expect(found?.row).toMatchObject({ client: 'entra', is_mapped: 1, version: 1 })
      const [fact] = (await core.record()).filter(({ code }) => code === 'PER-002')
      expect(fact).toMatchObject({
        person: rosa.personId,
        fields: { source: 'entra', changed: expect.stringMatching(/^adopted /) as unknown },
      })
      // And from then on is HR's as anybody: her leave is felt at the next tap.
      const away = hrRecord.parse({
        ...recordOf(),
        identity: { ...recordOf().identity, isActive: false },
      })
      const word = () => ({ record: away, badges: [], dropped: 0 })
      const order = { ...actor, personId: rosa.personId, word }
      await core.needs.perform(() => changeHrPerson(order, needs()))
      expect(await core.tap(here, rosa)).toMatchObject({ code: 'person-not-active' })
    })
    it.each([
      ['whose family name is another', recordOf({ family: 'Brandt' })],
      ['whose given name is another', recordOf({ given: 'Karl' })],
      ['to whom no rule gives a role', recordOf({}, 'XX')],
      ['whom HR has on leave', recordOf({ employmentStatus: 'on-leave' })],
      ['who has left', recordOf({ employmentStatus: 'terminated' })],
    ])('is not, by the record of somebody %s', async (_name, record) => {
      expect(await send(record, 'staff-number')).toMatchObject({ code: 'person-added-by-hand' })
      await untouched()
    })
    it('is not by a number that is nearly hers: somebody new joins', async () => {
      const other = recordOf({ employeeNumber: 'N-4712' })
      expect(await send(other, 'staff-number')).toMatchObject({ outcome: 'joined' })
      expect(await isHrs()).toBe(false)
    })
    it('is not once she is another of HR’s systems’', async () => {
      await send(recordOf(), 'staff-number')
      const again = recordOf({ userName: 'other' })
      expect(await send(again, 'staff-number')).toMatchObject({ code: 'staff-number-taken' })
    })
    it('is once, of two that send her at the same moment', async () => {
      const both = await Promise.all([
        send(recordOf(), 'staff-number'),
        send(recordOf({ userName: 'rosa.santos' }), 'staff-number'),
      ])
      expect(both.map(({ kind }) => kind).sort()).toEqual(['refused', 'taken'])
      expect(await people()).toHaveLength(1)
    })
    it('stays out where security holds her, whatever HR says', async () => {
      const order = { personId: rosa.personId, status: 'suspended', by } as const
      await core.needs.perform(() => revokePerson(order, core.needs))
      expect(await send(recordOf(), 'staff-number')).toMatchObject({ outcome: 'adopted' })
      expect(await core.tap(here, rosa)).toMatchObject({ code: 'person-not-active' })
    })
    it('has the roles of the mapping, and an open screen that they do not allow locks', async () => {
      const id = core.newTapId()
      await core.tap(here, rosa, id)
      await core.pin(here, id, usualPin)
      await send(recordOf({}, 'PH'), 'staff-number')
      expect(await core.sessions()).toMatchObject([{ state: 'locked' }])
      expect(await core.tap(here, rosa)).toMatchObject({ code: 'role-not-in-zone' })
    })
  })

  describe('by a list', () => {
    const row = (cells: ImportRow['cells'] = {}): ImportRow => ({
      line: 2,
      cells: {
        ...{ user_name: 'rsantos', given_name: 'Rosa', family_name: 'Santos' },
        ...{ employee_number: 'N-4711', job_code: 'RN', ...cells },
      },
    })
    const preview = (one = row()) => previewRow(one, by, needs())
    const apply = (one: ImportRow, seen: ImportRow['seen'], as = by) =>
      applyRow({ ...one, seen }, as, needs())

    it('is shown as adopted, and nothing is done', async () => {
      expect(await preview()).toMatchObject({
        ...{ outcome: 'adopts', version: 0, roles: ['nurse'] },
        adopts: { personId: rosa.personId, isOtherName: false },
      })
      await untouched()
    })
    it('is shown with a warning where the name is another, and with the roles that are left', async () => {
      const shown = await preview(row({ given_name: 'Karl', job_code: 'XX' }))
      expect(shown).toMatchObject({ outcome: 'adopts', roles: [], adopts: { isOtherName: true } })
      expect(shown.changed).toContain('given')
    })
    it('is adopted as it was shown, once, and the same list says nothing new', async () => {
      const seen = { outcome: 'adopts', version: 0, adopts: rosa.personId } as const
      expect(await apply(row(), seen)).toMatchObject({ outcome: 'adopts' })
      expect(await apply(row(), seen)).toMatchObject({ outcome: 'same' })
      expect(await people()).toHaveLength(1)
      expect(await tapsIn()).toBe('admitted')
    })
    it('is not, where the preview showed somebody new', async () => {
      const joins = { outcome: 'joins', version: 0 } as const
      expect(await apply(row(), joins)).toMatchObject({ code: 'import-moved' })
      await untouched()
    })
    it('is not, where the number is somebody else’s by now', async () => {
      const seen = { outcome: 'adopts', version: 0, adopts: rosa.personId } as const
      const give = (personId: KitPerson['personId'], staffNumber: string | null) =>
        core.needs.perform(() => changePerson({ personId, staffNumber, by }, core.needs))
      const karl = await core.addPerson({ given: 'Karl', family: 'Brandt' })
      await give(rosa.personId, null)
      await give(karl.personId, 'N-4711')
      expect(await apply(row(), seen)).toMatchObject({ code: 'import-moved' })
      expect(await findHrPerson(core.store.read, karl.personId)).toBeUndefined()
    })
    it('is not by herself', async () => {
      const seen = { outcome: 'adopts', version: 0, adopts: rosa.personId } as const
      const done = await apply(row(), seen, byPerson(rosa.personId))
      expect(done).toMatchObject({ outcome: 'refused', code: 'own-record' })
      await untouched()
    })
  })

  describe('by an administrator', () => {
    const link = async (userName = 'rsantos', as = by) => {
      const order = { personId: rosa.personId, client: 'entra', userName, by: as }
      return (await core.needs.perform(() => linkPerson(order, needs()))).answer
    }
    it('is found by HR’s system from then on, and nothing of her changed by it', async () => {
      expect(await link()).toEqual({ kind: 'linked' })
      expect(await tapsIn()).toBe('admitted')
      const word = () => ({ record: recordOf({}, 'PH'), badges: [], dropped: 0 })
      const order = { ...actor, personId: rosa.personId, word }
      const { answer } = await core.needs.perform(() => changeHrPerson(order, needs()))
      expect(answer).toMatchObject({ outcome: 'changed' })
      expect(await core.tap(here, rosa)).toMatchObject({ code: 'role-not-in-zone' })
    })
    it('stays on leave where she is', async () => {
      const order = { personId: rosa.personId, status: 'on-leave', by } as const
      await core.needs.perform(() => revokePerson(order, core.needs))
      await link()
      expect((await findHrPerson(core.store.read, rosa.personId))?.row.employment).toBe('on-leave')
      expect(await core.tap(here, rosa)).toMatchObject({ code: 'person-not-active' })
    })
    it('is not twice, not by somebody’s name, not by herself, and not after she left', async () => {
      expect(await link('rsantos', byPerson(rosa.personId))).toMatchObject({ code: 'own-record' })
      await send(recordOf({ userName: 'karl', employeeNumber: 'N-1' }))
      expect(await link('Karl')).toMatchObject({ code: 'user-name-taken' })
      expect(await link()).toEqual({ kind: 'linked' })
      expect(await link('other')).toMatchObject({ code: 'person-is-hrs' })
    })
    it('is not after she left', async () => {
      const order = { personId: rosa.personId, status: 'terminated', by } as const
      await core.needs.perform(() => revokePerson(order, core.needs))
      expect(await link()).toMatchObject({ code: 'person-forgotten' })
      expect(await isHrs()).toBe(false)
    })
  })
})
