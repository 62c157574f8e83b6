// Who sits where after a tap, for all that may be found in the books.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { personId, sessionId, workstationId } from '@wardkey/protocol/ids'
import { decideSeat } from './decide-seat.ts'
import type { SeatFacts } from './decide-seat.ts'
import type { LivingSession } from './living-session.ts'

const nowMs = 1_800_000_000_000
const hour = 3_600_000
const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const [anna, ben] = [personId.parse(uuid(1)), personId.parse(uuid(2))]
const [here, there] = [workstationId.parse(uuid(3)), workstationId.parse(uuid(4))]

const session = (n: number, change: Partial<LivingSession> = {}): LivingSession => ({
  id: sessionId.parse(uuid(100 + n)),
  personId: anna,
  state: 'locked',
  workstationId: here,
  openedMs: nowMs - hour,
  changedMs: nowMs - n,
  version: 1,
  slot: 0,
  ...change,
})
const decide = (change: Partial<SeatFacts>) =>
  decideSeat({
    nowMs,
    personId: anna,
    workstationId: here,
    own: [],
    shown: undefined,
    sessionMaxMs: 12 * hour,
    screensMax: 1,
    isEmergency: false,
    ...change,
  })

describe('a seat', () => {
  it('is opened where there was none', () => {
    expect(decide({})).toEqual({
      seat: { kind: 'opened' },
      slot: 0,
      locks: undefined,
      puts: [],
      ends: [],
    })
  })
  it('is resumed where she was', () => {
    const was = session(1)
    expect(decide({ own: [was] }).seat).toEqual({ kind: 'resumed', was })
  })
  it('is moved from where she was, open or locked', () => {
    for (const state of ['open', 'locked'] as const) {
      const was = session(1, { workstationId: there, state })
      expect(decide({ own: [was] }).seat).toEqual({ kind: 'moved', was })
    }
  })
  it('locks whoever sat there', () => {
    const bens = session(2, { personId: ben, state: 'open' })
    expect(decide({ shown: bens }).locks).toBe(bens)
  })
  it('does not lock her own', () => {
    const was = session(1, { state: 'open' })
    expect(decide({ own: [was], shown: was }).locks).toBeUndefined()
  })
  it.each([
    ['past the overall limit', nowMs - 12 * hour],
    ['from a time that has not come', nowMs + hour],
  ])('is new where the old one is %s', (_name, openedMs) => {
    const was = session(1, { openedMs })
    expect(decide({ own: [was] })).toMatchObject({ seat: { kind: 'opened' }, ends: [was] })
  })
})

describe('an emergency', () => {
  const emergency = { grantId: uuid(50), untilMs: nowMs + 1 }
  const standing = (n: number, change: Partial<LivingSession> = {}) =>
    session(n, { emergency, ...change })

  it('opens a session of its own, and puts away what she had open', () => {
    const ordinary = session(1, { workstationId: there, state: 'open' })
    const former = standing(2)
    const plan = decide({ isEmergency: true, own: [ordinary, former] })
    expect(plan).toMatchObject({ seat: { kind: 'opened' }, puts: [ordinary], ends: [former] })
  })
  it('is come back to where it is, before an ordinary one', () => {
    const [ordinary, was] = [session(1), standing(2)]
    const plan = decide({ own: [ordinary, was] })
    expect(plan).toMatchObject({ seat: { kind: 'resumed', was }, puts: [], ends: [] })
  })
  it('never moves, and never becomes an ordinary one', () => {
    for (const state of ['open', 'locked'] as const) {
      const was = standing(1, { workstationId: there, state })
      const plan = decide({ screensMax: 3, own: [was] })
      expect(plan).toMatchObject({ seat: { kind: 'opened' }, ends: [] })
      expect(plan.puts).toEqual(state === 'open' ? [was] : [])
    }
  })
  it('that is over is ended', () => {
    const was = standing(1, { emergency: { grantId: uuid(50), untilMs: nowMs } })
    expect(decide({ own: [was] })).toMatchObject({ seat: { kind: 'opened' }, ends: [was] })
  })
})

describe('two screens', () => {
  const two = { screensMax: 2 }
  const elsewhere = (n: number, change: Partial<LivingSession> = {}) =>
    session(n, { workstationId: there, state: 'open', ...change })

  it('are opened beside each other, each in a slot of its own', () => {
    const plan = decide({ ...two, own: [elsewhere(1)] })
    expect(plan).toMatchObject({ seat: { kind: 'opened' }, slot: 1, ends: [] })
    expect(decide({ ...two, own: [elsewhere(1, { slot: 1 })] }).slot).toBe(0)
  })
  it('are not opened while one of hers waits: that one comes along', () => {
    const was = elsewhere(1, { state: 'locked' })
    expect(decide({ ...two, own: [was] }).seat).toEqual({ kind: 'moved', was })
  })
  it('are never three: the one she used least lately moves', () => {
    const [lately, before] = [elsewhere(1), elsewhere(2, { slot: 1 })]
    const plan = decide({ ...two, own: [lately, before] })
    expect(plan).toMatchObject({ seat: { kind: 'moved', was: before }, slot: 1, ends: [] })
  })
  it('become one in a zone that allows one: the other is over', () => {
    const [lately, before] = [elsewhere(1, { slot: 1 }), elsewhere(2)]
    const plan = decide({ screensMax: 1, own: [lately, before] })
    expect(plan).toMatchObject({ seat: { kind: 'moved', was: before }, slot: 0, ends: [lately] })
  })
  it('leave the other one alone when she comes back to this one', () => {
    const [mine, other] = [session(1), elsewhere(2, { slot: 1 })]
    const plan = decide({ ...two, own: [other, mine] })
    expect(plan).toMatchObject({ seat: { kind: 'resumed', was: mine }, slot: 0, ends: [] })
  })
})

it('never leaves two people, or more of one than she may have', () => {
  const anySession = (personIds: readonly (typeof anna)[], id: number) =>
    fc.record({
      id: fc.constant(sessionId.parse(uuid(100 + id))),
      personId: fc.constantFrom(...personIds),
      state: fc.constantFrom('open' as const, 'locked' as const),
      workstationId: fc.constantFrom(here, there),
      openedMs: fc.integer({ min: nowMs - 24 * hour, max: nowMs + hour }),
      changedMs: fc.integer({ min: nowMs - hour, max: nowMs }),
      version: fc.nat(),
      slot: fc.nat(3),
    })
  const screens = fc.integer({ min: 1, max: 3 })
  const anyOwn = fc.tuple(anySession([anna], 1), anySession([anna], 2), anySession([anna], 3))
  fc.assert(
    fc.property(
      anyOwn,
      fc.nat(3),
      fc.option(anySession([ben], 9)),
      screens,
      (three, count, bens, screensMax) => {
        const own = three.slice(0, count)
        const shown = bens ?? own.find(({ workstationId }) => workstationId === here)
        const plan = decide({ own, shown, screensMax })
        const was = plan.seat.kind === 'opened' ? undefined : plan.seat.was
        const beside = own.filter((one) => one !== was && !plan.ends.includes(one))
        // What is neither hers here nor ended goes on beside it: never more than she may have, and
        // nobody else is ended.
        expect(beside.length + 1).toBeLessThanOrEqual(screensMax)
        expect(plan.ends.every((one) => own.includes(one) && one !== was)).toBe(true)
        expect(plan.slot).toBeLessThan(screensMax)
        expect(plan.locks?.personId === anna).toBe(false)
        if (shown?.personId === ben) expect(plan.locks).toBe(shown)
      },
    ),
  )
})
