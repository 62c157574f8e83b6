// How much waits, on both stores: the same numbers as the lists have, each only to whoever may see
// that list; and a number is no look at anybody.

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { waiting } from '@wardkey/protocol/console/waiting'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore, usualPin } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { countUndecided } from '../../../flows/access-reviews/count-undecided.ts'
import { insertAlert } from '../../../flows/alerts/alert-row.ts'

const reviews = ['reviews:read', 'reviews:decide', 'reviews:write'] as const

describe.each(engines)('what waits, on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  const machines = randomUUID()

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    const here = await core.addWorkstation('pharmacy')
    await core.addPerson({ staffNumber: 'N-4711' })
    const witness = await core.addPerson({ given: 'Ben', family: 'Okafor' })
    const id = core.newTapId()
    await core.breakGlass(here, { staffNumber: 'N-4711' }, { id, note: 'called over' })
    await core.pin(here, id, usualPin)
    expect(await core.vouch(here, id, witness)).toMatchObject({ kind: 'admitted' })
    const nowMs = core.nowMs()
    const seen = { zone: 'pharmacy', workstation: here, fromMs: nowMs, untilMs: nowMs, facts: [0] }
    const of = { people: [], ...seen }
    const about = { count: 1, nowMs }
    const { db } = core.needs
    await core.store.commit({
      kind: 'housekeeping',
      writes: [
        insertAlert(
          db,
          { id: randomUUID(), ...about },
          { rule: 'two-places', subject: 'a', ...of },
        ),
        insertAlert(
          db,
          { id: machines, ...about },
          { rule: 'workstation-silent', subject: 'b', ...of },
        ),
      ],
    })
    fastify = await openAdminDoor(core)
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.record()
    await core.close()
  })

  const ask = async (scopes: readonly Scope[], path: string, payload?: object) => {
    const authorization = `Bearer ${await adminTokenFor(core, scopes, `t-${randomUUID()}`)}`
    const url = `${adminPath}${path}`
    const headers = { authorization }
    return payload === undefined
      ? fastify.inject({ url, headers })
      : fastify.inject({ method: 'POST', url, headers, payload })
  }
  const waits = async (...scopes: Scope[]) => {
    const response = await ask(scopes, '/waiting')
    expect(response.statusCode, response.body).toBe(200)
    return waiting.parse(response.json())
  }

  it('is told of each list to whoever may see that list', async () => {
    expect(await waits('emergency:read')).toEqual({ reviews: 1 })
    expect(await waits('alerts:people')).toEqual({ alerts: 1 })
    expect(await waits('alerts:people', 'alerts:technical')).toEqual({ alerts: 2 })
    expect(await waits('reviews:read', 'emergency:read')).toEqual({ reviews: 1, entries: 0 })
  })
  it.each<Scope>(['house:read', 'presence:read', 'people:read', 'alerts:handle'])(
    'is nothing to whoever has %s alone',
    async (scope) => {
      expect((await ask([scope], '/waiting')).statusCode).toBe(403)
    },
  )
  it('is not what somebody has acknowledged', async () => {
    const handle = ['alerts:technical', 'alerts:handle'] as const
    const done = await ask(handle, `/alerts/${machines}/acknowledgement`, {})
    expect(done.statusCode, done.body).toBe(204)
    expect(await waits('alerts:technical')).toEqual({ alerts: 0 })
  })
  it('is what of a review nobody has decided, and to a reviewer what she is asked', async () => {
    const opened = await ask(reviews, '/access-reviews', {})
    const { id } = campaign.opened.parse(opened.json())
    const page = entry.page.parse((await ask(reviews, `/access-reviews/${id}`)).json())
    const [first] = page.items.filter(({ kind }) => kind !== 'token')
    expect(await waits('reviews:read')).toEqual({ entries: page.count })
    expect(await waits('reviews:decide')).toEqual({ entries: 0 })
    const reviewer = page.items.flatMap(({ person }) => person?.personId ?? [])[0] ?? ''
    const query = core.needs.db
      .updateTable('access_item')
      .set({ reviewer_id: reviewer })
      .where('id', '=', first?.id ?? '')
      .compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    expect(await countUndecided(core.needs.db, { reviewer })).toBe(1)
    const word = { decision: 'certified', reason: 'still on the ward' }
    await ask(reviews, `/access-reviews/${id}/items/${first?.id ?? ''}/decision`, word)
    expect(await countUndecided(core.needs.db, { reviewer })).toBe(0)
    expect(await waits('reviews:read')).toEqual({ entries: page.count - 1 })
  })
  it('is a number, and so no look at anybody', async () => {
    const token = await adminTokenFor(core, ['emergency:read', 'alerts:people', 'reviews:read'])
    const headers = { authorization: `Bearer ${token}` }
    const before = await core.counts()
    const response = await fastify.inject({ url: `${adminPath}/waiting`, headers })
    expect(response.statusCode).toBe(200)
    expect(await core.counts()).toEqual(before)
    await fastify.inject({ url: `${adminPath}/alerts`, headers })
    expect(await core.counts()).not.toEqual(before)
  })
})
