// The agent's presence sensors against devices of the kernel: node-hid, hidraw, the HID core and its
// driver for sensor hubs are the real ones; only the silicon is played.

import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { KernelDevice } from './kernel-device.ts'
import { WatchedSensors } from './watched-sensors.ts'
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
const driver = fileURLToPath(new URL('../../../.cache/vm/hid-sensor-hub.ko', import.meta.url))
const run = promisify(execFile)

export async function checkSensors(): Promise<void> {
  let sensor = new KernelDevice(allInOne)
  const sensors = new WatchedSensors({ '0c27:0001': 'away:f23/near:f24' })
  const isHeard = (): Promise<void> => sensors.logs('presence.sensor-up sensor')

  await check('a presence sensor is found by its own descriptor', async () => {
    await isHeard()
    expectSame(sensors.status, [{ name: 'Presence Sensor', says: 'waiting' }])
    return 'found'
  })
  await check('a presence sensor says when somebody comes and goes', async () => {
    sensor.input(near)
    await sensors.tells('near')
    sensor.input(away)
    await sensors.tells('away')
    return 'near away'
  })
  await check('a presence sensor torn away in mid-report is lost, and found again', async () => {
    sensor.input(near)
    await sensors.tells('near')
    sensor.input(near.subarray(0, 1))
    sensor.unplug()
    await sensors.tells('lost')
    await sensors.logs('presence.sensor-down sensor lost')
    // Plugged in again before anybody looked, it would be one that failed, and left in peace.
    await sensors.looks()
    sensor = new KernelDevice(allInOne)
    await isHeard()
    sensor.input(near)
    await sensors.tells('near')
    return 'near lost near'
  })
  await check('a presence sensor that floods is cut', async () => {
    for (let n = 0; n < 100 && sensors.unheard.length === 0; n += 1) {
      for (let burst = 0; burst < 30; burst += 1) sensor.input(near)
      await sleep(10)
    }
    await sensors.tells('lost')
    await sensors.logs('presence.sensor-down sensor too-many')
    return 'too-many'
  })
  sensor.unplug()
  await check('a sensor that types is heard, and known to have typed', async () => {
    const keyboard = new KernelDevice(typing)
    await sensors.logs('presence.sensor-up keyboard')
    expectSame(sensors.isTyped, false)
    for (const key of [0x72, 0]) keyboard.input(Uint8Array.of(0, 0, key, 0, 0, 0, 0, 0))
    await sensors.tells('away')
    expectSame(sensors.isTyped, true)
    keyboard.unplug()
    await sensors.tells('lost')
    return 'away'
  })
  await checkTheKernelsDriver(sensors)
  await sensors.close()
}

/** Most machines load it when such a sensor is plugged in; docs/presence.md says how to prevent it. */
async function checkTheKernelsDriver(sensors: WatchedSensors): Promise<void> {
  const isHeard = (): Promise<void> => sensors.logs('presence.sensor-up sensor')
  const sensor = new KernelDevice(allInOne)
  await check(
    'a presence sensor that the kernel’s own driver takes is lost, and told of',
    async () => {
      await isHeard()
      sensor.input(near)
      await sensors.tells('near')
      await run('busybox', ['insmod', driver])
      await sensors.tells('lost')
      await sensors.logs('presence.sensor-down sensor lost')
      await sensors.logs('presence.sensor-withheld 0bf8:101a')
      expectSame(sensors.status, [{ name: 'Presence Sensor', says: 'withheld' }])
      sensor.input(near)
      await sensors.looks()
      expectSame(sensors.unheard, [])
      return 'withheld'
    },
  )
  await check('a presence sensor that the kernel’s own driver lets go of is found', async () => {
    await run('busybox', ['rmmod', 'hid_sensor_hub'])
    await isHeard()
    sensor.input(near)
    await sensors.tells('near')
    await sensors.looks()
    expectSame(sensors.status, [{ name: 'Presence Sensor', says: 'near' }])
    return 'near'
  })
  sensor.unplug()
}
