// Presence sensors that are plugged in and that the system keeps to itself: nobody can listen to
// them, and whoever set them up is told so. It opens no device and says nothing of anybody.

import type { HidDevice, HidReports } from '../../../platform/hid-devices.ts'
import type { Log } from '../../../platform/log.ts'
import { idOf } from './sensor-reader.ts'
import type { SensorReader } from './sensor-reader.ts'

export interface WithheldNeeds {
  readonly log: Log
  readonly readerFor: (device: HidDevice, hid: HidReports) => Promise<SensorReader | undefined>
}

/** More than one or two is a mistake; more than this is an attack. */
const devicesMax = 16

export class WithheldSensors {
  readonly #needs: WithheldNeeds
  /** Each that is there, and whether it would be a presence sensor if it could be heard. */
  #seen: ReadonlyMap<string, { readonly device: HidDevice; readonly isSensor: boolean }> = new Map()

  constructor(needs: WithheldNeeds) {
    this.#needs = needs
  }

  get sensors(): readonly HidDevice[] {
    return [...this.#seen.values()].filter((one) => one.isSensor).map(({ device }) => device)
  }

  /** Each is judged once, for as long as it is there. */
  async look(hid: HidReports): Promise<void> {
    const before = this.#seen
    const seen = new Map<string, { readonly device: HidDevice; readonly isSensor: boolean }>()
    for (const device of (await hid.withheld()).slice(0, devicesMax)) {
      const key = `${device.path} ${idOf(device)}`
      seen.set(key, before.get(key) ?? { device, isSensor: await this.#judge(device, hid) })
    }
    this.#seen = seen
  }

  async #judge(device: HidDevice, hid: HidReports): Promise<boolean> {
    const reader = await this.#needs.readerFor(device, hid)
    if (reader === undefined) return false
    this.#needs.log.warn('presence.sensor-withheld', { kind: idOf(device) })
    return true
  }
}
