// Which device is a presence sensor, and how its reports are read: by its own descriptor, by one
// that the site has written down, or by the keystrokes that the site has given it.

import type { HidDevice, HidReports } from '../../../platform/hid-devices.ts'
import { readPresence } from './presence-input.ts'
import type { SensorWord } from './presence-input.ts'
import { findPresenceField } from './report-descriptor.ts'
import { parseSensorKeys, readKeys } from './sensor-keys.ts'

export interface SensorReader {
  readonly kind: 'sensor' | 'keyboard'
  readonly read: (report: Uint8Array) => SensorWord
}

/** `vvvv:pppp`, vendor and product in hex, to what the site says of such a device. */
export interface SensorSettings {
  readonly descriptors: Readonly<Record<string, string>>
  readonly keyboards: Readonly<Record<string, string>>
}

export const sensorPage = 0x20
const keyboard = { page: 0x01, usage: 0x06 } as const

/** As settings name a device. */
export function idOf({ vendorId, productId }: Pick<HidDevice, 'vendorId' | 'productId'>): string {
  return [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':')
}

/**
 * Nothing for any other device. A keyboard is listened to only where settings name it, so that no
 * key of a person ever passes through here.
 */
export async function sensorReaderFor(
  device: HidDevice,
  hid: Pick<HidReports, 'describe'>,
  { descriptors, keyboards }: SensorSettings,
): Promise<SensorReader | undefined> {
  const id = idOf(device)
  const typed = keyboards[id]
  if (typed !== undefined) {
    if (device.usagePage !== keyboard.page || device.usage !== keyboard.usage) return undefined
    const keys = parseSensorKeys(typed)
    return { kind: 'keyboard', read: (report) => readKeys(keys, report) }
  }
  const written = descriptors[id]
  if (written === undefined && device.usagePage !== sensorPage) return undefined
  const descriptor =
    written === undefined ? await hid.describe(device.path) : Buffer.from(written, 'hex')
  const field = descriptor && findPresenceField(descriptor)
  return field && { kind: 'sensor', read: (report) => readPresence(field, report) }
}
