// Workstations come and go, on both stores: who gets an identity, who keeps it, whose it no longer
// is, and what the record says.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workstationId, zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { declareZone, isDeclared } from '../declare-zone.ts'
import { enrolWorkstation } from './enrol-workstation.ts'
import type { Certified } from './enrol-workstation.ts'
import { mintToken } from './mint-token.ts'
import { renewWorkstation } from './renew-workstation.ts'
import { revokeWorkstation } from './revoke-workstation.ts'
import { sweepRequests } from '../sweep-requests.ts'

const hour = 3_600_000
const week = 7 * 24 * hour
const publicKey = new ArrayBuffer(91)

describe.each(engines)('workstations on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let isConnected: boolean

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    isConnected = false
    core = await openCore({ open })
    await core.addZone('4-west')
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const needs = () => ({
    ...core.needs,
    random: randomBytes,
    isConnected: () => isConnected,
    renewLateMs: 30 * 24 * hour,
    issue: () =>
      Promise.resolve({
        pem: '',
        sha256: randomBytes(32).toString('hex'),
        caPem: '',
        notAfterMs: core.nowMs() + week,
      }),
  })
  const token = async (uses = 1): Promise<string> => {
    const order = { zoneId: zoneId.parse('4-west'), uses, lifeMs: 24 * hour, by: 'kit' }
    const { answer } = await core.needs.perform(() => mintToken(order, needs()))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.token
  }
  const enrol = async (given: string): Promise<Certified> => {
    const order = { token: given, place: '4 West, 2', publicKey, address: '127.0.0.1' }
    return (await core.needs.perform(() => enrolWorkstation(order, needs()))).answer
  }
  const enrolled = async () => {
    const answer = await enrol(await token())
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer
  }
  const renew = async (
    id: WorkstationId,
    certSha256: string,
    notAfterMs: number,
    hardware?: readonly string[],
  ) => {
    const isExpired = notAfterMs <= core.nowMs()
    const peer = { workstationId: id, certSha256, notAfterMs, isExpired }
    const said = hardware && [...hardware]
    const order = { peer, publicKey, hardware: said, address: '127.0.0.1' }
    return (await core.needs.perform(() => renewWorkstation(order, needs()))).answer
  }
  const revoke = async (id: WorkstationId) =>
    (await core.needs.perform(() => revokeWorkstation({ workstationId: id, by: 'kit' }, needs())))
      .answer
  const rowOf = (id: WorkstationId) =>
    core.store.read
      .selectFrom('workstation')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const reasons = async (code: string) =>
    (await core.record())
      .filter((fact) => fact.code === code)
      .map(({ fields }) => (fields as { reason: string }).reason)

  it('enrols as many as the token is for, and not one more', async () => {
    const given = await token(2)
    expect((await enrol(given)).kind).toBe('certified')
    expect((await enrol(given)).kind).toBe('certified')
    expect(await enrol(given)).toEqual({ kind: 'refused', code: 'token-not-valid' })
    expect(await reasons('WKS-101')).toEqual(['token-used-up'])
  })
  it('enrols one of many that come at once with a token for one', async () => {
    const given = await token(1)
    const answers = await Promise.all(Array.from({ length: 8 }, () => enrol(given)))
    expect(answers.filter(({ kind }) => kind === 'certified')).toHaveLength(1)
    expect((await core.counts())['WKS-001']).toBe(1)
  })
  it('keeps no token, only what it is known by', async () => {
    const given = await token()
    const dump = JSON.stringify(
      await core.store.read.selectFrom('enrol_token').selectAll().execute(),
    )
    expect(dump).not.toContain(given)
    expect(dump).not.toContain(given.slice(4))
    expect(JSON.stringify(await core.record())).not.toContain(given.slice(4))
  })
  it('renews, and takes the certificate before until the new one is used to renew', async () => {
    const { workstationId: id, issued } = await enrolled()
    const second = await renew(id, issued.sha256, issued.notAfterMs)
    if (second.kind === 'refused') throw new Error(second.code)
    // The answer was lost: it comes again with what it has.
    const third = await renew(id, issued.sha256, issued.notAfterMs)
    if (third.kind === 'refused') throw new Error(third.code)
    expect(await rowOf(id)).toMatchObject({
      cert_sha256: third.issued.sha256,
      cert_previous_sha256: issued.sha256,
    })
    // What it never got is good for nothing.
    expect((await renew(id, second.issued.sha256, second.issued.notAfterMs)).kind).toBe('refused')
    expect((await renew(id, third.issued.sha256, third.issued.notAfterMs)).kind).toBe('certified')
    expect((await renew(id, issued.sha256, issued.notAfterMs)).kind).toBe('refused')
    expect(await reasons('WKS-101')).toEqual(['not-its-certificate', 'not-its-certificate'])
  })
  it('gives a copy of its disk nothing that would end what the true one shows', async () => {
    const [board, other] = ['a'.repeat(32), 'b'.repeat(32)]
    const order = { token: await token(), place: '4 West, 2', publicKey, address: '127.0.0.1' }
    const { answer } = await core.needs.perform(() =>
      enrolWorkstation({ ...order, hardware: [board] }, needs()),
    )
    if (answer.kind === 'refused') throw new Error(answer.code)
    const { workstationId: id, issued } = answer
    const mine = await renew(id, issued.sha256, issued.notAfterMs, [board])
    if (mine.kind === 'refused') throw new Error(mine.code)
    expect((await renew(id, issued.sha256, issued.notAfterMs, [other])).kind).toBe('refused')
    expect(await rowOf(id)).toMatchObject({ cert_sha256: mine.issued.sha256 })
    expect(await reasons('WKS-101')).toEqual(['other-hardware'])
  })
  it('renews what was off for weeks, and not what was gone for longer', async () => {
    const { workstationId: id, issued } = await enrolled()
    core.pass(week + 29 * 24 * hour)
    const late = await renew(id, issued.sha256, issued.notAfterMs)
    if (late.kind === 'refused') throw new Error(late.code)
    core.pass(week + 31 * 24 * hour)
    expect((await renew(id, late.issued.sha256, late.issued.notAfterMs)).kind).toBe('refused')
    expect(await reasons('WKS-101')).toEqual(['certificate-too-old'])
  })
  it('ends what is open at a revoked one, locks its screen and closes its connection', async () => {
    const { workstationId: id } = await enrolled()
    const session = await core.signIn(id, await core.addPerson())
    core.notices.length = 0
    expect(await revoke(id)).toEqual({ kind: 'revoked', sessions: 1 })
    expect(core.notices).toMatchObject([
      { kind: 'to-workstation', frame: { kind: 'lock', sessionId: session } },
      { kind: 'session-left', because: 'revoked' },
      { kind: 'workstation-changed', isRevoked: true },
    ])
    expect((await core.sessions())[0]).toMatchObject({ state: 'ended' })
    expect(await core.tap(id, await core.addPerson())).toMatchObject({
      kind: 'refused',
      code: 'workstation-not-enrolled',
    })
  })
  it('ends what was covered there too', async () => {
    const { workstationId: id } = await enrolled()
    const session = await core.signIn(id, await core.addPerson())
    await core.leave(id, session, 'idle')
    expect(await revoke(id)).toEqual({ kind: 'revoked', sessions: 1 })
  })

  describe('refuses', () => {
    it('a token that is none, and one that has expired', async () => {
      expect((await enrol(`wke_${'a'.repeat(43)}`)).kind).toBe('refused')
      const given = await token()
      core.pass(24 * hour)
      expect((await enrol(given)).kind).toBe('refused')
      expect(await reasons('WKS-101')).toEqual(['token-unknown', 'token-expired'])
    })
    it('a token for a zone that is not there', async () => {
      const order = { zoneId: zoneId.parse('nowhere'), uses: 1, lifeMs: hour, by: 'kit' }
      const { answer } = await core.needs.perform(() => mintToken(order, needs()))
      expect(answer).toEqual({ kind: 'refused', code: 'zone-unknown' })
    })
    it('to renew for a workstation that was revoked, whatever it shows', async () => {
      const { workstationId: id, issued } = await enrolled()
      await revoke(id)
      expect((await renew(id, issued.sha256, issued.notAfterMs)).kind).toBe('refused')
      expect(await reasons('WKS-101')).toEqual(['not-active'])
    })
    it('to renew with another workstation’s certificate', async () => {
      const [one, two] = [await enrolled(), await enrolled()]
      const answer = await renew(one.workstationId, two.issued.sha256, two.issued.notAfterMs)
      expect(answer.kind).toBe('refused')
    })
    it('to revoke what is not there', async () => {
      const id = workstationId.parse('0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55')
      expect(await revoke(id)).toEqual({ kind: 'refused', code: 'workstation-unknown' })
    })
  })

  it('forgets tokens and kept answers a day after they are over, and nothing sooner', async () => {
    await token()
    const db = core.store.read
    const keep = (key: string, atMs: number) =>
      db.insertInto('request').values({ key, answer: '{}', at_ms: atMs }).compile()
    const writes = [
      { query: keep('old', core.nowMs() - 25 * hour) },
      { query: keep('new', core.nowMs() - 23 * hour) },
    ]
    await core.store.commit({ kind: 'housekeeping', writes })
    await sweepRequests(core.store, core.nowMs())
    const left = await db.selectFrom('request').select('key').execute()
    expect(left.map(({ key }) => key)).toEqual(['new'])
    expect(await db.selectFrom('enrol_token').selectAll().execute()).toHaveLength(1)
    await sweepRequests(core.store, core.nowMs() + 49 * hour)
    expect(await db.selectFrom('enrol_token').selectAll().execute()).toHaveLength(0)
  })

  describe('a zone', () => {
    const zone = { id: zoneId.parse('lab'), kind: 'lab', label: 'Laboratory' }
    const declare = async (rules: Record<string, unknown>) =>
      (await core.needs.perform(() => declareZone({ ...zone, rules }, { idleMs: 1000 }, needs())))
        .answer
    it('is added once, changed when its rules change, and recorded each time', async () => {
      expect(await isDeclared({ ...zone, rules: {} }, { idleMs: 1000 }, needs())).toBe(false)
      expect(await declare({ roles: ['nurse'] })).toBe('added')
      expect(await declare({ roles: ['nurse'] })).toBe('same')
      expect(
        await isDeclared({ ...zone, rules: { roles: ['nurse'] } }, { idleMs: 1000 }, needs()),
      ).toBe(true)
      expect(await declare({ roles: ['nurse'], idleMs: 2000 })).toBe('changed')
      expect(core.notices.at(-1)).toEqual({ kind: 'zone-changed', zoneId: 'lab' })
      const row = await core.store.read
        .selectFrom('zone')
        .selectAll()
        .where('id', '=', 'lab')
        .execute()
      expect(JSON.parse(row[0]?.settings ?? '')).toMatchObject({ idleMs: 2000, pin: 'grace' })
    })
  })
})
