// Why a tap went that a cut-off workstation decided, on both stores: as it decided, at its own time,
// and also after somebody has looked at it long afterwards.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessionId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { OfflineJournal } from '../../../test/kit/offline-journal.ts'
import { engines } from '../../../test/kit/stores.ts'
import { explainTap } from './explain-tap.ts'
import { newFact } from './flow-needs.ts'
import { mergeOffline } from './merge-offline.ts'
import { closeOfflineReview, listOfflineReviews } from './offline-reviews.ts'

const hour = 3_600_000
type Decided = Extract<Parameters<OfflineJournal['write']>[0], { kind: 'decided' }>

describe.each(engines)('a tap that was decided without a broker, on $engine', (engine) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson
  let journal: OfflineJournal
  let atMs: number

  beforeEach(async ({ skip }) => {
    if (!engine.isHere) skip()
    core = await openCore({ open: engine.open })
    await core.addZone('4-west', { offlineMaxMs: hour })
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    journal = new OfflineJournal()
    atMs = core.nowMs()
  })
  afterEach(async () => {
    if (!engine.isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const decided = (tapId: TapId, more: Pick<Decided, 'outcome' | 'rule'> & Partial<Decided>) => {
    const known = { personId: anna.personId, bundleSequence: 1, bundleAgeMs: 60_000 }
    journal.write({ kind: 'decided', atMs, tapId, ...known, ...more })
  }
  const tell = async () => {
    core.pass(hour)
    await core.needs.perform(() => mergeOffline(journal.frame(), here, core.needs))
  }
  const whyOf = (tapId: TapId) => explainTap(tapId, core.store)

  it('was opened, and not cancelled', async () => {
    const tapId = core.newTapId()
    decided(tapId, { outcome: 'asked-pin', rule: 'first-of-shift' })
    journal.write({
      ...{ kind: 'pin-tried', atMs, tapId, personId: anna.personId },
      outcome: 'matched',
    })
    decided(tapId, {
      ...{ outcome: 'admitted', rule: 'badge-and-pin', pinAtMs: atMs },
      sessionId: sessionId.parse(randomUUID()),
    })
    await tell()
    expect(await whyOf(tapId)).toMatchObject({
      ...{ outcome: 'opened', rule: 'badge-and-pin', personId: anna.personId, atMs },
      sentence: 'Badge and PIN were right.',
    })
  })

  it('was refused, with what the person was told', async () => {
    const tapId = core.newTapId()
    decided(tapId, { outcome: 'refused', rule: 'policy-allows', code: 'role-not-in-zone' })
    await tell()
    expect(await whyOf(tapId)).toMatchObject({
      ...{ outcome: 'refused', rule: 'policy-allows', code: 'role-not-in-zone', atMs },
    })
  })

  it('asked for the PIN and had no answer, or was cancelled', async () => {
    const [asked, cancelled] = [core.newTapId(), core.newTapId()]
    decided(asked, { outcome: 'asked-pin', rule: 'first-of-shift' })
    decided(cancelled, { outcome: 'asked-pin', rule: 'first-of-shift' })
    decided(cancelled, { outcome: 'cancelled', rule: 'screen-cancelled' })
    await tell()
    expect(await whyOf(asked)).toMatchObject({ outcome: 'asked-pin' })
    expect(await whyOf(cancelled)).toMatchObject({ outcome: 'ended' })
  })

  it('is explained by what was decided, though its review was closed a week later', async () => {
    const tapId = core.newTapId()
    decided(tapId, {
      ...{ outcome: 'admitted', rule: 'badge-and-pin', pinAtMs: atMs },
      sessionId: sessionId.parse(randomUUID()),
    })
    await tell()
    const { rows } = await listOfflineReviews({ state: 'open', limit: 5 }, core.needs)
    const [review] = rows
    if (!review) throw new Error('no review: the workstation had no bundle')
    await core.needs.perform(() =>
      Promise.resolve({
        answer: undefined,
        facts: [newFact(core.needs, 'ADM-001', {}), ...manyOthers(2000)] as const,
        ...{ writes: [], notices: [] },
      }),
    )
    const order = { reviewId: review.id, outcome: 'in-order', by: 'token a' } as const
    await core.needs.perform(() => closeOfflineReview(order, core.needs))
    const why = await whyOf(tapId)
    expect(why).toMatchObject({ outcome: 'opened', rule: 'badge-and-pin' })
    expect(why?.steps.map(({ code }) => code)).toEqual(['OFF-002', 'OFF-004', 'OFF-005'])
  })

  const manyOthers = (count: number) =>
    Array.from({ length: count }, () => newFact(core.needs, 'ADM-001', {}))
})
