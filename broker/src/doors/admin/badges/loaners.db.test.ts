// Loaner cards, lost badges and the report of badges at the admin door. On both stores.

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badgeReport } from '@wardkey/protocol/admin/badges/badge-report'
import { coverage } from '@wardkey/protocol/admin/badges/coverage'
import { loanerAdded, loanersPage } from '@wardkey/protocol/admin/badges/loaners'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { enrolBadge } from '../../../flows/enrol-badge.ts'
import { markBadge } from '../../../flows/mark-badge.ts'

const pool = { technology: 'csn', canonical: '04000000000c01' } as const

describe.each(engines)('loaners, lost badges and the report on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let token: string
  let here: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson({ given: 'Anna', family: 'Quartermaine', staffNumber: 'N-4711' })
    fastify = await openAdminDoor(core)
    token = await tokenFor(['badges:read', 'badges:write', 'people:read'])
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const tokenFor = (allowed: readonly Scope[]): Promise<string> => adminTokenFor(core, allowed)
  async function ask(method: 'GET' | 'POST', path: string, body?: object, as = token) {
    const response = await fastify.inject({
      method,
      url: `${adminPath}${path}`,
      headers: { authorization: `Bearer ${as}`, 'idempotency-key': randomUUID() },
      ...(body === undefined ? {} : { payload: body }),
    })
    const json: unknown = response.body === '' ? null : response.json()
    return { status: response.statusCode, body: json }
  }
  const add = async (card: object = pool, label = 'Loaner 12') =>
    ask('POST', '/loaners', { card, label })
  const loaners = async () => loanersPage.parse((await ask('GET', '/loaners')).body).loaners

  it('a card is added once, is shown, and is nobody’s badge', async () => {
    const added = await add()
    expect(added.status).toBe(201)
    expect(await loaners()).toMatchObject([{ label: 'Loaner 12', technology: 'csn' }])
    expect(await add()).toMatchObject({ status: 409, body: { code: 'badge-taken' } })
    expect(await core.tap(here, { card: pool })).toMatchObject({ code: 'loaner-not-given' })
    expect(JSON.stringify(await loaners())).not.toContain(pool.canonical)
  })
  it.each([
    ['somebody’s badge', () => anna.card, 'badge-taken'],
    ['a random number', () => ({ ...pool, canonical: '08a1b2c3' }), 'badge-random-id'],
    ['no number', () => ({ ...pool, canonical: '00000000' }), 'badge-not-an-id'],
  ])('%s is no loaner', async (_name, card, code) => {
    expect(await add(card())).toMatchObject({ body: { code } })
    expect(await loaners()).toEqual([])
  })
  it('two who add one card at once add it once', async () => {
    const both = await Promise.all([add(), add()])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })
  it('one that is retired is a card like any other, and may be added anew', async () => {
    const { loanerId } = loanerAdded.parse((await add()).body)
    expect((await ask('POST', `/loaners/${loanerId}/retire`, {})).status).toBe(204)
    expect(await core.tap(here, { card: pool })).toMatchObject({ code: 'badge-unknown' })
    expect((await ask('POST', `/loaners/${loanerId}/retire`, {})).status).toBe(404)
    expect((await ask('POST', `/loaners/${randomUUID()}/retire`, {})).status).toBe(404)
    expect((await add()).status).toBe(201)
  })
  it('one that is retired while she has it gives her own back, and locks what it opened', async () => {
    const { loanerId } = loanerAdded.parse((await add()).body)
    const given = { id: randomUUID(), status: 'active', technology: 'csn', assurance: 1 } as const
    const { db, cardKey } = core.needs
    const row = {
      ...given,
      person_id: anna.personId,
      lookup: lookupOf(pool, cardKey),
      sealed: Buffer.from('x'),
      from_ms: core.nowMs(),
      ends_ms: core.nowMs() + 3_600_000,
      loaner_card_id: loanerId,
      version: 1,
    }
    const own = db
      .updateTable('badge')
      .set({ status: 'suspended', suspended_for: given.id })
      .where('id', '=', anna.badgeId)
    const writes = [db.insertInto('badge').values(row).compile(), own.compile()]
    await core.store.commit({ kind: 'housekeeping', writes: writes.map((query) => ({ query })) })
    expect(await loaners()).toMatchObject([{ given: { personId: anna.personId } }])
    // Her own rests: nobody suspended it, and nobody is told so.
    expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
    expect((await core.record()).at(-1)?.fields).toMatchObject({ badgeStatus: 'resting' })
    const session = await core.signIn(here, { ...anna, card: pool })
    expect((await ask('POST', `/loaners/${loanerId}/retire`, {})).status).toBe(204)
    expect((await core.sessions()).find(({ id }) => id === session)?.state).toBe('locked')
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
  })

  it('a badge is shown since when it is as it is, and nobody’s badges are no list', async () => {
    const fromMs = core.nowMs()
    const shown = async (id: string) => ask('GET', `/people/${id}/badges`)
    core.pass(3_600_000)
    await ask('POST', '/badges/lost', { owner: { by: 'staff-number', staffNumber: 'N-4711' } })
    expect(await shown(anna.personId)).toMatchObject({
      body: { badges: [{ status: 'lost', fromMs, sinceMs: fromMs + 3_600_000 }] },
    })
    expect(await shown(randomUUID())).toMatchObject({
      ...{ status: 404, body: { code: 'person-unknown' } },
    })
  })
  it('a lost badge is reported by staff number, and what it had opened locks', async () => {
    const session = await core.signIn(here, anna)
    core.notices.length = 0
    const owner = { by: 'staff-number', staffNumber: 'n-4711' }
    expect(await ask('POST', '/badges/lost', { owner })).toMatchObject({
      status: 200,
      body: { personId: anna.personId, badges: 1 },
    })
    expect(core.notices[0]).toMatchObject({ frame: { kind: 'lock', sessionId: session } })
    expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
    expect(await ask('POST', '/badges/lost', { owner })).toMatchObject({ body: { badges: 0 } })
  })
  it('a lost badge of nobody is nobody’s, and one that security holds stays held', async () => {
    const owner = { by: 'staff-number', staffNumber: 'N-404' }
    expect((await ask('POST', '/badges/lost', { owner })).status).toBe(404)
    const mark = { badgeId: anna.badgeId, status: 'suspended', by: 'security' } as const
    await core.needs.perform(() => markBadge(mark, core.needs))
    const hers = { owner: { by: 'person-id', personId: anna.personId } }
    expect(await ask('POST', '/badges/lost', hers)).toMatchObject({ body: { badges: 0 } })
  })

  it('the report counts, by technology, role and zone, and has no number in it', async () => {
    const card = { technology: 'wiegand', canonical: '26:02f623ae' } as const
    const order = { personId: anna.personId, card, by: 'kit' }
    await core.needs.perform(() => enrolBadge(order, core.needs))
    const { status, body } = await ask('GET', '/badges/report')
    expect(status).toBe(200)
    expect(badgeReport.parse(body)).toMatchObject({
      badges: 2,
      cloneable: 2,
      roles: [{ role: 'nurse', people: 1, cloneable: 1 }],
      zones: [{ zoneId: '4-west', isBadgeAloneEnough: true, people: 1, cloneable: 1 }],
    })
    expect(JSON.stringify(body)).not.toMatch(/02f623ae|Quartermaine|4711/)
  })
  it('who lacks what is counted, and named to whoever may read people', async () => {
    const ben = await core.addPerson({ given: 'Ben', roles: ['billing'], pin: null })
    await core.needs.perform(() =>
      markBadge({ badgeId: ben.badgeId, status: 'lost', by: 'kit' }, core.needs),
    )
    const { status, body } = await ask('GET', '/people/coverage')
    expect(status).toBe(200)
    expect(coverage.parse(body)).toMatchObject({
      ...{ people: 2, ready: 1, isCut: false },
      lacks: { badge: 1, pin: 1, 'staff-number': 1, key: 1 },
      missing: [
        { personId: ben.personId, name: { given: 'Ben' }, lacks: ['badge', 'pin', 'staff-number'] },
      ],
    })
    expect(JSON.stringify(body)).not.toMatch(/4711|04000000/)
    const none = await tokenFor(['badges:read'])
    expect((await ask('GET', '/people/coverage', undefined, none)).status).toBe(403)
  })
  it('a badge counts for who lacks what as a tap takes it, whatever else its row says', async () => {
    const missing = async () =>
      coverage.parse((await ask('GET', '/people/coverage')).body).missing.map(({ lacks }) => lacks)
    const { db } = core.needs
    const mark = async (change: { from_ms?: number; until_ms?: number; ends_ms?: number }) => {
      const query = db.updateTable('badge').set(change).where('id', '=', anna.badgeId).compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    }
    // As after a clock that was ahead was put right.
    await mark({ from_ms: core.nowMs() + 60_000, until_ms: core.nowMs() - 60_000 })
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    expect(await missing()).toEqual([])
    await mark({ ends_ms: core.nowMs() })
    expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
    expect(await missing()).toEqual([['badge']])
  })
  it('asks for the scopes', async () => {
    const weak = await tokenFor(['people:read', 'people:write', 'badges:read'])
    expect((await ask('POST', '/loaners', { card: pool, label: 'x1' }, weak)).status).toBe(403)
    const none = await tokenFor(['badges:write'])
    expect((await ask('GET', '/badges/report', undefined, none)).status).toBe(403)
    expect((await ask('GET', '/loaners', undefined, none)).status).toBe(403)
  })
})
