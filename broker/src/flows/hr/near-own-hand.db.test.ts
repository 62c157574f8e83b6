// What is told beside HR's word where it may be somebody's own hand, on both stores: a role for who
// asked for the token, by her record or by a group, and the name of somebody in the console.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { byPerson } from '../own-record.ts'
import { askForToken, decideToken, takeToken } from '../token-grants/token-grants.ts'
import { addHrGroup } from './groups/change-hr-group.ts'
import { addHrPerson } from './add-hr-person.ts'
import { changeHrPerson } from './change-hr-person.ts'
import { hrRecord } from './hr-record.ts'
import type { HrRecord } from './hr-record.ts'

const roleRules = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse'] },
  { name: 'charge', group: ['charge'], roles: ['charge-nurse'] },
]
const actor = { by: 'token hr', client: 'hr' }

describe.each(engines)('HR’s word near an own hand on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let vera: PersonId
  let ben: PersonId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    vera = await join('vera')
    ben = await join('ben')
    await askedBy(byPerson(vera))
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const join = async (userName: string, employeeNumber = `N-${userName}`): Promise<PersonId> => {
    const record = hrRecord.parse({
      identity: { userName, given: 'Ana', family: 'Sample', employeeNumber },
      place: { jobCode: 'IT' },
      access: {},
    })
    const word = { record, badges: [], dropped: 0 }
    const { answer } = await core.needs.perform(() => addHrPerson({ ...actor, word }, core.needs))
    if (answer.kind !== 'taken') throw new Error(answer.code)
    return answer.person.personId
  }
  /** She asks for HR's token, somebody else approves it, and she takes it out. */
  const askedBy = async (by: string): Promise<void> => {
    const { perform } = core.needs
    const order = { name: 'hr', scopes: ['scim:write'], lifeMs: 86_400_000 } as const
    const asked = await perform(() => askForToken({ ...order, note: 'x', by }, core.needs))
    if (asked.answer.kind !== 'asked') throw new Error(asked.answer.code)
    const { id } = asked.answer
    const word = { id, outcome: 'approved', by: 'token other' } as const
    await perform(() => decideToken(word, core.needs))
    const needs = { ...core.needs, random: randomBytes }
    await perform(() => takeToken({ id, by, may: new Set(order.scopes) }, needs))
  }
  const say = async (
    personId: PersonId,
    change: { jobCode?: string; userName?: string; displayName?: string },
    more: { by?: string; isRemoval?: boolean } = {},
  ) => {
    const { jobCode, ...identity } = change
    const word = ({ record }: { record: HrRecord }) => ({
      record: hrRecord.parse({
        ...record,
        identity: { ...record.identity, ...identity },
        place: { ...record.place, ...(jobCode === undefined ? {} : { jobCode }) },
      }),
      ...{ badges: [], dropped: 0 },
    })
    const order = { ...actor, ...more, personId, word }
    const { answer } = await core.needs.perform(() => changeHrPerson(order, core.needs))
    expect(answer).toMatchObject({ kind: 'taken' })
  }
  const inConsole = async (person: PersonId): Promise<void> => {
    const row = { person_id: person, role: 'administrator' as const, last_ms: core.nowMs() }
    const query = core.store.read.insertInto('console_role_seen').values(row).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
  }
  const told = async () =>
    (await core.record()).filter(({ code }) => code === 'PER-010' || code === 'PER-011')

  it('a role for who asked for the token is told, whoever takes its place', async () => {
    await say(vera, { jobCode: 'RN' })
    expect(await told()).toMatchObject([
      { code: 'PER-010', person: vera, fields: { by: 'token hr', source: 'hr', roles: 'nurse' } },
    ])
  })
  it('so is one that comes by a group', async () => {
    const members = [vera, ben]
    const word = { displayName: 'charge', externalId: null, members, dropped: 0 }
    await core.needs.perform(() => addHrGroup({ ...actor, word }, core.needs))
    expect(await told()).toMatchObject([
      { code: 'PER-010', person: vera, fields: { roles: 'charge-nurse' } },
    ])
  })
  it('refuses to tell of other people, of other feeds, and of what takes a role', async () => {
    await say(ben, { jobCode: 'RN' })
    await say(vera, { jobCode: 'RN' }, { by: 'token okta' })
    await say(vera, { jobCode: 'IT' })
    expect(await told()).toEqual([])
  })
  it('a user name of somebody in the console is told, whoever asked', async () => {
    await inConsole(ben)
    await say(ben, { userName: 'benjamin' })
    expect(await told()).toMatchObject([
      { code: 'PER-011', person: ben, fields: { by: 'token hr', changed: 'userName' } },
    ])
  })
  it('her own record taken out by her own token is told', async () => {
    await inConsole(vera)
    await say(vera, {}, { isRemoval: true })
    expect(await told()).toMatchObject([{ person: vera, fields: { changed: 'removed' } }])
  })
  it('the user name of a leaver who was in the console is told of whoever gets it', async () => {
    await inConsole(ben)
    await say(ben, {}, { isRemoval: true })
    await say(vera, { userName: 'BEN' })
    expect(await told()).toMatchObject([
      { code: 'PER-011', person: vera, fields: { changed: 'userName', before: ben } },
    ])
    await say(vera, { userName: 'vera' })
    const next = await join('ben', 'N-next')
    expect((await told()).slice(1)).toMatchObject([{ code: 'PER-011', person: next }])
  })
  it('refuses to tell of the name of a leaver who was never there', async () => {
    await say(ben, {}, { isRemoval: true })
    await join('ben', 'N-next')
    await inConsole(vera)
    await say(vera, {}, { isRemoval: true, by: 'token okta' })
    await join('other', 'N-other')
    expect(await told()).toEqual([])
  })
  it('refuses to tell of leavers, of other names, and of who has no role there', async () => {
    await inConsole(ben)
    await say(ben, { displayName: 'Ben' })
    await say(ben, {}, { isRemoval: true })
    await say(vera, { userName: 'v' })
    expect(await told()).toEqual([])
  })
})
