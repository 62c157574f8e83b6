// Minutes that pass at a workstation: what a broker or a browser is about comes first, and what a
// person is to see ends them.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { initialState } from '@wardkey/agent/machine/initial'
import type { State } from '@wardkey/agent/machine/state'
import { tapId, sessionId } from '@wardkey/protocol/ids'
import type { StationAround } from '../demo-messages.ts'
import { DemoClock } from './demo-clock.ts'
import { HardMoments } from './hard-moments.ts'

const id = '018f3c1e-0000-7000-8000-000000000001'
const seated = { sessionId: sessionId.parse(id), name: 'x', role: 'x', isAlone: false }
const locked: State['phase'] = { kind: 'locked' }
const opening: State['phase'] = {
  ...{ kind: 'opening', seated, tapId: tapId.parse(id), stage: '', untilMs: 20_000 },
}
const asking: State['phase'] = {
  ...{ kind: 'asking', tapId: tapId.parse(id), isAlone: false, sentMs: 0, untilMs: 8000 },
  who: { by: 'staff-number', staffNumber: 'N-1' },
}
const open: State['phase'] = {
  ...{ kind: 'open', seated, shownMs: 0, lastSignMs: 0, lastPresenceMs: 0 },
}

let clock: DemoClock
let state: State
let looks: number
let around: Omit<StationAround, 'isCut'> | undefined
let moments: HardMoments
beforeEach(() => {
  clock = new DemoClock()
  become(locked)
  looks = 0
  around = undefined
  moments = new HardMoments({
    agent: {
      get state() {
        looks += 1
        return state
      },
    },
    ...{ clock, hand: { do: () => true } },
    sensor: { isNear: true, sense: () => undefined, stop: () => undefined },
    screencast: { touch: () => Promise.resolve(), press: () => Promise.resolve() },
    onAround: (now) => (around = now),
  })
})
afterEach(() => {
  moments.stop()
})

const become = (phase: State['phase']): void => {
  state = { ...initialState('4455'), phase }
}
async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`never: ${JSON.stringify(around)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
/** On the workstation's clock, beyond what has really gone by. */
const passedMs = (): number => Math.round(clock.monoMs() - performance.now())

it.each([
  ['a chart is on its way', opening],
  ['a broker is asked', asking],
])('ten minutes do not begin to pass while %s', async (_name, phase) => {
  become(phase)
  moments.happen('ten-minutes')
  // The page is told that they are asked for; a second button is of no use.
  expect(around).toMatchObject({ isHurried: true, phase: phase.kind })
  // It looks again and again.
  const before = looks
  await until(() => looks > before + 3)
  expect(Math.abs(passedMs())).toBe(0)
  become(open)
  await until(() => passedMs() > 30_000)
  expect(around).toMatchObject({ isHurried: true })
})

it('ten minutes end with what a person is to see', async () => {
  become(open)
  moments.happen('ten-minutes')
  await until(() => passedMs() > 30_000)
  become({ kind: 'leaving', seated, because: 'idle', sinceMs: 0, untilMs: 15_000 })
  await until(() => around?.isHurried === false)
  expect(passedMs()).toBeLessThan(590_000)
})

it('ten minutes that are asked for at a workstation that ends never pass', async () => {
  become(opening)
  moments.happen('ten-minutes')
  moments.stop()
  become(open)
  await until(() => around?.isHurried === false)
  expect(Math.abs(passedMs())).toBe(0)
})
