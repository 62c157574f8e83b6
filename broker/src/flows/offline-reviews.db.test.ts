// What there is to look at after workstations decided by themselves, through the admin flows, and
// what of it is kept for how long. On both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { keepReview } from './offline/offline-writes.ts'
import {
  closeOfflineReview,
  findOfflineReview,
  listOfflineReviews,
  openReviewNote,
} from './offline-reviews.ts'
import { sweep } from './sweep.ts'

const day = 86_400_000

describe.each(engines)('reviews on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: string

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })

  const add = async (openedMs = core.nowMs(), person: string | null = null): Promise<string> => {
    const id = randomUUID()
    const write = keepReview(core.store.read, {
      ...{ id, workstation_id: here, journal_id: randomUUID(), seq: 1 },
      ...{ person_id: person, session_id: null, tap_id: null, reasons: 'person-not-active' },
      ...{ at_ms: openedMs, opened_ms: openedMs },
    })
    await core.store.commit({ kind: 'housekeeping', writes: [write] })
    return id
  }
  const list = (
    query: { state?: 'open' | 'closed' | 'all'; after?: string; limit?: number } = {},
  ) => listOfflineReviews({ state: 'open', limit: 100, ...query }, core.needs)
  const close = (reviewId: string, by = 'test') => {
    const order = { reviewId, outcome: 'in-order', note: 'on call', by } as const
    return core.needs.perform(() => closeOfflineReview(order, core.needs))
  }

  it('are listed page by page, the one that waited longest first', async () => {
    const nowMs = core.nowMs()
    const ids = [await add(nowMs + 2), await add(nowMs), await add(nowMs + 1), await add(nowMs + 1)]
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await list({ limit: 1, ...(after === undefined ? {} : { after }) })
      seen.push(...page.rows.map(({ id }) => id))
      after = page.next
    } while (after !== undefined)
    expect(seen).toHaveLength(4)
    expect(new Set(seen)).toEqual(new Set(ids))
    expect([seen[0], seen[3]]).toEqual([ids[1], ids[0]])
  })

  it('are closed once, with what came of it, in the record', async () => {
    const id = await add()
    const answers = await Promise.all([close(id), close(id)])
    const kinds = answers.map(({ answer }) => answer.kind).sort()
    expect(kinds).toEqual(['closed', 'refused'])
    expect(await findOfflineReview(id, core.needs)).toMatchObject({
      ...{ outcome: 'in-order', note: 'on call', closed_by: 'test', closed_ms: core.nowMs() },
    })
    expect((await list()).rows).toEqual([])
    expect((await list({ state: 'closed' })).rows).toHaveLength(1)
    expect((await core.counts())['OFF-005']).toBe(1)
  })

  it('keep what is written about somebody under her key, and forget it with her', async () => {
    const { personId } = await core.addPerson()
    const id = await add(core.nowMs(), personId)
    await close(id)
    const row = await findOfflineReview(id, core.needs)
    if (!row) throw new Error('no review')
    expect(row.note).not.toContain('on call')
    expect(await openReviewNote(row, core.needs)).toBe('on call')
    // Sealed for its own row: copied to another it does not open.
    await expect(openReviewNote({ ...row, id: randomUUID() }, core.needs)).rejects.toThrow()
    const forget = core.needs.personKeys.destroy(personId, core.nowMs())
    await core.store.commit({ kind: 'housekeeping', writes: [forget] })
    expect(await openReviewNote(row, core.needs)).toBeUndefined()
  })

  it('are not closed by whom they are about', async () => {
    const [{ personId }, other] = [await core.addPerson(), await core.addPerson()]
    const id = await add(core.nowMs(), personId)
    expect((await close(id, `token ${personId}`)).answer).toMatchObject({ code: 'review-own' })
    expect((await core.counts())['OFF-005']).toBeUndefined()
    expect((await close(id, `token ${other.personId}`)).answer).toEqual({ kind: 'closed' })
  })

  it('are not closed where there is none', async () => {
    expect((await close(randomUUID())).answer).toMatchObject({ code: 'offline-review-unknown' })
    expect((await core.counts())['OFF-005']).toBeUndefined()
  })

  it('leave the last bundle of each workstation, however old, and the people of those there are', async () => {
    const bundle = (sequence: number, roster: string) =>
      core.store.read.insertInto('offline_bundle').values({
        ...{ workstation_id: here, sequence, zone_id: '4-west', roster, content: 'c' },
        ...{ issued_ms: core.nowMs(), expires_ms: core.nowMs() + 1 },
      })
    const roster = (id: string) =>
      core.store.read
        .insertInto('offline_roster')
        .values({ id, people: Buffer.alloc(17), at_ms: core.nowMs() })
    const queries = [roster('a'), roster('b'), bundle(1, 'a'), bundle(2, 'a'), bundle(3, 'b')]
    const writes = queries.map((query) => ({ query: query.compile() }))
    await core.store.commit({ kind: 'housekeeping', writes })
    const sweepNow = () =>
      sweep({ ...core.needs, lost: { list: () => [], settled: () => undefined } })
    await sweepNow()
    const left = async () => ({
      bundles: (
        await core.store.read.selectFrom('offline_bundle').select('sequence').execute()
      ).map(({ sequence }) => sequence),
      rosters: (await core.store.read.selectFrom('offline_roster').select('id').execute()).map(
        ({ id }) => id,
      ),
    })
    expect((await left()).bundles).toHaveLength(3)
    core.pass(61 * day)
    await sweepNow()
    expect(await left()).toEqual({ bundles: [3], rosters: ['b'] })
  })
})
