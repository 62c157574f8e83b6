// What Linux tells everybody in /sys of its HID devices: what the reports of one are made of, and
// which its own driver for sensors keeps. It opens no device, and binds none to another driver.

import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface WithheldDevice {
  /** Of the device itself: such a one has no port. */
  readonly path: string
  readonly vendorId: number
  readonly productId: number
  readonly name: string
}

/** As the kernel names a HID device: bus, vendor, product and a number, in hex. */
const deviceName = /^[0-9A-F]{4}:([0-9A-F]{4}):([0-9A-F]{4})\.[0-9A-F]{4,8}$/

/**
 * The kernel's own copy, which anybody may read; node-hid hands none out. Of a port (`hidraw3`) or
 * of a device.
 */
export async function describeHid(path: string, sys = '/sys'): Promise<Uint8Array | undefined> {
  const name = basename(path)
  if (path === `/dev/${name}` && /^hidraw[0-9]+$/.test(name)) {
    return readIfThere(join(sys, 'class/hidraw', name, 'device/report_descriptor'))
  }
  const device = join(sys, 'bus/hid/devices', name)
  if (path !== device || !deviceName.test(name)) return undefined
  return readIfThere(join(device, 'report_descriptor'))
}

/**
 * Devices of the sensor page that the driver for sensor hubs has taken. It starts them without
 * making a port (`hid_hw_start` without `HID_CONNECT_HIDRAW`), so that nobody else hears them.
 */
export async function listWithheld(sys = '/sys'): Promise<readonly WithheldDevice[]> {
  const names = await orNothing(readdir(join(sys, 'bus/hid/drivers/hid-sensor-hub')))
  const devices = (names ?? []).flatMap((name) => {
    const [, vendor, product] = deviceName.exec(name) ?? []
    if (vendor === undefined || product === undefined) return []
    const path = join(sys, 'bus/hid/devices', name)
    return [{ path, vendorId: parseInt(vendor, 16), productId: parseInt(product, 16) }]
  })
  return Promise.all(devices.map(async (one) => ({ ...one, name: await nameOf(one.path) })))
}

async function nameOf(device: string): Promise<string> {
  const uevent = await readIfThere(join(device, 'uevent'))
  return /^HID_NAME=(.*)$/m.exec(uevent?.toString('utf8') ?? '')?.[1] ?? ''
}

function readIfThere(path: string): Promise<Buffer | undefined> {
  return orNothing(readFile(path))
}

/** Pulled out in this moment, or a kernel that has no such thing. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown) return undefined
    throw thrown
  }
}
