// How long facts are kept, at the admin door: by two people, above the floors, and shown before
// anything goes.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  retentionPreview,
  retentionProposed,
  retentionShown,
} from '@wardkey/protocol/admin/forget/retention'
import { purgeListed, purgesPage } from '@wardkey/protocol/admin/forget/purges'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { dayMs, RetentionHouse, usualDays } from '../../../../../test/kit/retention-house.ts'
import { engines } from '../../../../../test/kit/stores.ts'

describe.each(engines)('retention at the door on $engine', ({ open, isHere }) => {
  let house: RetentionHouse
  let fastify: FastifyInstance
  let one: string
  let two: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    house = await RetentionHouse.open({ open })
    fastify = await openAdminDoor(house.core, {}, house.sealer)
    one = await tokenFor('one', ['retention:propose', 'retention:approve', 'holds:write'])
    two = await tokenFor('two', ['retention:approve'])
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await house.core.close()
  })

  const tokenFor = (name: string, scopes: readonly Scope[]) =>
    adminTokenFor(house.core, scopes, name)
  async function ask(method: 'GET' | 'POST', path: string, as: string, payload?: object) {
    const headers = { authorization: `Bearer ${as}` }
    const response = await fastify.inject({
      ...{ method, url: `${adminPath}${path}`, headers },
      ...(payload === undefined ? {} : { payload }),
    })
    const body: unknown = response.body === '' ? null : response.json()
    return { status: response.statusCode, body }
  }
  const codeOf = ({ body }: { body: unknown }) => z.object({ code: z.string() }).parse(body).code
  const propose = (change: object = {}, as = one) =>
    ask('POST', '/retention/rules', as, { days: usualDays, reason: 'the house', ...change })
  const decide = (number: number, as: string, outcome = 'approved') =>
    ask('POST', `/retention/rules/${String(number)}/decision`, as, { outcome })
  const proposed = async (): Promise<number> =>
    retentionProposed.parse((await propose()).body).number
  const shown = async () => retentionShown.parse((await ask('GET', '/retention', one)).body)

  it('takes two to be in force, and shows who they were', async () => {
    const number = await proposed()
    expect((await shown()).classes.every(({ days }) => days === undefined)).toBe(true)
    expect(codeOf(await decide(number, one))).toBe('retention-own')
    expect((await decide(number, two)).status).toBe(204)
    const { classes, rules } = await shown()
    expect(Object.fromEntries(classes.map((each) => [each.class, each.days]))).toEqual(usualDays)
    expect(rules).toMatchObject([
      { state: 'in-force', proposed: { by: 'token one' }, decided: { by: 'token two' } },
    ])
    expect(codeOf(await decide(number, two))).toBe('retention-decided')
    expect(codeOf(await propose())).toBe('retention-same')
    expect(await house.core.counts()).toMatchObject({ 'RET-001': 1, 'RET-002': 1, 'RET-101': 3 })
  })
  it('never goes below a floor, nor over what others agreed meanwhile', async () => {
    for (const change of [{ access: 730 }, { presence: 91 }, { operational: 30 }]) {
      const days = { ...usualDays, ...change }
      expect(codeOf(await propose({ days }))).toBe('retention-too-short')
    }
    expect((await propose({ days: { ...usualDays, access: 0 } })).status).toBe(400)
    expect((await propose({ days: { ...usualDays, access: 40_000 } })).status).toBe(400)
    const [first, second] = [await proposed(), await proposed()]
    expect((await decide(first, two)).status).toBe(204)
    expect(codeOf(await decide(second, two))).toBe('retention-moved')
    expect((await decide(second, one, 'rejected')).status).toBe(204)
    expect(codeOf(await decide(99, two))).toBe('retention-unknown')
    expect(codeOf(await propose({ isClockRight: true }))).toBe('retention-not-stopped')
  })
  it('is for those who may', async () => {
    const reader = await tokenFor('reader', ['people:read'])
    expect((await ask('GET', '/retention', reader)).status).toBe(403)
    expect((await propose({}, two)).status).toBe(403)
    expect((await decide(1, reader)).status).toBe(403)
  })
  it('shows what would go, holds counted out, before anybody approves it', async () => {
    await house.live(300)
    const number = await proposed()
    const preview = async () => {
      const path = `/retention/rules/${String(number)}/preview`
      return retentionPreview.parse((await ask('GET', path, one)).body)
    }
    const { classes } = await preview()
    const presence = classes.find((each) => each.class === 'presence')
    const operational = classes.find((each) => each.class === 'operational')
    const nowMs = house.core.nowMs()
    expect(presence).toMatchObject({ due: 18, next: 18, hasMore: false })
    expect(presence?.beforeMs).toBe(nowMs - 207 * dayMs)
    // One run goes no further than a quarter.
    expect(operational).toMatchObject({ due: 38, next: 18, hasMore: false })
    await decide(number, two)
    await house.run(1)
    expect(await house.oldest('PRE-001')).toMatchObject({ count: 60 - 18 })
    expect(await house.oldest('WKS-004')).toMatchObject({ count: 60 - 18 })
    const after = (await shown()).classes.find((each) => each.class === 'operational')
    expect(after).toMatchObject({ gone: 18 })
    await ask('POST', '/holds', one, { reason: 'case 4711' })
    expect((await preview()).classes.every(({ due }) => due === 0)).toBe(true)
  })
  it('shows what went, a page at a time, and the list of one, with nobody in it', async () => {
    await house.live(300)
    await decide(await proposed(), two)
    await house.run(2)
    const page = async (query: string) =>
      purgesPage.parse((await ask('GET', `/retention/purges${query}`, two)).body)
    const { purges, next } = await page('')
    expect(next).toBeUndefined()
    const gone = (await shown()).classes.reduce((sum, each) => sum + each.gone, 0)
    expect(purges.reduce((sum, { count }) => sum + count, 0)).toBe(gone)
    expect(gone).toBeGreaterThan(0)
    const [newest, older] = purges
    expect((await page('?limit=1')).purges).toEqual([newest])
    expect((await page('?limit=1')).next).toBe(newest?.purge)
    expect((await page(`?limit=1&before=${String(newest?.purge)}`)).purges).toEqual([older])
    const path = `/retention/purges/${String(newest?.purge)}`
    const { body } = await ask('GET', path, two)
    const listed = purgeListed.parse(body)
    expect(listed).toMatchObject({ ...newest })
    expect(listed.gone).toHaveLength(listed.count)
    expect(listed.gone.every(({ atMs }) => atMs < listed.beforeMs)).toBe(true)
    expect(Object.keys(listed.gone[0] ?? {}).sort()).toEqual(['atMs', 'code', 'index'])
  })
  it('shows no purge that was none, and none to others', async () => {
    expect(codeOf(await ask('GET', '/retention/purges/1', two))).toBe('purge-unknown')
    expect((await ask('GET', '/retention/purges/0', two)).status).toBe(400)
    expect((await ask('GET', '/retention/purges?limit=501', two)).status).toBe(400)
    const others = await tokenFor('others', ['people:read', 'holds:write', 'policy:read'])
    expect((await ask('GET', '/retention/purges', others)).status).toBe(403)
    expect((await ask('GET', '/retention/purges/1', others)).status).toBe(403)
  })
  it('says of a fact that it is gone, and not that it was never there', async () => {
    await house.live(300)
    await decide(await proposed(), two)
    await house.run(1)
    const reader = await tokenFor('reader', ['record:read'])
    const [row] = await house.core.store.read.selectFrom('fact_gone').select('idx').execute()
    const path = `/record/facts/${String(row?.idx)}/proof`
    expect(await ask('GET', path, reader)).toMatchObject({ status: 410 })
    expect(codeOf(await ask('GET', path, reader))).toBe('fact-gone')
    const looker = await tokenFor('looker', ['presence:read'])
    const presence = `/record/${String(row?.idx)}/presence`
    expect(await ask('GET', presence, looker)).toMatchObject({ status: 410 })
    expect(codeOf(await ask('GET', presence, looker))).toBe('fact-gone')
    expect(codeOf(await ask('GET', '/record/99999/presence', looker))).toBe('fact-unknown')
  })
  it('takes a hold on a place and a time, and none that ends before it begins', async () => {
    const hold = (about: object) => ask('POST', '/holds', one, { reason: 'case 4711', ...about })
    expect((await hold({ fromMs: 5, untilMs: 4 })).status).toBe(400)
    const nowhere = '00000000-0000-4000-8000-000000000000'
    expect(codeOf(await hold({ workstationId: nowhere }))).toBe('workstation-unknown')
    expect((await hold({ fromMs: 4, untilMs: 5 })).status).toBe(201)
    const { body } = await ask('GET', '/holds', one)
    expect(body).toMatchObject({ holds: [{ fromMs: 4, untilMs: 5, state: 'holds' }] })
  })
})
