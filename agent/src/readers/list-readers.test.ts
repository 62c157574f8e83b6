import { expect, it } from 'vitest'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import { listReaders } from './list-readers.ts'
import { rfIdeasSource } from './hid/rf-ideas-source.ts'
import type { ReaderSource } from './reader.ts'
import { SimulatedHand, simulatedSource } from './simulated/simulated-source.ts'

it('lists what is there, what is not and why, and lets go of it', async () => {
  const clock = new HandClock()
  const hand = new SimulatedHand()
  const listing = listReaders(
    [
      simulatedSource({ clock, commands: hand }),
      rfIdeasSource({ clock, load: () => Promise.reject(new Error('no libudev')) }),
    ],
    clock,
  )
  hand.do({ kind: 'place', uid: '04a1b2c3' })
  await clock.advance(1500)
  expect(await listing).toEqual([
    {
      kind: 'simulated',
      down: undefined,
      readers: [
        {
          readerId: 'simulated:1',
          readerName: 'Simulated reader',
          technology: 'simulated',
          cardThere: true,
        },
      ],
    },
    { kind: 'rf-ideas', down: 'library-missing', readers: [] },
  ])
  expect(hand.do({ kind: 'remove' })).toBe(false)
})

const slow = (saysAfterMs: number | undefined, clock: HandClock): ReaderSource => ({
  kind: 'pcsc',
  start: (emit) => {
    if (saysAfterMs === undefined) return
    clock.after(saysAfterMs, () => {
      emit({ kind: 'source-up' })
      const reader = { readerId: 'pcsc:1', readerName: 'Slow', technology: 'pcsc' } as const
      emit({ kind: 'reader-up', ...reader })
    })
  },
  stop: () => Promise.resolve(),
})

it('waits for a source that takes long to start', async () => {
  const clock = new HandClock()
  const listing = listReaders([slow(6000, clock)], clock)
  await clock.advance(7500)
  expect(await listing).toMatchObject([{ down: undefined, readers: [{ readerName: 'Slow' }] }])
})

it('does not wait for ever, and does not say that it works', async () => {
  const clock = new HandClock()
  const listing = listReaders([slow(undefined, clock)], clock)
  await clock.advance(11_500)
  expect(await listing).toEqual([{ kind: 'pcsc', down: 'failed', readers: [] }])
})
