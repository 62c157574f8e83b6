// Whether and when a workstation may update: windows on the site's walls, rings, and the one choice;
// how a roll-out goes on, and when it stops itself.

import { describe, expect, it } from 'vitest'
import { advance } from './advance.ts'
import type { RolloutSight } from './advance.ts'
import { waitsToBegin, waitsToFetch } from './may-update.ts'
import type { UpdateSight } from './may-update.ts'
import { ringOf, ringsFor } from './rings.ts'
import { isInWindow, updateWindow } from '../../policy/update-windows.ts'

const hour = 3_600_000

describe('a window', () => {
  const at = (text: string) => Date.parse(text)
  const berlin = 'Europe/Berlin'
  const night = updateWindow.parse({ from: '02:00', until: '04:00' })
  const over = updateWindow.parse({ days: [5], from: '23:00', until: '01:00' })

  it('is open by the clock on the wall', () => {
    expect(isInWindow([night], berlin, at('2026-11-27T00:59:59Z'))).toBe(false)
    expect(isInWindow([night], berlin, at('2026-11-27T01:00:00Z'))).toBe(true)
    expect(isInWindow([night], berlin, at('2026-11-27T02:59:59Z'))).toBe(true)
    expect(isInWindow([night], berlin, at('2026-11-27T03:00:00Z'))).toBe(false)
    expect(isInWindow([night], berlin, at('2026-07-27T00:00:00Z'))).toBe(true)
    expect(isInWindow([], berlin, at('2026-11-27T01:00:00Z'))).toBe(false)
  })
  it('reaches into the day after the one that it begins on', () => {
    // 27 November 2026 is a Friday.
    expect(isInWindow([over], 'UTC', at('2026-11-27T23:00:00Z'))).toBe(true)
    expect(isInWindow([over], 'UTC', at('2026-11-28T00:59:00Z'))).toBe(true)
    expect(isInWindow([over], 'UTC', at('2026-11-28T01:00:00Z'))).toBe(false)
    expect(isInWindow([over], 'UTC', at('2026-11-27T00:30:00Z'))).toBe(false)
    expect(isInWindow([over], 'UTC', at('2026-11-28T23:30:00Z'))).toBe(false)
  })
  it('of a whole day begins when it says', () => {
    const sunday = updateWindow.parse({ days: [7], from: '06:00', until: '06:00' })
    expect(isInWindow([sunday], 'UTC', at('2026-11-29T05:59:00Z'))).toBe(false)
    expect(isInWindow([sunday], 'UTC', at('2026-11-29T06:00:00Z'))).toBe(true)
    expect(isInWindow([sunday], 'UTC', at('2026-11-30T05:59:00Z'))).toBe(true)
    expect(isInWindow([sunday], 'UTC', at('2026-11-30T06:00:00Z'))).toBe(false)
  })
  it('is not there in an hour that is skipped, and is there twice in one that comes twice', () => {
    const two = updateWindow.parse({ from: '02:00', until: '03:00' })
    const spring = [0, 15, 30, 45, 59].flatMap((minute) =>
      [0, 1].map((h) => at(`2026-03-29T0${String(h)}:${String(minute).padStart(2, '0')}:00Z`)),
    )
    expect(spring.some((ms) => isInWindow([two], berlin, ms))).toBe(false)
    expect(isInWindow([two], berlin, at('2026-10-25T00:30:00Z'))).toBe(true)
    expect(isInWindow([two], berlin, at('2026-10-25T01:30:00Z'))).toBe(true)
    expect(isInWindow([two], berlin, at('2026-10-25T02:00:00Z'))).toBe(false)
  })
  it.each(['2:00', '24:00', '02:60', ''])('does not begin at %j', (from) => {
    expect(updateWindow.safeParse({ from, until: '04:00' }).success).toBe(false)
  })
})

const ring = (percent: number, more = {}) => ({ percent, soakMs: hour, failedMax: 1, ...more })
const member = (n: number, more = {}) => ({
  ...{ id: `018f3c1e-0001-7000-8000-${String(n).padStart(12, '0')}`, zoneId: 'a', assetTag: null },
  ...more,
})

describe('the ring of a workstation', () => {
  const plan = ringsFor([], { rings: [ring(5), ring(25), ring(100)] })
  const all = Array.from({ length: 2000 }, (_, n) => member(n))

  it('is the same each time, and as large as the plan says', () => {
    const rings = all.map((one) => ringOf(one, plan))
    expect(all.map((one) => ringOf(one, plan))).toEqual(rings)
    const share = (at: number) => rings.filter((one) => one === at).length / all.length
    expect(share(0)).toBeCloseTo(0.05, 1)
    expect(share(1)).toBeCloseTo(0.2, 1)
    expect(share(2)).toBeCloseTo(0.75, 1)
  })
  it('stays or comes earlier where an earlier ring grows', () => {
    const wider = ringsFor([], { rings: [ring(10), ring(25), ring(100)] })
    expect(all.every((one) => ringOf(one, wider) <= ringOf(one, plan))).toBe(true)
  })
  it('is the first that names its zone or its tag, in the house’s own plan', () => {
    const own = [ring(0, { zones: ['it'], assets: ['LAB-'] }), ring(0, { zones: ['b'] }), ring(100)]
    const house = ringsFor(
      own.map((one) => ({ zones: [], assets: [], ...one })),
      { rings: [ring(100)] },
    )
    expect(ringOf(member(1, { zoneId: 'it' }), house)).toBe(0)
    expect(ringOf(member(1, { assetTag: 'LAB-7', zoneId: 'b' }), house)).toBe(0)
    expect(ringOf(member(1, { zoneId: 'b', assetTag: 'X-LAB-7' }), house)).toBe(1)
    expect(all.every((one) => ringOf(one, house) === 2)).toBe(true)
  })
  it('is the last where nothing takes it', () => {
    const never = ringsFor([{ zones: [], assets: [], ...ring(0) }], { rings: [ring(100)] })
    expect(ringOf(member(1), never)).toBe(0)
  })
})

const sight: UpdateSight = {
  rollout: { state: 'running', ring: 1, isApproved: true },
  ...{ ring: 1, isThere: false, isInWindow: true, isOpen: false, underWay: 0, atOnce: 2 },
}
const withRollout = (more: Partial<NonNullable<UpdateSight['rollout']>>) => ({
  rollout: { state: 'running' as const, ring: 1, isApproved: true, ...more },
})

describe('a workstation', () => {
  it('may fetch and begin where nothing speaks against it', () => {
    expect(waitsToFetch(sight)).toBeUndefined()
    expect(waitsToBegin(sight)).toBeUndefined()
    expect(waitsToBegin({ ...sight, ring: 0, ...withRollout({ isApproved: false }) })).toBe(
      undefined,
    )
  })
  it.each<[string, Partial<UpdateSight>]>([
    ['no-rollout', withRollout({ state: 'stopped' })],
    ['paused', withRollout({ state: 'paused' })],
    ['approval', withRollout({ isApproved: false })],
    ['ring', withRollout({ ring: 0 })],
    ['up-to-date', { isThere: true }],
    ['tried', { member: 'failed' }],
    ['tried', { member: 'returned' }],
  ])('neither fetches nor begins: %s', (why, more) => {
    expect(waitsToFetch({ ...sight, ...more })).toBe(why)
    expect(waitsToBegin({ ...sight, ...more })).toBe(why)
  })
  it('neither fetches nor begins where nothing is rolled out', () => {
    const { rollout: _, ...nothing } = sight
    expect(waitsToFetch(nothing)).toBe('no-rollout')
    expect(waitsToBegin(nothing)).toBe('no-rollout')
  })
  it.each<[string, Partial<UpdateSight>]>([
    ['in-use', { isOpen: true }],
    ['window', { isInWindow: false }],
    ['pace', { underWay: 2 }],
    ['window', { isInWindow: false, member: 'began' }],
  ])('fetches and does not begin: %s', (why, more) => {
    expect(waitsToFetch({ ...sight, ...more })).toBeUndefined()
    expect(waitsToBegin({ ...sight, ...more })).toBe(why)
  })
  it('goes on with what it began, and with what was rolled out to the end', () => {
    expect(waitsToBegin({ ...sight, member: 'began', underWay: 5 })).toBeUndefined()
    expect(waitsToBegin({ ...sight, ...withRollout({ state: 'done' }) })).toBeUndefined()
  })
})

describe('a roll-out', () => {
  const rings = ringsFor([], { rings: [ring(10), ring(50), ring(100)] })
  const now = 100 * hour
  const well = (n: number, atMs = now - 2 * hour) =>
    Array.from({ length: n }, () => ({ state: 'healthy' as const, atMs }))
  const bad = (n: number) =>
    Array.from({ length: n }, () => ({ state: 'returned' as const, atMs: 0 }))
  const empty = { size: 10, members: [] }
  const go = (more: Partial<RolloutSight>): RolloutSight => ({
    ...{ rings, ring: 0, ringMs: now - 3 * hour, isApproved: true, nowMs: now, countedMs: 0 },
    counts: [{ size: 4, members: well(2) }, empty, empty],
    ...more,
  })

  it('opens the next ring once half of this one was well for its soak time', () => {
    expect(advance(go({}))).toEqual({ kind: 'open', ring: 1 })
    const counts = [{ size: 4, members: [...well(1), ...well(1, now - hour + 1)] }, empty, empty]
    expect(advance(go({ counts }))).toEqual({ kind: 'stay' })
    expect(advance(go({ counts: [{ size: 4, members: well(1) }, empty, empty] }))).toEqual({
      kind: 'stay',
    })
    expect(advance(go({ ringMs: now - hour + 1 }))).toEqual({ kind: 'stay' })
  })
  it('passes over a ring that nobody is in, but not over somebody’s word', () => {
    const counts = [{ size: 0, members: [] }, empty, empty]
    expect(advance(go({ counts }))).toEqual({ kind: 'open', ring: 1 })
    expect(advance(go({ counts, isApproved: false }))).toEqual({ kind: 'stay' })
    expect(advance(go({ isApproved: false }))).toEqual({ kind: 'stay' })
  })
  it('stops itself where more than so many failed, in any ring so far', () => {
    const first = { size: 9, members: [...well(5), ...bad(1)] }
    expect(advance(go({ counts: [first, empty, empty] }))).toEqual({ kind: 'open', ring: 1 })
    const second = { size: 9, members: [...well(5), ...bad(2)] }
    const paused = { kind: 'pause', ring: 0, unwell: 2 }
    expect(advance(go({ counts: [second, empty, empty] }))).toEqual(paused)
    expect(advance(go({ ring: 1, counts: [second, empty, empty] }))).toEqual(paused)
    expect(advance(go({ ring: 2, counts: [second, empty, empty] }))).toEqual(paused)
  })
  it('does not stop for what somebody looked at before letting it go on', () => {
    const counts = [{ size: 9, members: [...well(5), ...bad(2)] }, empty, empty]
    expect(advance(go({ counts, countedMs: 1 }))).toEqual({ kind: 'open', ring: 1 })
  })
  it('is over when all have come to an end, and not before', () => {
    const counts = [
      { size: 2, members: well(2) },
      { size: 2, members: [...well(1), ...bad(1)] },
    ]
    const last = (members: RolloutSight['counts'][number]['members']) =>
      advance(go({ ring: 2, counts: [...counts, { size: 1, members }] }))
    expect(last(well(1))).toEqual({ kind: 'done' })
    expect(last([])).toEqual({ kind: 'stay' })
    expect(last([{ state: 'began', atMs: 0 }])).toEqual({ kind: 'stay' })
  })
})
