// What a person is found by, through every change of what HR says of her. On both stores.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { addHrPerson } from './add-hr-person.ts'
import { changeHrPerson } from './change-hr-person.ts'
import { externalIdLookup, findByExternalId, findByUserName, userNameLookup } from './hr-lookups.ts'
import { findHrPerson, openHrRow } from './hr-person-row.ts'
import { hrRecord } from './hr-record.ts'
import type { HrRecord } from './hr-record.ts'

const actor = { by: 'token hr', client: 'hr' }
const roleRules = [{ name: 'nurses', jobCode: ['RN'], roles: ['nurse'] }]

describe.each(engines)('what a person is found by on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let ana: PersonId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    ana = await join('ana', 'x1')
  })
  afterEach(async () => {
    if (isHere) await core.close()
  })

  const join = async (userName: string, externalId: string): Promise<PersonId> => {
    const identity = { userName, externalId, given: 'Ana', family: 'Quartermaine' }
    const record = hrRecord.parse({ identity, place: {}, access: {} })
    const word = { record, badges: [], dropped: 0 }
    const { answer } = await core.needs.perform(() => addHrPerson({ ...actor, word }, core.needs))
    if (answer.kind !== 'taken') throw new Error(answer.code)
    return answer.person.personId
  }
  const say = async (
    change: { identity?: Partial<HrRecord['identity']>; place?: Partial<HrRecord['place']> },
    isRemoval = false,
  ) => {
    const word = ({ record }: { record: HrRecord }) => ({
      record: hrRecord.parse({
        identity: { ...record.identity, ...change.identity },
        place: { ...record.place, ...change.place },
        access: record.access,
      }),
      badges: [],
      dropped: 0,
    })
    const order = { ...actor, personId: ana, word, isRemoval }
    return (await core.needs.perform(() => changeHrPerson(order, core.needs))).answer
  }
  const byName = (name: string) =>
    findByUserName(core.store.read, userNameLookup(name, core.needs.hrKey))
  const byExternal = async (id: string) =>
    (await findByExternalId(core.store.read, externalIdLookup('hr', id, core.needs.hrKey)))[0]
  const row = async () => {
    const found = await findHrPerson(core.store.read, ana)
    const key = await core.needs.personKeys.find(ana)
    if (!found || !key) throw new Error('she is not there')
    return openHrRow(found.row, key)
  }

  it('stays, where something else changes', async () => {
    const before = await row()
    expect(await say({ identity: { title: 'Head nurse' } })).toMatchObject({ kind: 'taken' })
    expect(await row()).toMatchObject({
      version: before.version + 1,
      createdMs: before.createdMs,
      client: before.client,
      record: { identity: { title: 'Head nurse', userName: 'ana', externalId: 'x1' } },
    })
    expect(await byName('ana')).toBe(ana)
    expect(await byExternal('x1')).toEqual({ personId: ana, isDeleted: false })
  })

  it('goes with the user name, which somebody else may have then', async () => {
    await say({ identity: { userName: 'ana.new' } })
    expect(await byName('ana')).toBeUndefined()
    expect(await byName('ana.new')).toBe(ana)
    expect(await byExternal('x1')).toMatchObject({ personId: ana })
    expect(await join('ana', 'x2')).not.toBe(ana)
  })

  it('goes with the external id', async () => {
    await say({ identity: { externalId: 'x9' } })
    expect(await byExternal('x1')).toBeUndefined()
    expect(await byExternal('x9')).toEqual({ personId: ana, isDeleted: false })
  })

  it('says anew whether a rule maps her', async () => {
    expect((await row()).isMapped).toBe(false)
    await say({ place: { jobCode: 'RN' } })
    expect((await row()).isMapped).toBe(true)
    await say({ identity: { title: 'Nurse' } })
    expect((await row()).isMapped).toBe(true)
    await say({ place: { jobCode: 'XX' } })
    expect((await row()).isMapped).toBe(false)
  })

  it('is free once she is removed, and says that she was', async () => {
    await say({}, true)
    expect(await byName('ana')).toBeUndefined()
    expect(await byExternal('x1')).toEqual({ personId: ana, isDeleted: true })
  })
})
