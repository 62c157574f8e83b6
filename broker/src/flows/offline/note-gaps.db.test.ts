// What a workstation tells as gone of its journal, on both stores: written down and put up for
// review once, judged by what was merged, and in nobody's way.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { JournalGap } from '@wardkey/protocol/workstation/journal-gaps'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { OfflineJournal } from '../../../../test/kit/offline-journal.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { connect } from '../connect.ts'
import { mergeOffline } from '../merge-offline.ts'

const minute = 60_000
const day = 24 * 60 * minute

describe.each(engines)('a hello with gaps on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  const journalId = randomUUID()

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west', { offlineMaxMs: 60 * minute })
    here = await core.addWorkstation('4-west')
    core.pass(minute)
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.close()
  })

  const hello = async (
    gaps?: readonly JournalGap[],
    at = here,
  ): Promise<readonly BrokerFrame[] | undefined> => {
    const frame = {
      kind: 'hello' as const,
      ...{ id: messageId.parse(randomUUID()), version: 1, agentVersion: '0.1.0' },
      ...{ bootId: 'b007-0001', platform: 'linux' as const, atMs: core.nowMs() },
      ...(gaps ? { gaps: [...gaps] } : {}),
    }
    return (await core.needs.perform(() => connect(frame, at, core.needs))).answer
  }
  const gone = (change: Partial<Extract<JournalGap, { kind: 'lines-gone' }>> = {}): JournalGap => ({
    ...{ kind: 'lines-gone', journalId, seq: 5, foundSeq: 2, atMs: core.nowMs() - minute },
    ...change,
  })
  const countGone = (): JournalGap => ({
    ...{ kind: 'count-gone', gapId: randomUUID(), atMs: core.nowMs() },
  })
  const noted = async () =>
    (await core.record()).filter(({ code }) => code === 'OFF-102' || code === 'OFF-103')
  const reviews = () =>
    core.store.read.selectFrom('offline_review').selectAll().orderBy('seq').execute()
  /** Tells so many lines; gives back the journal that they are of. */
  const merge = async (lines: number): Promise<string> => {
    const journal = new OfflineJournal()
    for (let n = 0; n < lines; n++) {
      const tapId = core.newTapId()
      journal.write({
        ...{ kind: 'decided', atMs: core.nowMs(), tapId, outcome: 'refused', code: 'no-answer' },
        ...{ rule: 'bundle-is-fresh', bundleSequence: 0, bundleAgeMs: 0 },
      })
    }
    const frame = journal.frame()
    await core.needs.perform(() => mergeOffline(frame, here, core.needs))
    return frame.journalId
  }

  it('puts what is gone into the record and up for review, and welcomes', async () => {
    const answer = await hello([gone()])
    expect(answer).toMatchObject([{ kind: 'welcome', gapsNoted: true }])
    const countedAtMs = core.nowMs() - minute
    const fields = { journal: journalId, counted: 5, found: 2, merged: 0, lines: 3, countedAtMs }
    expect(await noted()).toMatchObject([{ code: 'OFF-102', workstation: here, fields }])
    expect(await reviews()).toMatchObject([
      { journal_id: journalId, reasons: 'journal-lines-gone', person_id: null },
    ])
  })
  it('says of a count that is gone that nobody can say', async () => {
    expect(await hello([countGone()])).toMatchObject([{ kind: 'welcome', gapsNoted: true }])
    expect(await noted()).toMatchObject([{ code: 'OFF-103', rule: 'journal-count-gone' }])
    expect(await reviews()).toMatchObject([{ reasons: 'journal-count-gone' }])
  })
  it('says nothing where nothing is told, nor to whom tells of none', async () => {
    const [welcome] = (await hello()) ?? []
    expect(welcome).not.toHaveProperty('gapsNoted')
    expect(await noted()).toEqual([])
  })
  it.each([5, 6])('makes nothing of what was merged before, of %i lines', async (lines) => {
    const merged = await merge(lines)
    const answer = await hello([gone({ journalId: merged, foundSeq: 0 })])
    expect(answer).toMatchObject([{ kind: 'welcome', gapsNoted: true }])
    expect(await noted()).toEqual([])
    expect(await reviews()).toEqual([])
  })
  it('counts as missing only what is neither there nor merged', async () => {
    const merged = await merge(4)
    await hello([gone({ journalId: merged, foundSeq: 0 })])
    expect(await noted()).toMatchObject([{ fields: { merged: 4, found: 0, lines: 1 } }])
  })
  it('takes nothing of another workstation’s journal for merged', async () => {
    const merged = await merge(5)
    const there = await core.addWorkstation('4-west')
    await hello([gone({ journalId: merged, foundSeq: 0 })], there)
    expect(await noted()).toMatchObject([{ workstation: there, fields: { lines: 5 } }])
  })
  it('notes it once, however often it is told, and however late', async () => {
    const both = [gone(), countGone()]
    await hello(both)
    await hello([...both, ...both.slice(0, 1)])
    core.pass(30 * day)
    expect(await hello(both)).toMatchObject([{ kind: 'welcome', gapsNoted: true }])
    expect(await noted()).toHaveLength(2)
    expect(await reviews()).toHaveLength(2)
  })
  it('lets a line of that number be put up by itself', async () => {
    const merged = await merge(4)
    await hello([gone({ journalId: merged, foundSeq: 4 })])
    expect(await reviews()).toMatchObject([{ seq: -5 }])
  })
  it('fills no table for whoever tells of many, and welcomes all the same', async () => {
    for (let n = 0; n < 14; n++) {
      const answer = await hello([countGone(), countGone(), countGone(), countGone()])
      expect(answer).toMatchObject([{ kind: 'welcome', gapsNoted: true }])
    }
    expect(await reviews()).toHaveLength(50)
    core.pass(8 * day)
    await hello([countGone()])
    expect(await reviews()).toHaveLength(51)
  })
  it('puts no time into the books that is yet to come', async () => {
    await hello([gone({ atMs: core.nowMs() + day })])
    expect(await reviews()).toMatchObject([{ at_ms: core.nowMs() }])
  })
})
