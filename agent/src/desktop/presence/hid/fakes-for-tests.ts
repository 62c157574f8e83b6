// Ports that a test plugs sensors into, and a watch on them: what it told, and what it logged.

import { HandClock } from '../../../../../test/kit/hand-clock.ts'
import type { HidDevice, HidEars, HidReports } from '../../../platform/hid-devices.ts'
import type { LogFields } from '../../../platform/log.ts'
import { sensorReaderFor } from './sensor-reader.ts'
import type { SensorSettings } from './sensor-reader.ts'
import { SensorWatch } from './sensor-watch.ts'

export const descriptor = Buffer.from('05200911a1000ab10415002501750895018102c0', 'hex')
export const allInOne: HidDevice = {
  path: '/dev/hidraw3',
  vendorId: 0x0bf8,
  productId: 0x101a,
  name: 'Presence\u0000 Sensor',
  usagePage: 0x20,
  usage: 0x11,
}
export const sonar: HidDevice = {
  path: '/dev/hidraw5',
  vendorId: 0x0c27,
  productId: 0x0001,
  name: 'Sonar',
  usagePage: 1,
  usage: 6,
}
export const mouse: HidDevice = { ...sonar, path: '/dev/hidraw0', vendorId: 0x046d, usage: 2 }
export const near = Uint8Array.of(1)
export const away = Uint8Array.of(0)

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

const settings: SensorSettings = { descriptors: {}, keyboards: {} }

export class WatchedPorts {
  readonly clock = new HandClock()
  readonly ports = new FakePorts()
  readonly told: string[] = []
  readonly logged: string[] = []

  /** With these settings, as long as the ports are there. */
  async start(
    change: Partial<SensorSettings> = {},
    load: () => Promise<HidReports> = () => Promise.resolve(this.ports),
  ): Promise<SensorWatch> {
    const note = (event: string, { reason, kind }: LogFields): void => {
      this.logged.push([event, kind, reason].filter((part) => part !== undefined).join(' '))
    }
    const watch = new SensorWatch({
      clock: this.clock,
      log: { info: note, warn: note, error: note },
      load,
      readerFor: (device, hid) => sensorReaderFor(device, hid, { ...settings, ...change }),
      onBody: (isNear) => this.told.push(isNear ? 'near' : 'away'),
      onLost: () => this.told.push('lost'),
    })
    await this.clock.advance(100)
    return watch
  }
}
