// Alerts at the admin door: which kinds a token sees, what it may do about them, and that a look is
// a fact.

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { alertsPage, alertShown } from '@wardkey/protocol/admin/alerts/alerts'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { insertAlert } from '../../../flows/alerts/alert-row.ts'
import { alertText } from '../../compliance/alert-text.ts'
import { toldAlert } from '../../../flows/alerts/told-alert.ts'

let core: BrokerCore
let fastify: FastifyInstance
let rosa: KitPerson
const hers = randomUUID()
const machines = randomUUID()

beforeEach(async () => {
  core = await openCore()
  await core.addZone('4-west')
  const workstation = await core.addWorkstation('4-west')
  rosa = await core.addPerson()
  fastify = await openAdminDoor(core)
  const nowMs = core.nowMs()
  const seen = { zone: '4-west', workstation, fromMs: nowMs, untilMs: nowMs, facts: [0, 1] }
  const about = { count: 2, nowMs }
  await core.store.commit({
    kind: 'housekeeping',
    writes: [
      insertAlert(
        core.needs.db,
        { id: hers, ...about },
        {
          ...{ rule: 'two-places', subject: `person ${rosa.personId}` },
          ...{ people: [rosa.personId], ...seen },
        },
      ),
      insertAlert(
        core.needs.db,
        { id: machines, ...about },
        { rule: 'workstation-silent', subject: 'zone 4-west', people: [], ...seen },
      ),
    ],
  })
})
afterEach(async () => {
  await fastify.close()
  await core.record()
  await core.close()
})

async function ask(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  scopes: readonly Scope[],
  payload?: object,
) {
  const token = await adminTokenFor(core, scopes, `t-${randomUUID()}`)
  const response = await fastify.inject({
    ...{ method, url: `${adminPath}/alerts${path}` },
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  })
  const body: unknown = response.body === '' ? null : response.json()
  return { status: response.statusCode, body }
}
const privacy = ['alerts:people', 'alerts:handle'] as const
const machinists = ['alerts:technical', 'alerts:handle'] as const
const listed = async (scopes: readonly Scope[], query = '') => {
  const { body } = await ask('GET', query, scopes)
  return alertsPage.parse(body).alerts.map(({ alertId }) => alertId)
}

it.each([
  [['alerts:people'], [hers]],
  [['alerts:technical'], [machines]],
  [
    ['alerts:people', 'alerts:technical'],
    [hers, machines],
  ],
] as const)('shows a token with %s its kinds alone', async (scopes, expected) => {
  expect(new Set(await listed(scopes))).toEqual(new Set(expected))
  expect((await core.counts())['ADM-001']).toBeGreaterThan(0)
})

it('shows one with names, place and the facts behind it', async () => {
  const { body } = await ask('GET', `/${hers}`, privacy)
  expect(alertShown.parse(body)).toMatchObject({
    people: [{ name: { given: 'Rosa', family: 'Santos' } }],
    ...{ title: 'Two places at once', zoneId: '4-west', count: 2 },
    facts: [{ index: 0 }, { index: 1 }],
  })
})

it('takes an acknowledgement, an assignment and a closing, and lists it as closed', async () => {
  const ben = await core.addPerson({ given: 'Ben' })
  const whom = { personId: ben.personId }
  expect((await ask('POST', `/${hers}/acknowledgement`, privacy)).status).toBe(204)
  expect((await ask('PUT', `/${hers}/assignee`, privacy, whom)).status).toBe(204)
  const closing = { outcome: 'explained', note: 'A swapped shift.' }
  expect((await ask('POST', `/${hers}/closing`, privacy, closing)).status).toBe(204)
  expect(await listed(privacy)).toEqual([])
  expect(await listed(privacy, '?closed=true&rule=two-places')).toEqual([hers])
  expect(await listed(privacy, '?closed=true&rule=record-gap')).toEqual([])
})

it.each([
  ['refuses/to show without a scope of alerts', 'GET', '', ['record:read'], undefined, 403],
  ['refuses/to show what is of the other kind', 'GET', `/${hers}`, machinists, undefined, 404],
  ['refuses/to handle the other kind', 'POST', `/${machines}/acknowledgement`, privacy, {}, 404],
  ['refuses/to handle without that scope', 'POST', `/${hers}/closing`, ['alerts:people'], {}, 403],
  ['refuses/an outcome of nobody’s', 'POST', `/${hers}/closing`, privacy, { outcome: 'x' }, 400],
  ['refuses/a closing without a note', 'POST', `/${hers}/closing`, privacy, noNote(), 400],
  ['refuses/a rule that there is none of', 'GET', '?rule=gossip', privacy, undefined, 400],
] as const)('%s', async (_name, method, path, scopes, payload, status) => {
  expect((await ask(method, path, scopes, payload)).status).toBe(status)
})

function noNote(): object {
  return { outcome: 'explained', note: '  ' }
}

it('tells compliance the rule and the ids, and a name only where it may', async () => {
  const told = await toldAlert(hers, false, core.needs)
  const text = told && alertText(told)
  expect(text?.body).toContain(rosa.personId)
  expect(JSON.stringify(text)).not.toMatch(/Rosa|Santos/)
  expect(text?.mail.text).toContain(`wardkey-broker alerts show ${hers}`)
  const named = await toldAlert(hers, true, core.needs)
  expect(named && alertText(named).mail.text).toContain('Rosa Santos')
  expect(await toldAlert(randomUUID(), true, core.needs)).toBeUndefined()
})
