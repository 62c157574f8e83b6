// One sleep is told once, whoever notices it first: the system's word, or the clocks.

import { beforeEach, describe, expect, it } from 'vitest'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import { DesktopListeners } from './listeners.ts'

let clock: HandClock
let listeners: DesktopListeners
let told: string[]
beforeEach(() => {
  clock = new HandClock()
  listeners = new DesktopListeners(clock)
  told = []
  listeners.add(({ kind }) => told.push(kind))
})

const look = () => clock.advance(1000)
/** The even clock stands still meanwhile. */
const asleep = (ms = 60_000): void => {
  clock.setWall(ms)
}

describe('a sleep', () => {
  it('that the system told before the clocks were looked at is told once', async () => {
    listeners.tell({ kind: 'sleeping' })
    asleep()
    listeners.tell({ kind: 'resumed' })
    await look()
    await look()
    expect(told).toEqual(['sleeping', 'resumed'])
  })
  it('that the clocks showed first is told by the system’s word for it, once', async () => {
    listeners.tell({ kind: 'sleeping' })
    asleep()
    await look()
    listeners.tell({ kind: 'resumed' })
    await look()
    expect(told).toEqual(['sleeping', 'resumed'])
  })
  it('whose words all come after the clocks showed it locks once more, and is told once', async () => {
    asleep()
    await look()
    listeners.tell({ kind: 'sleeping' })
    listeners.tell({ kind: 'resumed' })
    await look()
    expect(told).toEqual(['clock-ran-ahead', 'sleeping'])
  })
  it('that nobody told of is told by the clocks', async () => {
    asleep()
    await look()
    await look()
    expect(told).toEqual(['clock-ran-ahead'])
  })
  it('is told each, of two', async () => {
    for (let n = 0; n < 2; n++) {
      listeners.tell({ kind: 'sleeping' })
      asleep()
      listeners.tell({ kind: 'resumed' })
      await look()
    }
    expect(told).toEqual(['sleeping', 'resumed', 'sleeping', 'resumed'])
  })
  it('is told, however soon it follows a clock that was set', async () => {
    asleep(3_600_000)
    await look()
    listeners.tell({ kind: 'sleeping' })
    asleep()
    listeners.tell({ kind: 'resumed' })
    expect(told).toEqual(['clock-ran-ahead', 'sleeping', 'resumed'])
  })
  it('is told by the system’s word alone where no clock shows it', async () => {
    listeners.tell({ kind: 'sleeping' })
    listeners.tell({ kind: 'resumed' })
    await look()
    expect(told).toEqual(['sleeping', 'resumed'])
  })
})

it('a clock that is set long after the system said that it would sleep is not that sleep', async () => {
  listeners.tell({ kind: 'sleeping' })
  listeners.tell({ kind: 'resumed' })
  await look()
  asleep()
  await look()
  expect(told).toEqual(['sleeping', 'resumed', 'clock-ran-ahead'])
})
it('a clock that is set back meanwhile is told as such', async () => {
  listeners.tell({ kind: 'sleeping' })
  asleep(-60_000)
  await look()
  expect(told).toEqual(['sleeping', 'clock-set-back'])
})
