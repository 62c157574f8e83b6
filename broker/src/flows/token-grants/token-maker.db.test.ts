// What becomes of tokens when whoever made them in the console leaves, is suspended or loses her
// role, on both stores; and that somebody there who can approve is a second approver.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { findCaller } from '../admin-tokens.ts'
import { openConsoleSession } from '../console/open-session.ts'
import { byPerson } from '../own-record.ts'
import { revokePerson } from '../revoke-person.ts'
import { giveToken } from './give-token.ts'
import { listTokens } from './list-tokens.ts'
import { confirmedForMs } from './maker-standing.ts'
import { askForToken, decideToken, takeToken } from './token-grants.ts'
import { hasPower, mayGiveAlone } from './token-power.ts'

const groups = {
  compliance: ['compliance-office'],
  privacy: [],
  it: ['it-staff'],
  'service-desk': [],
  manager: [],
  administrator: ['admins'],
}
const year = 365 * 86_400_000
const feed: readonly Scope[] = ['scim:read', 'scim:write']

describe.each(engines)('tokens and who made them on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let vera: KitPerson
  let hers: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    vera = await core.addPerson({ given: 'Vera', family: 'Okonkwo', staffNumber: 'N-4711' })
    hers = byPerson(vera.personId)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const needs = () => ({ ...core.needs, random: randomBytes })
  const give = async (name: string, scopes: readonly Scope[], by = hers): Promise<string> => {
    const order = { name, scopes, lifeMs: year }
    const caller = { by, madeMs: 0 }
    if (hasPower(scopes)) return giveByTwo(order, by)
    const { answer } = await core.needs.perform(() => giveToken(caller, order, needs()))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.token
  }
  const giveByTwo = async (
    order: { name: string; scopes: readonly Scope[]; lifeMs: number },
    by: string,
  ): Promise<string> => {
    const { perform } = core.needs
    const asked = await perform(() => askForToken({ ...order, note: 'why', by }, core.needs))
    if (asked.answer.kind === 'refused') throw new Error(asked.answer.code)
    const { id } = asked.answer
    const word = { id, outcome: 'approved', by: 'token other' } as const
    await perform(() => decideToken(word, core.needs))
    const hers = { id, by, may: new Set(order.scopes) }
    const { answer } = await perform(() => takeToken(hers, needs()))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.token
  }
  const isGood = async (token: string) => (await findCaller(token, core.needs)) !== undefined
  const revoke = (status: 'suspended' | 'on-leave' | 'terminated') =>
    core.needs.perform(() =>
      revokePerson({ personId: vera.personId, status, by: 'kit' }, core.needs),
    )
  const signIn = (...of: string[]) => signInTo(false, ...of)
  const signInTo = async (ownRecord: boolean, ...of: string[]) => {
    const ways = { person: 'staff-number', hrKey: core.needs.hrKey, groups, random: randomBytes }
    const proved = { kind: 'proved', name: 'N-4711', acr: 'mfa', groups: of } as const
    const all = { ...core.needs, console: { ...ways, ownRecord, person: 'staff-number' as const } }
    return (await core.needs.perform(() => openConsoleSession(proved, all))).answer.kind
  }
  const told = async (action: string) =>
    (await core.record())
      .map((fact) => fact['fields'])
      .filter((fields) => (fields as { action?: string } | undefined)?.action === action)
  const standings = async () =>
    (await listTokens(core.needs)).map(({ name, maker }) => [name, maker?.standing])

  it.each(['terminated', 'suspended', 'on-leave'] as const)(
    'end in one unit with hers when she is %s, and a feed goes on',
    async (status) => {
      const own = await give('reports', ['people:read'])
      const mixed = await give('both', [...feed, 'people:read'])
      const scim = await give('entra', feed)
      const others = await give('other', ['people:read'], 'token init')
      expect(await Promise.all([own, mixed, scim, others].map(isGood))).not.toContain(false)
      await revoke(status)
      expect(await Promise.all([own, mixed, scim, others].map(isGood))).toEqual([
        ...[false, false, true, true],
      ])
      // Deleted, and not only unheard while she is away.
      expect((await listTokens(core.needs)).map(({ name }) => name).sort()).toEqual([
        ...['entra', 'other'],
      ])
      expect(await told('admin-token.ended-with-maker')).toMatchObject([
        { token: 'reports', by: 'kit' },
        { token: 'both' },
      ])
      const left = status === 'terminated' ? [{ token: 'entra' }] : []
      expect(await told('admin-token.maker-left')).toMatchObject(left)
      const standing = status === 'terminated' ? 'left' : 'away'
      expect(await standings()).toContainEqual(['entra', standing])
    },
  )
  it('end at whatever remove: what her token made gives her powers too', async () => {
    await give('first', ['tokens:read', 'people:read'])
    const second = await give('second', ['people:read'], 'token first')
    const third = await give('third', ['people:read'], 'token second')
    await revoke('terminated')
    expect(await Promise.all([second, third].map(isGood))).toEqual([false, false])
  })
  it('are not made for somebody who is not here, and not beside her going', async () => {
    await revoke('suspended')
    await expect(give('late', ['people:read'])).rejects.toThrow('person-unknown')
    for (const name of ['a', 'b', 'c', 'd']) {
      await core.store.commit({
        kind: 'housekeeping',
        writes: [
          {
            query: core.needs.db
              .updateTable('person')
              .set({ status: 'active', held_ms: null })
              .compile(),
          },
        ],
      })
      await Promise.allSettled([give(name, ['people:read']), revoke('suspended')])
      expect(await listTokens(core.needs)).toEqual([])
    }
  })
  it('are not good after her last day, whether or not anybody has been by', async () => {
    const own = await give('reports', ['people:read'])
    await core.setAccess(vera, { endsMs: core.nowMs() + 1000 })
    expect(await isGood(own)).toBe(true)
    core.pass(1000)
    expect(await isGood(own)).toBe(false)
    expect(await standings()).toEqual([['reports', 'away']])
  })
  it('end when she signs in without the role that gave them; what she has left stays', async () => {
    const desk = await give('mode', ['mode:write'])
    const places = await give('places', ['workstations:read'])
    const scim = await give('entra', feed)
    expect(await signIn('it-staff')).toBe('opened')
    expect(await Promise.all([desk, places, scim].map(isGood))).toEqual([false, true, true])
    expect(await told('admin-token.ended-with-maker')).toMatchObject([{ token: 'mode', by: hers }])
    // And where no role is left she is not let in, and they end all the same.
    expect(await signIn('nobody-here')).toBe('refused')
    expect(await Promise.all([places, scim].map(isGood))).toEqual([false, true])
  })
  it('end where she comes in for her own record alone, and nothing is confirmed by that', async () => {
    const places = await give('places', ['workstations:read'])
    const scim = await give('entra', feed)
    core.pass(confirmedForMs - 1)
    expect(await signInTo(true, 'nobody-here')).toBe('opened')
    expect(await Promise.all([places, scim].map(isGood))).toEqual([false, true])
    expect(await told('admin-token.ended-with-maker')).toMatchObject([{ token: 'places' }])
    core.pass(1)
    expect(await standings()).toEqual([['entra', 'not-signed-in']])
    expect(await core.needs.db.selectFrom('console_role_seen').selectAll().execute()).toEqual([])
  })
  it('rest where she has not signed in for long, since nothing else tells of her role', async () => {
    const own = await give('reports', ['people:read'])
    const scim = await give('entra', feed)
    core.pass(confirmedForMs)
    expect(await Promise.all([own, scim].map(isGood))).toEqual([false, true])
    expect((await listTokens(core.needs)).map(({ maker }) => maker)).toMatchObject([
      { standing: 'not-signed-in', isResting: true },
      { standing: 'not-signed-in', isResting: false },
    ])
    expect(await signIn('admins')).toBe('opened')
    expect(await isGood(own)).toBe(true)
  })
  it('rest with the token that made them, which cannot sign in for her', async () => {
    await give('first', ['tokens:read', 'people:read'])
    core.pass(confirmedForMs - 1)
    const second = await give('second', ['people:read'], 'token first')
    expect(await isGood(second)).toBe(true)
    core.pass(1)
    expect(await isGood(second)).toBe(false)
    expect(await signIn('admins')).toBe('opened')
    expect(await isGood(second)).toBe(true)
  })

  describe('the host’s first token', () => {
    const alone = (madeMs = 0) => mayGiveAlone({ by: 'token init', madeMs }, core.needs)
    it('gives no power alone once somebody in the console can approve', async () => {
      expect(await alone()).toBe(true)
      expect(await signIn('it-staff')).toBe('opened')
      expect(await alone()).toBe(true)
      expect(await signIn('admins')).toBe('opened')
      expect(await alone()).toBe(false)
      // Neither her end nor that of her session makes it the only one again.
      await revoke('terminated')
      expect(await alone()).toBe(false)
      // The host's way out.
      expect(await alone(core.nowMs() + 1)).toBe(true)
    })
  })
})
