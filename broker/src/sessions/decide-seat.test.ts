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
    ...change,
  })

describe('a seat', () => {
  it('is opened where there was none', () => {
    expect(decide({})).toEqual({ seat: { kind: 'opened' }, locks: undefined, ends: [] })
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

it('never leaves two people or two sessions of one', () => {
  const anySession = (personIds: readonly (typeof anna)[], id: number) =>
    fc.record({
      id: fc.constant(sessionId.parse(uuid(100 + id))),
      personId: fc.constantFrom(...personIds),
      state: fc.constantFrom('open' as const, 'locked' as const),
      workstationId: fc.constantFrom(here, there),
      openedMs: fc.integer({ min: nowMs - 24 * hour, max: nowMs + hour }),
      changedMs: fc.integer({ min: nowMs - hour, max: nowMs }),
      version: fc.nat(),
    })
  const anyOwn = fc.tuple(anySession([anna], 1), anySession([anna], 2), anySession([anna], 3))
  fc.assert(
    fc.property(anyOwn, fc.nat(3), fc.option(anySession([ben], 9)), (three, count, bens) => {
      const own = three.slice(0, count)
      const shown = bens ?? own.find(({ workstationId }) => workstationId === here)
      const plan = decide({ own, shown })
      const kept = plan.seat.kind === 'opened' ? [] : [plan.seat.was]
      // Each of hers is either the one she sits in or ended, and nobody else is ended.
      expect([...kept, ...plan.ends].map(({ id }) => id).sort()).toEqual(
        own.map(({ id }) => id).sort(),
      )
      expect(plan.locks?.personId === anna).toBe(false)
      if (shown?.personId === ben) expect(plan.locks).toBe(shown)
    }),
  )
})
