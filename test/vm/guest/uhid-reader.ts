// An rf IDEAS reader as a device of the kernel (uhid): keyboard and feature report in one, as the
// real one is. Runs as a program of its own, so that what talks to it goes through the kernel.

import { createInterface } from 'node:readline'
import { RfIdeasDevice } from '../../kit/rf-ideas-device.ts'
import { KernelDevice } from './kernel-device.ts'

/** A boot keyboard, and eight bytes of feature report without an id. */
const reportDescriptor = [
  '05010906a101050719e029e71500250175019508810275089501810119002965150025657508950681',
  '000600ff0901150026ff0075089508b102c0',
].join('')

const device = new RfIdeasDevice()
const say = (line: string) => process.stdout.write(`${line}\n`)
let plugged: KernelDevice | undefined

function plug(): void {
  plugged = new KernelDevice({
    name: 'RFIDeas USB Keyboard',
    vendorId: 0x0c27,
    productId: 0x3bfa,
    reportDescriptor,
    onSet: (report) => {
      device.write(report)
    },
    onGet: () => device.read(),
  })
}

function unplug(): void {
  plugged?.unplug()
  plugged = undefined
  device.powerCycle()
}

/** As the real one does unless it is told not to: the number as keystrokes, then Enter. */
function typeDigits(digits: string): void {
  for (const code of Array.from(digits, (digit) => (digit === '0' ? 39 : 29 + Number(digit)))) {
    for (const pressed of [code, 0]) plugged?.input(Uint8Array.of(0, 0, pressed, 0, 0, 0, 0, 0))
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
