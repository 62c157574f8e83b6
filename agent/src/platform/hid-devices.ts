// USB-HID as far as we need it, and node-hid behind it: feature reports, which work on Windows even
// where the system keeps a keyboard to itself, and reports that a device sends by itself. It knows
// nothing about badges or sensors, and keeps no report.

import { describeHid, listWithheld } from './linux-hid.ts'

export interface HidDevice {
  readonly path: string
  readonly vendorId: number
  readonly productId: number
  readonly name: string
  /** Of a top-level collection; a device with several is listed once for each. 0 where unknown. */
  readonly usagePage: number
  readonly usage: number
}

export interface HidHandle {
  sendFeatureReport(report: Uint8Array): Promise<void>
  /** The answer with the report id in front. */
  getFeatureReport(reportId: number, bytes: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Devices that are asked. */
export interface HidFeatures {
  list(): Promise<readonly HidDevice[]>
  open(path: string): Promise<HidHandle>
}

export interface HidEars {
  /** With the report's id in front where the device has several. */
  readonly onReport: (report: Uint8Array) => void
  /** It is gone, or cannot be read any more; told once. */
  readonly onLost: () => void
}

/** Devices that are listened to. */
export interface HidReports {
  list(): Promise<readonly HidDevice[]>
  /** Devices of the sensor page that the system keeps to itself: they are there, and not listed. */
  withheld(): Promise<readonly HidDevice[]>
  /** Its report descriptor, where the system tells it to everybody: on Linux. */
  describe(path: string): Promise<Uint8Array | undefined>
  /** What it returns ends the listening and lets go of the device. */
  listen(path: string, ears: HidEars): Promise<() => Promise<void>>
}

const isLinux = process.platform === 'linux'
/** HID Usage Tables 1.5, chapter 21. */
const sensorPage = 0x20

/** Loads node-hid. Throws where it has no build for this machine or libusb/hidapi is missing. */
export async function loadHidDevices(): Promise<HidFeatures & HidReports> {
  const hid = await import('node-hid')
  // Not exclusive: on macOS a keyboard cannot be seized without being root.
  const open = (path: string) => hid.HIDAsync.open(path, { nonExclusive: true })
  return {
    list: async () => {
      const devices = await hid.devicesAsync()
      return devices.flatMap(({ path, vendorId, productId, product, usagePage, usage }) =>
        path === undefined
          ? []
          : [
              {
                path,
                vendorId,
                productId,
                name: product ?? '',
                usagePage: usagePage ?? 0,
                usage: usage ?? 0,
              },
            ],
      )
    },
    open: async (path) => {
      const device = await open(path)
      return {
        sendFeatureReport: async (report) => {
          await device.sendFeatureReport(Buffer.from(report))
        },
        getFeatureReport: (reportId, bytes) => device.getFeatureReport(reportId, bytes),
        close: () => device.close(),
      }
    },
    withheld: async () => {
      const devices = isLinux ? await listWithheld() : []
      return devices.map((device) => ({ ...device, usagePage: sensorPage, usage: 0 }))
    },
    describe: async (path) => (isLinux ? describeHid(path) : undefined),
    listen: async (path, { onReport, onLost }) => {
      const device = await open(path)
      let isLost = false
      device.on('error', () => {
        if (!isLost) onLost()
        isLost = true
      })
      device.on('data', onReport)
      return () => device.close()
    },
  }
}
