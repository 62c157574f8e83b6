// The figures of a period on both stores, each against people, badges and alerts that make it; and
// what of them is on /metrics, held to promtool where it is there.

import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { makeFigureMetrics } from '../../doors/health/figure-metrics.ts'
import { insertAlert } from '../alerts/alert-row.ts'
import { handleAlert } from '../alerts/handle-alert.ts'
import { changePerson } from '../change-person.ts'
import { markBadge } from '../mark-badge.ts'
import { reviewGrant } from '../review-grant.ts'
import { showGrants } from '../../doors/admin/show-grants.ts'
import { revokePerson } from '../revoke-person.ts'
import { monthsBack } from './months-back.ts'
import { readFigures } from './read-figures.ts'

const hour = 3_600_000
const day = 24 * hour

describe.each(engines)('figures on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let fromMs: number
  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('ward')
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    fromMs = core.nowMs()
  })
  afterEach(async () => {
    if (!isHere) return
    await core.record()
    await core.close()
  })
  const figures = () => {
    const period = { fromMs, untilMs: core.nowMs() + 1 }
    return readFigures(core.needs.db, period, core.nowMs())
  }

  it('are none where nothing happened', async () => {
    expect(await figures()).toMatchObject({
      dayOne: { people: 0, right: 0 },
      revoked: { count: 0 },
      exceptions: { approved: 0, ended: 0 },
      reviews: { due: 0, inTime: 0 },
      incidents: { count: 0 },
      sharing: 0,
      lostBadges: 0,
    })
  })

  it('know who could work on day one, and who was refused a right', async () => {
    const [ward, pharmacy] = [
      await core.addWorkstation('ward'),
      await core.addWorkstation('pharmacy'),
    ]
    const [anna, ben, late] = [
      await core.addPerson(),
      await core.addPerson(),
      await core.addPerson(),
    ]
    await core.addPerson()
    await core.signIn(ward, anna)
    core.pass(2 * hour)
    await core.tap(pharmacy, ben)
    core.pass(2 * day)
    // Her first day was without one.
    await core.tap(pharmacy, anna)
    core.pass(6 * day)
    await core.tap(ward, late)
    expect((await figures()).dayOne).toEqual({ people: 2, right: 1 })
  })

  it('leave the thread to taps after each person, however many came in a month', async () => {
    for (let n = 0; n < 20; n++) await core.addPerson()
    let turns = 0
    let next = setImmediate(function turn() {
      turns += 1
      next = setImmediate(turn)
    })
    await figures()
    clearImmediate(next)
    expect(turns).toBeGreaterThanOrEqual(20)
  })

  it('know how long an open screen outlived the word that ended access', async () => {
    const anna = await core.addPerson()
    const nobody = await core.addPerson()
    await core.signIn(await core.addWorkstation('ward'), anna)
    for (const { personId } of [anna, nobody]) {
      const word = { personId, status: 'terminated', by: 'token hr' } as const
      await core.needs.perform(() => revokePerson(word, core.needs))
    }
    expect((await figures()).revoked).toEqual({ count: 1, medianMs: 0 })
  })

  it('count no screen that she opened when she was let in again', async () => {
    const anna = await core.addPerson()
    const ward = await core.addWorkstation('ward')
    const { personId } = anna
    await core.signIn(ward, anna)
    const word = { personId, status: 'suspended', by: 'token hr' } as const
    await core.needs.perform(() => revokePerson(word, core.needs))
    core.pass(hour / 4)
    const back = { personId, isActive: true, by: 'token hr' } as const
    await core.needs.perform(() => changePerson(back, core.needs))
    const session = await core.signIn(ward, anna)
    core.pass(hour / 4)
    await core.leave(ward, session)
    expect((await figures()).revoked).toEqual({ count: 1, medianMs: 0 })
  })

  it('count lost badges, and not those that are suspended', async () => {
    const [anna, ben] = [await core.addPerson(), await core.addPerson()]
    const mark = (badgeId: typeof anna.badgeId, status: 'lost' | 'suspended') =>
      core.needs.perform(() => markBadge({ badgeId, status, by: 'token desk' }, core.needs))
    await mark(anna.badgeId, 'lost')
    await mark(ben.badgeId, 'suspended')
    expect((await figures()).lostBadges).toBe(1)
  })

  it('know which reviews were closed in time', async () => {
    const anna = await core.addPerson()
    for (let n = 0; n < 2; n++) {
      const here = await core.addWorkstation('pharmacy')
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      await core.pin(here, id, anna.pin)
    }
    const [grant] = await showGrants({ isOpen: true, limit: 9 }, core.needs)
    const about = { outcome: 'appropriate', note: 'Asked.', by: 'token privacy' } as const
    const review = { ...about, grantId: grant?.grantId ?? '' }
    await core.needs.perform(() => reviewGrant(review, core.needs))
    expect((await figures()).reviews).toEqual({ due: 0, inTime: 0 })
    core.pass(4 * day)
    expect((await figures()).reviews).toEqual({ due: 2, inTime: 1 })
  })

  it('know how soon what was confirmed was seen and contained', async () => {
    const anna = await core.addPerson()
    const id = randomUUID()
    const seen = {
      ...({ rule: 'badge-sharing', subject: `people ${anna.personId}` } as const),
      ...{ people: [anna.personId], fromMs: core.nowMs(), untilMs: core.nowMs(), facts: [0] },
    }
    core.pass(hour)
    const insert = insertAlert(core.needs.db, { id, count: 1, nowMs: core.nowMs() }, seen)
    await core.store.commit({ kind: 'housekeeping', writes: [insert] })
    core.pass(hour / 2)
    const word = { personId: anna.personId, status: 'suspended', by: 'token desk' } as const
    await core.needs.perform(() => revokePerson(word, core.needs))
    core.pass(day)
    expect((await figures()).incidents).toEqual({ count: 0 })
    const kinds = ['people'] as const
    const close = {
      ...({ act: 'close', outcome: 'confirmed', note: 'It was so.' } as const),
      ...{ alertId: id, by: 'token privacy', kinds },
    }
    await core.needs.perform(() => handleAlert(close, core.needs))
    expect(await figures()).toMatchObject({
      incidents: { count: 1, medianDetectMs: hour, medianContainMs: hour / 2 },
      sharing: 1,
    })
  })
})

it('go by the months of the site’s own calendar', () => {
  const nowMs = Date.UTC(2027, 2, 31, 23)
  const [now, before] = monthsBack(2, 'Europe/Berlin', nowMs)
  expect(new Date(now?.fromMs ?? 0).toISOString()).toBe('2027-03-31T22:00:00.000Z')
  expect(before?.untilMs).toBe(now?.fromMs)
  expect(new Date(before?.fromMs ?? 0).toISOString()).toBe('2027-02-28T23:00:00.000Z')
})

const promtool = spawnSync('promtool', ['--version'])

describe('on /metrics', () => {
  const text = async (): Promise<string> => {
    const registry = new Registry()
    const metrics = makeFigureMetrics(registry)
    metrics.set({
      ...{ fromMs: 0, untilMs: 1, dayOne: { people: 4, right: 3 }, revoked: { count: 0 } },
      exceptions: { approved: 2, ended: 1, medianHeldMs: hour },
      ...{ reviews: { due: 0, inTime: 0 }, incidents: { count: 0 }, sharing: 1, lostBadges: 5 },
    })
    metrics.reader('4-west', 'ready', 15)
    metrics.alerts(new Map([['record-gap', 1]]))
    return registry.metrics()
  }
  it('are numbers, or said not to be known', async () => {
    const said = await text()
    expect(said).toContain('wardkey_figure_day_one_right_ratio 0.75')
    expect(said).toContain('wardkey_figure_exception_median_seconds 3600')
    expect(said).toMatch(/wardkey_figure_reviews_in_time_ratio nan/i)
    expect(said).toContain('wardkey_reader_seconds_total{zone="4-west",state="ready"} 15')
    expect(said).toContain('wardkey_alerts{rule="record-gap"} 1')
  })
  it.skipIf(promtool.error !== undefined)('are as promtool wants them', async () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: await text() })
    expect(`${checked.stdout.toString()}${checked.stderr.toString()}`).toBe('')
    expect(checked.status).toBe(0)
  })
})
