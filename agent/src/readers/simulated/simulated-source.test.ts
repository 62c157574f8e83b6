import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readerSourceContract } from '../../../../test/conformance/reader-source-contract.ts'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import type { ReaderEvent } from '../reader.ts'
import { parseSimulatedCommand } from './simulated-command.ts'
import { SimulatedHand, simulatedSource } from './simulated-source.ts'

const uids = { one: '04a1b2c3d4e5f6', other: '04782e21801d80', bad: '08112233' }

readerSourceContract('the simulated reader', () => {
  const clock = new HandClock()
  const hand = new SimulatedHand()
  const done = (command: Parameters<SimulatedHand['do']>[0]) => {
    hand.do(command)
    return Promise.resolve()
  }
  return Promise.resolve({
    source: simulatedSource({ clock, commands: hand }),
    until: async (holds, what) => {
      for (let waited = 0; !holds(); waited += 100) {
        if (waited > 60_000) throw new Error(`never: ${what}`)
        await clock.advance(100)
      }
    },
    place: (card) => done({ kind: 'place', uid: uids[card] }),
    remove: () => done({ kind: 'remove' }),
    unplug: () => done({ kind: 'unplug' }),
    plug: () => done({ kind: 'plug' }),
    dispose: () => Promise.resolve(),
    canonical: { one: uids.one, other: uids.other },
    badCode: 'card-uid-random',
  })
})

describe('the simulated reader', () => {
  it('marks its cards as simulated, so that no policy takes them for real', () => {
    const hand = new SimulatedHand()
    const events: ReaderEvent[] = []
    simulatedSource({ clock: new HandClock(), commands: hand }).start((one) => events.push(one))
    hand.do({ kind: 'tap', uid: uids.one })
    const seen = events.find((event) => event.kind === 'card-seen')
    expect(seen?.card).toEqual({ technology: 'simulated', canonical: uids.one })
    expect(events.at(-1)?.kind).toBe('card-gone')
  })

  it('sees nothing while it is unplugged', () => {
    const hand = new SimulatedHand()
    const events: ReaderEvent[] = []
    simulatedSource({ clock: new HandClock(), commands: hand }).start((one) => events.push(one))
    hand.do({ kind: 'unplug' })
    hand.do({ kind: 'tap', uid: uids.one })
    expect(events.at(-1)?.kind).toBe('reader-down')
  })

  it('says whether anybody was there to see it', async () => {
    const hand = new SimulatedHand()
    expect(hand.do({ kind: 'remove' })).toBe(false)
    const source = simulatedSource({ clock: new HandClock(), commands: hand })
    source.start(() => undefined)
    expect(hand.do({ kind: 'remove' })).toBe(true)
    await source.stop()
    expect(hand.do({ kind: 'remove' })).toBe(false)
  })
})

describe('a command for the simulated reader', () => {
  it('is read from JSON text', () => {
    expect(parseSimulatedCommand('{"kind":"tap","uid":"04A1B2C3"}')).toEqual({
      kind: 'tap',
      uid: '04a1b2c3',
    })
  })

  it.each([
    '',
    'tap',
    '[]',
    '{"kind":"tap"}',
    '{"kind":"tap","uid":"04"}',
    '{"kind":"tap","uid":"../../etc"}',
    '{"kind":"plug","more":1}',
    '{"kind":"unlock"}',
    `{"kind":"tap","uid":"04a1b2c3"${' '.repeat(300)}}`,
  ])('is refused otherwise: %s', (text) => {
    expect(parseSimulatedCommand(text)).toBeUndefined()
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        parseSimulatedCommand(text)
      }),
    )
  })
})
