// The agent's presence sensors against devices of the kernel: node-hid, hidraw, the HID core and its
// driver for sensor hubs are the real ones; only the silicon is played.

import { setTimeout as sleep } from 'node:timers/promises'
import { sensorReaderFor } from '../../../agent/src/desktop/presence/hid/sensor-reader.ts'
import { SensorWatch } from '../../../agent/src/desktop/presence/hid/sensor-watch.ts'
import { loadHidDevices } from '../../../agent/src/platform/hid-devices.ts'
import { realClock } from '../../kit/real-clock.ts'
import { KernelDevice } from './kernel-device.ts'
import { check, expectSame } from './watched-source.ts'

/** The descriptor of a clinical all-in-one's sensor (0bf8:101a), as its owner has published it. */
const allInOne = {
  name: 'Presence Sensor',
  vendorId: 0x0bf8,
  productId: 0x101a,
  reportDescriptor: [
    '05200911a10005200a16031500250475089501a1020a40080a41080af0080ac0080ae0080ab008b102c00a',
    '01021500250675089501a1020a00080a01080a02080a03080a04080a05080a06088103c00ab10415002501',
    '750895018103c0',
  ].join(''),
}
const typing = {
  name: 'Typing Sensor',
  vendorId: 0x0c27,
  productId: 0x0001,
  reportDescriptor: [
    '05010906a101050719e029e715002501750195088102750895018101190029ff150026ff00750895068100',
    'c0',
  ].join(''),
}
const near = Uint8Array.of(1, 1)
const away = Uint8Array.of(1, 0)
/** Under emulation everything takes its time. */
const tellWithinMs = 20_000

export async function checkSensors(): Promise<void> {
  const told: string[] = []
  const logged: string[] = []
  const note = (event: string, { reason }: { readonly reason?: string }): void => {
    logged.push(`${event} ${reason ?? ''}`)
  }
  const keyboards = { '0c27:0001': 'away:f23/near:f24' }
  const watch = new SensorWatch({
    clock: realClock,
    log: { info: note, warn: note, error: note },
    load: loadHidDevices,
    readerFor: (device, hid) => sensorReaderFor(device, hid, { descriptors: {}, keyboards }),
    onBody: (isNear) => told.push(isNear ? 'near' : 'away'),
    onLost: () => told.push('lost'),
  })
  const until = async (holds: () => boolean, what: string): Promise<void> => {
    for (let waited = 0; !holds(); waited += 20) {
      if (waited > tellWithinMs) throw new Error(`never ${what}: ${told.join()} ${logged.join()}`)
      await sleep(20)
    }
  }
  const isListenedTo = (count: number): Promise<void> =>
    until(() => logged.filter((line) => line.includes('sensor-up')).length >= count, 'found')

  let sensor = new KernelDevice(allInOne)
  await check('a presence sensor is found by its own descriptor', async () => {
    await isListenedTo(1)
    expectSame(watch.status, [{ name: 'Presence Sensor', says: 'waiting' }])
    return 'found'
  })
  await check('a presence sensor says when somebody comes and goes', async () => {
    sensor.input(near)
    await until(() => told.length === 1, 'near')
    sensor.input(away)
    await until(() => told.length === 2, 'away')
    expectSame(told, ['near', 'away'])
    return told.join()
  })
  await check('a presence sensor torn away in mid-report is lost, and found again', async () => {
    sensor.input(near)
    await until(() => told.length === 3, 'near again')
    sensor.input(near.subarray(0, 1))
    sensor.unplug()
    await until(() => told.length === 4, 'lost')
    sensor = new KernelDevice(allInOne)
    await isListenedTo(2)
    sensor.input(near)
    await until(() => told.length === 5, 'near after all')
    expectSame(told.slice(2), ['near', 'lost', 'near'])
    return told.slice(2).join()
  })
  await check('a presence sensor that floods is cut', async () => {
    const cut = (): boolean => logged.some((line) => line.endsWith('too-many'))
    for (let n = 0; n < 100 && !cut(); n += 1) {
      for (let burst = 0; burst < 30; burst += 1) sensor.input(near)
      await sleep(10)
    }
    await until(cut, 'cut')
    expectSame(told.at(-1), 'lost')
    return logged.at(-1) ?? ''
  })
  sensor.unplug()
  await check('a sensor that types is heard, and known to have typed', async () => {
    const keyboard = new KernelDevice(typing)
    await isListenedTo(3)
    expectSame(watch.hasTyped(realClock.monoMs()), false)
    for (const key of [0x72, 0]) keyboard.input(Uint8Array.of(0, 0, key, 0, 0, 0, 0, 0))
    await until(() => told.at(-1) === 'away', 'away by key')
    expectSame(watch.hasTyped(realClock.monoMs()), true)
    keyboard.unplug()
    return 'away'
  })
  await watch.close()
}
