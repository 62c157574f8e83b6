// What cut-off workstations tell afterwards, on both stores: taken once, in order, as claims; what
// would have gone otherwise is put up; and nothing is open after it that a tap would not open.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionId } from '@wardkey/protocol/ids'
import type { SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { OfflineJournal } from '../../../test/kit/offline-journal.ts'
import { engines } from '../../../test/kit/stores.ts'
import { BundleDesk } from './bundles/bundle-desk.ts'
import { changePerson } from './change-person.ts'
import { enrolBadge } from './enrol-badge.ts'
import { markBadge } from './mark-badge.ts'
import { mergeOffline } from './merge-offline.ts'
import { revokePerson } from './revoke-person.ts'
import { setPin } from './set-pin.ts'

const minute = 60_000
const hour = 60 * minute
const by = 'test'

describe.each(engines)('a journal on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let anna: KitPerson
  let ben: KitPerson
  let journal: OfflineJournal
  let session: SessionId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { offlineMaxMs: hour })
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben' })
    core.pass(minute)
    await give(here)
    core.pass(minute)
    journal = new OfflineJournal()
    session = sessionId.parse(randomUUID())
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const give = async (at: WorkstationId, zone = '4-west'): Promise<void> => {
    const desk = new BundleDesk({
      ...core.needs,
      signKey: generateKeyPairSync('ed25519').privateKey,
      ...{ pinPepper: randomBytes(32), random: randomBytes, othersMax: 10 },
      findDowntimeKey: () => undefined,
    })
    const zones = await desk.zones()
    await desk.refresh(zones.values())
    const view = desk.viewOf(zone)
    if (!view || !(await desk.make(at, view))) throw new Error('no bundle')
  }
  const tell = async (frame = journal.frame(), at: WorkstationId = here): Promise<BrokerFrame> =>
    (await core.needs.perform(() => mergeOffline(frame, at, core.needs))).answer
  const admitted = (
    who: KitPerson,
    more: Partial<Parameters<OfflineJournal['write']>[0] & { kind: 'decided' }> = {},
  ): TapId => {
    const tapId = core.newTapId()
    journal.write({
      ...{ kind: 'decided', atMs: core.nowMs(), tapId, outcome: 'admitted' },
      ...{ rule: 'badge-and-pin', personId: who.personId, sessionId: session },
      ...{ pinAtMs: core.nowMs(), bundleSequence: 1, bundleAgeMs: minute },
      ...more,
    })
    return tapId
  }
  const left = (reason: 'idle' | 'network-back' = 'idle'): void => {
    journal.write({ kind: 'left', atMs: core.nowMs(), sessionId: session, reason })
  }
  const row = async (id: string = session) => (await core.sessions()).find((one) => one.id === id)
  const reviews = async (): Promise<readonly string[]> =>
    (await core.store.read.selectFrom('offline_review').selectAll().execute()).map(
      ({ reasons }) => reasons,
    )
  const kept = (isKept: boolean) => ({
    kind: 'offline-merged',
    sessions: [{ sessionId: session, isKept }],
  })

  describe('is taken', () => {
    it('into record and books, with its times, and marked as decided without us', async () => {
      admitted(anna)
      core.pass(5 * minute)
      journal.write({
        kind: 'seen',
        atMs: core.nowMs(),
        sessionId: session,
        evidence: 'input',
        confidence: 0.5,
      })
      core.pass(minute)
      left()
      core.pass(hour)
      expect(await tell()).toMatchObject({ kind: 'offline-merged', upToSeq: 3, sessions: [] })
      const ended = await row()
      expect(ended).toMatchObject({
        ...{ state: 'ended', end_reason: 'idle', journal_id: journal.journalId, pin_at_ms: 0 },
        ...{ person_id: anna.personId, workstation_id: here, acr: 'urn:wardkey:acr:badge' },
      })
      expect((ended?.ended_ms ?? 0) - (ended?.opened_ms ?? 0)).toBe(6 * minute)
      const seen = await core.store.read
        .selectFrom('presence')
        .selectAll()
        .orderBy('from_ms')
        .execute()
      expect(seen).toMatchObject([
        { kind: 'tap', confidence: 0.95, journal_id: journal.journalId },
        { kind: 'input', confidence: 0.5, until_ms: ended?.ended_ms },
      ])
      const facts = (await core.record()).filter(({ code }) => code.startsWith('OFF-00'))
      expect(facts.map(({ code }) => code)).toEqual(['OFF-001', 'OFF-002', 'OFF-003', 'OFF-003'])
      expect(facts[1]).toMatchObject({
        ...{ person: anna.personId, workstation: here, session, rule: 'badge-and-pin' },
        fields: { outcome: 'admitted', bundleSequence: 1, bundleAgeMs: minute, isBelieved: true },
      })
      // Its own time is ours, of merging; the workstation's is beside it.
      expect(facts[1]).toMatchObject({
        atMs: core.nowMs(),
        fields: { atMs: core.nowMs() - hour - 6 * minute },
      })
      expect(await reviews()).toEqual([])
    })
    it('once, however often and in whatever pieces it is told', async () => {
      admitted(anna)
      left()
      const frame = journal.frame()
      const first = await tell(frame)
      const counts = await core.counts()
      expect(await tell(frame)).toMatchObject({ ...first, id: expect.any(String) })
      await tell(journal.frameOf(frame.lines.slice(0, 1), false))
      expect(await tell(journal.frameOf(frame.lines.slice(1)))).toMatchObject({ upToSeq: 2 })
      expect(await core.counts()).toEqual({ ...counts, 'OFF-006': 3 })
      expect(await core.store.read.selectFrom('presence').selectAll().execute()).toHaveLength(1)
    })
    it('once, told to two brokers at the same time', async () => {
      admitted(anna)
      left()
      const frame = journal.frame()
      const answers = await Promise.all([tell(frame), tell(frame), tell(frame)])
      expect(answers.map(({ kind }) => kind)).toEqual(Array(3).fill('offline-merged'))
      expect(await core.counts()).toMatchObject({ 'OFF-002': 1, 'OFF-003': 1, 'OFF-006': 2 })
    })
    it('line by line over several frames, with what stands between them', async () => {
      admitted(anna)
      expect(await tell(journal.frame(false))).toMatchObject({ upToSeq: 1, sessions: [] })
      expect(await row()).toBeUndefined()
      core.pass(minute)
      left()
      await tell(journal.frame(false))
      expect(await row()).toMatchObject({ state: 'ended', end_reason: 'idle' })
    })
    it('with a time ahead of ours as now, and says so', async () => {
      admitted(anna, { atMs: core.nowMs() + 10 * hour })
      left()
      await tell()
      expect((await row())?.opened_ms).toBe(core.nowMs())
      const fact = (await core.record()).find(({ code }) => code === 'OFF-002')
      expect(fact?.fields).toMatchObject({ isAhead: true })
    })
    it('with how far the clock was off that told it, and without a word where it was right', async () => {
      admitted(anna)
      await tell({ ...journal.frame(false), clockMs: core.nowMs() + 1500 })
      left()
      await tell({ ...journal.frame(), clockMs: core.nowMs() - 10 * minute })
      const lines = (await core.record()).filter(({ code }) => /^OFF-00[23]$/.test(code))
      const [right, off] = lines
      expect(right?.fields).not.toHaveProperty('clockAheadMs')
      expect(off?.fields).toMatchObject({ kind: 'left', clockAheadMs: -10 * minute })
    })
    it('with a note that only her own key opens', async () => {
      const choice = { reason: 'other', note: 'bed 7 is blue', tookMs: 1, position: 4, of: 5 }
      admitted(anna, { choice, by: 'card' })
      left()
      await tell()
      const record = JSON.stringify(await core.record())
      expect(record).not.toContain('bed 7')
      expect(record).toContain('"note"')
    })
  })

  describe('does not follow, and is not taken,', () => {
    const refused = async (frame: ReturnType<OfflineJournal['frame']>, reason: string) => {
      const answer = await tell(frame)
      expect(answer).toMatchObject({
        ...{ kind: 'failed', replyTo: frame.id },
        ...{ code: 'journal-does-not-follow', repeat: 'permanent' },
      })
      expect(await core.sessions()).toEqual([])
      expect(await reviews()).toEqual([`journal-does-not-follow ${reason}`])
      expect(await core.counts()).toMatchObject({ 'OFF-101': 1 })
    }
    it('with a line that was changed', async () => {
      admitted(anna)
      left()
      const [first = '', second = ''] = journal.lines
      await refused(
        journal.frameOf([first.replace(anna.personId, ben.personId), second]),
        'not-the-line-before',
      )
    })
    it('with its beginning cut off, or in another order', async () => {
      admitted(anna)
      left()
      await refused(journal.frameOf(journal.lines.slice(1)), 'gap')
      await tell(journal.frameOf([...journal.lines].reverse()))
      // Put up once, however often it is told.
      expect(await reviews()).toHaveLength(1)
    })
    it('with a line that is none', async () => {
      await refused(journal.frameOf(['{"kind":"decided"}']), 'not-understood')
    })
    it('where its disk was put back to an earlier day, and it went on from there', async () => {
      admitted(anna)
      left()
      admitted(anna)
      left()
      await tell()
      const back = journal.lines.splice(2)
      admitted(ben)
      expect(await tell(journal.frameOf(journal.lines))).toMatchObject({ kind: 'failed' })
      expect(await reviews()).toEqual(['journal-does-not-follow not-the-line-before'])
      journal.lines.splice(2, 1, ...back)
      expect(await tell(journal.frameOf(journal.lines))).toMatchObject({ upToSeq: 4 })
    })
    it('where more journals come than outages can be, and is again a week later', async () => {
      const many = Array.from({ length: 2000 }, (_, n) => ({
        ...{ workstation_id: here, journal_id: randomUUID(), upto_seq: n + 1 },
        ...{ upto_hash: '0'.repeat(64), merged_ms: core.nowMs(), version: 1 },
        standing: '{"sessions":[],"asked":[],"wrongs":[],"settled":[]}',
      }))
      for (let from = 0; from < many.length; from += 100) {
        const some = core.store.read
          .insertInto('offline_journal')
          .values(many.slice(from, from + 100))
        await core.store.commit({ kind: 'housekeeping', writes: [{ query: some.compile() }] })
      }
      left()
      const frame = journal.frame()
      await refused(frame, 'too-many-journals')
      core.pass(7 * 24 * hour)
      expect(await tell(frame)).toMatchObject({ kind: 'offline-merged', upToSeq: 1 })
    })
    it('where it is told by another workstation from its middle', async () => {
      admitted(anna)
      await tell(journal.frame(false))
      left()
      expect(await tell(journal.frame(), there)).toMatchObject({ kind: 'failed' })
      expect(await reviews()).toEqual(['journal-does-not-follow gap'])
    })
  })

  describe('is not believed', () => {
    const unsound = async (reason: string, at: WorkstationId = here): Promise<void> => {
      left()
      await tell(journal.frame(), at)
      expect(await reviews()).toEqual([reason])
      const mine = (await core.sessions()).filter((one) => one.journal_id !== null)
      expect(mine).toEqual([])
      expect((await core.counts())['OFF-004']).toBe(1)
    }
    it('of a person whom its bundle did not have', async () => {
      const late = await core.addPerson({ given: 'Late' })
      admitted(late)
      await unsound('person-not-in-bundle')
    })
    it('of a bundle that it was never given', async () => {
      admitted(anna, { bundleSequence: 7 })
      await unsound('bundle-unknown')
    })
    it('of another workstation’s bundle', async () => {
      admitted(anna)
      await unsound('bundle-unknown', there)
    })
    it('of a person whom the bundle refused, without an emergency', async () => {
      const carl = await core.addPerson({ given: 'Carl', roles: ['billing'] })
      await give(here)
      admitted(carl, { bundleSequence: 2 })
      await unsound('refused-in-bundle')
    })
    it('of a session of another workstation, or of another person', async () => {
      const elsewhere = await core.signIn(there, anna)
      admitted(anna, { sessionId: elsewhere, isResumed: true })
      session = elsewhere
      await unsound('session-not-here')
      expect(await row(elsewhere)).toMatchObject({ state: 'open', workstation_id: there })
    })
    it('of a session that somebody else had here', async () => {
      const hers = await core.signIn(here, anna)
      await core.leave(here, hers)
      admitted(ben, { sessionId: hers, isResumed: true })
      await unsound('session-not-here')
      expect(await row(hers)).toMatchObject({ state: 'locked', person_id: anna.personId })
    })
  })

  describe('puts up for review, and keeps no screen open, where meanwhile', () => {
    const cases: [string, string, () => Promise<unknown>][] = [
      [
        'she was suspended',
        'person-not-active',
        () =>
          core.needs.perform(() =>
            revokePerson({ personId: anna.personId, status: 'suspended', by }, core.needs),
          ),
      ],
      [
        'her badge was lost',
        'badge-not-usable',
        () =>
          core.needs.perform(() =>
            markBadge({ badgeId: anna.badgeId, status: 'lost', by }, core.needs),
          ),
      ],
      [
        'she lost the role',
        'role-not-in-zone',
        () =>
          core.needs.perform(() =>
            changePerson({ personId: anna.personId, roles: ['porter'], by }, core.needs),
          ),
      ],
      [
        'her PIN was changed',
        'pin-changed',
        () => setPin({ personId: anna.personId, pin: '59371846', by }, core.needs),
      ],
    ]
    it.each(cases)('%s', async (_name, reason, change) => {
      await change()
      core.pass(minute)
      admitted(anna)
      expect(await tell()).toMatchObject(kept(false))
      expect(await reviews()).toEqual([reason])
      expect(await row()).toMatchObject({ state: 'ended', end_reason: 'network-back' })
    })
    it.each(cases.slice(0, 3))(
      'not where %s only after the decision',
      async (_name, _reason, change) => {
        admitted(anna)
        core.pass(minute)
        await change()
        expect(await tell()).toMatchObject(kept(false))
        expect(await reviews()).toEqual([])
      },
    )
    it('the bundle had run out', async () => {
      core.pass(2 * hour)
      admitted(anna)
      expect(await tell()).toMatchObject(kept(false))
      expect(await reviews()).toEqual(['bundle-expired'])
    })
    it('its age is one that it cannot have had, whatever its clock says', async () => {
      admitted(anna, { bundleAgeMs: 2 * hour })
      await tell()
      expect(await reviews()).toEqual(['bundle-expired'])
    })
    it('she was open elsewhere then', async () => {
      await core.signIn(there, anna)
      core.pass(minute)
      admitted(anna)
      expect(await tell()).toMatchObject(kept(false))
      expect(await reviews()).toEqual(['open-elsewhere'])
    })
  })

  describe('whose last session may be on a screen', () => {
    it('keeps it where a tap would open it too', async () => {
      admitted(anna)
      expect(await tell()).toMatchObject(kept(true))
      expect(await row()).toMatchObject({ state: 'open', workstation_id: here, pin_at_ms: 0 })
      expect((await core.counts())['SES-001']).toBe(1)
      await core.leave(here, session)
      expect(await row()).toMatchObject({ state: 'locked' })
    })
    it('says so again when it is asked again, and not once it is over', async () => {
      admitted(anna)
      const frame = journal.frame()
      await tell(frame)
      expect(await tell(frame)).toMatchObject(kept(true))
      await core.leave(here, session)
      expect(await tell(frame)).toMatchObject(kept(false))
    })
    it('ends it where she is somewhere else by now', async () => {
      admitted(anna)
      core.pass(minute)
      await core.signIn(there, anna)
      expect(await tell()).toMatchObject(kept(false))
      expect(await row()).toMatchObject({ state: 'ended' })
    })
    it('keeps it beside another one where her zone allows two', async () => {
      await core.addZone('pharmacy', { offlineMaxMs: hour, screensMax: 2 })
      const first = await core.addWorkstation('pharmacy')
      const second = await core.addWorkstation('pharmacy')
      await core.signIn(first, anna)
      await give(second, 'pharmacy')
      core.pass(minute)
      admitted(anna)
      expect(await tell(journal.frame(), second)).toMatchObject(kept(true))
      const open = (await core.sessions()).filter(({ state }) => state === 'open')
      expect(open.map(({ slot }) => slot).sort()).toEqual([0, 1])
      expect(await reviews()).toEqual([])
      await core.leave(second, session)
    })
    it('ends it where somebody else is there by now', async () => {
      admitted(anna)
      await core.signIn(here, ben)
      expect(await tell()).toMatchObject(kept(false))
    })
    it('keeps the last of two, and ends the one before', async () => {
      admitted(anna)
      const first = session
      session = sessionId.parse(randomUUID())
      core.pass(minute)
      admitted(ben)
      expect(await tell()).toMatchObject({
        sessions: [
          { sessionId: first, isKept: false },
          { sessionId: session, isKept: true },
        ],
      })
    })
    it('ends it where a badge of hers was lost since, though she has another one', async () => {
      admitted(anna)
      core.pass(minute)
      await core.needs.perform(() =>
        markBadge({ badgeId: anna.badgeId, status: 'lost', by }, core.needs),
      )
      const card = { technology: 'csn', canonical: '04c0ffee000001' } as const
      await core.needs.perform(() => enrolBadge({ personId: anna.personId, card, by }, core.needs))
      expect(await tell()).toMatchObject(kept(false))
    })
    it('locks what is told to have been left, though it was kept a moment before', async () => {
      admitted(anna)
      expect(await tell()).toMatchObject(kept(true))
      journal.write({ kind: 'left', atMs: core.nowMs(), sessionId: session, reason: 'tap-out' })
      core.pass(1000)
      await tell()
      expect((await core.sessions()).find(({ id }) => id === session)?.state).not.toBe('open')
    })
    it('locks it too where its clock is far behind ours', async () => {
      const atMs = core.nowMs() - 2 * hour
      admitted(anna, { atMs, pinAtMs: atMs })
      expect(await tell()).toMatchObject(kept(true))
      journal.write({ kind: 'left', atMs: atMs + 1000, sessionId: session, reason: 'tap-out' })
      core.pass(1000)
      await tell()
      expect((await row())?.state).not.toBe('open')
    })
    it('opens again what a broker had opened here, worth what it was', async () => {
      session = await core.signIn(here, anna)
      await core.leave(here, session, 'link-lost')
      const before = await row()
      core.pass(minute)
      admitted(anna, { isResumed: true })
      expect(await tell()).toMatchObject(kept(true))
      expect(await row()).toMatchObject({
        state: 'open',
        acr: before?.acr,
        pin_at_ms: before?.pin_at_ms,
      })
      // The record's last word about it is not that it is locked.
      const words = (await core.record()).filter(({ code }) => /^SES-00[1239]$/.test(code))
      expect(words.at(-1)).toMatchObject({ code: 'SES-009', session, workstation: here })
    })
    it('does not bring back what has ended', async () => {
      session = await core.signIn(here, anna)
      await core.leave(here, session, 'link-lost')
      admitted(anna, { isResumed: true })
      await core.needs.perform(() =>
        revokePerson({ personId: anna.personId, status: 'on-leave', by }, core.needs),
      )
      expect(await tell()).toMatchObject(kept(false))
      expect(await row()).toMatchObject({ state: 'ended', end_reason: 'revoked' })
    })
    it('locks in the books what was left without us, and tells the EHR', async () => {
      session = await core.signIn(here, anna)
      core.pass(minute)
      core.notices.length = 0
      left()
      await tell()
      expect(await row()).toMatchObject({ state: 'locked' })
      expect(core.notices.map(({ kind }) => kind)).toEqual(['session-locked', 'session-left'])
    })
    it('takes up again, in the next outage, what was kept', async () => {
      admitted(anna)
      await tell()
      core.pass(minute)
      admitted(anna)
      left()
      await tell()
      expect(await row()).toMatchObject({ state: 'locked' })
    })
  })

  describe('with wrong PINs', () => {
    const asked = (who: KitPerson): TapId => {
      const tapId = core.newTapId()
      journal.write({
        ...{
          kind: 'decided',
          atMs: core.nowMs(),
          tapId,
          outcome: 'asked-pin',
          rule: 'first-of-shift',
        },
        ...{ personId: who.personId, bundleSequence: 1, bundleAgeMs: minute },
      })
      return tapId
    }
    const tried = (who: KitPerson, tapId: TapId, outcome: 'matched' | 'wrong'): void => {
      journal.write({
        kind: 'pin-tried',
        atMs: core.nowMs(),
        tapId,
        personId: who.personId,
        outcome,
      })
    }
    const pin = (who: KitPerson) =>
      core.store.read
        .selectFrom('pin')
        .selectAll()
        .where('person_id', '=', who.personId)
        .executeTakeFirstOrThrow()

    it('adds them to hers, and locks the PIN where they are too many', async () => {
      const tapId = asked(anna)
      for (let n = 0; n < 5; n++) tried(anna, tapId, 'wrong')
      await tell()
      expect(await pin(anna)).toMatchObject({
        failures: 5,
        locked_until_ms: core.nowMs() + 15 * minute,
      })
      expect(await core.counts()).toMatchObject({ 'PIN-101': 1, 'PIN-102': 1 })
    })
    it('forgets those before a right one, as a broker does', async () => {
      const tapId = asked(anna)
      for (let n = 0; n < 4; n++) tried(anna, tapId, 'wrong')
      tried(anna, tapId, 'matched')
      tried(anna, asked(anna), 'wrong')
      await tell()
      expect(await pin(anna)).toMatchObject({ failures: 1, locked_until_ms: 0 })
    })
    it('counts none for somebody whose badge raised no question there', async () => {
      const tapId = asked(anna)
      for (let n = 0; n < 20; n++) tried(ben, tapId, 'wrong')
      for (let n = 0; n < 20; n++) tried(ben, core.newTapId(), 'wrong')
      await tell()
      expect(await pin(ben)).toMatchObject({ failures: 0, locked_until_ms: 0 })
    })
    it('counts none for somebody whom the bundle did not know, and none after its end', async () => {
      const stranger = await core.addPerson({ family: 'Newcome' })
      const tapId = asked(stranger)
      for (let n = 0; n < 5; n++) tried(stranger, tapId, 'wrong')
      await tell()
      expect(await pin(stranger)).toMatchObject({ failures: 0, locked_until_ms: 0 })
    })
    it('makes her wait, and never for ever: it is one workstation’s word', async () => {
      const tapId = asked(anna)
      for (let n = 0; n < 40; n++) tried(anna, tapId, 'wrong')
      await tell()
      const { locked_until_ms: untilMs } = await pin(anna)
      expect(untilMs).toBeGreaterThan(core.nowMs())
      expect(untilMs).toBeLessThan(core.nowMs() + 24 * 60 * minute)
    })
    it('counts none against a PIN that is another by now', async () => {
      tried(anna, asked(anna), 'wrong')
      core.pass(minute)
      await setPin({ personId: anna.personId, pin: '59371846', by }, core.needs)
      await tell()
      expect(await pin(anna)).toMatchObject({ failures: 0 })
    })
    it('counts them once', async () => {
      tried(anna, asked(anna), 'wrong')
      const frame = journal.frame()
      await tell(frame)
      await tell(frame)
      expect(await pin(anna)).toMatchObject({ failures: 1 })
    })
  })
})
