// Policies, modes and reasons at the admin door: who may do what, and what is said to whom.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { quoteOf } from '@wardkey/protocol/workstation/quote-of'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { markBadge } from '../../../flows/mark-badge.ts'
import { startingPolicies } from '../../../policy/cedar/starting-policies.ts'
import { usualPolicies } from '../../../policy/cedar/usual-policies.ts'

let core: BrokerCore
let fastify: FastifyInstance
let tokens: { author: string; approver: string; desk: string }

beforeEach(async () => {
  core = await openCore()
  await core.addZone('4-west')
  fastify = await openAdminDoor(core)
  tokens = {
    author: await tokenFor('author', [
      ...(['policy:read', 'policy:replay', 'policy:propose', 'policy:approve'] as const),
    ]),
    approver: await tokenFor('approver', ['policy:read', 'policy:approve', 'mode:write']),
    desk: await tokenFor('desk', ['record:read', 'people:read']),
  }
})
afterEach(async () => {
  await fastify.close()
  await core.record()
  await core.close()
})

const tokenFor = (name: string, scopes: readonly Scope[]): Promise<string> =>
  adminTokenFor(core, scopes, name)

async function ask(method: 'GET' | 'POST', path: string, as: string, payload?: object) {
  const headers = { authorization: `Bearer ${as}` }
  const response = await fastify.inject({
    ...{ method, url: `${adminPath}${path}`, headers },
    ...(payload === undefined ? {} : { payload }),
  })
  const body: unknown = response.body === '' ? null : response.json()
  return { status: response.statusCode, body }
}
/** As retention notes it, once it took facts of that class. */
async function purged(name: 'access' | 'presence', beforeMs: number): Promise<void> {
  const [number, at] = [name === 'access' ? 2 : 1, core.nowMs()]
  const query = core.needs.db
    .insertInto('retention_purge')
    .values({
      ...{ number, class: name, rule: 1, before_ms: beforeMs, first_idx: 0, last_idx: 0 },
      ...{ count: 1, at_ms: at, list: '' },
    })
    .compile()
  await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
}
const proposal = (text: string) => ({ text, note: 'why' })

it('takes a version that one proposes and another approves, and shows all of them', async () => {
  const text = `${startingPolicies}${' '.repeat(100_000)}`
  expect(await ask('POST', '/policy', tokens.author, proposal(text))).toEqual({
    ...{ status: 201, body: { number: 1 } },
  })
  const decision = { outcome: 'approved' }
  expect(await ask('POST', '/policy/1/decision', tokens.author, decision)).toMatchObject({
    ...{ status: 403, body: { code: 'policy-own' } },
  })
  expect((await ask('POST', '/policy/1/decision', tokens.approver, decision)).status).toBe(204)
  expect(await ask('GET', '/policy', tokens.author)).toMatchObject({
    body: {
      versions: [
        { number: 1, isInForce: true },
        { number: 0, isInForce: false },
      ],
    },
  })
  expect(await ask('GET', '/policy/1', tokens.author)).toMatchObject({
    body: { text, before: usualPolicies, decided: { by: 'token approver' } },
  })
})

describe('says no', () => {
  it.each([
    ['/policy', 'desk', 'GET', undefined],
    ['/policy', 'approver', 'POST', proposal(startingPolicies)],
    ['/policy/1/decision', 'desk', 'POST', { outcome: 'approved' }],
    ['/modes', 'author', 'POST', { place: '*', mode: 'lockdown', lastsMs: 60_000 }],
    ['/why/AAA-AAA', 'author', 'GET', undefined],
    ['/policy/replay', 'desk', 'POST', { text: 'x', days: 1 }],
  ] as const)('%s to %s, whose token is not for it', async (path, who, method, body) => {
    expect(await ask(method, path, tokens[who], body)).toMatchObject({
      ...{ status: 403, body: { code: 'scope-missing' } },
    })
  })
  it('to what does not validate, naming it', async () => {
    const text = '@id("a") permit (principal, action, resource) when { principal.actve };'
    for (const [path, body] of [
      ['/policy', proposal(text)],
      ['/policy/replay', { text, days: 3 }],
    ] as const) {
      expect(await ask('POST', path, tokens.author, body)).toMatchObject({
        status: 422,
        body: { code: 'policy-does-not-validate', place: expect.stringMatching(/actve/) as string },
      })
    }
  })
  it.each([
    ['/policy/9/decision', { outcome: 'approved' }, 404],
    ['/policy/0/decision', { outcome: 'approved' }, 404],
    ['/policy/1/decision', { outcome: 'perhaps' }, 400],
    // More than PostgreSQL counts to.
    ['/policy/2147483648/decision', { outcome: 'approved' }, 400],
    ['/modes', { place: 'nowhere', mode: 'code', lastsMs: 60_000 }, 404],
    ['/modes', { place: '*', mode: 'panic', lastsMs: 60_000 }, 400],
    ['/modes', { place: '*', mode: 'lockdown', lastsMs: 1 }, 400],
  ])('to %s %j: %i', async (path, body, status) => {
    expect((await ask('POST', path, tokens.approver, body)).status).toBe(status)
  })
  it('to why of a tap that is not in the record', async () => {
    expect(await ask('GET', '/why/AAA-AAA', tokens.desk)).toMatchObject({
      ...{ status: 404, body: { code: 'tap-unknown' } },
    })
  })
  it('to why of a tap that may be among those that retention took, and says so', async () => {
    await purged('presence', core.nowMs())
    const asked = () => ask('GET', '/why/AAA-AAA', tokens.desk)
    expect(await asked()).toMatchObject({ status: 404, body: { code: 'tap-unknown' } })
    await purged('access', core.nowMs() - 1)
    expect(await asked()).toMatchObject({
      ...{ status: 404, body: { code: 'tap-gone', title: expect.stringMatching(/retention/) } },
    })
  })
})

it('sets a mode, shows it, and tells the service desk why a tap was refused in it', async () => {
  const here = await core.addWorkstation('4-west')
  const anna = await core.addPerson()
  const order = { place: '4-west', mode: 'lockdown', lastsMs: 3_600_000 }
  expect((await ask('POST', '/modes', tokens.approver, order)).status).toBe(204)
  expect(await ask('GET', '/modes', tokens.author)).toMatchObject({
    body: { modes: [{ place: '4-west', mode: 'lockdown', by: 'token approver' }] },
  })
  const id = core.newTapId()
  await core.tap(here, anna, id)
  expect(await ask('GET', `/why/${quoteOf(id)}`, tokens.desk)).toMatchObject({
    ...{ status: 200, body: { code: 'locked-down', saw: { mode: 'lockdown' } } },
  })
})

it('says how a badge stands now to who may read badges, and to nobody else', async () => {
  const here = await core.addWorkstation('4-west')
  const anna = await core.addPerson()
  const lost = { badgeId: anna.badgeId, status: 'lost', by: 'kit' } as const
  await core.needs.perform(() => markBadge(lost, core.needs))
  const id = core.newTapId()
  await core.tap(here, anna, id)
  const badges = await tokenFor('badges', ['taps:read', 'badges:read'])
  const told = { sentence: 'The badge had been reported lost.' }
  expect((await ask('GET', `/why/${id}`, badges)).body).toMatchObject({
    ...told,
    badge: { then: 'lost', now: { standing: 'lost' } },
  })
  const { body } = await ask('GET', `/why/${id}`, tokens.desk)
  expect(body).toMatchObject({ ...told, personStatus: 'active' })
  expect(body).toHaveProperty('badge', { badgeId: anna.badgeId, then: 'lost' })
  expect((await ask('GET', `/why/${id}`, badges)).body).not.toHaveProperty('personStatus')
})

it('says of a tap that stands near what retention took that some of it may be gone', async () => {
  const here = await core.addWorkstation('4-west')
  const anna = await core.addPerson()
  const [old, young] = [core.newTapId(), core.newTapId()]
  await core.tap(here, anna, old)
  const goneBeforeMs = core.nowMs()
  await purged('access', goneBeforeMs)
  core.pass(3 * 3_600_000)
  await core.tap(here, anna, young)
  expect(await ask('GET', `/why/${old}`, tokens.desk)).toMatchObject({ body: { goneBeforeMs } })
  const { status, body } = await ask('GET', `/why/${young}`, tokens.desk)
  expect(status).toBe(200)
  expect(body).not.toHaveProperty('goneBeforeMs')
})

describe('names', () => {
  const namesIn = ({ body }: { body: unknown }) => JSON.stringify(body).includes('Santos')
  const everybody = { text: startingPolicies, days: 30 }

  it('are shown to who may read people, and the look says so; never to anybody else', async () => {
    const reader = await tokenFor('reader', ['record:read'])
    const both = await tokenFor('both', ['policy:replay', 'people:read'])
    const here = await core.addWorkstation('4-west')
    const anna = await core.addPerson({ roles: ['billing'] })
    const id = core.newTapId()
    await core.tap(here, anna, id)
    expect(await ask('GET', `/why/${id}`, tokens.desk)).toMatchObject({
      body: { personId: anna.personId, personName: 'Rosa Santos' },
    })
    expect(namesIn(await ask('GET', `/why/${id}`, reader))).toBe(false)
    const nurses = {
      ...everybody,
      text: usualPolicies.replace('principal in resource.zone.roles', 'true'),
    }
    expect(await ask('POST', '/policy/replay', both, nurses)).toMatchObject({
      body: { examples: [{ personId: anna.personId, personName: 'Rosa Santos' }] },
    })
    expect(namesIn(await ask('POST', '/policy/replay', tokens.author, nurses))).toBe(false)
    const looks = JSON.stringify(await core.record()).match(/"(tap\.why|policy\.replay)[.a-z]*"/g)
    expect(looks).toEqual([
      ...['"tap.why.names"', '"tap.why"', '"policy.replay.names"', '"policy.replay"'],
    ])
    // Forgotten is forgotten, for whoever asks.
    const writes = [core.needs.personKeys.destroy(anna.personId, core.nowMs())]
    await core.store.commit({ kind: 'housekeeping', writes })
    expect(namesIn(await ask('GET', `/why/${id}`, tokens.desk))).toBe(false)
  })
})

describe('exceptions', () => {
  it('are asked for, approved and ended by whoever may, and counted', async () => {
    const anna = await core.addPerson()
    const boss = await core.addPerson({ given: 'Carl', family: 'Weiss' })
    const asker = await tokenFor('asker', ['exceptions:propose', 'exceptions:approve'])
    const other = await tokenFor('other', ['exceptions:approve', 'exceptions:read'])
    const order = {
      ...{ personId: anna.personId, ownerId: boss.personId, kind: 'role', what: 'pharmacist' },
      ...{ reason: 'covers the night', lastsMs: 3_600_000 },
    }
    for (const bad of [{ lastsMs: 1 }, { reason: '' }, { what: 'A b' }, { kind: 'all' }]) {
      expect((await ask('POST', '/exceptions', asker, { ...order, ...bad })).status).toBe(400)
    }
    expect((await ask('POST', '/exceptions', other, order)).status).toBe(403)
    const asked = await ask('POST', '/exceptions', asker, order)
    const { id } = z.object({ id: z.string() }).parse(asked.body)
    const approve = { outcome: 'approved' }
    expect(await ask('POST', `/exceptions/${id}/decision`, asker, approve)).toMatchObject({
      ...{ status: 403, body: { code: 'exception-own' } },
    })
    expect((await ask('POST', `/exceptions/${id}/decision`, other, approve)).status).toBe(204)
    expect(await ask('GET', '/exceptions', other)).toMatchObject({
      body: { exceptions: [{ id, state: 'holds', decided: { by: 'token other' } }] },
    })
    expect((await ask('POST', `/exceptions/${id}/end`, asker, {})).status).toBe(200)
    expect(await ask('GET', '/exceptions', other)).toEqual({
      status: 200,
      body: { exceptions: [] },
    })
    expect(await ask('GET', '/exceptions/trend?weeks=1', other)).toMatchObject({
      body: { standing: 0, weeks: [{ proposed: 1, approved: 1, ended: 1, endedByHand: 1 }] },
    })
  })
})

it('replays a set, and lists what ends soon', async () => {
  const body = { text: startingPolicies, days: 30 }
  expect(await ask('POST', '/policy/replay', tokens.author, body)).toMatchObject({
    ...{ status: 200, body: { taps: 0, otherwise: 0, isCut: false } },
  })
  expect(await ask('GET', '/expiring?days=30', tokens.desk)).toEqual({
    ...{ status: 200, body: { expiring: [], isCut: false } },
  })
})

describe('tokens with power over others', () => {
  it('are made by nobody alone, and taken out once by whoever asked', async () => {
    const lead = await tokenFor('lead', ['tokens:write', 'policy:approve', 'scim:read'])
    const second = await tokenFor('second', ['tokens:approve'])
    const wanted = { name: 'next', scopes: ['policy:approve'], lifeMs: 86_400_000 }
    expect(await ask('POST', '/tokens', lead, wanted)).toMatchObject({
      ...{ status: 403, body: { code: 'token-grant-needs-two' } },
    })
    expect((await ask('POST', '/tokens', lead, { ...wanted, scopes: ['scim:read'] })).status).toBe(
      201,
    )
    const more = { ...wanted, scopes: ['mode:write'], note: 'why' }
    expect((await ask('POST', '/token-grants', lead, more)).status).toBe(403)
    const asked = await ask('POST', '/token-grants', lead, { ...wanted, note: 'why' })
    const { id } = z.object({ id: z.string() }).parse(asked.body)
    const decision = `/token-grants/${id}/decision`
    const approve = { outcome: 'approved' }
    // Who asks has no scope to approve; that she could not her own is the flow's test.
    expect((await ask('POST', decision, lead, approve)).status).toBe(403)
    expect((await ask('POST', `/token-grants/${id}/token`, lead, {})).status).toBe(409)
    expect((await ask('POST', decision, second, approve)).status).toBe(204)
    const taken = await ask('POST', `/token-grants/${id}/token`, lead, {})
    const { token } = z.object({ token: z.string() }).parse(taken.body)
    expect((await ask('POST', `/token-grants/${id}/token`, lead, {})).status).toBe(409)
    expect((await ask('POST', '/policy/1/decision', token, approve)).status).toBe(404)
  })
})
