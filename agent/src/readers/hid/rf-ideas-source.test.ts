import { beforeEach, describe, expect, it } from 'vitest'
import { readerSourceContract } from '../../../../test/conformance/reader-source-contract.ts'
import { HandClock } from '../../../../test/kit/hand-clock.ts'
import { RfIdeasDevice } from '../../../../test/kit/rf-ideas-device.ts'
import type { ReaderEvent } from '../reader.ts'
import type { HidDevice, HidFeatures, HidHandle } from '../../platform/hid-devices.ts'
import { rfIdeasSource } from './rf-ideas-source.ts'

/** A USB port with an rf IDEAS reader in it, or in trouble. */
class FakePort implements HidFeatures {
  readonly device = new RfIdeasDevice()
  plugged = true
  productId = 0x3bfa
  trouble: 'none' | 'hangs' | 'not-allowed' | 'another-device' = 'none'
  opened = 0
  closed = 0

  list(): Promise<readonly HidDevice[]> {
    if (!this.plugged) return Promise.resolve([])
    const entry = {
      path: '/dev/hidraw7',
      vendorId: 0x0c27,
      productId: this.productId,
      name: 'RFIDeas USB Keyboard',
      usagePage: 1,
      usage: 6,
    }
    const mouse = { path: '/dev/hidraw0', vendorId: 0x046d, productId: 1, name: 'Mouse' }
    // hidapi lists a path once for each usage; and there are other devices.
    return Promise.resolve([entry, entry, { ...mouse, usagePage: 1, usage: 2 }])
  }

  open(): Promise<HidHandle> {
    if (this.trouble === 'not-allowed') return Promise.reject(new Error('permission denied'))
    this.opened += 1
    return Promise.resolve({
      sendFeatureReport: (report) => {
        this.device.write(report.subarray(1))
        return this.#orTrouble(undefined)
      },
      getFeatureReport: () => {
        const answer = new Uint8Array(9)
        if (this.trouble !== 'another-device') answer.set(this.device.read(), 1)
        return this.#orTrouble(answer)
      },
      close: () => {
        this.closed += 1
        return Promise.resolve()
      },
    })
  }

  #orTrouble<T>(answer: T): Promise<T> {
    if (this.trouble === 'hangs') return new Promise(() => undefined)
    return this.plugged ? Promise.resolve(answer) : Promise.reject(new Error('No such device'))
  }
}

const good = { length: 26, value: 0x2f623aen }
const other = { length: 35, value: 0x69a5154a4n }
const wrongParity = { length: 26, value: 0x2f623afn }

readerSourceContract('an rf IDEAS reader', () => {
  const clock = new HandClock()
  const port = new FakePort()
  const cards = { one: good, other, bad: wrongParity }
  return Promise.resolve({
    source: rfIdeasSource({ clock, load: () => Promise.resolve(port) }),
    until: async (holds, what) => {
      for (let waited = 0; !holds(); waited += 50) {
        if (waited > 60_000) throw new Error(`never: ${what}`)
        await clock.advance(50)
      }
    },
    place: (card) => {
      port.device.place(cards[card])
      return Promise.resolve()
    },
    remove: () => {
      port.device.clear()
      return clock.advance(500)
    },
    unplug: () => {
      port.plugged = false
      port.device.powerCycle()
      return Promise.resolve()
    },
    plug: () => {
      port.plugged = true
      return Promise.resolve()
    },
    dispose: () => Promise.resolve(),
    canonical: { one: '26:02f623ae', other: '35:069a5154a4' },
    badCode: 'card-parity',
  })
})

describe('an rf IDEAS reader', () => {
  let clock: HandClock
  let port: FakePort
  let events: ReaderEvent[]
  const kinds = () => events.filter((one) => one.kind !== 'alive').map((one) => one.kind)
  const start = async (quiet = true) => {
    const source = rfIdeasSource({ clock, load: () => Promise.resolve(port), quiet })
    source.start((event) => events.push(event))
    await clock.advance(200)
    return source
  }

  beforeEach(() => {
    clock = new HandClock()
    port = new FakePort()
    events = []
  })

  it('is made quiet without a word in its memory', async () => {
    expect(port.device.types).toBe(true)
    await start()
    expect(port.device.types).toBe(false)
    expect(port.device.savedToMemory).toBe(false)
  })

  it('is made quiet again after it was plugged in again', async () => {
    await start()
    port.plugged = false
    port.device.powerCycle()
    await clock.advance(3000)
    port.plugged = true
    expect(port.device.types).toBe(true)
    await clock.advance(20_000)
    expect(port.device.types).toBe(false)
    expect(kinds()).toEqual(['source-up', 'reader-up', 'reader-down', 'reader-up'])
  })

  it('is left as the site has set it if told so; then unchecked parity is refused', async () => {
    await start(false)
    expect(port.device.types).toBe(true)
    port.device.place(good)
    await clock.advance(500)
    const refusal = events.find((event) => event.kind === 'card-refused')
    expect(refusal?.code).toBe('card-parity-stripped')
  })

  it('is opened once, though hidapi lists it twice, and closed at the end', async () => {
    const source = await start()
    await clock.advance(10_000)
    expect(port.opened).toBe(1)
    const stopped = source.stop()
    await clock.advance(100)
    await stopped
    expect(port.closed).toBe(1)
  })

  it('that speaks CCID is left to PC/SC', async () => {
    port.productId = 0xccda
    await start()
    expect(port.opened).toBe(0)
  })

  it('that is named as a sensor is left to whoever listens to it', async () => {
    const source = rfIdeasSource({
      clock,
      load: () => Promise.resolve(port),
      isLeftAlone: ({ productId }) => productId === port.productId,
    })
    source.start((event) => events.push(event))
    await clock.advance(5000)
    expect(port.opened).toBe(0)
  })

  it('that does not answer like one is closed and left in peace', async () => {
    port.trouble = 'another-device'
    await start()
    await clock.advance(10_000)
    expect(kinds()).toEqual(['source-up'])
    expect([port.opened, port.closed]).toEqual([1, 1])
  })

  it('that may not be opened does not stop the source from living', async () => {
    port.trouble = 'not-allowed'
    await start()
    await clock.advance(10_000)
    expect(events.filter((event) => event.kind === 'alive').length).toBeGreaterThan(8)
  })

  it('that hangs is given up, with the card on it, and tried again later', async () => {
    await start()
    port.device.place(good)
    await clock.advance(500)
    port.trouble = 'hangs'
    await clock.advance(5000)
    expect(kinds().slice(2)).toEqual(['card-seen', 'card-gone', 'reader-down'])
    port.trouble = 'none'
    await clock.advance(20_000)
    expect(kinds().slice(5)).toEqual(['reader-up', 'card-seen'])
    const again = events.findLast((event) => event.kind === 'card-seen')
    expect(again?.fresh).toBe(false)
  })

  it('cannot be there where its library is not', async () => {
    const source = rfIdeasSource({
      clock,
      load: () => Promise.reject(new Error('libudev.so.1: cannot open shared object file')),
    })
    source.start((event) => events.push(event))
    await clock.advance(5000)
    expect(events).toMatchObject([{ kind: 'source-down', reason: 'library-missing' }])
    await source.stop()
  })
})
