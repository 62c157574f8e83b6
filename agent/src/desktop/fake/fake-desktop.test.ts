import { expect, it } from 'vitest'
import { desktopContract } from '../../../../test/conformance/desktop-contract.ts'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import type { DesktopEvent } from '../desktop.ts'
import { FakeDesktop } from './fake-desktop.ts'

desktopContract('the fake desktop', () => {
  const clock = new HandClock()
  const desktop = new FakeDesktop(clock)
  const now = (act: () => void) => {
    act()
    return Promise.resolve()
  }
  return Promise.resolve({
    desktop,
    until: async (holds, what) => {
      for (let waited = 0; !(await holds()); waited += 100) {
        if (waited > 10_000) throw new Error(`never: ${what}`)
        await clock.advance(100)
      }
    },
    pass: (ms) => clock.advance(ms),
    touch: () =>
      now(() => {
        desktop.touch()
      }),
    lockFromOutside: () =>
      now(() => {
        desktop.setLocked(true)
      }),
    unlockFromOutside: () =>
      now(() => {
        desktop.setLocked(false)
      }),
    sleepAndWake: () =>
      now(() => {
        desktop.sleepAndWake()
      }),
    locksAsked: () => desktop.locksAsked,
    dispose: () => Promise.resolve(),
  })
})

it('every desktop sees in the clocks a sleep, a clock set back and a standstill', async () => {
  const clock = new HandClock()
  const events: DesktopEvent[] = []
  const desktop = new FakeDesktop(clock)
  desktop.watch((event) => events.push(event))
  await clock.advance(5000)
  clock.setWall(8 * 3_600_000)
  await clock.advance(1000)
  clock.setWall(-3_600_000)
  await clock.advance(1000)
  await clock.oversleep(60_000)
  await clock.advance(5000)
  expect(events).toEqual([
    { kind: 'clock-ran-ahead' },
    { kind: 'clock-set-back' },
    { kind: 'stalled', ms: 59_000 },
  ])
  await desktop.close()
})
