// Which opening a merged session is, and by which clock: a leave that waited at its workstation
// ends the opening that it is of, and none that came after it. On both stores.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionId } from '@wardkey/protocol/ids'
import type { SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { OfflineJournal } from '../../../../test/kit/offline-journal.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { BundleDesk } from '../bundles/bundle-desk.ts'
import { mergeOffline } from '../merge-offline.ts'

const minute = 60_000

describe.each(engines)('a merged session on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson
  let journal: OfflineJournal
  let session: SessionId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { offlineMaxMs: 60 * minute })
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    core.pass(minute)
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
    journal = new OfflineJournal()
    session = sessionId.parse(randomUUID())
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const opens = (isResumed = false): void => {
    const atMs = core.nowMs()
    journal.write({
      ...{ kind: 'decided', atMs, tapId: core.newTapId(), outcome: 'admitted', isResumed },
      ...{ rule: 'badge-and-pin', personId: anna.personId, sessionId: session },
      ...{ pinAtMs: atMs, bundleSequence: 1, bundleAgeMs: minute },
    })
  }
  const leaves = (): void => {
    journal.write({ kind: 'left', atMs: core.nowMs(), sessionId: session, reason: 'idle' })
  }
  const row = async () => (await core.sessions()).find(({ id }) => id === session)
  /** The opening that the workstation is told; it is the one in the books. */
  async function merge(frame = journal.frame()): Promise<number> {
    const { answer } = await core.needs.perform(() => mergeOffline(frame, here, core.needs))
    if (answer.kind !== 'offline-merged') throw new Error(`not merged: ${answer.kind}`)
    const told = answer.sessions.find((one) => one.sessionId === session)
    expect(told).toMatchObject({ isKept: true })
    expect(told?.opening).toBe((await row())?.version)
    return told?.opening ?? 0
  }
  const isOpen = async (): Promise<boolean> => (await row())?.state === 'open'

  it.each([
    [
      'opened here for the first time',
      () => {
        opens()
      },
    ],
    [
      'left and opened again in one outage',
      () => {
        opens()
        core.pass(minute)
        leaves()
        core.pass(minute)
        opens()
        core.pass(minute)
        leaves()
        core.pass(minute)
        opens()
      },
    ],
  ])('%s is not ended by an earlier leave that comes late', async (_, happens) => {
    happens()
    const opening = await merge()
    core.pass(minute)
    expect(await core.signIn(here, anna)).toBe(session)
    await core.leave(here, session, 'idle', opening)
    expect(await isOpen()).toBe(true)
    expect((await core.counts())['SES-102']).toBe(1)
  })
  it('by a clock that was put forward has the age of its bundle by ours beside its own', async () => {
    const ahead = 10 * minute
    const decided = (bundleAgeMs: number): void => {
      journal.write({
        ...{ kind: 'decided', atMs: core.nowMs() + ahead, tapId: core.newTapId() },
        ...{ outcome: 'refused', rule: 'badge-is-known', code: 'not-known-here' },
        ...{ bundleSequence: 1, bundleAgeMs },
      })
    }
    decided(minute + ahead)
    // This one knew of it: its own count is right.
    decided(minute)
    const frame = { ...journal.frame(), clockMs: core.nowMs() + ahead }
    await core.needs.perform(() => mergeOffline(frame, here, core.needs))
    const told = (await core.record()).filter(({ code }) => code === 'OFF-002')
    expect(told[0]?.fields).toMatchObject({ bundleAgeMs: minute + ahead, ageByClockMs: minute })
    expect(told[1]?.fields).not.toHaveProperty('ageByClockMs')
  })
  it('says whose screen was shown, and of one that stood no longer nobody’s', async () => {
    const shows = () => {
      journal.write({
        ...{ kind: 'launched', atMs: core.nowMs(), sessionId: session, outcome: 'shown' },
      })
    }
    opens()
    shows()
    leaves()
    shows()
    await core.needs.perform(() => mergeOffline(journal.frame(), here, core.needs))
    const facts = (await core.record()).filter(({ code }) => code === 'OFF-003')
    expect(facts).toMatchObject([
      { fields: { kind: 'launched' }, person: anna.personId },
      { fields: { kind: 'left' }, person: anna.personId },
      { fields: { kind: 'launched' } },
    ])
    expect(facts[2]).not.toHaveProperty('person')
  })
  it('left and told in one frame, opened again in the next, is the second opening', async () => {
    opens()
    core.pass(minute)
    leaves()
    const frame = { ...journal.frame(), isLast: false }
    await core.needs.perform(() => mergeOffline(frame, here, core.needs))
    core.pass(minute)
    opens()
    await merge()
  })
  it('is ended by the leave of its own opening', async () => {
    opens()
    await core.leave(here, session, 'idle', await merge())
    expect(await isOpen()).toBe(false)
  })
  it('that a broker had opened is told as what it is now', async () => {
    session = await core.signIn(here, anna)
    await core.leave(here, session, 'link-lost')
    core.pass(minute)
    opens(true)
    const opening = await merge()
    expect(opening).toBeGreaterThan(1)
    core.pass(minute)
    await core.signIn(here, anna)
    await core.leave(here, session, 'idle', opening)
    expect(await isOpen()).toBe(true)
  })
  it('that its broker never saw closed keeps its opening', async () => {
    session = await core.signIn(here, anna)
    const before = (await row())?.version
    core.pass(minute)
    opens(true)
    expect(await merge()).toBe(before)
  })
  it('is the same opening where the lines are told again', async () => {
    opens()
    const frame = journal.frame()
    expect(await merge(frame)).toBe(await merge(frame))
  })
  describe('that a tap has opened again before its journal was taken in', () => {
    const mergeFrom = (greetedMs: number) =>
      core.needs.perform(() => mergeOffline(journal.frame(), here, core.needs, greetedMs))

    it.each([0, 30_000])('is not ended by its leave, its clock %i ms ahead', async (aheadMs) => {
      session = await core.signIn(here, anna)
      await core.leave(here, session, 'link-lost')
      core.pass(minute)
      opens(true)
      core.pass(minute)
      const greetedMs = core.nowMs()
      core.pass(1000)
      const atMs = core.nowMs() + aheadMs
      journal.write({ kind: 'left', atMs, sessionId: session, reason: 'idle' })
      await core.signIn(here, anna)
      core.pass(100)
      await mergeFrom(greetedMs)
      expect(await isOpen()).toBe(true)
    })
    it('is ended by it where no tap came since the workstation is back', async () => {
      session = await core.signIn(here, anna)
      core.pass(minute)
      opens(true)
      core.pass(minute)
      leaves()
      core.pass(1000)
      await mergeFrom(core.nowMs())
      expect(await isOpen()).toBe(false)
    })
    it('is ended by a later line where the merge itself had opened it', async () => {
      const greetedMs = core.nowMs()
      core.pass(1000)
      opens()
      await mergeFrom(greetedMs)
      expect(await isOpen()).toBe(true)
      core.pass(1000)
      leaves()
      await mergeFrom(greetedMs)
      expect(await isOpen()).toBe(false)
    })
  })
})
