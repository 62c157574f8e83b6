// USB-HID as far as we need it, and node-hid behind it. Feature reports only: they work on
// Windows even where the system keeps a keyboard to itself. It knows nothing about badges.

export interface HidDevice {
  readonly path: string
  readonly vendorId: number
  readonly productId: number
  readonly name: string
}

export interface HidHandle {
  sendFeatureReport(report: Uint8Array): Promise<void>
  /** The answer with the report id in front. */
  getFeatureReport(reportId: number, bytes: number): Promise<Uint8Array>
  close(): Promise<void>
}

export interface HidDevices {
  list(): Promise<readonly HidDevice[]>
  open(path: string): Promise<HidHandle>
}

/** Loads node-hid. Throws where it has no build for this machine or libusb/hidapi is missing. */
export async function loadHidDevices(): Promise<HidDevices> {
  const hid = await import('node-hid')
  return {
    list: async () => {
      const devices = await hid.devicesAsync()
      return devices.flatMap((device) =>
        device.path === undefined
          ? []
          : [
              {
                path: device.path,
                vendorId: device.vendorId,
                productId: device.productId,
                name: device.product ?? '',
              },
            ],
      )
    },
    open: async (path) => {
      // Not exclusive: on macOS a keyboard cannot be seized without being root.
      const device = await hid.HIDAsync.open(path, { nonExclusive: true })
      return {
        sendFeatureReport: async (report) => {
          await device.sendFeatureReport(Buffer.from(report))
        },
        getFeatureReport: (reportId, bytes) => device.getFeatureReport(reportId, bytes),
        close: () => device.close(),
      }
    },
  }
}
