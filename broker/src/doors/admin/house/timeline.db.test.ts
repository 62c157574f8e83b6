// Time lines on both stores, from records that real flows wrote: what is in them, what does not fit
// together, what looking leaves in the record, and who is refused.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { timeline, timelineMaxMs } from '@wardkey/protocol/console/timeline'
import { presenceAt } from '@wardkey/protocol/console/presence-at'
import type { Span, Timeline } from '@wardkey/protocol/console/timeline'
import { adminPath } from '@wardkey/protocol/admin/scopes'
import type { Scope } from '@wardkey/protocol/admin/scopes'
import { messageId, sessionId, zoneId } from '@wardkey/protocol/ids'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { adminTokenFor, openAdminDoor } from '../../../../../test/kit/admin-door.ts'
import { openCore } from '../../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../../test/kit/broker-core.ts'
import { OfflineJournal } from '../../../../../test/kit/offline-journal.ts'
import { engines } from '../../../../../test/kit/stores.ts'
import { BundleDesk } from '../../../flows/bundles/bundle-desk.ts'
import { lookLastsMs } from '../../../flows/lasting-looks.ts'
import { mergeOffline } from '../../../flows/merge-offline.ts'
import { newFact } from '../../../flows/flow-needs.ts'
import { noteDoor } from '../../../flows/note-door.ts'
import { reportPresence } from '../../../flows/report-presence.ts'

const minute = 60_000
const hour = 60 * minute
const nobody = '0b9d3c52-7d4e-4c1a-9f10-2a6b8a1c7e55'
type Query = Record<string, string | number>

describe.each(engines)('a time line on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fastify: FastifyInstance
  let here: WorkstationId
  let there: WorkstationId
  let rosa: KitPerson
  let beganMs: number
  let monotonicMs: number
  let sealed: number
  let token: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    monotonicMs = 0
    sealed = 0
    await core.addZone('4-west', { offlineMaxMs: hour })
    await core.addZone('5-east')
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('5-east')
    rosa = await core.addPerson()
    core.pass(hour)
    beganMs = core.nowMs()
    fastify = await openAdminDoor(core, {
      monotonicMs: () => monotonicMs,
      head: () => ({ size: sealed, note: '', atMs: 0 }),
    })
    token = await tokenOf('presence:read')
  })
  afterEach(async () => {
    if (!isHere) return
    await fastify.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const tokenOf = (...scopes: Scope[]): Promise<string> => adminTokenFor(core, scopes)
  const ask = (query: Query, as = token) =>
    fastify.inject({
      url: `${adminPath}/timeline`,
      headers: { authorization: `Bearer ${as}` },
      query: Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)])),
    })
  const whole = (): Query => ({ fromMs: beganMs, toMs: core.nowMs() + minute })
  async function see(query: Query): Promise<Timeline> {
    const response = await ask({ ...whole(), ...query })
    expect(response.statusCode, response.body).toBe(200)
    return timeline.parse(response.json())
  }
  const lane = ({ spans }: Timeline, name: Span['lane']) =>
    spans.filter((span) => span.lane === name)
  const sessionsOf = (line: Timeline) =>
    lane(line, 'session').map(({ kind, fromMs, untilMs, workstationId }) => ({
      ...{ kind, fromMs: fromMs - beganMs, workstationId },
      untilMs: untilMs === undefined ? undefined : untilMs - beganMs,
    }))
  const looks = async () => (await core.record()).filter(({ code }) => code === 'ADM-006')
  const door = (who: KitPerson, direction: 'in' | 'out', lateMs = 0, zone = '4-west') =>
    core.needs.perform(() =>
      noteDoor(
        {
          ...{ card: who.card, direction, door: 'door-1', atMs: core.nowMs() - lateMs, by: 'kit' },
          zoneId: zoneId.parse(zone),
        },
        core.needs,
      ),
    )
  const present = (session: SessionId, at: WorkstationId) => {
    const frame = { kind: 'presence', id: messageId.parse(randomUUID()) } as const
    const told = { sessionId: session, evidence: 'input', confidence: 0.9 } as const
    const atMs = core.nowMs()
    return core.needs.perform(() => reportPresence({ ...frame, ...told, atMs }, at, core.needs))
  }

  it('of a person: opened, there, locked, moved, and who she is', async () => {
    const session = await core.signIn(here, rosa)
    core.pass(minute)
    await present(session, here)
    core.pass(minute)
    await core.leave(here, session, 'idle')
    core.pass(minute)
    await core.signIn(there, rosa)
    const line = await see({ personId: rosa.personId })
    expect(line.label).toBe('Rosa Santos')
    expect(sessionsOf(line)).toEqual([
      { kind: 'open', fromMs: 0, untilMs: 2 * minute, workstationId: here },
      { kind: 'locked', fromMs: 2 * minute, untilMs: 3 * minute, workstationId: here },
      { kind: 'open', fromMs: 3 * minute, untilMs: undefined, workstationId: there },
    ])
    expect(lane(line, 'presence')).toMatchObject([
      { kind: 'tap', confidence: 95, fromMs: beganMs, untilMs: beganMs + minute },
      { kind: 'input', confidence: 90, untilMs: beganMs + 2 * minute },
      { kind: 'tap', confidence: 95, workstationId: there },
    ])
    expect(line.people).toEqual([
      { personId: rosa.personId, name: { given: 'Rosa', family: 'Santos' } },
    ])
    expect(line.workstations.map(({ workstationId }) => workstationId)).toEqual(
      expect.arrayContaining([here, there]),
    )
    expect(line.differences).toEqual([])
  })
  it('of a workstation that a session moved away from, though no fact there says so', async () => {
    await core.signIn(here, rosa)
    core.pass(minute)
    await core.signIn(there, rosa)
    const line = await see({ workstationId: here })
    expect(sessionsOf(line)).toEqual([
      { kind: 'open', fromMs: 0, untilMs: minute, workstationId: here },
    ])
    expect(line.facts.every(({ workstationId }) => workstationId === here)).toBe(true)
  })
  it('says what places are called that only a fact’s fields name', async () => {
    await core.signIn(here, rosa)
    core.pass(minute)
    await core.signIn(there, rosa)
    const { workstations, mentioned } = await see({ workstationId: there })
    expect(workstations.map(({ workstationId }) => workstationId)).toEqual([there])
    expect(mentioned.workstations).toMatchObject([{ workstationId: here, zoneId: '4-west' }])
  })
  it('of a zone: all of its workstations, and no other', async () => {
    const second = await core.addWorkstation('4-west')
    await core.signIn(here, rosa)
    await core.signIn(second, await core.addPerson())
    await core.signIn(there, await core.addPerson())
    const line = await see({ zoneId: '4-west' })
    const places = new Set(line.spans.map(({ workstationId }) => workstationId))
    expect(places).toEqual(new Set([here, second]))
    expect(line.people).toHaveLength(2)
  })
  it('has a session that was open when it begins, cut there', async () => {
    await core.signIn(here, rosa)
    core.pass(3 * hour)
    const line = await see({ personId: rosa.personId, fromMs: core.nowMs() - minute })
    expect(lane(line, 'session')).toMatchObject([
      { kind: 'open', fromMs: core.nowMs() - minute, isCut: true },
    ])
    expect(line.facts).toEqual([])
  })
  it('marks an emergency, and what is under a checkpoint', async () => {
    const id = core.newTapId()
    await core.breakGlass(there, rosa, { id })
    await core.pin(there, id, rosa.pin)
    sealed = (await core.store.read.selectFrom('fact').select('idx').execute()).length
    core.pass(1000)
    await present(sessionId.parse((await core.sessions())[0]?.id), there)
    const line = await see({ workstationId: there })
    expect(lane(line, 'session')).toMatchObject([{ kind: 'open', isEmergency: true }])
    const [newest, ...older] = line.facts
    expect(newest?.isSealed).toBe(false)
    expect(older.every(({ isSealed }) => isSealed)).toBe(true)
  })
  it('shows no name that was forgotten, and goes on without it', async () => {
    await core.signIn(here, rosa)
    const key = core.needs.personKeys.destroy(rosa.personId, core.nowMs())
    await core.store.commit({ kind: 'housekeeping', writes: [key] })
    const response = await ask({ ...whole(), personId: rosa.personId })
    expect(response.body).not.toMatch(/Rosa|Santos/)
    expect(timeline.parse(response.json()).people).toEqual([{ personId: rosa.personId }])
  })

  describe('with a journal that was merged later', () => {
    async function offline(): Promise<SessionId> {
      const desk = new BundleDesk({
        ...core.needs,
        signKey: generateKeyPairSync('ed25519').privateKey,
        ...{ pinPepper: randomBytes(32), random: randomBytes, othersMax: 10 },
        findDowntimeKey: () => undefined,
      })
      await desk.refresh((await desk.zones()).values())
      const view = desk.viewOf('4-west')
      if (!view || !(await desk.make(here, view))) throw new Error('no bundle')
      core.pass(minute)
      const session = sessionId.parse(randomUUID())
      const journal = new OfflineJournal()
      journal.write({
        ...{ kind: 'decided', atMs: core.nowMs(), tapId: core.newTapId(), outcome: 'admitted' },
        ...{ rule: 'badge-and-pin', personId: rosa.personId, sessionId: session },
        ...{ pinAtMs: core.nowMs(), bundleSequence: 1, bundleAgeMs: minute, isResumed: false },
      })
      core.pass(10 * minute)
      journal.write({ kind: 'left', atMs: core.nowMs(), sessionId: session, reason: 'idle' })
      core.pass(5 * hour)
      await core.needs.perform(() => mergeOffline(journal.frame(), here, core.needs))
      return session
    }
    it.each([['person'], ['workstation']])(
      'has it when it happened, marked, asked by %s',
      async (by) => {
        await offline()
        const who = by === 'person' ? { personId: rosa.personId } : { workstationId: here }
        // The time that is asked for ends long before it was merged.
        const line = await see({ ...who, toMs: beganMs + hour })
        expect(lane(line, 'session')).toMatchObject([
          {
            ...{ kind: 'open', isOffline: true, workstationId: here },
            ...{ fromMs: beganMs + minute, untilMs: beganMs + 11 * minute },
          },
        ])
        expect(line.facts.map(({ code }) => code)).toContain('OFF-002')
      },
    )
    it('finds it too when it was merged, so that no clock hides it', async () => {
      await offline()
      const line = await see({ personId: rosa.personId, fromMs: core.nowMs() - minute })
      expect(line.facts.map(({ code, atMs }) => [code, atMs - beganMs])).toEqual(
        expect.arrayContaining([['OFF-003', 11 * minute]]),
      )
      expect(lane(line, 'session')).toEqual([])
    })
    it('says that she was at two places, where she was', async () => {
      await core.signIn(there, rosa)
      await offline()
      const line = await see({ personId: rosa.personId })
      expect(line.differences.filter(({ kind }) => kind === 'two-places')).toMatchObject([
        { fromMs: beganMs + minute, untilMs: beganMs + 11 * minute, workstationId: here },
      ])
    })
  })

  describe('says where to look', () => {
    const kinds = ({ differences }: Timeline) => differences.map(({ kind }) => kind)
    it('when a screen was open without a sign of anybody', async () => {
      const session = await core.signIn(here, rosa)
      core.pass(hour)
      await core.leave(here, session, 'idle')
      const line = await see({ workstationId: here })
      expect(line.differences).toMatchObject([
        { kind: 'session-without-presence', untilMs: beganMs + hour, personId: rosa.personId },
      ])
      expect(JSON.stringify(line.differences)).not.toMatch(/Rosa|Santos/)
    })
    it('when no door let her in, at a site whose doors tell of others', async () => {
      await door(await core.addPerson(), 'in')
      core.pass(minute)
      await core.signIn(here, rosa)
      expect(kinds(await see({ personId: rosa.personId }))).toEqual(['presence-without-door'])
    })
    it('when she had gone out of that zone before', async () => {
      await door(rosa, 'in')
      await door(rosa, 'out')
      core.pass(minute)
      await core.signIn(here, rosa)
      expect(kinds(await see({ workstationId: here }))).toEqual(['presence-without-door'])
    })
    it.each([
      ['doors tell nothing at all', 'none'],
      ['a door let her in', 'in'],
    ])('not when %s', async (_, doors) => {
      if (doors === 'in') await door(rosa, 'in', minute)
      core.pass(minute)
      await core.signIn(here, rosa)
      const line = await see({ personId: rosa.personId, fromMs: beganMs - hour })
      expect(line.differences).toEqual([])
      expect(lane(line, 'door')).toHaveLength(doors === 'in' ? 1 : 0)
    })
  })

  describe('a look', () => {
    it('is a fact that names whom and when, once in five minutes', async () => {
      const times = { fromMs: beganMs, toMs: beganMs + hour }
      const query = { ...times, personId: rosa.personId }
      for (let n = 0; n < 3; n++) await ask(query)
      expect(await looks()).toMatchObject([
        {
          person: rosa.personId,
          fields: { by: 'token kit', ...times },
        },
      ])
      monotonicMs = lookLastsMs
      await ask(query)
      expect(await looks()).toHaveLength(2)
    })
    it('goes on while its end moves with the clock, and not to other times or people', async () => {
      const fromMs = beganMs
      const toMs = beganMs + hour
      await ask({ fromMs, toMs, workstationId: here })
      await ask({ fromMs, toMs: toMs + minute, workstationId: here })
      expect(await looks()).toHaveLength(1)
      await ask({ fromMs: fromMs - hour, toMs, workstationId: here })
      await ask({ fromMs, toMs, workstationId: there })
      await ask({ fromMs, toMs, zoneId: '4-west' })
      expect(await looks()).toHaveLength(4)
      expect((await looks()).at(-1)).toMatchObject({ zone: '4-west' })
    })
  })

  describe('who was there when this was signed', () => {
    const asked = (index: number | string, as = token) =>
      fastify.inject({
        url: `${adminPath}/record/${String(index)}/presence`,
        headers: { authorization: `Bearer ${as}` },
      })
    async function signed(): Promise<{ index: number; session: SessionId }> {
      const session = await core.signIn(here, rosa)
      core.pass(minute)
      await present(session, here)
      core.pass(minute)
      const where = { person: rosa.personId, session, workstation: here }
      await core.needs.perform(() =>
        Promise.resolve({
          answer: undefined,
          facts: [newFact(core.needs, 'SIG-002', where)],
          ...{ writes: [], notices: [] },
        }),
      )
      const facts = await core.record()
      return { index: facts.findIndex(({ code }) => code === 'SIG-002'), session }
    }

    it('is said with what spoke for it, and where the proof is', async () => {
      const { index, session } = await signed()
      core.pass(minute)
      await core.leave(here, session, 'idle')
      const response = await asked(index)
      expect(response.statusCode, response.body).toBe(200)
      expect(presenceAt.parse(response.json())).toMatchObject({
        fact: { index, code: 'SIG-002', personId: rosa.personId },
        workstation: { workstationId: here, zoneId: '4-west' },
        people: [{ personId: rosa.personId, name: { family: 'Santos' } }],
        sessions: [{ sessionId: session, fromMs: beganMs, untilMs: beganMs + 3 * minute }],
        presence: [{ kind: 'input', confidence: 90, fromMs: beganMs + minute }],
        proof: { index, checkpoint: { size: index + 1 } },
      })
    })
    it('is nobody where nobody was, and who asks is written down', async () => {
      const { index, session } = await signed()
      await core.leave(here, session, 'idle')
      core.pass(hour)
      await core.hello(here, 'b007-0001')
      const facts = await core.record()
      const { sessions } = presenceAt.parse((await asked(facts.length - 1)).json())
      expect(sessions).toEqual([])
      await asked(index)
      expect((await core.record()).at(-1)).toMatchObject({
        code: 'ADM-001',
        person: rosa.personId,
        workstation: here,
        fields: { action: 'record.presence', by: 'token kit' },
      })
    })
    it.each([
      ['a number that no fact has', 999_999, 404],
      ['a fact that is about no workstation', 0, 404],
      ['what is no number', 'first', 400],
      ['a number before the first', -1, 400],
    ])('is not said of %s', async (_, index, status) => {
      expect((await asked(index)).statusCode).toBe(status)
    })
    it('is not said to who may read the record alone', async () => {
      const { index } = await signed()
      expect((await asked(index, await tokenOf('record:read'))).statusCode).toBe(403)
    })
  })

  describe('refuses', () => {
    it.each([
      ['two questions at once', { personId: nobody, zoneId: '4-west' }, 400],
      ['no question', {}, 400],
      ['more than 31 days', { zoneId: '4-west', fromMs: 0, toMs: timelineMaxMs + 1 }, 400],
      ['an end before its beginning', { zoneId: '4-west', fromMs: 2, toMs: 1 }, 400],
      ['what it does not know', { zoneId: '4-west', colour: 'red' }, 400],
      ['a person who is none', { personId: nobody }, 404],
      ['a workstation that is none', { workstationId: nobody }, 404],
      ['a zone that is none', { zoneId: 'attic' }, 404],
    ])('%s', async (_, query, status) => {
      const response = await ask({ fromMs: 1, toMs: 2, ...query })
      expect(response.statusCode).toBe(status)
    })
    it('who may see states alone, and leaves no look', async () => {
      const as = await tokenOf('house:read', 'record:read')
      expect((await ask({ ...whole(), zoneId: '4-west' }, as)).statusCode).toBe(403)
      expect(await looks()).toEqual([])
    })
    it('a token that was taken away', async () => {
      await see({ zoneId: '4-west' })
      const query = core.store.read.deleteFrom('admin_token').compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      expect((await ask({ ...whole(), zoneId: '4-west' })).statusCode).toBe(401)
    })
  })
})
