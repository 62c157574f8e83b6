// What workstations report and what time brings about: leaving, waking, coming back, launching,
// being present, running out. On both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoorEvent } from '@wardkey/protocol/admin/presence'
import { messageId, sessionId, zoneId } from '@wardkey/protocol/ids'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { AgentFrameOf, GapReason } from '@wardkey/protocol/workstation/agent-frames'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { disconnect } from './disconnect.ts'
import { endSuspended } from './end-suspended.ts'
import { noteWrongLock } from './note-wrong-lock.ts'
import { noteDoor } from './note-door.ts'
import { reportLaunch } from './report-launch.ts'
import { reportPresence } from './report-presence.ts'
import { resumeFromSleep } from './resume-from-sleep.ts'
import { sweep } from './sweep.ts'
import type { LostWorkstation } from './sweep.ts'

const minute = 60_000

describe.each(engines)('screens on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let anna: KitPerson
  let session: SessionId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    session = await core.signIn(here, anna)
    core.notices.length = 0
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const state = async (): Promise<string | undefined> =>
    (await core.sessions()).find(({ id }) => id === session)?.state
  const base = () => ({ id: messageId.parse(randomUUID()) })
  const resumed = (reason?: GapReason): AgentFrameOf<'resumed'> => ({
    kind: 'resumed',
    ...base(),
    ...(reason ? { reason } : {}),
    atMs: 0,
  })
  const presence = (evidence: AgentFrameOf<'presence'>['evidence']): AgentFrameOf<'presence'> => ({
    kind: 'presence',
    ...base(),
    sessionId: session,
    evidence,
    confidence: 0.5,
    atMs: 0,
  })
  const sweepWith = (...list: LostWorkstation[]) => {
    const settled: string[] = []
    const lost = { list: () => list, settled: (id: string) => settled.push(id) }
    return sweep({ ...core.needs, lost }).then((swept) => ({ ...swept, settled }))
  }

  describe('leaving', () => {
    it('locks the session, ends the presence, and says why in the record', async () => {
      expect((await core.leave(here, session, 'idle')).kind).toBe('noted')
      expect(await state()).toBe('locked')
      expect(core.notices).toEqual([{ kind: 'session-locked', sessionId: session }])
      const fact = (await core.record()).find(({ code }) => code === 'SES-003')
      expect(fact).toMatchObject({ session, fields: { reason: 'idle' } })
    })
    it('tells the EHR where nothing of the chart is left', async () => {
      await core.leave(here, session, 'shutdown')
      expect(core.notices.map(({ kind }) => kind)).toEqual(['session-locked', 'session-left'])
    })
    it('changes nothing for a session that is open elsewhere by now', async () => {
      await core.tap(there, anna)
      await core.leave(here, session, 'idle')
      expect(await state()).toBe('open')
      expect((await core.counts())['SES-102']).toBe(1)
    })
    it('changes nothing for a session that never was', async () => {
      await core.leave(here, sessionId.parse(randomUUID()))
      expect(await state()).toBe('open')
    })
    it('locks once, however often it is said', async () => {
      await Promise.all([core.leave(here, session), core.leave(here, session)])
      expect((await core.counts())['SES-003']).toBe(1)
    })
    it('ends no opening that came after the one it was said of', async () => {
      const opened = async (): Promise<number> => {
        const frame = await core.tap(here, anna)
        return frame.kind === 'admitted' ? (frame.opening ?? 0) : 0
      }
      const first = await opened()
      await core.leave(here, session, 'idle', first)
      expect(await state()).toBe('locked')
      const second = await opened()
      expect(second).toBeGreaterThan(first)
      // The first leave once more: it had waited for a disk, or on a path that was cut.
      await core.leave(here, session, 'idle', first)
      expect(await state()).toBe('open')
      await core.leave(here, session, 'idle', second)
      expect(await state()).toBe('locked')
      expect(await core.counts()).toMatchObject({ 'SES-003': 2, 'SES-102': 1 })
    })
    it('that was counted before it was heard of is told as it was', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? frame.opening : undefined
      const lockedMs = core.nowMs()
      core.pass(90_000)
      await sweepWith({ workstationId: here, sinceMs: lockedMs })
      await core.leave(here, session, 'other-badge', opening, lockedMs)
      expect(await state()).toBe('locked')
      const told = (await core.record()).filter(({ code }) => code === 'SES-008')
      expect(told).toMatchObject([
        { session, person: anna.personId, fields: { reason: 'other-badge', lockedMs } },
      ])
      // Once, however often it comes; nor of an opening before that, or from another place.
      await core.leave(here, session, 'other-badge', opening, lockedMs)
      await core.leave(here, session, 'idle', (opening ?? 0) - 1)
      await core.leave(there, session, 'idle', opening)
      expect(await core.counts()).toMatchObject({ 'SES-008': 1, 'SES-102': 3 })
    })
    describe('after she had moved on', () => {
      const moved = async (): Promise<number> => {
        const frame = await core.tap(here, anna)
        core.pass(10 * minute)
        await core.tap(there, anna)
        return (frame.kind === 'admitted' ? frame.opening : undefined) ?? 0
      }
      const told = async () => (await core.record()).filter(({ code }) => code === 'SES-008')

      it.each([
        ['before that', -4 * minute],
        ['after it, since nobody could tell it', 3 * minute],
      ])('is told as it was, %s, and locks nothing', async (_when, offMs) => {
        const opening = await moved()
        const lockedMs = core.nowMs() + offMs
        core.pass(5 * minute)
        await core.leave(here, session, 'idle', opening, lockedMs)
        expect(await state()).toBe('open')
        expect(await told()).toMatchObject([
          {
            ...{ session, person: anna.personId, workstation: here },
            fields: { reason: 'idle', lockedMs, opening },
          },
        ])
      })
      it('is told once, and whatever became of the session since', async () => {
        const opening = await moved()
        await core.leave(there, session, 'idle')
        await core.tap(await core.addWorkstation('4-west'), anna)
        await core.leave(here, session, 'idle', opening, core.nowMs() - 8 * minute)
        await core.leave(here, session, 'idle', opening, core.nowMs() - 8 * minute)
        expect(await core.counts()).toMatchObject({ 'SES-008': 1, 'SES-102': 1 })
      })
      it('is before no opening of hers there', async () => {
        const opening = await moved()
        const openedMs = core.nowMs() - 10 * minute
        await core.leave(here, session, 'idle', opening, 1)
        expect(await told()).toMatchObject([{ fields: { lockedMs: openedMs } }])
      })
      it('is not believed of another opening, from another place, or of none', async () => {
        const opening = await moved()
        const other = await core.addWorkstation('4-west')
        await core.leave(here, session, 'idle', opening - 1)
        await core.leave(here, session, 'idle', opening + 1)
        await core.leave(other, session, 'idle', opening)
        await core.leave(here, session, 'idle')
        await core.leave(here, sessionId.parse(randomUUID()), 'idle', opening)
        expect(await told()).toEqual([])
        expect(await core.counts()).toMatchObject({ 'SES-102': 5 })
      })
      it('is nothing where it had been locked, and told, before she went', async () => {
        const frame = await core.tap(here, anna)
        const opening = frame.kind === 'admitted' ? frame.opening : undefined
        await core.leave(here, session, 'idle', opening)
        await core.tap(there, anna)
        await core.leave(here, session, 'idle', opening)
        expect(await told()).toEqual([])
      })
    })
    it('that no clock puts before her session began', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? frame.opening : undefined
      const openedMs = core.nowMs()
      core.pass(minute)
      await sweepWith({ workstationId: here, sinceMs: openedMs - 10 * minute })
      await core.leave(here, session, 'other-badge', opening, 1)
      const [told] = (await core.record()).filter(({ code }) => code === 'SES-008')
      expect(told).toMatchObject({ fields: { lockedMs: openedMs } })
    })
    it('by a clock that was ahead says that nobody knows when', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? frame.opening : undefined
      const openedMs = core.nowMs()
      core.pass(90_000)
      await sweepWith({ workstationId: here, sinceMs: openedMs })
      await core.leave(here, session, 'tap-out', opening, core.nowMs() + 9 * minute)
      const [told] = (await core.record()).filter(({ code }) => code === 'SES-008')
      expect(told?.fields).toEqual({ reason: 'tap-out', isAhead: true })
    })
    it('that is told again since its answer was lost tells nothing twice', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? frame.opening : undefined
      await core.leave(here, session, 'tap-out', opening)
      await core.leave(here, session, 'tap-out', opening)
      const counts = await core.counts()
      expect(counts).toMatchObject({ 'SES-003': 1, 'SES-102': 1 })
      expect(counts['SES-008']).toBeUndefined()
    })
    it('keeps the grace window for her who tapped out, and not for her who was idle', async () => {
      core.pass(50 * minute)
      await core.leave(here, session, 'tap-out')
      core.pass(50 * minute)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'admitted' })
      core.pass(50 * minute)
      await core.leave(here, session, 'idle')
      core.pass(50 * minute)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })
  })

  it('waking from sleep locks what was open, and asks for the PIN there', async () => {
    core.pass(1)
    await core.needs.perform(() => resumeFromSleep(resumed(), here, core.needs))
    expect(await state()).toBe('locked')
    // The word may come late, when she has long come back: then her screen is open.
    const told = { kind: 'to-workstation', workstationId: here, frame: { sessionId: session } }
    expect(core.notices[0]).toMatchObject(told)
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    expect(await core.tap(there, anna)).toMatchObject({ kind: 'admitted' })
  })

  it.each([
    ['a clock that jumped', 'clock-ahead', 'clock-ahead'],
    ['a clock that was set back', 'clock-jump', 'clock-jump'],
    ['an agent that says no more than that it woke', undefined, 'resume'],
  ] as const)('%s asks for the PIN as well, and the record says which it was', async (...one) => {
    const [, told, reason] = one
    core.pass(1)
    await core.needs.perform(() => resumeFromSleep(resumed(told), here, core.needs))
    expect(await state()).toBe('locked')
    expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    const facts = await core.record()
    expect(facts.find(({ code }) => code === 'WKS-007')?.fields).toEqual({ reason })
    expect(facts.find(({ code }) => code === 'SES-003')?.fields).toMatchObject({ reason })
  })

  describe('a connection that ends', () => {
    const ends = async (greetedMs: number, reason = 'silent') => {
      const times = { greetedMs, heardMs: core.nowMs() }
      await core.needs.perform(() => disconnect(here, reason, times, core.needs))
      return (await core.record()).findLast(({ code }) => code === 'WKS-005')?.fields
    }
    it('is lost where none followed it', async () => {
      const greetedMs = core.nowMs()
      await core.hello(here, 'b007-0001', session)
      core.pass(minute)
      expect(await ends(greetedMs)).toEqual({ reason: 'silent' })
    })
    it('long after another one followed it, at whatever broker, has left nobody alone', async () => {
      const greetedMs = core.nowMs()
      await core.hello(here, 'b007-0001', session)
      core.pass(minute)
      await core.hello(here, 'b007-0001', session)
      core.pass(minute)
      expect(await ends(greetedMs)).toEqual({ reason: 'replaced', ended: 'silent' })
      expect(await state()).toBe('open')
      // What the older one still had to say is of an earlier opening, and changes nothing.
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? (frame.opening ?? 0) : 0
      await core.leave(here, session, 'idle', opening - 1)
      expect(await state()).toBe('open')
    })
  })

  describe('coming back', () => {
    it('keeps what is still shown, and believes the same boot', async () => {
      const frames = await core.hello(here, 'b007-0001', session)
      expect(frames.map(({ kind }) => kind)).toEqual(['welcome'])
      expect(await state()).toBe('open')
    })
    it('with a leave that could not be told is told as it was, once', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? (frame.opening ?? 0) : 0
      core.pass(minute)
      const lockedMs = core.nowMs()
      core.pass(10 * minute)
      const { id } = base()
      const left = { id, sessionId: session, reason: 'tap-out', opening, atMs: lockedMs } as const
      const [welcome] = await core.hello(here, 'b007-0001', undefined, [left])
      expect(welcome).toMatchObject({ kind: 'welcome', noted: [id] })
      // The frame itself, of an agent that did not read that far.
      await core.leave(here, session, 'tap-out', opening, lockedMs)
      const told = (await core.record()).filter(({ code }) => /^SES-00[38]$/.test(code))
      expect(told).toMatchObject([{ code: 'SES-003', fields: { reason: 'tap-out', lockedMs } }])
      expect(await state()).toBe('locked')
    })
    it('with a leave by a clock that is ahead says no time', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? (frame.opening ?? 0) : 0
      const atMs = core.nowMs() + 10 * minute
      const left = {
        ...{ id: base().id, sessionId: session },
        reason: 'idle',
        opening,
        atMs,
      } as const
      await core.hello(here, 'b007-0001', undefined, [left])
      const told = (await core.record()).filter(({ code }) => code === 'SES-003')
      expect(told).toMatchObject([{ fields: { reason: 'idle', isAhead: true } }])
      expect(told[0]?.['fields']).not.toHaveProperty('lockedMs')
    })
    it.each([
      ['of an opening before that', -1],
      ['of one that never was', 1],
    ])('with a leave %s locks, and does not say why', async (_what, by) => {
      const frame = await core.tap(here, anna)
      const opening = (frame.kind === 'admitted' ? (frame.opening ?? 0) : 0) + by
      const atMs = core.nowMs()
      const left = {
        ...{ id: base().id, sessionId: session },
        reason: 'idle',
        opening,
        atMs,
      } as const
      const [welcome] = await core.hello(here, 'b007-0001', undefined, [left])
      expect(welcome).not.toHaveProperty('noted')
      const told = (await core.record()).filter(({ code }) => code === 'SES-003')
      expect(told).toMatchObject([{ fields: { reason: 'not-on-screen' } }])
    })
    it('with a leave of what it shows is not believed', async () => {
      const frame = await core.tap(here, anna)
      const opening = frame.kind === 'admitted' ? (frame.opening ?? 0) : 0
      const atMs = core.nowMs()
      const left = {
        ...{ id: base().id, sessionId: session },
        reason: 'idle',
        opening,
        atMs,
      } as const
      await core.hello(here, 'b007-0001', session, [left])
      expect(await state()).toBe('open')
    })
    it('after a restart locks what it no longer shows, and tells the EHR', async () => {
      core.pass(1)
      await core.hello(here, 'b007-0009')
      expect(await state()).toBe('locked')
      expect(core.notices.map(({ kind }) => kind)).toEqual(['session-locked', 'session-left'])
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })
    it('is told to lock what ended meanwhile', async () => {
      core.pass(13 * 60 * minute)
      await sweepWith()
      const frames = await core.hello(here, 'b007-0001', session)
      expect(frames[1]).toMatchObject({ kind: 'lock', code: 'session-ended' })
    })
    it('is told to lock what it made up', async () => {
      const other = sessionId.parse(randomUUID())
      const frames = await core.hello(here, 'b007-0001', other)
      expect(frames[1]).toMatchObject({ kind: 'lock', sessionId: other })
      expect(await state()).toBe('locked')
    })
  })

  describe('reports', () => {
    it('of a launch are in the record with their stages, and none that it made up', async () => {
      const stagesMs = { 'context-created': 12.4, 'first-paint': 900.6, 'made-up': 1 }
      const frame = { kind: 'launched', ...base(), sessionId: session } as const
      await core.needs.perform(() =>
        reportLaunch({ ...frame, outcome: 'shown', stagesMs }, here, core.needs),
      )
      const fact = (await core.record()).find(({ code }) => code === 'SES-005')
      expect(fact?.fields).toEqual({ 'context-created': 12, 'first-paint': 901 })
    })
    it('of another workstation’s session are not believed', async () => {
      const frame = { kind: 'launched', ...base(), sessionId: session } as const
      await core.needs.perform(() =>
        reportLaunch({ ...frame, outcome: 'shown', stagesMs: {} }, there, core.needs),
      )
      await core.needs.perform(() => reportPresence(presence('input'), there, core.needs))
      expect(await core.counts()).toMatchObject({ 'SES-102': 2 })
    })
    it('of presence begin a new interval and end the one before', async () => {
      core.pass(minute)
      await core.needs.perform(() => reportPresence(presence('card-in-place'), here, core.needs))
      const rows = await core.store.read
        .selectFrom('presence')
        .select(['kind', 'until_ms'])
        .orderBy('from_ms')
        .execute()
      expect(rows).toMatchObject([
        { kind: 'tap', until_ms: core.nowMs() },
        { kind: 'card-in-place', until_ms: null },
      ])
    })
    it('of presence renew the grace window, and of a body near by they do not', async () => {
      core.pass(50 * minute)
      await core.needs.perform(() => reportPresence(presence('input'), here, core.needs))
      core.pass(50 * minute)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'admitted' })
      core.pass(50 * minute)
      await core.needs.perform(() => reportPresence(presence('proximity'), here, core.needs))
      core.pass(50 * minute)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })
  })

  describe('a session that waited behind a lock screen', () => {
    const end = (at: WorkstationId, id: SessionId): Promise<unknown> => {
      const reason = 'too-many-suspended' as const
      const frame = { kind: 'end', ...base(), sessionId: id, reason, atMs: 0 } as const
      return core.needs.perform(() => endSuspended(frame, at, core.needs))
    }

    it('ends when its workstation says that it is closed, and its EHR hears of it', async () => {
      await core.leave(here, session)
      core.notices.length = 0
      await end(here, session)
      expect(await state()).toBe('ended')
      expect(core.notices.map(({ kind }) => kind)).toContain('session-left')
      const fact = (await core.record()).find(({ code }) => code === 'SES-004')
      expect(fact).toMatchObject({ session, fields: { reason: 'too-many-suspended' } })
    })
    it('refuses/to end while it is open, here or where she went', async () => {
      await end(here, session)
      expect(await state()).toBe('open')
      await core.tap(there, anna)
      await end(here, session)
      expect(await state()).toBe('open')
      expect((await core.counts())['SES-102']).toBe(2)
    })
    it('refuses/to end by the word of another workstation', async () => {
      await core.leave(here, session)
      await end(there, session)
      expect(await state()).toBe('locked')
    })
  })

  describe('“this lock was wrong”', () => {
    const wrong = (at: WorkstationId, id: SessionId): Promise<unknown> => {
      const reason = 'idle' as const
      const frame = { kind: 'lock-was-wrong', ...base(), sessionId: id, reason, atMs: 0 } as const
      return core.needs.perform(() => noteWrongLock(frame, at, core.needs))
    }

    it('is in the record with zone and reason, and changes nothing', async () => {
      await core.leave(here, session, 'idle')
      await wrong(here, session)
      expect(await state()).toBe('locked')
      const fact = (await core.record()).find(({ code }) => code === 'SES-007')
      expect(fact).toMatchObject({ session, zone: '4-west', fields: { reason: 'idle' } })
    })
    it('refuses/the word of a workstation where the session was not', async () => {
      await core.leave(here, session, 'idle')
      await wrong(there, session)
      await wrong(here, sessionId.parse(randomUUID()))
      const counts = await core.counts()
      expect([counts['SES-007'], counts['SES-102']]).toEqual([undefined, 2])
    })
  })

  describe('a door', () => {
    const door = (change: Partial<DoorEvent> = {}) =>
      core.needs.perform(() =>
        noteDoor(
          {
            card: anna.card,
            direction: 'out',
            zoneId: zoneId.parse('4-west'),
            door: 'Ward 4 West, main',
            atMs: core.nowMs(),
            by: 'kit',
            ...change,
          },
          core.needs,
        ),
      )

    it('that she went out by tells her screen that she is gone, and locks nothing', async () => {
      await door()
      expect(core.notices).toMatchObject([
        { kind: 'to-workstation', workstationId: here, frame: { kind: 'evidence', isNear: false } },
      ])
      expect(await state()).toBe('open')
      const fact = (await core.record()).find(({ code }) => code === 'PRE-002')
      expect(fact).toMatchObject({ person: anna.personId, fields: { direction: 'out' } })
    })
    it.each([
      ['of her own zone that she came in by', { direction: 'in' as const }],
      ['of another zone that she went out by', { zoneId: zoneId.parse('pharmacy') }],
    ])('%s says nothing of her screen', async (_name, change) => {
      await door(change)
      expect(core.notices).toEqual([])
    })
    it('of another zone that she came in by tells her screen', async () => {
      await door({ direction: 'in', zoneId: zoneId.parse('pharmacy') })
      expect(core.notices).toHaveLength(1)
    })
    it('refuses/to count when it tells late, or of a time that has not come', async () => {
      await door({ atMs: core.nowMs() - 2 * minute })
      await door({ atMs: core.nowMs() + 2 * minute })
      expect(core.notices).toEqual([])
    })
    it('refuses/a card that is nobody’s, without its number in the record', async () => {
      const card = { technology: 'csn', canonical: '04ffffffffff01' } as const
      await door({ card })
      const facts = await core.record()
      expect(facts.find(({ code }) => code === 'PRE-101')?.person).toBeUndefined()
      expect(JSON.stringify(facts)).not.toContain(card.canonical)
    })
  })

  describe('time', () => {
    it('ends a session that was locked too long, and leaves one that was not', async () => {
      await core.leave(here, session)
      core.pass(29 * minute)
      expect(await sweepWith()).toMatchObject({ ended: 0 })
      core.pass(minute)
      expect(await sweepWith()).toMatchObject({ ended: 1 })
      expect(await state()).toBe('ended')
      expect(core.notices.map(({ kind }) => kind)).toContain('session-left')
    })
    it('ends an open session past the overall limit, and locks its screen', async () => {
      core.pass(12 * 60 * minute)
      expect(await sweepWith()).toMatchObject({ ended: 1 })
      expect(core.notices[0]).toMatchObject({
        kind: 'to-workstation',
        workstationId: here,
        frame: { kind: 'lock', code: 'session-ended' },
      })
    })
    it('locks a session whose workstation stays away longer than its zone allows', async () => {
      const gone = { workstationId: here, sinceMs: core.nowMs() }
      core.pass(minute)
      expect(await sweepWith(gone)).toMatchObject({ locked: 0, settled: [] })
      core.pass(10_000)
      expect(await sweepWith(gone)).toMatchObject({ locked: 1, settled: [here] })
      expect(await state()).toBe('locked')
    })
    it('leaves a workstation alone for as long as another broker says that it has it', async () => {
      const gone = { workstationId: here, sinceMs: core.nowMs() }
      for (let n = 0; n < 5; n++) {
        core.pass(minute)
        await core.hello(here, 'b007-0001', session)
        expect(await sweepWith(gone)).toMatchObject({ locked: 0, settled: [] })
      }
      core.pass(minute + 10_000)
      expect(await sweepWith(gone)).toMatchObject({ locked: 1, settled: [here] })
    })
    it('forgets taps, tickets and attempts that nobody asks for any more', async () => {
      // More than go with one statement.
      const card = { technology: 'csn', canonical: '04deadbeef1234' } as const
      await Promise.all(Array.from({ length: 600 }, () => core.tap(here, { card })))
      core.pass(2 * 24 * 60 * minute)
      await sweepWith()
      for (const table of ['tap', 'launch_ticket', 'pin_attempt'] as const) {
        expect(await core.store.read.selectFrom(table).selectAll().execute()).toHaveLength(0)
      }
    })
  })
})
