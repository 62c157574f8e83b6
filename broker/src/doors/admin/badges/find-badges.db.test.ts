// Finding badges by their last digits at the admin door: whose they are and how they stand, as it is
// written on the card, and never a number. On both stores.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badgesFound } from '@wardkey/protocol/admin/badges/badge-find'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { markBadge } from '../../../flows/mark-badge.ts'

describe.each(engines)('badges found by their last digits on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let anna: KitPerson
  let names = 0

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    anna = await core.addPerson({ given: 'Anna', family: 'Quartermaine' })
    fastify = await openAdminDoor(core)
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.record()
    await core.close()
  })

  const ask = async (ends: unknown, ...scopes: Scope[]) => {
    names += 1
    const token = await adminTokenFor(core, scopes, `reader ${String(names)}`)
    return fastify.inject({
      ...{ method: 'POST', url: `${adminPath}/badges/find`, payload: { ends } },
      headers: { authorization: `Bearer ${token}` },
    })
  }
  const find = async (ends: string) =>
    badgesFound.parse((await ask(ends, 'badges:read', 'people:read')).json())
  /** Of her card, as it is kept. */
  const lastOf = (who: KitPerson, count = 4): string => who.card.canonical.slice(-count)

  it('say whose each is, however it stands, and no number', async () => {
    await core.addPerson({ given: 'Ben' })
    const { badgeId, personId } = anna
    await core.needs.perform(() => markBadge({ badgeId, status: 'lost', by: 'kit' }, core.needs))
    const response = await ask(lastOf(anna, 6), 'badges:read', 'people:read')
    expect(badgesFound.parse(response.json())).toEqual({
      badges: [
        {
          ...{ badgeId, personId, status: 'lost', technology: 'csn', form: 'hex' },
          isResting: false,
          name: { given: 'Anna', family: 'Quartermaine' },
        },
      ],
      hasMore: false,
    })
    expect(response.body).not.toContain(anna.card.canonical)
    expect(response.body).not.toContain(lastOf(anna, 6))
  })
  it('are told as resting while a loaner stands in, and as suspended where somebody said so', async () => {
    const { db, store, perform } = core.needs
    const { badgeId } = anna
    await perform(() => markBadge({ badgeId, status: 'suspended', by: 'kit' }, core.needs))
    const standing = { status: 'suspended', isResting: false }
    expect((await find(lastOf(anna))).badges).toMatchObject([standing])
    const loaner = db.updateTable('badge').set({ suspended_for: badgeId }).compile()
    await store.commit({ kind: 'housekeeping', writes: [{ query: loaner }] })
    expect((await find(lastOf(anna))).badges).toMatchObject([{ ...standing, isResting: true }])
  })
  it('are found as their number is printed, too', async () => {
    const printed = BigInt(`0x${anna.card.canonical}`).toString()
    expect((await find(printed.slice(-6))).badges).toMatchObject([
      { badgeId: anna.badgeId, form: 'decimal' },
    ])
  })
  it('name nobody to whoever may not see people', async () => {
    const { badges } = badgesFound.parse((await ask(lastOf(anna), 'badges:read')).json())
    expect(badges).toMatchObject([{ personId: anna.personId }])
    expect(badges[0]).not.toHaveProperty('name')
  })
  it('are not found once their holder was forgotten', async () => {
    const { personKeys, store, nowMs } = core.needs
    const writes = [personKeys.destroy(anna.personId, nowMs())]
    await store.commit({ kind: 'housekeeping', writes })
    expect(await find(lastOf(anna))).toEqual({ badges: [], hasMore: false })
  })
  it('are twenty at most, and it is said that there are more', async () => {
    for (let more = 0; more < 20; more += 1) await core.addPerson({ pin: null })
    // All cards of the kit begin alike: backwards they end alike.
    const all = await find('000004')
    expect([all.badges.length, all.hasMore]).toEqual([20, true])
    expect((await find('ffff')).badges).toEqual([])
  })
  it('are written down as looked for, without the digits', async () => {
    await find(lastOf(anna))
    const looks = (await core.record())
      .filter(({ code }) => code === 'ADM-001')
      .map(({ fields }) => fields)
      .filter((fields) => JSON.stringify(fields).includes('badges.find'))
    expect(looks).toEqual([{ action: 'badges.find', by: `token reader ${String(names)}` }])
  })
  it.each(['', '123', '123456789', 'zzzz', '12 4', '%%%%', 1234, null])(
    'are not looked for by %j',
    async (ends) => {
      expect((await ask(ends, 'badges:read')).statusCode).toBe(400)
    },
  )
  it('are for whoever may see badges, and for nobody else', async () => {
    for (const scope of ['people:read', 'badges:write', 'record:read', 'house:read'] as const) {
      expect((await ask(lastOf(anna), scope)).statusCode, scope).toBe(403)
    }
  })
})
