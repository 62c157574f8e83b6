// Presence sensors that Linux's own driver has taken: told of and never opened, and heard once it has
// let go of them.

import { beforeEach, describe, expect, it } from 'vitest'
import type { HandClock } from '../../../../../test/kit/hand-clock.ts'
import type { HidDevice } from '../../../platform/hid-devices.ts'
import { allInOne, mouse, near, WatchedPorts } from './fakes-for-tests.ts'
import type { SensorWatch } from './sensor-watch.ts'

/** As Linux's driver for sensor hubs has it: no port, and so nothing to listen to. */
const inHub: HidDevice = { ...allInOne, path: '/sys/bus/hid/devices/0003:0BF8:101A.0001' }

describe('presence sensors that the system keeps to itself', () => {
  let clock: HandClock
  let ports: WatchedPorts['ports']
  let watched: WatchedPorts
  let watch: SensorWatch
  let told: readonly string[]
  let logged: readonly string[]

  beforeEach(() => {
    watched = new WatchedPorts()
    ;({ clock, ports, told, logged } = watched)
  })

  async function start(...how: Parameters<WatchedPorts['start']>): Promise<void> {
    watch = await watched.start(...how)
  }
  async function startWithSensor(): Promise<void> {
    ports.devices = [mouse, allInOne]
    await start()
  }

  it('are told of once, and never opened', async () => {
    ports.kept = [inHub]
    await start()
    await clock.advance(60_000)
    expect(ports.opened).toEqual([])
    expect(logged).toEqual(['presence.sensor-withheld 0bf8:101a'])
    expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'withheld' }])
    expect(told).toEqual([])
  })
  it('are told of only where they are presence sensors', async () => {
    ports.kept = [{ ...inHub, productId: 1 }]
    ports.descriptor = Buffer.from('05200941a1000ad10427ffff00007520950181 02c0', 'hex')
    await start()
    await clock.advance(10_000)
    expect([...logged, ...watch.status]).toEqual([])
  })
  it('are lost when the system takes them, and found when it lets go of them', async () => {
    await startWithSensor()
    ports.send(near)
    ports.ears.get(allInOne.path)?.onLost()
    ports.devices = [mouse]
    ports.kept = [inHub]
    await clock.advance(4000)
    expect(told).toEqual(['near', 'lost'])
    expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'withheld' }])
    ports.devices = [mouse, allInOne]
    ports.kept = []
    await clock.advance(4000)
    expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'waiting' }])
    ports.send(near)
    expect(told).toEqual(['near', 'lost', 'near'])
  })
  it('are told of again when they were plugged in again', async () => {
    ports.kept = [inHub]
    await start()
    ports.kept = []
    await clock.advance(4000)
    expect(watch.status).toEqual([])
    ports.kept = [inHub]
    await clock.advance(4000)
    expect(logged).toHaveLength(2)
  })
  it('hold up nobody else', async () => {
    ports.kept = 'hangs'
    await startWithSensor()
    await clock.advance(3000)
    ports.send(near)
    expect(told).toEqual(['near'])
  })
})
