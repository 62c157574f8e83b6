// The list of keys on a real store: how each stands after what was ordered, who may see it, and that
// nothing secret is in it.

import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keyList } from '@wardkey/protocol/admin/keys/key-list'
import type { KeyShown } from '@wardkey/protocol/admin/keys/key-list'
import { keyKind } from '@wardkey/protocol/admin/keys/key-words'
import { adminPath, scopes } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../../test/kit/broker-core.ts'
import { inventKeyring } from '../../../../../test/kit/invented-keyring.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { keepAuthority } from '../../../flows/keys/change-authority.ts'
import { keepSignInKeys } from '../../../flows/keys/change-sign-in-keys.ts'
import type { Keyring } from '../../../flows/keys/list-keys.ts'
import { noteMasterKey } from '../../../flows/keys/note-master-key.ts'

const dayMs = 86_400_000
const times = { shownMs: dayMs, keepMs: dayMs / 2, periodMs: 90 * dayMs }

describe.each(engines)('the list of keys on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  const doors: FastifyInstance[] = []
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
  })
  afterEach(async () => {
    if (!isHere) return
    for (const door of doors.splice(0)) await door.close()
    await core.record()
    await core.close()
  })

  const nowMs = (): number => core.needs.nowMs()
  async function ask(change: Partial<Keyring> = {}, allowed: readonly Scope[] = ['keys:read']) {
    const sealer = core.newSealer()
    const keyring = { ...inventKeyring(nowMs(), () => sealer.chain), ...change }
    const door = await openAdminDoor(core, { keyring }, sealer)
    doors.push(door)
    const token = await adminTokenFor(core, allowed, `kit-${String(doors.length)}`)
    const headers = { authorization: `Bearer ${token}` }
    return door.inject({ method: 'GET', url: `${adminPath}/keys`, headers })
  }
  async function list(change?: Partial<Keyring>): Promise<readonly KeyShown[]> {
    const answer = await ask(change)
    expect(answer.statusCode).toBe(200)
    return keyList.parse(answer.json()).keys
  }
  const keep = (order?: { id: string; reason: 'scheduled' | 'compromised' }) =>
    keepSignInKeys(order, {
      ...{ ...core.needs, times },
      newGeneration: () => 'f'.repeat(16),
      makeKeys: () => Promise.resolve(),
    })
  const ofKind = (keys: readonly KeyShown[], kind: KeyShown['kind']) =>
    keys.filter((one) => one.kind === kind)

  it('has every kind, and says which cannot be changed yet', async () => {
    const keys = await list()
    expect(new Set(keys.map(({ kind }) => kind))).toEqual(new Set(keyKind.options))
    const not = keys.filter(({ rotation }) => rotation === 'not-yet').map(({ kind }) => kind)
    expect(not).toEqual([
      ...['root', 'bundle', 'door', 'witness', 'lookup', 'pin-pepper'],
      ...['person-keys', 'cookies'],
    ])
    expect(ofKind(keys, 'downtime')).toMatchObject([{ name: 'views', rotation: 'file' }])
  })
  it('says since when the master key is in force once it was changed', async () => {
    await noteMasterKey('a'.repeat(32), core.needs)
    expect(ofKind(await list(), 'master')).toMatchObject([{ isOlder: true }])
    await noteMasterKey('b'.repeat(32), core.needs)
    expect(ofKind(await list(), 'master')).toMatchObject([{ isOlder: false, sinceMs: nowMs() }])
  })
  it('shows the next sign-in keys before they sign, and when they do', async () => {
    await keep()
    const startMs = nowMs()
    expect(ofKind(await list(), 'sign-in')).toMatchObject([
      { state: 'in-force', isOlder: true, nextMs: startMs + 90 * dayMs },
    ])
    await keep({ id: 'a'.repeat(16), reason: 'scheduled' })
    const signsMs = startMs + dayMs
    expect(ofKind(await list(), 'sign-in')).toMatchObject([
      { state: 'in-force', nextMs: signsMs, endsMs: signsMs + dayMs / 2 },
      { state: 'shown', nextMs: signsMs, id: `${'f'.repeat(16)}-es256 ${'f'.repeat(16)}-rs256` },
    ])
    core.pass(dayMs)
    expect(ofKind(await list(), 'sign-in')).toMatchObject([
      { state: 'in-force', sinceMs: signsMs, nextMs: signsMs + 90 * dayMs },
      { state: 'ending', endsMs: signsMs + dayMs / 2 },
    ])
  })
  it('says where the key folder lacks one that the schedule names', async () => {
    await keep()
    const keys = await list({ signInIds: () => Promise.resolve(undefined) })
    expect(ofKind(keys, 'sign-in')).toMatchObject([{ warning: 'not-here' }])
    expect(ofKind(keys, 'sign-in')[0]).not.toHaveProperty('id')
  })
  it.each([
    [90, 'ends-soon'],
    [1, 'ends-soon'],
    [-1, 'ends-soon'],
    [91, undefined],
  ])('says of an authority with %s days left: %s', async (days, warning) => {
    const endsMs = nowMs() + days * dayMs
    const authority = { caSha256: 'c'.repeat(64), beganMs: 0, endsMs }
    const [key] = ofKind(await list({ authority: () => authority }), 'authority')
    expect(key).toMatchObject({ endsMs, rotation: 'command' })
    expect(key?.warning).toBe(warning)
  })
  it('shows the next authority, who lacks its certificate, and where it is missing', async () => {
    expect(ofKind(await list(), 'authority')).toHaveLength(1)
    const makeNext = () => Promise.resolve('f'.repeat(64))
    const needs = { ...core.needs, caSha256: 'c'.repeat(64), makeNext, missing: () => [] }
    await keepAuthority({ id: 'a'.repeat(16), step: 'prepare' }, needs)
    const [present, lacking] = ofKind(await list(), 'authority')
    expect(lacking).toMatchObject({ state: 'shown', without: 0, warning: 'not-here' })
    expect(lacking?.workstations).toEqual({ active: 0, told: 0, renewed: 0 })
    expect([present?.name, present?.command]).toEqual(['the present one', lacking?.command])
    const found = { caSha256: 'f'.repeat(64), beganMs: nowMs(), endsMs: nowMs() + dayMs }
    const [, next] = ofKind(await list({ findNext: () => found }), 'authority')
    expect(next).toMatchObject({ id: found.caSha256, name: 'the next one', endsMs: found.endsMs })
    expect(next).not.toHaveProperty('warning')
  })
  it('refuses to be shown to whoever may all else', async () => {
    const others = scopes.filter((scope) => scope !== 'keys:read')
    const answer = await ask({}, others)
    expect(answer.statusCode).toBe(403)
    expect(answer.body).not.toContain('c'.repeat(64))
  })
})
