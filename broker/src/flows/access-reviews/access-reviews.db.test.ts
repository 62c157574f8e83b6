// Access reviews on both stores: who is asked about what, what a word takes away and for how long,
// what silence may take and what it may not, and that nobody decides about herself.

import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { PersonId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { makeAdminToken } from '../admin-tokens.ts'
import { openConsoleSession } from '../console/open-session.ts'
import { addHrPerson } from '../hr/add-hr-person.ts'
import { changeHrPerson } from '../hr/change-hr-person.ts'
import { hrRecord } from '../hr/hr-record.ts'
import { byPerson } from '../own-record.ts'
import { agreeOnSilence } from './agree-on-silence.ts'
import { decideItem } from './decide-item.ts'
import { liftHeldBack } from './lift-held-back.ts'
import { openCampaign, previewCampaign } from './open-campaign.ts'
import { findCampaign, itemsOf } from './review-needs.ts'
import type { AccessReviewRules, ItemRow } from './review-needs.ts'
import { resultLines } from './result-lines.ts'
import { runCampaigns } from './run-campaigns.ts'

const dayMs = 86_400_000
const roleRules = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse'] },
  { name: 'charge', jobCode: ['CN'], roles: ['charge-nurse', 'nurse'] },
]
const whole = { isHighRiskOnly: false }

interface Speaker {
  readonly by?: string
  readonly person?: string
  readonly isForAll?: boolean
}

describe.each(engines)('access reviews on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let mara: KitPerson
  let dov: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    mara = await core.addPerson({ given: 'Mara', family: 'Lindqvist', staffNumber: 'M-1' })
    dov = await core.addPerson({ given: 'Dov', family: 'Halloran' })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const needs = (change: Partial<AccessReviewRules> = {}) => ({
    ...core.needs,
    accessReviews: {
      ...{ ...core.needs.accessReviews, reviewers: [{ reviewer: mara.personId }] },
      ...change,
    },
  })
  const started = async (change: Partial<AccessReviewRules> = {}, scope = whole) => {
    const opened = await openCampaign({ ...scope, by: 'token kit', kind: 'by-hand' }, needs(change))
    if (opened.kind === 'refused') throw new Error(opened.code)
    return opened.id
  }
  const items = (id: string) => itemsOf(core.store.read, id)
  const itemOf = async (id: string, person: PersonId, kind: ItemRow['kind'], what?: string) => {
    const found = (await items(id)).find(
      (item) =>
        item.person_id === person &&
        item.kind === kind &&
        (what === undefined || item.what === what),
    )
    if (!found) throw new Error('no such entry')
    return found
  }
  const hers = (): string => `person ${mara.personId}`
  const says = async (
    item: ItemRow,
    decision: 'certified' | 'revoked',
    { by = hers(), person = mara.personId, isForAll = false }: Speaker = {},
  ) => {
    const order = { campaignId: item.campaign_id, itemId: item.id, decision, by, person, isForAll }
    const flow = () => decideItem({ ...order, reason: 'she moved on' }, needs())
    return (await core.needs.perform(flow)).answer
  }
  const rolesOf = async (id: PersonId): Promise<unknown> => {
    const query = core.store.read.selectFrom('person').select('roles').where('id', '=', id)
    return JSON.parse((await query.executeTakeFirstOrThrow()).roles)
  }
  const hire = async (userName: string, jobCode: string, managerId: string): Promise<PersonId> => {
    const record = hrRecord.parse({
      identity: { userName, given: 'Ana', family: 'Quartermaine' },
      ...{ place: { jobCode, department: 'Ward 4', managerId }, access: {} },
    })
    const word = { record, badges: [], dropped: 0 }
    const order = { by: 'token hr', client: 'hr', word }
    const { answer } = await core.needs.perform(() => addHrPerson(order, core.needs))
    if (answer.kind !== 'taken') throw new Error(answer.code)
    return answer.person.personId
  }
  const hrSays = async (personId: PersonId, jobCode: string, department = 'Ward 4') => {
    const order = {
      ...{ by: 'token hr', client: 'hr', personId },
      word: ({ record }: { record: ReturnType<typeof hrRecord.parse> }) => ({
        record: { ...record, place: { ...record.place, jobCode, department } },
        ...{ badges: [], dropped: 0 },
      }),
    }
    await core.needs.perform(() => changeHrPerson(order, core.needs))
  }
  const run = (change: Partial<AccessReviewRules> = {}) => runCampaigns(needs(change))
  const stateOf = async (id: string) => (await findCampaign(core.store.read, id))?.state
  const counted = async (code: string) => (await core.counts())[code] ?? 0

  it('ask the manager that HR names, else whom settings name, and show when it was used', async () => {
    const ana = await hire('ana', 'CN', 'M-1')
    await core.signIn(here, dov)
    const id = await started({ reviewers: [] })
    expect(await itemOf(id, ana, 'role', 'charge-nurse')).toMatchObject({
      ...{ reviewer_id: mara.personId, department: 'Ward 4' },
    })
    const role = await itemOf(id, dov.personId, 'role')
    expect(role.reviewer_id).toBeNull()
    expect(JSON.parse(role.evidence)).toMatchObject({
      ...{ source: 'by-hand', opens: ['4-west'], lastUsedMs: core.nowMs() },
    })
    expect(JSON.parse((await itemOf(id, dov.personId, 'badge')).evidence)).toMatchObject({
      lastUsedMs: core.nowMs(),
    })
    const named = await started()
    expect((await itemOf(named, dov.personId, 'role')).reviewer_id).toBe(mara.personId)
    // Not by herself.
    expect((await itemOf(named, mara.personId, 'role')).reviewer_id).toBeNull()
  })
  it('certify: nothing is taken, and the record says who said so', async () => {
    const item = await itemOf(await started(), dov.personId, 'role')
    expect(await says(item, 'certified')).toEqual({ kind: 'decided', outcome: 'kept' })
    expect(await rolesOf(dov.personId)).toEqual(['nurse'])
    const fact = (await core.record()).find(({ code }) => code === 'ACR-002')
    expect(fact).toMatchObject({ person: dov.personId, fields: { by: `person ${mara.personId}` } })
    expect(await says(item, 'revoked')).toMatchObject({ code: 'access-item-decided' })
  })
  it('revoke a role given by hand: it is gone, and what is open locks', async () => {
    await core.signIn(here, dov)
    const item = await itemOf(await started(), dov.personId, 'role')
    expect(await says(item, 'revoked')).toEqual({ kind: 'decided', outcome: 'taken' })
    expect(await rolesOf(dov.personId)).toEqual([])
    expect(await core.sessions()).toMatchObject([{ state: 'locked' }])
    expect((await core.tap(here, dov)).kind).toBe('refused')
  })
  it('revoke a badge', async () => {
    const item = await itemOf(await started(), dov.personId, 'badge')
    expect(await says(item, 'revoked')).toEqual({ kind: 'decided', outcome: 'taken' })
    expect((await core.tap(here, dov)).kind).toBe('refused')
  })

  describe('a role that HR gives', () => {
    let ana: PersonId
    beforeEach(async () => {
      ana = await hire('ana', 'CN', 'M-1')
      const item = await itemOf(await started(), ana, 'role', 'charge-nurse')
      expect(await says(item, 'revoked')).toEqual({ kind: 'decided', outcome: 'hr-task' })
    })
    const held = () => core.store.read.selectFrom('held_back').selectAll().execute()

    it('is held back until HR has taken it away: her next word does not bring it back', async () => {
      expect(await rolesOf(ana)).toEqual(['nurse'])
      await hrSays(ana, 'CN', 'Ward 5')
      expect(await rolesOf(ana)).toEqual(['nurse'])
      await hrSays(ana, 'RN')
      expect([await rolesOf(ana), await held()]).toEqual([['nurse'], []])
      // Given anew, it counts.
      await hrSays(ana, 'CN')
      expect(await rolesOf(ana)).toEqual(['charge-nurse', 'nurse'])
    })
    it('comes again where somebody lifts it, and she is not that somebody', async () => {
      const [row] = await held()
      const lift = async (by: string) =>
        (await core.needs.perform(() => liftHeldBack({ id: row?.id ?? '', by }, needs()))).answer
      expect(await lift(`person ${ana}`)).toMatchObject({ code: 'access-item-own' })
      expect(await lift(`person ${mara.personId}`)).toEqual({ kind: 'lifted' })
      await hrSays(ana, 'CN', 'Ward 5')
      expect(await rolesOf(ana)).toEqual(['charge-nurse', 'nurse'])
    })
  })

  it('take with a console role what tokens of hers could do by it, and leave the rest', async () => {
    const { personId } = dov
    const make = async (name: string, scopes: readonly Scope[]) => {
      const order = { name, scopes, maker: personId }
      const made = makeAdminToken(order, { ...core.needs, random: randomBytes })
      await core.needs.perform(() => Promise.resolve(made))
    }
    await make('approver', ['policy:approve'])
    await make('inventory', ['workstations:read'])
    await make('entra', ['scim:write'])
    const rows = (['it', 'administrator'] as const).map((role) => ({
      ...{ person_id: personId, role, last_ms: core.nowMs() },
    }))
    const query = core.store.read.insertInto('console_role_seen').values(rows).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    const item = await itemOf(await started(), personId, 'console-role', 'administrator')
    expect(await says(item, 'revoked')).toMatchObject({ outcome: 'provider-task' })
    const left = core.store.read.selectFrom('admin_token').select('name').orderBy('name')
    expect(await left.execute()).toEqual([{ name: 'entra' }, { name: 'inventory' }])
  })

  it('take a console role also from a sign-in that has just read it', async () => {
    const { personId } = mara
    const rows = { person_id: personId, role: 'administrator' as const, last_ms: core.nowMs() }
    const query = core.store.read.insertInto('console_role_seen').values(rows).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    const item = await itemOf(await started(), personId, 'console-role', 'administrator')
    const revoke = () =>
      says(item, 'revoked', { by: byPerson(dov.personId), person: dov.personId, isForAll: true })
    const groups = {
      ...{ compliance: [], privacy: [], it: ['it'], 'service-desk': [], manager: [] },
      administrator: ['administrator'],
    }
    const ways = { person: 'staff-number', hrKey: core.needs.hrKey, random: randomBytes } as const
    const all = { ...core.needs, console: { ...ways, groups, ownRecord: false } }
    const hers = {
      kind: 'proved',
      name: 'M-1',
      acr: 'mfa',
      groups: ['it', 'administrator'],
    } as const
    let revoked: Promise<unknown> | undefined
    await core.needs.perform(async () => {
      const read = await openConsoleSession(hers, all)
      await (revoked ??= revoke())
      return read
    })
    const sessions = core.store.read.selectFrom('console_session').select('roles')
    expect(await sessions.execute()).toEqual([{ roles: 'it' }])
  })

  describe('a word is refused', () => {
    it('about herself, signed in or by a token that is named after her', async () => {
      const item = await itemOf(await started(), mara.personId, 'role')
      const all = { isForAll: true }
      expect(await says(item, 'certified', all)).toMatchObject({ code: 'access-item-own' })
      const token = { ...all, by: `token of ${mara.personId}`, person: '' }
      expect(await says(item, 'certified', token)).toMatchObject({ code: 'access-item-own' })
    })
    it('about herself by a token of hers, and twice of what silence takes', async () => {
      const id = await started()
      const order = { name: 'reports', scopes: ['reviews:write'], maker: mara.personId } as const
      const made = makeAdminToken(order, { ...core.needs, random: randomBytes })
      await core.needs.perform(() => Promise.resolve(made))
      const token = { isForAll: true, by: 'token reports', person: '' }
      const item = await itemOf(id, mara.personId, 'role')
      expect(await says(item, 'certified', token)).toMatchObject({ code: 'access-item-own' })
      const waits = { state: 'waits-for-two' as const }
      const query = core.store.read.updateTable('access_campaign').set(waits).compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      const word = async (by: string) => {
        const silent = { id, outcome: 'revoke' as const, by }
        return (await core.needs.perform(() => agreeOnSilence(silent, needs()))).answer
      }
      expect(await word(hers())).toMatchObject({ state: 'first-word' })
      expect(await word(token.by)).toMatchObject({ code: 'access-silence-own' })
    })
    it('of whoever was not asked', async () => {
      const item = await itemOf(await started(), dov.personId, 'role')
      const ana = await core.addPerson({ given: 'Ana' })
      const other = { by: `person ${ana.personId}`, person: ana.personId }
      expect(await says(item, 'revoked', other)).toMatchObject({ code: 'access-item-unknown' })
      const token = { by: 'token kit', person: '' }
      expect(await says(item, 'revoked', token)).toMatchObject({ code: 'access-item-unknown' })
      expect(await rolesOf(dov.personId)).toEqual(['nurse'])
    })
    it('where there is nothing to review', async () => {
      const scope = { isHighRiskOnly: true }
      await expect(started({}, scope)).rejects.toThrow('campaign-empty')
      expect(await counted('ACR-101')).toBe(1)
    })
  })

  describe('silence', () => {
    /** To the end of a review of 14 days, with a look every day. */
    const pass = async (days: number, change: Partial<AccessReviewRules> = {}) => {
      for (let day = 0; day < days; day += 1) {
        core.pass(dayMs)
        await run(change)
      }
    }
    it('takes what was asked about, after a reminder, and tells the rest', async () => {
      const id = await started({}, whole)
      await says(await itemOf(id, dov.personId, 'badge'), 'certified')
      await pass(13)
      expect([await rolesOf(dov.personId), await counted('ACR-004')]).toEqual([['nurse'], 1])
      await pass(3)
      expect(await rolesOf(dov.personId)).toEqual([])
      // Nobody was asked about her.
      expect(await rolesOf(mara.personId)).toEqual(['nurse'])
      expect(await itemOf(id, mara.personId, 'role')).toMatchObject({ decision: 'told' })
      expect(await stateOf(id)).toBe('closed')
    })
    it('takes nothing where settings say to tell', async () => {
      const id = await started({ onSilence: 'tell' })
      await pass(16, { onSilence: 'tell' })
      expect(await rolesOf(dov.personId)).toEqual(['nurse'])
      expect([await stateOf(id), await counted('ACR-003')]).toEqual(['closed', 0])
    })
    it('waits where nobody could be reminded in time', async () => {
      const id = await started()
      core.pass(15 * dayMs)
      await run()
      await run()
      expect([await rolesOf(dov.personId), await stateOf(id)]).toEqual([['nurse'], 'open'])
      await pass(3)
      expect(await rolesOf(dov.personId)).toEqual([])
    })
    describe('of much', () => {
      const few = { twoPeopleAbove: 1 }
      const word = async (id: string, outcome: 'revoke' | 'tell', by: string) =>
        (await core.needs.perform(() => agreeOnSilence({ id, outcome, by }, needs(few)))).answer

      it('takes nothing before two people have agreed, and they are two', async () => {
        const id = await started(few)
        await pass(16, few)
        expect([await rolesOf(dov.personId), await stateOf(id)]).toEqual([
          ['nurse'],
          'waits-for-two',
        ])
        expect(await word(id, 'revoke', 'token a')).toEqual({ kind: 'agreed', state: 'first-word' })
        expect(await word(id, 'revoke', 'token a')).toMatchObject({ code: 'access-silence-own' })
        await pass(1, few)
        expect(await rolesOf(dov.personId)).toEqual(['nurse'])
        expect(await word(id, 'revoke', 'token b')).toEqual({ kind: 'agreed', state: 'decided' })
        await pass(2, few)
        expect([await rolesOf(dov.personId), await stateOf(id)]).toEqual([[], 'closed'])
      })
      it('takes nothing where one of them says so', async () => {
        const id = await started(few)
        await pass(16, few)
        expect(await word(id, 'tell', 'token a')).toMatchObject({ state: 'decided' })
        await pass(2, few)
        expect([await rolesOf(dov.personId), await stateOf(id)]).toEqual([['nurse'], 'closed'])
      })
      it('is where half of a department would be left without a role', async () => {
        await hire('ana', 'RN', 'M-1')
        await hire('bea', 'RN', 'M-1')
        const { needsTwo, units } = await previewCampaign(whole, needs())
        expect(needsTwo).toBe(true)
        expect(units).toContainEqual({ department: 'Ward 4', people: 2, withoutRole: 2 })
      })
    })
  })

  it('close with a result that is hashed into the record', async () => {
    const id = await started()
    for (const item of await items(id)) {
      const by = item.person_id === mara.personId ? dov.personId : mara.personId
      await says(item, 'certified', { by: `person ${by}`, person: by, isForAll: true })
    }
    await run()
    const lines = resultLines(await items(id))
    const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex')
    const fact = (await core.record()).find(({ code }) => code === 'ACR-006')
    expect(fact?.fields).toMatchObject({ campaign: id, sha256, revoked: 0 })
    expect(lines.join('\n')).not.toMatch(/Mara|Lindqvist|moved on/)
  })
  it('are opened by the calendar, once, whoever looks', async () => {
    const rules = { isScheduled: true, highRiskRoles: ['nurse'] }
    await run(rules)
    await run(rules)
    await Promise.all([run(rules), run(rules)])
    const campaigns = await core.store.read.selectFrom('access_campaign').selectAll().execute()
    expect(campaigns).toHaveLength(1)
    expect(campaigns[0]?.opened_by).toBe('schedule')
    await run({ ...rules, isScheduled: false })
  })
})
