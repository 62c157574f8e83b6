// The routes of access reviews on both stores: who sees what, that an open one is decided once, and
// that its result is proved by the record.

import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { campaign } from '@wardkey/protocol/admin/access-reviews/campaigns'
import { entry } from '@wardkey/protocol/admin/access-reviews/entries'
import { reviewOutcome } from '@wardkey/protocol/admin/access-reviews/outcome'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { runCampaigns } from '../../../flows/access-reviews/run-campaigns.ts'

const all = ['reviews:read', 'reviews:decide', 'reviews:write'] as const

describe.each(engines)('the routes of access reviews on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let dov: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    dov = await core.addPerson({ given: 'Dov', family: 'Halloran' })
    const sealer = core.newSealer()
    await sealer.start()
    fastify = await openAdminDoor(core, {}, sealer)
    fastify.addHook('onClose', () => sealer.stop())
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  let tokens = 0
  const ask = async (
    scopes: readonly Scope[],
    path: string,
    payload?: object,
    name = `t${String((tokens += 1))}`,
  ) => {
    const authorization = `Bearer ${await adminTokenFor(core, scopes, name)}`
    const url = `${adminPath}${path}`
    const headers = { authorization }
    return payload === undefined
      ? fastify.inject({ url, headers })
      : fastify.inject({ method: 'POST', url, headers, payload })
  }
  const opened = async (): Promise<string> => {
    const response = await ask(all, '/access-reviews', {})
    expect(response.statusCode, response.body).toBe(201)
    return campaign.opened.parse(response.json()).id
  }
  const shown = async (id: string) => {
    const response = await ask(all, `/access-reviews/${id}`)
    expect(response.statusCode).toBe(200)
    return entry.page.parse(response.json())
  }
  const word = { decision: 'certified', reason: 'still on the ward' }

  it('preview without opening, and show the name of whom it is about', async () => {
    const seen = campaign.preview.parse((await ask(all, '/access-reviews/preview', {})).json())
    expect(seen).toMatchObject({ people: 1, unassigned: seen.items })
    expect(campaign.page.parse((await ask(all, '/access-reviews')).json()).campaigns).toEqual([])
    const { items } = await shown(await opened())
    expect(items.find(({ kind }) => kind === 'role')?.person).toEqual({
      ...{ personId: dov.personId, name: { given: 'Dov', family: 'Halloran' } },
    })
    const looks = (await core.record()).filter((fact) =>
      JSON.stringify(fact).includes('access-review.show'),
    )
    expect(looks).toHaveLength(1)
  })
  it('are opened once for a key, whether it comes again later or at the same moment', async () => {
    const authorization = `Bearer ${await adminTokenFor(core, all, 'opener')}`
    const send = (key: string, payload: object = {}) => {
      const headers = { authorization, 'idempotency-key': key }
      const url = `${adminPath}/access-reviews`
      return fastify.inject({ method: 'POST', url, headers, payload })
    }
    const answers = await Promise.all([send('monday-1'), send('monday-1')])
    answers.push(await send('monday-1'))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect((await send('monday-1', { days: 7 })).statusCode).toBe(409)
    const { campaigns } = campaign.page.parse((await ask(all, '/access-reviews')).json())
    expect(campaigns).toHaveLength(1)
    expect((await core.counts())['ACR-001']).toBe(1)
    expect((await send('monday-2')).statusCode).toBe(201)
    // What was gathered in vain does not stay.
    core.pass(3_600_001)
    await runCampaigns(core.needs)
    const rows = core.store.read.selectFrom('access_campaign').select('id')
    expect(await rows.execute()).toHaveLength(2)
  })
  it('are listed with the same counts as each of them has by itself', async () => {
    const id = await opened()
    const [one, two] = (await shown(id)).items.filter(({ kind }) => kind !== 'token')
    const path = (item?: string) => `/access-reviews/${id}/items/${item ?? ''}/decision`
    await ask(all, path(one?.id), word)
    await ask(all, path(two?.id), { ...word, decision: 'revoked' })
    const { campaigns } = campaign.page.parse((await ask(all, '/access-reviews')).json())
    const { campaign: alone } = await shown(id)
    expect(campaigns).toEqual([alone])
    expect(alone).toMatchObject({ decided: 2, certified: 1, revoked: 1, silent: 0 })
    expect(alone.unassigned).toBe(alone.items)
  })
  describe('come a page at a time', () => {
    const entriesOf = async (path: string) => {
      const items = []
      for (let after = ''; ;) {
        const response = await ask(all, `${path}${path.includes('?') ? '&' : '?'}limit=2${after}`)
        expect(response.statusCode, response.body).toBe(200)
        const page = entry.page.parse(response.json())
        expect(page.items.length).toBeLessThanOrEqual(2)
        items.push(...page.items)
        if (page.next === undefined) return { items, count: page.count, campaign: page.campaign }
        after = `&after=${page.next}`
      }
    }
    let lea: KitPerson
    beforeEach(async () => {
      lea = await core.addPerson({ given: 'Lea', family: 'Testcase', roles: ['nurse', 'porter'] })
    })

    it('with each entry once, and how many there are', async () => {
      const id = await opened()
      const whole = await shown(id)
      const { items, count, campaign: alone } = await entriesOf(`/access-reviews/${id}`)
      expect(items).toEqual(whole.items)
      expect(items.length).toBeGreaterThan(4)
      expect(count).toBe(items.length)
      expect(alone.items).toBe(items.length)
      expect(whole).not.toHaveProperty('next')
    })
    it('by state and by person, and the counts stay those of the whole review', async () => {
      const id = await opened()
      const { items: every } = await shown(id)
      const [one, two] = every.filter(({ kind }) => kind !== 'token')
      const decide = (item: string | undefined, decision: string) =>
        ask(all, `/access-reviews/${id}/items/${item ?? ''}/decision`, { ...word, decision })
      await decide(one?.id, 'certified')
      await decide(two?.id, 'revoked')
      const of = async (query: string) => {
        const found = await entriesOf(`/access-reviews/${id}?${query}`)
        expect(found.count).toBe(found.items.length)
        expect(found.campaign.items).toBe(every.length)
        return found.items.map((item) => item.id)
      }
      expect(await of('state=certified')).toEqual([one?.id])
      expect(await of('state=revoked')).toEqual([two?.id])
      expect(await of('state=undecided')).toHaveLength(every.length - 2)
      expect(await of('state=unassigned')).toHaveLength(every.length)
      expect(await of('state=silent')).toEqual([])
      const hers = every.filter(({ person }) => person?.personId === lea.personId)
      expect(await of(`person=${lea.personId}`)).toEqual(hers.map((item) => item.id))
      expect(await of(`person=${lea.personId}&state=told`)).toEqual([])
    })
    it('reviews too, also those that were opened at the same moment', async () => {
      const ids = [await opened(), await opened(), await opened()]
      const seen: string[] = []
      for (let after = ''; ;) {
        const response = await ask(all, `/access-reviews?limit=1${after}`)
        const page = campaign.page.parse(response.json())
        expect(page.count).toBe(3)
        seen.push(...page.campaigns.map(({ id }) => id))
        if (page.next === undefined) break
        after = `&after=${page.next}`
      }
      expect(seen.toSorted()).toEqual(ids.toSorted())
    })
    it('and one entry by itself, in its own review only', async () => {
      const [id, other] = [await opened(), await opened()]
      const [item] = (await shown(id)).items
      const one = await ask(all, `/access-reviews/${id}/items/${item?.id ?? ''}`)
      expect(entry.one.parse(one.json()).item).toEqual(item)
      const path = `/items/${item?.id ?? ''}`
      expect((await ask(all, `/access-reviews/${other}${path}`)).statusCode).toBe(404)
      const hers = await ask(['reviews:decide'], `/access-reviews/${id}${path}`)
      expect(hers.statusCode).toBe(404)
      expect((await ask(['people:read'], `/access-reviews/${id}${path}`)).statusCode).toBe(403)
    })
    it.each(['limit=0', 'limit=501', 'after=x', 'state=open', 'person=Dov', 'q=1'])(
      'and refuse %s',
      async (query) => {
        const id = await opened()
        expect((await ask(all, `/access-reviews/${id}?${query}`)).statusCode).toBe(400)
      },
    )
    it.each(['limit=501', 'after=x', 'after=1-x'])('and refuse of the list %s', async (query) => {
      expect((await ask(all, `/access-reviews?${query}`)).statusCode).toBe(400)
    })
  })
  it('show nothing of others to whoever may only decide what she is asked', async () => {
    const id = await opened()
    const only = ['reviews:decide'] as const
    expect((await ask(only, '/access-reviews')).json()).toEqual({ campaigns: [], count: 0 })
    expect((await ask(only, `/access-reviews/${id}`)).statusCode).toBe(404)
    const [one] = (await shown(id)).items
    const path = `/access-reviews/${id}/items/${one?.id ?? ''}/decision`
    expect((await ask(only, path, word)).statusCode).toBe(404)
  })
  it('close with a result whose hash is in the record, with its proof', async () => {
    const id = await opened()
    for (const { id: one, kind } of (await shown(id)).items) {
      if (kind === 'token') continue
      const path = `/access-reviews/${id}/items/${one}/decision`
      expect((await ask(all, path, word)).json()).toEqual({ outcome: 'kept' })
      expect((await ask(all, path, word)).statusCode).toBe(409)
    }
    core.pass(15 * 86_400_000)
    // What is left are tokens that nobody was asked about: they are told.
    await runCampaigns(core.needs)
    await runCampaigns(core.needs)
    const told = async () => {
      const response = await ask(all, `/access-reviews/${id}/result`)
      return reviewOutcome.result.parse(response.json())
    }
    // Until the next checkpoint has it.
    await expect.poll(async () => (await told()).proof?.text, { timeout: 20_000 }).toContain('tlog')
    const result = await told()
    const sha256 = createHash('sha256').update(result.lines.join('\n')).digest('hex')
    expect(result).toMatchObject({ sha256, campaign: { state: 'closed', revoked: 0 } })
  })
  it.each([
    ['POST', '/access-reviews', ['reviews:read', 'reviews:decide'], {}],
    ['POST', '/access-reviews/preview', ['reviews:decide'], {}],
    ['GET', '/access-review-tasks', ['reviews:decide'], undefined],
    ['GET', '/access-reviews', ['people:read'], undefined],
  ] as const)('are closed: %s %s with %s', async (_method, path, scopes, payload) => {
    expect((await ask(scopes, path, payload)).statusCode).toBe(403)
  })
  it.each([
    ['a review that is none', `/access-reviews/${'0'.repeat(8)}-0000-4000-8000-000000000000`, 404],
    ['an id that is none', '/access-reviews/x', 400],
  ])('do not know %s', async (_what, path, status) => {
    expect((await ask(all, path)).statusCode).toBe(status)
  })
})
