// Somebody who was added by hand, and a SCIM client that sends her: refused by a word of RFC 7644
// until an administrator says by which name it knows her, and then found by that name.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { revokePerson } from '@wardkey/broker/flows/revoke-person'
import { adminTokenFor, openAdminDoor } from '../kit/admin-door.ts'
import { openCore } from '../kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../kit/broker-core.ts'
import {
  clinicianUrn,
  enterpriseUrn,
  idOf,
  openScim,
  resourcesOf,
  userUrn,
} from '../kit/scim-client.ts'
import type { ScimClient } from '../kit/scim-client.ts'
import { engines } from '../kit/stores.ts'

const roleRules = [{ name: 'nurses', jobCode: ['RN'], roles: ['nurse'] }]
const rosa = {
  schemas: [userUrn, enterpriseUrn, clinicianUrn],
  ...{ userName: 'rosa.santos@h.example', externalId: 'e-1', active: true },
  name: { givenName: 'Rosa', familyName: 'Santos' },
  [enterpriseUrn]: { employeeNumber: 'N-4711' },
  [clinicianUrn]: { jobCode: 'RN' },
}

describe.each(engines)('a person added by hand, by SCIM on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let scim: ScimClient
  let admin: FastifyInstance
  let here: WorkstationId
  let hers: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, roleRules })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    hers = await core.addPerson({ staffNumber: 'N-4711' })
    scim = await openScim(core)
    admin = await openAdminDoor(core)
  })
  afterEach(async () => {
    if (!isHere) return
    await admin.close()
    await scim.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const adopt = async (payload: object, scope: Scope = 'people:write'): Promise<number> => {
    const token = await adminTokenFor(core, [scope])
    const url = `/admin/v1/people/${hers.personId}/adoption`
    const headers = { authorization: `Bearer ${token}` }
    return (await admin.inject({ method: 'POST', url, headers, payload })).statusCode
  }
  const named = { client: 'hr', userName: 'Rosa.Santos@h.example' }
  const find = async () => {
    const filter = encodeURIComponent(`userName eq "${rosa.userName}"`)
    return resourcesOf(await scim.ask('GET', `/Users?filter=${filter}`))
  }

  it('is refused, adopted by an administrator, found, changed and suspended', async () => {
    const no = await scim.ask('POST', '/Users', { body: rosa })
    expect(no.body).toMatchObject({ status: '409', scimType: 'uniqueness' })
    expect(no.text).toContain('person-added-by-hand')
    expect(no.text).not.toContain(hers.personId)
    expect(await find()).toEqual([])
    expect(await adopt(named)).toBe(204)
    const session = await core.signIn(here, hers)
    expect(await find()).toMatchObject([{ id: hers.personId }])
    const path = `/Users/${hers.personId}`
    const put = await scim.ask('PUT', path, { body: { ...rosa, id: hers.personId } })
    expect(put.status).toBe(200)
    expect(idOf(put)).toBe(hers.personId)
    expect(await core.sessions()).toMatchObject([{ id: session, state: 'open' }])
    await scim.patch(path, { op: 'replace', path: 'active', value: false })
    expect(await core.tap(here, hers)).toMatchObject({ code: 'person-not-active' })
  })
  describe('whose client only adds, and never looks', () => {
    const post = (body: object = rosa, as = scim.token) => scim.ask('POST', '/Users', { body, as })
    const conflict = { status: '409', scimType: 'uniqueness' }

    it('is taken by the first POST once an administrator said so, as who she is', async () => {
      expect((await post()).body).toMatchObject(conflict)
      expect(await adopt(named)).toBe(204)
      const session = await core.signIn(here, hers)
      const made = await post()
      expect(made.status).toBe(201)
      expect(idOf(made)).toBe(hers.personId)
      expect(made.headers.get('location')).toContain(hers.personId)
      expect(made.headers.get('etag')).toBe('W/"1"')
      expect(made.body[clinicianUrn]).toMatchObject({ badges: [{ status: 'active' }] })
      expect(await core.sessions()).toMatchObject([{ id: session, state: 'open' }])
      expect(await core.store.read.selectFrom('person').select('id').execute()).toHaveLength(1)
    })
    it('is refused from the second on, also where the first said nothing new', async () => {
      expect(await adopt(named)).toBe(204)
      const bare = { schemas: [userUrn], userName: named.userName, active: true, name: rosa.name }
      expect((await post(bare)).status).toBe(201)
      const again = await post(bare)
      expect(again.body).toMatchObject(conflict)
      expect(again.text).toContain('user-name-taken')
    })
    it('is taken once, of two that come at the same moment', async () => {
      expect(await adopt(named)).toBe(204)
      const both = await Promise.all([post(), post()])
      expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    })
    it('is refused to another client, and after its word by PATCH', async () => {
      expect(await adopt(named)).toBe(204)
      const okta = await scim.tokenFor(['scim:write'], { name: 'okta' })
      expect((await post(rosa, okta)).body).toMatchObject(conflict)
      const path = `/Users/${hers.personId}`
      const said = await scim.patch(path, { op: 'replace', path: 'active', value: true })
      expect(said.status).toBe(200)
      expect((await post()).body).toMatchObject(conflict)
    })
    it('is refused where she has left meanwhile, or HR’s id is somebody else’s', async () => {
      const karl = { ...rosa, userName: 'karl@h.example', [enterpriseUrn]: {} }
      expect((await post(karl)).status).toBe(201)
      expect(await adopt(named)).toBe(204)
      expect((await post()).body).toMatchObject(conflict)
      const left = { personId: hers.personId, status: 'terminated', by: 'token admin' } as const
      await core.needs.perform(() => revokePerson(left, core.needs))
      expect((await post({ ...rosa, externalId: 'e-2' })).body).toMatchObject(conflict)
    })
  })

  it.each([
    ['a token that may not change people', named, 'people:read', 403],
    ['no name', { client: 'hr' }, 'people:write', 400],
    ['a name that hides text', { ...named, userName: 'a\u202eb' }, 'people:write', 400],
    ['a word that is not asked for', { ...named, roles: ['it'] }, 'people:write', 400],
  ] as const)('is not adopted by %s', async (_name, payload, scope, status) => {
    expect(await adopt(payload, scope)).toBe(status)
    expect(await find()).toEqual([])
  })
})
