// One HID device of the kernel's own (uhid): plugged in when it is made, until it is unplugged. What
// it sends goes through the HID core like a real one's; what it is asked is told to whoever made it.

import { closeSync, openSync, read, writeSync } from 'node:fs'

export interface KernelDeviceMake {
  readonly name: string
  readonly vendorId: number
  readonly productId: number
  /** In hex. */
  readonly reportDescriptor: string
  /** A report that the host sets, without its id. */
  readonly onSet?: (report: Uint8Array) => void
  /** What the host gets where it asks for a report. */
  readonly onGet?: () => Uint8Array
}

const eventBytes = 4380
const usbBus = 3
const types = {
  destroy: 1,
  getReport: 9,
  getReportReply: 10,
  create2: 11,
  input2: 12,
  setReport: 13,
  setReportReply: 14,
} as const

export class KernelDevice {
  readonly #make: KernelDeviceMake
  readonly #uhid = openSync('/dev/uhid', 'r+')
  #isPlugged = true

  constructor(make: KernelDeviceMake) {
    this.#make = make
    const descriptor = Buffer.from(make.reportDescriptor, 'hex')
    this.#send(types.create2, (event) => {
      event.write(make.name, 4, 'latin1')
      event.write('usb-virtual/input0', 132, 'latin1')
      event.writeUInt16LE(descriptor.length, 260)
      event.writeUInt16LE(usbBus, 262)
      event.writeUInt32LE(make.vendorId, 264)
      event.writeUInt32LE(make.productId, 268)
      descriptor.copy(event, 280)
    })
    this.#listen()
  }

  input(report: Uint8Array): void {
    this.#send(types.input2, (event) => {
      event.writeUInt16LE(report.length, 4)
      event.set(report, 6)
    })
  }

  unplug(): void {
    if (!this.#isPlugged) return
    this.#send(types.destroy)
    this.#isPlugged = false
    closeSync(this.#uhid)
  }

  #send(type: number, fill: (event: Buffer) => void = () => undefined): void {
    if (!this.#isPlugged) return
    const event = Buffer.alloc(eventBytes)
    event.writeUInt32LE(type, 0)
    fill(event)
    writeSync(this.#uhid, event)
  }

  #listen(): void {
    const event = Buffer.alloc(eventBytes)
    read(this.#uhid, event, 0, eventBytes, null, (error) => {
      if (error !== null || !this.#isPlugged) return
      this.#hear(event)
      this.#listen()
    })
  }

  #hear(event: Buffer): void {
    const type = event.readUInt32LE(0)
    const id = event.readUInt32LE(4)
    if (type === types.setReport) {
      // Past the report id that hidraw keeps in front.
      this.#make.onSet?.(event.subarray(13, 12 + event.readUInt16LE(10)))
      this.#send(types.setReportReply, (reply) => {
        reply.writeUInt32LE(id, 4)
      })
    }
    if (type === types.getReport) {
      const answer = this.#make.onGet?.() ?? new Uint8Array()
      this.#send(types.getReportReply, (reply) => {
        reply.writeUInt32LE(id, 4)
        reply.writeUInt16LE(answer.length + 1, 10)
        reply.set(answer, 13)
      })
    }
  }
}
