// SCIM as HR's systems really speak it, over HTTP and on both stores: Okta's and Entra's own
// dialects replayed, each error that RFC 7644 names, and what is felt at the workstation.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { personId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { markBadge } from '@wardkey/broker/flows/mark-badge'
import { setPin } from '@wardkey/broker/flows/set-pin'
import { openCore, usualPin } from '../kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../kit/broker-core.ts'
import {
  clinicianUrn,
  enterpriseUrn,
  groupUrn,
  idOf,
  openScim,
  resourcesOf,
  userUrn,
} from '../kit/scim-client.ts'
import type { ScimClient } from '../kit/scim-client.ts'
import { engines } from '../kit/stores.ts'

const roleRules = [
  { name: 'nurses', jobCode: ['RN'], roles: ['nurse'] },
  { name: 'icu', group: ['ICU nurses'], roles: ['nurse'] },
]
const okta = {
  schemas: [userUrn],
  userName: 'ana.quartermaine@h.example',
  name: { givenName: 'Ana', familyName: 'Quartermaine' },
  emails: [{ primary: true, value: 'ana.quartermaine@h.example', type: 'work' }],
  displayName: 'Ana Quartermaine',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: 'GiuKq3-never-kept',
  active: true,
}

describe.each(engines)('SCIM on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let scim: ScimClient
  let here: WorkstationId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    scim = await openScim(core)
  })
  afterEach(async () => {
    if (!isHere) return
    await scim.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const create = async (change: object = {}) =>
    scim.ask('POST', '/Users', { body: { ...okta, ...change } })
  const one = async (change: object = {}): Promise<string> => `/Users/${idOf(await create(change))}`
  const find = (filter: string) => scim.ask('GET', `/Users?filter=${encodeURIComponent(filter)}`)
  const clinician = (more: object) => ({
    schemas: [userUrn, clinicianUrn],
    [clinicianUrn]: more,
  })

  describe('as Okta speaks it', () => {
    it('goes from the first look to the last deactivation', async () => {
      const empty = await scim.ask('GET', '/Users?startIndex=1&count=2')
      expect(empty.body).toMatchObject({ totalResults: 0, Resources: [], itemsPerPage: 0 })
      const miss = await find('userName eq "ana.quartermaine@h.example"')
      expect(miss.body).toMatchObject({ totalResults: 0, Resources: [] })
      const created = await create()
      expect(created.status).toBe(201)
      expect(created.body).toMatchObject({
        userName: okta.userName,
        active: true,
        id: idOf(created),
      })
      expect(created.headers.get('location')).toBe(`${scim.url}/scim/v2/Users/${idOf(created)}`)
      expect(created.headers.get('content-type')).toContain('application/scim+json')
      expect((await create()).body).toMatchObject({ status: '409', scimType: 'uniqueness' })
      const path = `/Users/${idOf(created)}`
      const put = await scim.ask('PUT', path, {
        body: {
          ...okta,
          id: idOf(created),
          title: 'Sister',
          name: { givenName: 'Anna', familyName: 'Q' },
        },
      })
      expect(put).toMatchObject({
        status: 200,
        body: { title: 'Sister', name: { givenName: 'Anna' } },
      })
      const off = await scim.patch(path, { op: 'replace', value: { active: false } })
      expect(off.body).toMatchObject({ active: false, [clinicianUrn]: { status: 'suspended' } })
      const on = await scim.ask('PUT', path, { body: { ...okta, id: idOf(created) } })
      expect(on.body).toMatchObject({ active: true, [clinicianUrn]: { status: 'active' } })
      expect((await scim.ask('DELETE', path)).status).toBe(204)
      expect((await scim.ask('GET', path)).status).toBe(404)
      expect((await scim.ask('DELETE', path)).status).toBe(404)
      expect((await create({ externalId: 'other' })).status).toBe(201)
    })
    it('pushes a group, renames it with its id in the value, and removes it', async () => {
      const user = idOf(await create())
      const body = {
        schemas: [groupUrn],
        displayName: 'ICU nurses',
        members: [{ value: user, display: 'ana' }],
      }
      const made = await scim.ask('POST', '/Groups', { body })
      expect(made).toMatchObject({ status: 201, body: { members: [{ value: user }] } })
      const path = `/Groups/${idOf(made)}`
      const renamed = await scim.patch(path, {
        op: 'replace',
        value: { id: idOf(made), displayName: 'ICU' },
      })
      expect(renamed.body).toMatchObject({ displayName: 'ICU', members: [{ value: user }] })
      const gone = await scim.patch(path, { op: 'remove', path: `members[value eq "${user}"]` })
      expect(gone.body['members']).toEqual([])
      const put = await scim.ask('PUT', path, { body: { ...body, displayName: 'ICU' } })
      expect(put.body).toMatchObject({ members: [{ value: user }] })
      expect((await scim.ask('DELETE', path)).status).toBe(204)
      expect((await scim.ask('GET', path)).status).toBe(404)
    })
    it('never hears a password again, and neither does anybody else', async () => {
      const created = await create()
      const all = await Promise.all([
        scim.ask('GET', `/Users/${idOf(created)}?attributes=password,userName`),
        scim.ask('GET', '/Users'),
      ])
      for (const { text } of [created, ...all]) expect(text).not.toContain('never-kept')
      const dump = JSON.stringify(
        await Promise.all(
          (['fact', 'person_hr'] as const).map((table) =>
            core.store.read.selectFrom(table).selectAll().execute(),
          ),
        ),
        (_key, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      )
      expect(dump).not.toContain('never-kept')
      expect(scim.counted.dropped).toBe(2)
      expect(scim.lines.join()).not.toContain('quartermaine')
    })
  })

  describe.each([
    {
      dialect: 'Entra’s older',
      off: { op: 'Replace', path: 'active', value: 'False' },
      on: { op: 'Replace', path: 'active', value: 'True' },
      move: [
        { op: 'Replace', path: 'name.givenName', value: 'Anna' },
        { op: 'Add', path: `${enterpriseUrn}:department`, value: 'ICU' },
        { op: 'Add', path: `${enterpriseUrn}:manager`, value: 'boss-1' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'anna@h.example' },
        { op: 'Add', path: 'phoneNumbers[type eq "work"].value', value: '+1 555' },
      ],
      leave: (id: string) => ({ op: 'Remove', path: 'members', value: [{ value: id }] }),
    },
    {
      dialect: 'Entra’s newer',
      off: { op: 'replace', path: 'active', value: false },
      on: { op: 'replace', path: 'active', value: true },
      move: [
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'anna@h.example' },
        {
          op: 'replace',
          value: {
            'name.givenName': 'Anna',
            [`${enterpriseUrn}:department`]: 'ICU',
            [`${enterpriseUrn}:manager`]: { value: 'boss-1' },
            locale: 'en',
          },
        },
      ],
      leave: (id: string) => ({ op: 'remove', path: `members[value eq "${id}"]` }),
    },
  ])('in $dialect dialect', ({ off, on, move, leave }) => {
    it('asks, adds, moves, ends and brings back', async () => {
      const probe = await find('userName eq "8d3f6ac1-99ab-4d5c-8a3f-0c0c7d0e1f22"')
      expect(probe).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } })
      const path = await one({ emails: [] })
      const moved = await scim.patch(path, ...move)
      expect(moved).toMatchObject({
        status: 200,
        body: {
          name: { givenName: 'Anna', familyName: 'Quartermaine' },
          emails: [{ type: 'work', value: 'anna@h.example' }],
          [enterpriseUrn]: { department: 'ICU', manager: { value: 'boss-1' } },
        },
      })
      const { body } = await scim.patch(path, off)
      expect(body).toMatchObject({ active: false, [clinicianUrn]: { status: 'suspended' } })
      expect((await scim.patch(path, on)).body).toMatchObject({ active: true })
    })
    it('finds groups without their members, and takes one member out and no other', async () => {
      const [ana, ben] = [
        idOf(await create()),
        idOf(await create({ userName: 'ben', externalId: 'b' })),
      ]
      const group = { schemas: [groupUrn], displayName: 'ICU nurses', externalId: 'g', members: [] }
      const made = await scim.ask('POST', '/Groups', { body: group })
      const path = `/Groups/${idOf(made)}`
      await scim.patch(path, {
        op: 'Add',
        path: 'members',
        value: [{ value: ana }, { value: ben }],
      })
      await scim.patch(path, { op: 'add', path: 'members', value: [{ value: ana }] })
      const filter = encodeURIComponent('displayName eq "icu NURSES"')
      const found = await scim.ask('GET', `/Groups?excludedAttributes=members&filter=${filter}`)
      expect(resourcesOf(found)).toHaveLength(1)
      expect(found.text).not.toContain(ana)
      expect((await scim.patch(path, leave(ana))).body['members']).toMatchObject([{ value: ben }])
      const again = await scim.patch(path, leave(ana))
      expect(again).toMatchObject({ status: 200, body: { members: [{ value: ben }] } })
    })
  })

  describe('a workstation', () => {
    const number = '04:A1:B2:C3:D4:E5:80'
    const badges = () => core.store.read.selectFrom('badge').selectAll().execute()
    const arrive = async (): Promise<{ ana: KitPerson; path: string; session: string }> => {
      const canonical = '04a1b2c3d4e580'
      const created = await create(clinician({ jobCode: 'RN', badges: [{ value: number }] }))
      expect(created.status).toBe(201)
      expect(created.text.toLowerCase()).not.toContain(canonical)
      const id = personId.parse(idOf(created))
      await setPin({ personId: id, pin: usualPin, by: 'kit' }, core.needs)
      const card = { technology: 'csn', canonical } as const
      const has = await badges()
      const ana = {
        personId: id,
        badgeId: has[0]?.id as KitPerson['badgeId'],
        card,
        pin: usualPin,
      }
      const session = await core.signIn(here, ana)
      core.notices.length = 0
      return { ana, path: `/Users/${id}`, session }
    }
    const locks = () =>
      core.notices.filter((n) => n.kind === 'to-workstation' && n.frame.kind === 'lock')

    it.each([
      ['active: false', { op: 'replace', path: 'active', value: false }],
      ['a leave', { op: 'replace', path: `${clinicianUrn}:employmentStatus`, value: 'on-leave' }],
      [
        'a last day that is over',
        { op: 'add', path: `${clinicianUrn}:endDate`, value: '2020-01-01' },
      ],
    ])('locks before %s is answered', async (_name, operation) => {
      const { ana, path, session } = await arrive()
      expect((await scim.patch(path, operation)).status).toBe(200)
      expect(core.notices[0]).toMatchObject({
        workstationId: here,
        frame: { kind: 'lock', sessionId: session, code: 'person-not-active' },
      })
      expect(await core.tap(here, ana)).toMatchObject({ code: 'person-not-active' })
    })
    it('locks when she is deleted, and knows her badge no more', async () => {
      const { ana, path } = await arrive()
      expect((await scim.ask('DELETE', path)).status).toBe(204)
      expect(locks()).toHaveLength(1)
      expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-unknown' })
    })
    it('locks when her job is another one, and stays open when only her name is', async () => {
      const { ana, path } = await arrive()
      await scim.patch(path, { op: 'replace', path: 'name.familyName', value: 'Smith' })
      expect(locks()).toEqual([])
      await scim.patch(path, { op: 'replace', path: `${clinicianUrn}:jobCode`, value: 'REG' })
      expect(locks()).toHaveLength(1)
      expect(await core.tap(here, ana)).toMatchObject({ code: 'role-not-in-zone' })
    })
    it('locks when her badge is lost, by its own id, and does not bring it back', async () => {
      const { ana, path } = await arrive()
      const lost = `${clinicianUrn}:badges[id eq "${ana.badgeId}"].status`
      expect((await scim.patch(path, { op: 'replace', path: lost, value: 'lost' })).status).toBe(
        200,
      )
      expect(locks()).toHaveLength(1)
      expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-not-usable' })
      for (const value of ['active', 'suspended']) {
        const no = await scim.patch(path, { op: 'replace', path: lost, value })
        expect(no.body).toMatchObject({ status: '400', scimType: 'mutability' })
        expect(no.body['detail']).toContain('badge-not-hrs')
      }
      // The number alone, as an HR system sends it each night, is no word on it.
      const body = { ...okta, ...clinician({ jobCode: 'RN', badges: [{ value: number }] }) }
      expect((await scim.ask('PUT', path, { body })).status).toBe(200)
      expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-not-usable' })
      // Whoever goes, goes: her badge is no reason to keep her.
      const going = clinician({ badges: [{ value: number, status: 'active' }] })
      const off = { ...okta, ...going, active: false }
      expect((await scim.ask('PUT', path, { body: off })).body).toMatchObject({ active: false })
      expect(await badges()).toMatchObject([{ status: 'lost' }])
    })
    it('suspends her badge and restores it, but not where somebody else suspended it', async () => {
      const { ana, path } = await arrive()
      const status = `${clinicianUrn}:badges[id eq "${ana.badgeId}"].status`
      const say = async (value: string) =>
        (await scim.patch(path, { op: 'replace', path: status, value })).status
      expect(await say('suspended')).toBe(200)
      expect(await core.tap(here, ana)).toMatchObject({ code: 'badge-not-usable' })
      expect(await say('active')).toBe(200)
      const { badgeId } = ana
      const mark = { badgeId, status: 'suspended', by: 'token security' } as const
      await core.needs.perform(() => markBadge(mark, core.needs))
      expect([await say('active'), await say('lost')]).toEqual([400, 400])
      const body = { ...okta, ...clinician({ jobCode: 'RN', badges: [{ value: number }] }) }
      expect((await scim.ask('PUT', path, { body })).status).toBe(200)
      expect(await badges()).toMatchObject([{ status: 'suspended' }])
      expect(await say('revoked')).toBe(200)
    })
    it('suspends for good what only rests for a loaner, where it says so', async () => {
      const { ana, path } = await arrive()
      const { db } = core.needs
      const rest = db
        .updateTable('badge')
        .set({ status: 'suspended', suspended_for: randomUUID() })
        .where('id', '=', ana.badgeId)
        .compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query: rest }] })
      const title = await scim.patch(path, { op: 'replace', path: 'title', value: 'Sister' })
      expect(title.body[clinicianUrn]).toMatchObject({ badges: [{ status: 'resting' }] })
      expect((await badges())[0]?.suspended_for).not.toBeNull()
      const status = `${clinicianUrn}:badges[id eq "${ana.badgeId}"].status`
      expect(
        (await scim.patch(path, { op: 'replace', path: status, value: 'active' })).status,
      ).toBe(200)
      expect((await badges())[0]?.suspended_for).not.toBeNull()
      await scim.patch(path, { op: 'replace', path: status, value: 'suspended' })
      expect(await badges()).toMatchObject([
        { status: 'suspended', suspended_for: null, suspended_by: 'hr' },
      ])
    })
    it('opens nothing for a badge that is somebody’s already', async () => {
      await arrive()
      const again = await create({
        ...clinician({ badges: [{ value: '04a1b2c3d4e580' }] }),
        userName: 'ben',
        externalId: 'b',
      })
      expect(again.body).toMatchObject({ status: '409', scimType: 'uniqueness' })
      const people = await scim.ask('GET', '/Users?count=0')
      expect(people.body['totalResults']).toBe(1)
    })
  })

  describe('a repeated or torn request', () => {
    it('changes nothing twice: same version, same time', async () => {
      const path = await one()
      const operation = { op: 'add', path: 'title', value: 'Sister' }
      const first = await scim.patch(path, operation)
      core.pass(60_000)
      const second = await scim.patch(path, operation)
      expect(second.body['meta']).toEqual(first.body['meta'])
      expect(second.headers.get('etag')).toBe('W/"2"')
    })
    it('keeps what is said twice once, the preferred one among it', async () => {
      const twice = { type: 'work', value: 'ana@h.example' }
      const other = { type: 'home', value: 'ana@h.example' }
      const emails = [twice, { ...twice, primary: true }, other, other]
      const made = await create({ emails })
      expect(made.status).toBe(201)
      expect(made.body['emails']).toMatchObject([{ ...twice, primary: true }, other])
      const path = `/Users/${idOf(made)}`
      const body = {
        ...okta,
        emails: [{ ...twice, primary: true }, other, { ...other, primary: true }],
      }
      expect((await scim.ask('PUT', path, { body })).status).toBe(400)
    })
    it('is all or nothing', async () => {
      const path = await one()
      const bad = await scim.patch(
        path,
        { op: 'replace', path: 'title', value: 'Sister' },
        { op: 'replace', path: 'active', value: 'perhaps' },
      )
      expect(bad.body).toMatchObject({ status: '400', scimType: 'invalidValue' })
      expect((await scim.ask('GET', path)).body['title']).toBeUndefined()
    })
    it('of two creations at once one is taken', async () => {
      const answers = await Promise.all([create(), create()])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    })
    it('of two changes to one version one is taken, and a stale one is 412', async () => {
      const path = await one()
      const patchAs = (value: string) =>
        scim.ask('PATCH', path, {
          headers: { 'if-match': 'W/"1"' },
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
            Operations: [{ op: 'replace', path: 'title', value }],
          },
        })
      const answers = await Promise.all([patchAs('Sister'), patchAs('Matron')])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
      expect((await patchAs('Nobody')).body).toMatchObject({ status: '412' })
    })
    it('is not sent again to whoever has it: 304', async () => {
      const path = await one()
      const known = await scim.ask('GET', path, { headers: { 'if-none-match': 'W/"1"' } })
      expect(known).toMatchObject({ status: 304, text: '' })
      const other = await scim.ask('GET', path, { headers: { 'if-none-match': 'W/"7"' } })
      expect(other.status).toBe(200)
    })
  })
})
