// An rf IDEAS reader as a device of the kernel (uhid): keyboard and feature report in one, as the
// real one is. Runs as a program of its own, so that what talks to it goes through the kernel.

import { closeSync, openSync, read, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { RfIdeasDevice } from '../../kit/rf-ideas-device.ts'

const eventBytes = 4380
const types = {
  destroy: 1,
  getReport: 9,
  getReportReply: 10,
  create2: 11,
  input2: 12,
  setReport: 13,
  setReportReply: 14,
} as const
/** A boot keyboard, and eight bytes of feature report without an id. */
const reportDescriptor = Buffer.from(
  [
    '05010906a101050719e029e71500250175019508810275089501810119002965150025657508950681',
    '000600ff0901150026ff0075089508b102c0',
  ].join(''),
  'hex',
)

const device = new RfIdeasDevice()
const say = (line: string) => process.stdout.write(`${line}\n`)
let uhid: number | undefined

function send(type: number, fill: (event: Buffer) => void = () => undefined): void {
  if (uhid === undefined) return
  const event = Buffer.alloc(eventBytes)
  event.writeUInt32LE(type, 0)
  fill(event)
  writeSync(uhid, event)
}

function plug(): void {
  const opened = openSync('/dev/uhid', 'r+')
  uhid = opened
  send(types.create2, (event) => {
    event.write('RFIDeas USB Keyboard', 4, 'latin1')
    event.write('usb-virtual/input0', 132, 'latin1')
    event.writeUInt16LE(reportDescriptor.length, 260)
    event.writeUInt16LE(3, 262)
    event.writeUInt32LE(0x0c27, 264)
    event.writeUInt32LE(0x3bfa, 268)
    reportDescriptor.copy(event, 280)
  })
  listen(opened)
}

function unplug(): void {
  send(types.destroy)
  if (uhid !== undefined) closeSync(uhid)
  uhid = undefined
  device.powerCycle()
}

function listen(opened: number): void {
  const event = Buffer.alloc(eventBytes)
  read(opened, event, 0, eventBytes, null, (error) => {
    if (error !== null || uhid !== opened) return
    hear(event)
    listen(opened)
  })
}

function hear(event: Buffer): void {
  const type = event.readUInt32LE(0)
  const id = event.readUInt32LE(4)
  if (type === types.setReport) {
    // Past the report id that hidraw keeps in front.
    device.write(event.subarray(13, 12 + event.readUInt16LE(10)))
    send(types.setReportReply, (reply) => {
      reply.writeUInt32LE(id, 4)
    })
  }
  if (type === types.getReport) {
    const answer = device.read()
    send(types.getReportReply, (reply) => {
      reply.writeUInt32LE(id, 4)
      reply.writeUInt16LE(answer.length + 1, 10)
      reply.set(answer, 13)
    })
  }
}

/** As the real one does unless it is told not to: the number as keystrokes, then Enter. */
function typeDigits(digits: string): void {
  for (const code of Array.from(digits, (digit) => (digit === '0' ? 39 : 29 + Number(digit)))) {
    for (const pressed of [code, 0]) {
      send(types.input2, (event) => {
        event.writeUInt16LE(8, 4)
        event[8] = pressed
      })
    }
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb = '', bits = '', hex = ''] = line.split(' ')
  if (verb === 'place') {
    device.place({ length: Number(bits), value: BigInt(`0x${hex}`) })
    if (device.types) typeDigits('1234567')
  }
  if (verb === 'clear') device.clear()
  if (verb === 'unplug') unplug()
  if (verb === 'plug') plug()
  say(`${verb} ${device.types ? 'types' : 'quiet'} ${device.savedToMemory ? 'saved' : 'volatile'}`)
})
say('ready')
