// Tokens with power over others, on both stores: nobody gives one alone but whoever holds the host,
// nobody approves her own, and what was approved is taken out once.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { findCaller, makeAdminToken } from '../admin-tokens.ts'
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
  const ask = async (by = 'token a'): Promise<string> => {
    const order = {
      name: 'lead',
      scopes: ['policy:approve'] as const,
      lifeMs: day,
      note: 'why',
      by,
    }
    return (await core.needs.perform(() => askForToken(order, core.needs))).answer.id
  }
  const decide = async (id: string, by: string, outcome: 'approved' | 'rejected' = 'approved') =>
    (await core.needs.perform(() => decideToken({ id, outcome, by }, core.needs))).answer
  const take = async (id: string, by = 'token a') =>
    (await core.needs.perform(() => takeToken({ id, by }, needs()))).answer

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

  it('are given by one person alone only by the host, and only while nobody else could approve', async () => {
    await make('init', ['tokens:write', 'tokens:approve'])
    expect(await mayGiveAlone('token init', core.needs)).toBe(true)
    expect(await mayGiveAlone('token somebody', core.needs)).toBe(false)
    await make('second', ['tokens:approve'], day)
    expect(await mayGiveAlone('token init', core.needs)).toBe(false)
    // Her token is over: there is nobody to ask again.
    core.pass(day)
    expect(await mayGiveAlone('token init', core.needs)).toBe(true)
  })

  it.each<[boolean, Scope[]]>([
    [true, ['people:read', 'policy:approve']],
    [true, ['tokens:write']],
    [true, ['exceptions:propose']],
    [false, ['scim:read', 'scim:write']],
    [false, ['record:read']],
  ])('have power: %s, %j', (expected, scopes) => {
    expect(hasPower(scopes)).toBe(expected)
  })
})
