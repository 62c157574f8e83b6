// What is said of a badge whose tap was refused, at the tap and now, on both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { badgeId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { findBadge, markBadgeRow } from '../../identity/badges.ts'
import type { BadgeStatus } from '../../identity/badges.ts'
import { enrolBadge } from '../enrol-badge.ts'
import { explainTap } from '../explain-tap.ts'
import { markBadge } from '../mark-badge.ts'
import { whyWithBadge } from './explain-badge.ts'

const hour = 3_600_000
const by = 'kit'

describe.each(engines)('the badge of a tap on $engine', (engine) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!engine.isHere) skip()
    core = await openCore({ open: engine.open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson()
  })
  afterEach(async () => {
    if (!engine.isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const mark = (status: BadgeStatus) =>
    core.needs.perform(() => markBadge({ badgeId: anna.badgeId, status, by }, core.needs))
  const markRow = async (status: BadgeStatus, more: Parameters<typeof markBadgeRow>[4]) => {
    const badge = await findBadge(core.needs.db, anna.badgeId)
    if (!badge) throw new Error('she has no badge')
    const write = markBadgeRow(core.needs.db, badge, status, core.nowMs(), more)
    await core.store.commit({ kind: 'housekeeping', writes: [write] })
  }
  const tapped = async (): Promise<TapId> => {
    const id = core.newTapId()
    await core.tap(here, anna, id)
    return id
  }
  const whyOf = async (tap: TapId) => {
    const why = await explainTap(tap, core.store)
    if (!why) throw new Error('the record does not have it')
    return whyWithBadge(why, core.needs)
  }

  it.each([
    ['lost', 'The badge had been reported lost.', /two weeks.*badge restore/],
    ['suspended', 'The badge was suspended.', /whoever suspended it.*badge restore/],
  ] as const)('that is %s: so, since when, and what to do', async (status, sentence, next) => {
    const sinceMs = core.nowMs()
    await mark(status)
    core.pass(hour)
    const why = await whyOf(await tapped())
    expect(why).toMatchObject({
      ...{ outcome: 'refused', code: 'badge-not-usable', sentence, place: expect.any(String) },
      badge: {
        ...{ badgeId: anna.badgeId, then: status },
        now: { standing: status, sinceMs, hasOther: false },
      },
    })
    expect(why.next).toMatch(next)
    expect(why.next).toContain(anna.badgeId)
  })

  it('that HR suspended: HR’s word lifts it, and nobody’s command', async () => {
    await markRow('suspended', { isHrs: true })
    const { next } = await whyOf(await tapped())
    expect(next).toMatch(/HR lifts that/)
    expect(next).not.toMatch(/restore/)
  })

  it('that was lost then and can be used now: both, and the next tap', async () => {
    await mark('lost')
    const tap = await tapped()
    core.pass(hour)
    await mark('active')
    expect(await whyOf(tap)).toMatchObject({
      sentence: 'The badge had been reported lost.',
      next: expect.stringMatching(/tapped once more/) as string,
      badge: { then: 'lost', now: { standing: 'active', sinceMs: core.nowMs() } },
    })
  })

  it('that was lost then and replaced since, by one that she has: use that', async () => {
    await mark('lost')
    const tap = await tapped()
    await mark('replaced')
    const card = { technology: 'csn', canonical: '04aabbccddee11' } as const
    await core.needs.perform(() => enrolBadge({ personId: anna.personId, card, by }, core.needs))
    const why = await whyOf(tap)
    expect(why.badge).toMatchObject({ now: { standing: 'replaced', hasOther: true } })
    expect(why.next).toMatch(/^Another badge of the same person can be used/)
    // Its card is nobody's from then on: whose it was is not told, that it may be so is.
    const after = await whyOf(await tapped())
    expect(after).toMatchObject({ code: 'badge-unknown' })
    expect(after.badge).toBeUndefined()
    expect(after.next).toMatch(/was replaced is nobody’s/)
  })

  it('that rests for a loaner: until when, and that it comes back by itself', async () => {
    const { loaner, endsMs } = await lend()
    await markRow('suspended', { suspendedFor: loaner })
    const why = await whyOf(await tapped())
    expect(why).toMatchObject({
      sentence: 'The badge rested while a loaner stood in for it.',
      badge: { then: 'resting', now: { standing: 'resting', endsMs, hasOther: true } },
    })
    expect(why.next).toMatch(/works again by itself/)
    expect(why.next).not.toMatch(/restore/)
  })

  it('that is a loaner past its end: since its end, though nobody has swept', async () => {
    const { endsMs, canonical } = await lend()
    core.pass(2 * hour)
    const id = core.newTapId()
    await core.tap(here, { card: { technology: 'csn', canonical } }, id)
    expect(await whyOf(id)).toMatchObject({
      sentence: 'The badge was past its end.',
      badge: { then: 'expired', now: { standing: 'expired', sinceMs: endsMs, hasOther: true } },
    })
  })

  it('of a tap that was about something else stands beside, and changes no word', async () => {
    const billing = await core.addPerson({ roles: ['billing'] })
    const id = core.newTapId()
    await core.tap(here, billing, id)
    const plain = await explainTap(id, core.store)
    const why = await whyOf(id)
    expect(why).toMatchObject({ badge: { now: { standing: 'active' } } })
    expect(why.badge?.then).toBeUndefined()
    expect([why.sentence, why.next]).toEqual([plain?.sentence, plain?.next])
  })

  async function lend() {
    const loaner = badgeId.parse(randomUUID())
    const canonical = '04000000000c01'
    const endsMs = core.nowMs() + hour
    const row = {
      ...{ id: loaner, person_id: anna.personId, status: 'active' as const, technology: 'csn' },
      ...{ lookup: lookupOf({ technology: 'csn', canonical }, core.needs.cardKey) },
      ...{ sealed: Buffer.from('x'), assurance: 1, version: 1 },
      ...{ from_ms: core.nowMs(), ends_ms: endsMs },
    } as const
    const query = core.needs.db.insertInto('badge').values(row).compile()
    await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
    return { loaner, canonical, endsMs }
  }
})
