// Presence sensors on fake ports: found, listened to, pulled out, flooding, lying. What is told of
// them, and what never is.

import { beforeEach, describe, expect, it } from 'vitest'
import { HandClock } from '../../../../../test/kit/hand-clock.ts'
import type { HidDevice, HidEars, HidReports } from '../../../platform/hid-devices.ts'
import type { LogFields } from '../../../platform/log.ts'
import { sensorReaderFor } from './sensor-reader.ts'
import type { SensorSettings } from './sensor-reader.ts'
import { SensorWatch } from './sensor-watch.ts'

const descriptor = Buffer.from('05200911a1000ab10415002501750895018102c0', 'hex')
const allInOne: HidDevice = {
  path: '/dev/hidraw3',
  vendorId: 0x0bf8,
  productId: 0x101a,
  name: 'Presence\u0000 Sensor',
  usagePage: 0x20,
  usage: 0x11,
}
const sonar: HidDevice = {
  path: '/dev/hidraw5',
  vendorId: 0x0c27,
  productId: 0x0001,
  name: 'Sonar',
  usagePage: 1,
  usage: 6,
}
const mouse: HidDevice = { ...sonar, path: '/dev/hidraw0', vendorId: 0x046d, usage: 2 }
/** As Linux's driver for sensor hubs has it: no port, and so nothing to listen to. */
const inHub: HidDevice = { ...allInOne, path: '/sys/bus/hid/devices/0003:0BF8:101A.0001' }
const near = Uint8Array.of(1)
const away = Uint8Array.of(0)

class FakePorts implements HidReports {
  devices: HidDevice[] = [mouse]
  kept: HidDevice[] | 'hangs' = []
  descriptor: Uint8Array | undefined = descriptor
  trouble: 'none' | 'not-allowed' | 'hangs' = 'none'
  readonly opened: string[] = []
  readonly closed: string[] = []
  readonly ears = new Map<string, HidEars>()

  list(): Promise<readonly HidDevice[]> {
    // hidapi lists a path once for each usage.
    return Promise.resolve(this.devices.flatMap((device) => [{ ...device, usage: 1 }, device]))
  }

  withheld(): Promise<readonly HidDevice[]> {
    return this.kept === 'hangs' ? new Promise(() => undefined) : Promise.resolve(this.kept)
  }

  describe(): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.descriptor)
  }

  listen(path: string, ears: HidEars): Promise<() => Promise<void>> {
    this.opened.push(path)
    if (this.trouble === 'not-allowed') return Promise.reject(new Error('permission denied'))
    if (this.trouble === 'hangs') return new Promise(() => undefined)
    this.ears.set(path, ears)
    return Promise.resolve(() => {
      this.closed.push(path)
      return Promise.resolve()
    })
  }

  send(report: Uint8Array, { path } = allInOne): void {
    this.ears.get(path)?.onReport(report)
  }
}

describe('presence sensors', () => {
  let clock: HandClock
  let ports: FakePorts
  let watch: SensorWatch
  const told: string[] = []
  const logged: string[] = []
  const settings: SensorSettings = { descriptors: {}, keyboards: {} }

  beforeEach(() => {
    clock = new HandClock()
    ports = new FakePorts()
    told.length = 0
    logged.length = 0
  })

  async function start(change: Partial<SensorSettings> = {}, load = () => Promise.resolve(ports)) {
    const note = (event: string, { reason, kind }: LogFields): void => {
      logged.push([event, kind, reason].filter((part) => part !== undefined).join(' '))
    }
    watch = new SensorWatch({
      clock,
      log: { info: note, warn: note, error: note },
      load,
      readerFor: (device, hid) => sensorReaderFor(device, hid, { ...settings, ...change }),
      onBody: (isNear) => told.push(isNear ? 'near' : 'away'),
      onLost: () => told.push('lost'),
    })
    await clock.advance(100)
  }
  async function startWithSensor(): Promise<void> {
    ports.devices = [mouse, allInOne]
    await start()
  }

  it('are found by what they are, and nothing else is opened', async () => {
    await startWithSensor()
    expect(ports.opened).toEqual(['/dev/hidraw3'])
    expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'waiting' }])
    expect(told).toEqual([])
  })
  it('are told of when they change their word, and near again each minute', async () => {
    await startWithSensor()
    ports.send(near)
    expect(told).toEqual(['near'])
    await clock.advance(119_000)
    expect(told).toEqual(['near', 'near', 'near'])
    ports.send(away)
    await clock.advance(2500)
    expect(told.slice(3)).toEqual(['away'])
    await clock.advance(600_000)
    expect(told.slice(4)).toEqual([])
  })
  it('plugged in later are found, and again after they were pulled out', async () => {
    await start()
    ports.devices = [mouse, allInOne]
    await clock.advance(4000)
    ports.send(near)
    ports.devices = [mouse]
    await clock.advance(4000)
    expect(told).toEqual(['near', 'lost'])
    expect(ports.closed).toEqual(['/dev/hidraw3'])
    expect(watch.status).toEqual([])
    ports.devices = [mouse, allInOne]
    await clock.advance(4000)
    expect(ports.opened).toHaveLength(2)
    ports.send(near)
    expect(told).toEqual(['near', 'lost', 'near'])
  })
  it('that come where something else has just been pulled out are found', async () => {
    ports.devices = [{ ...mouse, path: allInOne.path }]
    await start()
    ports.devices = [allInOne]
    await clock.advance(4000)
    expect(ports.opened).toEqual([allInOne.path])
  })
  it('torn away in mid-report are lost at once, and nothing of them is heard afterwards', async () => {
    await startWithSensor()
    ports.send(near)
    ports.send(new Uint8Array())
    ports.ears.get(allInOne.path)?.onLost()
    ports.send(near)
    await clock.advance(1000)
    expect(told).toEqual(['near', 'lost'])
    expect(logged).toContain('presence.sensor-down sensor lost')
  })
  it('that are lost where another one was lost before are told of by themselves', async () => {
    await startWithSensor()
    ports.ears.get(allInOne.path)?.onLost()
    ports.devices = [{ ...allInOne, productId: 2 }]
    await clock.advance(4000)
    ports.ears.get(allInOne.path)?.onLost()
    expect(logged.filter((line) => line === 'presence.sensor-down sensor lost')).toHaveLength(2)
  })
  it('that were pulled out when nobody was there keep that word', async () => {
    await startWithSensor()
    ports.send(near)
    ports.send(away)
    await clock.advance(2500)
    ports.devices = [mouse]
    await clock.advance(4000)
    expect(told).toEqual(['near', 'away', 'lost'])
  })
  it('that flood are cut, count no more, and may come again after a rest', async () => {
    await startWithSensor()
    for (let n = 0; n < 200; n += 1) ports.send(near)
    expect(told).toEqual(['near', 'lost'])
    expect(logged).toContain('presence.sensor-down sensor too-many')
    await clock.advance(29_000)
    expect(ports.opened).toHaveLength(1)
    await clock.advance(6000)
    expect(ports.opened).toHaveLength(2)
  })
  it('that send garbage are cut', async () => {
    await startWithSensor()
    ports.send(near)
    for (let n = 0; n < 5; n += 1) ports.send(new Uint8Array())
    expect(told).toEqual(['near', 'lost'])
    expect(logged).toContain('presence.sensor-down sensor not-understood')
  })
  it('that waver are not believed, and tell the machine no more than people would', async () => {
    await startWithSensor()
    for (let n = 0; n < 1200; n += 1) {
      ports.send(n % 2 === 0 ? near : away)
      await clock.advance(50)
    }
    expect(told.length).toBeLessThan(10)
    expect(told.at(-1)).toBe('lost')
    expect(watch.status).toMatchObject([{ says: 'unsteady' }])
  })
  it('that see somebody for ever are not believed for ever', async () => {
    await startWithSensor()
    ports.send(near)
    await clock.advance(2 * 60 * 60 * 1000 + 1000)
    expect(told.at(-1)).toBe('lost')
    expect(watch.status).toMatchObject([{ says: 'stuck' }])
  })
  it('of which one sees somebody have somebody near', async () => {
    const second = { ...allInOne, path: '/dev/hidraw4' }
    ports.devices = [allInOne, second]
    await start()
    ports.send(near)
    ports.send(away, second)
    await clock.advance(3000)
    expect(told).toEqual(['near'])
    ports.send(away)
    await clock.advance(3000)
    expect(told).toEqual(['near', 'away'])
  })
  it('in a crowd are four', async () => {
    ports.devices = Array.from({ length: 9 }, (_, n) => ({ ...allInOne, path: String(n) }))
    await start()
    await clock.advance(10_000)
    expect(ports.opened).toHaveLength(4)
  })
  it('that may not be opened, or hang, are tried again later', async () => {
    ports.trouble = 'not-allowed'
    await startWithSensor()
    expect(logged).toContain('presence.sensor-down sensor not-opened')
    await clock.advance(200_000)
    expect(ports.opened.length).toBeGreaterThan(5)
    expect(logged).toHaveLength(1)
    ports.trouble = 'hangs'
    await clock.advance(40_000)
    expect(watch.status).toEqual([])
    ports.trouble = 'none'
    await clock.advance(40_000)
    ports.send(near)
    expect(told).toEqual(['near'])
  })
  it('that no system describes are named once, and read where settings do', async () => {
    ports.descriptor = undefined
    await startWithSensor()
    await clock.advance(10_000)
    expect(ports.opened).toEqual([])
    expect(logged).toEqual(['presence.sensor-not-read 0bf8:101a'])
    await watch.close()
    await start({ descriptors: { '0bf8:101a': descriptor.toString('hex') } })
    ports.send(near)
    expect(told).toEqual(['near'])
  })
  it('are none where the library is not, and nothing is wrong with that', async () => {
    await start({}, () => Promise.reject(new Error('libudev.so.1')))
    await clock.advance(10_000)
    expect(watch.status).toEqual([])
    expect(logged).toEqual(['presence.sensors-unavailable library-missing'])
    await watch.close()
  })
  it('say nothing once they are let go of', async () => {
    await startWithSensor()
    ports.send(near)
    const closing = watch.close()
    await clock.advance(0)
    await closing
    ports.send(away)
    await clock.advance(60_000)
    expect(told).toEqual(['near'])
    expect(ports.closed).toEqual(['/dev/hidraw3'])
  })

  describe('that the system keeps to itself', () => {
    it('are told of once, and never opened', async () => {
      ports.kept = [inHub]
      await start()
      await clock.advance(60_000)
      expect(ports.opened).toEqual([])
      expect(logged).toEqual(['presence.sensor-withheld 0bf8:101a'])
      expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'withheld' }])
      expect(told).toEqual([])
    })
    it('are told of only where they are presence sensors', async () => {
      ports.kept = [{ ...inHub, productId: 1 }]
      ports.descriptor = Buffer.from('05200941a1000ad10427ffff00007520950181 02c0', 'hex')
      await start()
      await clock.advance(10_000)
      expect([...logged, ...watch.status]).toEqual([])
    })
    it('are lost when the system takes them, and found when it lets go of them', async () => {
      await startWithSensor()
      ports.send(near)
      ports.ears.get(allInOne.path)?.onLost()
      ports.devices = [mouse]
      ports.kept = [inHub]
      await clock.advance(4000)
      expect(told).toEqual(['near', 'lost'])
      expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'withheld' }])
      ports.devices = [mouse, allInOne]
      ports.kept = []
      await clock.advance(4000)
      expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'waiting' }])
      ports.send(near)
      expect(told).toEqual(['near', 'lost', 'near'])
    })
    it('are told of again when they were plugged in again', async () => {
      ports.kept = [inHub]
      await start()
      ports.kept = []
      await clock.advance(4000)
      expect(watch.status).toEqual([])
      ports.kept = [inHub]
      await clock.advance(4000)
      expect(logged).toHaveLength(2)
    })
    it('hold up nobody else', async () => {
      ports.kept = 'hangs'
      await startWithSensor()
      await clock.advance(3000)
      ports.send(near)
      expect(told).toEqual(['near'])
    })
  })

  describe('that type', () => {
    const stroke = (key: number) => Uint8Array.of(0, 0, key, 0, 0, 0, 0, 0)
    const keyboards = { '0c27:0001': 'away:f23/near:f24' }

    it('are listened to only where settings name them', async () => {
      ports.devices = [mouse, sonar]
      await start()
      expect(ports.opened).toEqual([])
    })
    it('say with each keystroke what happened, also the same again', async () => {
      ports.devices = [mouse, sonar]
      await start({ keyboards })
      ports.send(stroke(0x73), sonar)
      ports.send(stroke(0), sonar)
      await clock.advance(10_000)
      ports.send(stroke(0x72), sonar)
      await clock.advance(10_000)
      ports.send(stroke(0x72), sonar)
      await clock.advance(10_000)
      expect(told).toEqual(['near', 'away', 'away'])
    })
    it('are known to have typed, so that nobody takes it for a hand', async () => {
      ports.devices = [sonar]
      await start({ keyboards })
      expect(watch.hasTyped(clock.monoMs())).toBe(false)
      ports.send(stroke(0x72), sonar)
      const atMs = clock.monoMs()
      expect([atMs - 200, atMs, atMs + 200].map((ms) => watch.hasTyped(ms))).toEqual([
        true,
        true,
        true,
      ])
      expect(watch.hasTyped(atMs + 1000)).toBe(false)
    })
  })
})
