// Tokens with power over others, on both stores: nobody gives one alone but whoever holds the host,
// nobody approves her own, and what was approved is taken out once.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scopes } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { findCaller, makeAdminToken } from '../admin-tokens.ts'
import { revokeToken } from '../revoke-token.ts'
import { giveToken } from './give-token.ts'
import { listTokens } from './list-tokens.ts'
import { askForToken, decideToken, listGrants, takeToken } from './token-grants.ts'
import { hasPower, mayGiveAlone } from './token-power.ts'

const day = 86_400_000

describe.each(engines)('tokens with power on $engine', ({ open, isHere }) => {
  let core: BrokerCore

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  const needs = () => ({ ...core.needs, random: randomBytes })
  const make = (name: string, scopes: readonly Scope[], lifeMs?: number) => {
    const order = { name, scopes, ...(lifeMs === undefined ? {} : { lifeMs }) }
    return core.needs.perform(() => Promise.resolve(makeAdminToken(order, needs())))
  }
  const ask = async (
    by = 'token a',
    name = 'lead',
    scopes: readonly Scope[] = ['policy:approve'],
  ): Promise<string> => {
    const order = { name, scopes, lifeMs: day, note: 'why', by }
    const { answer } = await core.needs.perform(() => askForToken(order, core.needs))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.id
  }
  const decide = async (id: string, by: string, outcome: 'approved' | 'rejected' = 'approved') =>
    (await core.needs.perform(() => decideToken({ id, outcome, by }, core.needs))).answer
  const take = async (id: string, by = 'token a', may: readonly Scope[] = scopes) =>
    (await core.needs.perform(() => takeToken({ id, by, may: new Set(may) }, needs()))).answer

  it('are asked for by one, approved by another, and taken out once, by whoever asked', async () => {
    const id = await ask()
    expect(await take(id)).toMatchObject({ code: 'token-grant-not-open' })
    expect(await decide(id, 'token a')).toMatchObject({ code: 'token-grant-own' })
    expect(await take(id)).toMatchObject({ code: 'token-grant-not-open' })
    expect(await decide(id, 'token b')).toEqual({ kind: 'decided' })
    expect(await decide(id, 'token c')).toMatchObject({ code: 'token-grant-decided' })
    expect(await take(id, 'token b')).toMatchObject({ code: 'token-grant-not-open' })
    const taken = await take(id)
    if (taken.kind !== 'made') throw new Error('it was not taken out')
    expect(await findCaller(taken.token, core.needs)).toMatchObject({ by: 'token lead' })
    expect(await take(id)).toMatchObject({ code: 'token-grant-not-open' })
    const facts = await core.record()
    expect(facts.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['ADM-002', 'ADM-003', 'ADM-102', 'ADM-001']),
    )
    expect(JSON.stringify([facts, await listGrants(core.needs)])).not.toContain(taken.token)
  })

  it('give nobody a second voice: neither to whoever took one out, nor to what she took it out by', async () => {
    const id = await ask()
    await decide(id, 'token b')
    await take(id)
    const hers = await ask()
    expect(await decide(hers, 'token lead')).toMatchObject({ code: 'token-grant-own' })
    const leads = await ask('token lead', 'next')
    expect(await decide(leads, 'token a')).toMatchObject({ code: 'token-grant-own' })
    // Taken back, it was hers all the same; a no is anybody's.
    const [row] = await core.store.read.selectFrom('admin_token').select('hash').execute()
    const revoke = { tokenId: row?.hash ?? '', by: 'token a' }
    await core.needs.perform(() => revokeToken(revoke, core.needs))
    expect(await decide(hers, 'token lead')).toMatchObject({ code: 'token-grant-own' })
    expect(await decide(leads, 'token a', 'rejected')).toEqual({ kind: 'decided' })
    expect(await decide(hers, 'token b')).toEqual({ kind: 'decided' })
  })

  it('rejected, or left for more than a week, are none', async () => {
    const no = await ask()
    await decide(no, 'token b', 'rejected')
    expect(await take(no)).toMatchObject({ code: 'token-grant-not-open' })
    const late = await ask()
    await decide(late, 'token b')
    core.pass(7 * day + 1)
    expect(await take(late)).toMatchObject({ code: 'token-grant-not-open' })
    expect(await take('018f3c1e-0000-7000-8000-00000000ffff')).toMatchObject({
      code: 'token-grant-unknown',
    })
  })

  it('are given by one person alone only by the host, and only until somebody else can approve', async () => {
    const alone = (by = 'token init', madeMs = 0) => mayGiveAlone({ by, madeMs }, core.needs)
    await make('init', ['tokens:write', 'tokens:approve'])
    expect(await alone()).toBe(true)
    expect(await alone('token somebody')).toBe(false)
    await make('second', ['tokens:approve'], day)
    expect(await alone()).toBe(false)
    // Her token is over, or taken back: whoever is left is not the only one again by that.
    core.pass(day)
    expect(await alone()).toBe(false)
    await core.store.commit({
      kind: 'housekeeping',
      writes: [{ query: core.needs.db.deleteFrom('admin_token').compile() }],
    })
    expect(await alone()).toBe(false)
    const order = { name: 'x', scopes: ['pins:write'], lifeMs: day } as const
    const host = { by: 'token init', madeMs: 0 }
    const given = await core.needs.perform(() => giveToken(host, order, needs()))
    expect(given.answer).toMatchObject({ code: 'token-grant-needs-two' })
    // The host's way out is a token of its own that is younger, until the next one can approve.
    const anew = core.nowMs()
    expect(await alone('token init', anew)).toBe(true)
    await make('third', ['tokens:approve'])
    expect(await alone('token init', anew)).toBe(false)
  })

  it('have a name that is nobody else’s, and never the host’s', async () => {
    const give = async (name: string, by: string) => {
      const order = { name, scopes: ['record:read'], lifeMs: day } as const
      const caller = { by, madeMs: 0 }
      return (await core.needs.perform(() => giveToken(caller, order, needs()))).answer
    }
    const taken = { kind: 'refused', code: 'token-name-taken' }
    expect(await give('init', 'token init')).toEqual(taken)
    expect(await give('reports', 'token a')).toMatchObject({ kind: 'made' })
    expect(await give('reports', 'token b')).toEqual(taken)
    // The next one of the same system.
    expect(await give('reports', 'token a')).toMatchObject({ kind: 'made' })
    expect(await give('lead', 'token c')).toMatchObject({ kind: 'made' })
    const wish = { name: 'lead', scopes: ['pins:write'], lifeMs: day, note: 'x', by: 'token a' }
    const asking = await core.needs.perform(() =>
      askForToken({ ...wish, scopes: ['pins:write'] }, core.needs),
    )
    expect(asking.answer).toEqual(taken)
    core.pass(day)
    expect(await give('reports', 'token b')).toMatchObject({ kind: 'made' })
    // Between the asking and the taking out somebody else took the name.
    const id = await ask()
    await decide(id, 'token b')
    expect(await give('lead', 'token c')).toMatchObject({ kind: 'made' })
    expect(await take(id)).toEqual(taken)
  })

  it('have a name that is one person’s, also where two make one at once', async () => {
    const give = async (by: string) => {
      const order = { name: 'reports', scopes: ['record:read'], lifeMs: day } as const
      const caller = { by, madeMs: 0 }
      return (await core.needs.perform(() => giveToken(caller, order, needs()))).answer.kind
    }
    const said = await Promise.all(['token a', 'token b', 'token c'].map(give))
    expect(said.sort()).toEqual(['made', 'refused', 'refused'])
    // Nor beside one that two people gave meanwhile.
    const id = await ask('token d', 'next')
    await decide(id, 'token b')
    const order = { name: 'next', scopes: ['record:read'], lifeMs: day } as const
    const caller = { by: 'token e', madeMs: 0 }
    const plain = core.needs.perform(() => giveToken(caller, order, needs()))
    const both = await Promise.all([take(id, 'token d'), plain.then(({ answer }) => answer)])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['made', 'refused'])
  })

  describe('of HR’s systems', () => {
    const feed = ['scim:read', 'scim:write'] as const
    const give = async (by: string, name = 'entra', days = 30) => {
      const order = { name, scopes: feed, lifeMs: days * day }
      const caller = { by, madeMs: 0 }
      return (await core.needs.perform(() => giveToken(caller, order, needs()))).answer
    }
    const tooMuch = { kind: 'refused', code: 'token-alone-too-much' }

    it('are given by one person alone by the host only, for 30 days, and two at most', async () => {
      expect(await give('token a')).toMatchObject({ code: 'token-grant-needs-two' })
      expect(await give('token init', 'entra', 31)).toEqual(tooMuch)
      const first = await give('token init')
      if (first.kind !== 'made') throw new Error(first.code)
      expect(await give('token init')).toMatchObject({ kind: 'made' })
      expect(await give('token init', 'okta')).toEqual(tooMuch)
      const facts = await core.record()
      expect(facts.filter(({ code }) => code === 'ADM-007')).toMatchObject([
        { fields: { by: 'token init', token: 'entra', scopes: 'scim:read scim:write' } },
        { fields: { token: 'entra' } },
      ])
      expect(await listTokens(core.needs)).toMatchObject([
        { name: 'entra', isMadeAlone: true },
        { name: 'entra', isMadeAlone: true },
      ])
      core.pass(30 * day)
      expect(await findCaller(first.token, core.needs)).toBeUndefined()
      expect(await give('token init')).toMatchObject({ kind: 'made' })
      await make('second', ['tokens:approve'])
      expect(await give('token init')).toMatchObject({ code: 'token-grant-needs-two' })
    })

    it('are two made alone, and no more where many are asked for at once', async () => {
      const names = ['a', 'b', 'c', 'd'].map((name) => `feed-${name}`)
      const said = await Promise.all(names.map((name) => give('token init', name)))
      expect(said.filter(({ kind }) => kind === 'made')).toHaveLength(2)
    })

    it('have a next one, by two, of somebody else’s asking; nobody else’s name is taken so', async () => {
      const first = await ask('token a', 'entra', feed)
      await decide(first, 'token b')
      expect(await take(first)).toMatchObject({ kind: 'made' })
      const next = await ask('token c', 'entra', feed)
      await decide(next, 'token b')
      expect(await take(next, 'token c')).toMatchObject({ kind: 'made' })
      expect((await listTokens(core.needs)).map(({ isMadeAlone }) => isMadeAlone)).toEqual([
        ...[undefined, undefined],
      ])
      await expect(ask('token c', 'entra', [...feed, 'people:read'])).rejects.toThrow('taken')
      await make('lead', ['pins:write'])
      await expect(ask('token c', 'lead', feed)).rejects.toThrow('taken')
    })

    it('are taken out by nobody who may less by then', async () => {
      const id = await ask('token a', 'entra', feed)
      await decide(id, 'token b')
      const no = { code: 'token-grant-not-open' }
      expect(await take(id, 'token a', ['tokens:write', 'scim:read'])).toMatchObject(no)
      expect(await take(id, 'token a', ['tokens:write', ...feed])).toMatchObject({ kind: 'made' })
    })
  })

  it.each<[boolean, Scope[]]>([
    [true, ['people:read', 'policy:approve']],
    [true, ['tokens:write']],
    [true, ['exceptions:propose']],
    [true, ['people:write']],
    [true, ['badges:read', 'badges:write']],
    [true, ['pins:write']],
    [true, ['reviews:read', 'reviews:decide']],
    [true, ['reviews:write']],
    [false, ['reviews:read']],
    [true, ['offline:read', 'offline:write']],
    [true, ['scim:read', 'scim:write']],
    [false, ['scim:read']],
    [false, ['record:read']],
  ])('have power: %s, %j', (expected, scopes) => {
    expect(hasPower(scopes)).toBe(expected)
  })
})
