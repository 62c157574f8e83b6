// The end of the present authority by two people, through the admin door: what they are shown, whose
// word does not count, and what moved since it was shown.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { authorityShown } from '@wardkey/protocol/admin/keys/authority-end'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { AuthorityHouse } from '../../../../../test/kit/authority-house.ts'
import type { AuthorityBroker, EnrolledHere } from '../../../../../test/kit/authority-house.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { inventKeyring } from '../../../../../test/kit/invented-keyring.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { LackTeller } from '../../../flows/keys/authority-lacks.ts'
import { readStanding } from '../../../flows/keys/authority-row.ts'
import { revokeWorkstation } from '../../../flows/enrolment/revoke-workstation.ts'

describe.each(engines)('the end of an authority by two on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let house: AuthorityHouse
  let broker: AuthorityBroker
  let door: FastifyInstance
  let renewed: EnrolledHere
  let away: EnrolledHere
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    house = new AuthorityHouse(core)
    broker = await house.broker()
    renewed = await house.enrolled(broker, '4 West, station 1')
    away = await house.enrolled(broker, '4 West, station 2')
    const sealer = core.newSealer()
    const keyring = {
      ...inventKeyring(core.needs.nowMs(), () => sealer.chain),
      missing: broker.missing,
      authority: () => broker.desk.present,
    }
    door = await openAdminDoor(core, { keyring }, sealer)
  })
  afterEach(async () => {
    if (!isHere) return
    await door.close()
    house.remove()
    await core.record()
    await core.close()
  })

  const tokens = new Map<string, string>()
  async function ask(method: 'GET' | 'POST', path: string, by: string, body?: object) {
    const scopes: readonly Scope[] = ['keys:read', 'keys:propose', 'keys:approve']
    const token = tokens.get(by) ?? (await adminTokenFor(core, scopes, by))
    tokens.set(by, token)
    const headers = { authorization: `Bearer ${token}` }
    const url = `${adminPath}/keys/authority${path}`
    const got = await door.inject({ method, url, headers, ...(body ? { payload: body } : {}) })
    const text: unknown = got.body === '' ? null : got.json()
    return { status: got.statusCode, body: text }
  }
  beforeEach(() => {
    tokens.clear()
  })
  const shown = async () => authorityShown.parse((await ask('GET', '', 'one')).body)
  const propose = (without: number, by = 'one') => ask('POST', '/end', by, { without })
  const decide = (without: number, by: string, outcome = 'approved') =>
    ask('POST', '/end/decision', by, { outcome, without })
  const standing = async () => (await readStanding(core.needs))?.standing
  const no = (status: number, code: string) => ({ status, body: { code } })

  it('shows who would be lost, who is renewed next, and that nothing is lost before it', async () => {
    expect(await shown()).toMatchObject({ present: broker.first.caSha256, without: 0, lost: [] })
    const sha256 = await house.rotated(broker, [renewed])
    await house.tell(away.workstationId, [broker.first.caSha256, sha256])
    expect(await shown()).toMatchObject({
      next: { sha256, state: 'rotating' },
      without: 1,
      lost: [{ workstationId: away.workstationId, place: '4 West, station 2', believes: true }],
      lacking: [],
    })
    expect((await shown()).lost[0]).not.toHaveProperty('reachedMs')
  })
  it('is done by the word of a second, with both names and the count in the record', async () => {
    const sha256 = await house.rotated(broker, [renewed])
    expect((await propose(1)).status).toBe(204)
    expect((await shown()).asked).toMatchObject({ by: 'token one', without: 1 })
    expect((await standing())?.present).toBeUndefined()
    expect((await decide(1, 'two')).status).toBe(204)
    expect(await broker.take()).toBe('changed')
    expect(broker.desk.present.caSha256).toBe(sha256)
    const facts = (await core.record()).filter(({ code }) => code.startsWith('KEY-'))
    const about = { authority: broker.first.caSha256, next: sha256, without: 1 }
    expect(facts.slice(-2)).toMatchObject([
      { code: 'KEY-007', fields: { ...about, by: 'token one' } },
      { code: 'KEY-006', fields: { ...about, by: 'token two', proposedBy: 'token one' } },
    ])
    expect(facts.at(-1)?.fields).toMatchObject({ state: 'ended' })
    expect(await decide(1, 'three')).toMatchObject(no(409, 'authority-end-not-asked'))
  })
  it('is nobody’s who asked for it herself', async () => {
    await house.rotated(broker, [renewed])
    await propose(1)
    expect(await decide(1, 'one')).toMatchObject(no(403, 'authority-end-own'))
    expect((await standing())?.present).toBeUndefined()
    expect((await decide(0, 'one', 'rejected')).status).toBe(204)
    expect(await shown()).not.toHaveProperty('asked')
    expect(await decide(1, 'two')).toMatchObject(no(409, 'authority-end-not-asked'))
  })
  it('counts no word for fewer than would be lost by then', async () => {
    await house.rotated(broker, [renewed])
    expect(await propose(0)).toMatchObject(no(409, 'authority-end-moved'))
    await propose(1)
    await house.enrolled(broker, '4 West, station 3')
    expect(await decide(1, 'two')).toMatchObject(no(409, 'authority-end-moved'))
    expect((await standing())?.present).toBeUndefined()
    const { workstationId } = away
    await core.needs.perform(() => revokeWorkstation({ workstationId, by: 'kit' }, core.needs))
    // One again, and another one than was asked about.
    expect(await decide(1, 'two')).toMatchObject(no(409, 'authority-end-moved'))
    expect((await standing())?.present).toBeUndefined()
    await propose(1)
    expect((await decide(1, 'two')).status).toBe(204)
  })
  it('is not approved a day after it was asked for', async () => {
    await house.rotated(broker, [renewed])
    await propose(1)
    core.pass(86_400_001)
    expect(await decide(1, 'two')).toMatchObject(no(409, 'authority-end-not-asked'))
    expect((await standing())?.present).toBeUndefined()
  })
  it('counts one as lost that was renewed by the present authority again', async () => {
    await house.rotated(broker, [renewed])
    expect(await shown()).toMatchObject({ without: 1 })
    await broker.take(house.order('take-back'))
    expect(await house.renewed(broker, renewed)).toBe(broker.first.caPem)
    await broker.take(house.order('prepare'))
    await broker.take(house.order('rotate'))
    expect(await shown()).toMatchObject({ without: 2 })
  })
  it('is not asked for where nothing is rotated to, and not after a change of that', async () => {
    expect(await propose(5)).toMatchObject(no(409, 'authority-not-rotating'))
    await broker.take(house.order('prepare'))
    expect(await propose(5)).toMatchObject(no(409, 'authority-not-rotating'))
    await broker.take(house.order('rotate'))
    await propose(5)
    await broker.take(house.order('take-back'))
    await broker.take(house.order('prepare'))
    await broker.take(house.order('rotate'))
    expect(await decide(5, 'two')).toMatchObject(no(409, 'authority-end-not-asked'))
  })
  it('waits for a broker that lacks the files', async () => {
    const sha256 = await house.rotated(broker, [renewed])
    await propose(1)
    const teller = new LackTeller('1', core.needs)
    await teller.tell({ sha256, at: 'two.example', missing: ['authority-1.crt'] })
    const lacking = [{ at: 'two.example', missing: ['authority-1.crt'] }]
    expect(await shown()).toMatchObject({ lacking })
    expect(await decide(1, 'two')).toMatchObject(no(409, 'authority-files-missing'))
    expect(await propose(1)).toMatchObject(no(409, 'authority-files-missing'))
  })
})
