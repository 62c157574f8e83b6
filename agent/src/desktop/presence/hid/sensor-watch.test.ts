// Presence sensors on fake ports: found, listened to, pulled out, flooding, lying. What is told of
// them, and what never is.

import { beforeEach, describe, expect, it } from 'vitest'
import type { HandClock } from '../../../../../test/kit/hand-clock.ts'
import { allInOne, away, descriptor, mouse, near, sonar, WatchedPorts } from './fakes-for-tests.ts'
import type { SensorWatch } from './sensor-watch.ts'

describe('presence sensors', () => {
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

  it('are found by what they are, and nothing else is opened', async () => {
    await startWithSensor()
    expect(ports.opened).toEqual(['/dev/hidraw3'])
    expect(watch.status).toEqual([{ name: 'Presence Sensor', says: 'waiting' }])
    expect(told).toEqual([])
  })
  it('are told of when they change their word, and near again each minute', async () => {
    await startWithSensor()
    ports.send(near)
    expect(told).toEqual(['near'])
    await clock.advance(119_000)
    expect(told).toEqual(['near', 'near', 'near'])
    ports.send(away)
    await clock.advance(2500)
    expect(told.slice(3)).toEqual(['away'])
    await clock.advance(600_000)
    expect(told.slice(4)).toEqual([])
  })
  it('plugged in later are found, and again after they were pulled out', async () => {
    await start()
    ports.devices = [mouse, allInOne]
    await clock.advance(4000)
    ports.send(near)
    ports.devices = [mouse]
    await clock.advance(4000)
    expect(told).toEqual(['near', 'lost'])
    expect(ports.closed).toEqual(['/dev/hidraw3'])
    expect(watch.status).toEqual([])
    ports.devices = [mouse, allInOne]
    await clock.advance(4000)
    expect(ports.opened).toHaveLength(2)
    ports.send(near)
    expect(told).toEqual(['near', 'lost', 'near'])
  })
  it('that come where something else has just been pulled out are found', async () => {
    ports.devices = [{ ...mouse, path: allInOne.path }]
    await start()
    ports.devices = [allInOne]
    await clock.advance(4000)
    expect(ports.opened).toEqual([allInOne.path])
  })
  it('torn away in mid-report are lost at once, and nothing of them is heard afterwards', async () => {
    await startWithSensor()
    ports.send(near)
    ports.send(new Uint8Array())
    ports.ears.get(allInOne.path)?.onLost()
    ports.send(near)
    await clock.advance(1000)
    expect(told).toEqual(['near', 'lost'])
    expect(logged).toContain('presence.sensor-down sensor lost')
  })
  it('that are lost where another one was lost before are told of by themselves', async () => {
    await startWithSensor()
    ports.ears.get(allInOne.path)?.onLost()
    ports.devices = [{ ...allInOne, productId: 2 }]
    await clock.advance(4000)
    ports.ears.get(allInOne.path)?.onLost()
    expect(logged.filter((line) => line === 'presence.sensor-down sensor lost')).toHaveLength(2)
  })
  it('that were pulled out when nobody was there keep that word', async () => {
    await startWithSensor()
    ports.send(near)
    ports.send(away)
    await clock.advance(2500)
    ports.devices = [mouse]
    await clock.advance(4000)
    expect(told).toEqual(['near', 'away', 'lost'])
  })
  it('that flood are cut, count no more, and may come again after a rest', async () => {
    await startWithSensor()
    for (let n = 0; n < 200; n += 1) ports.send(near)
    expect(told).toEqual(['near', 'lost'])
    expect(logged).toContain('presence.sensor-down sensor too-many')
    await clock.advance(29_000)
    expect(ports.opened).toHaveLength(1)
    await clock.advance(6000)
    expect(ports.opened).toHaveLength(2)
  })
  it('that send garbage are cut', async () => {
    await startWithSensor()
    ports.send(near)
    for (let n = 0; n < 5; n += 1) ports.send(new Uint8Array())
    expect(told).toEqual(['near', 'lost'])
    expect(logged).toContain('presence.sensor-down sensor not-understood')
  })
  it('that waver are not believed, and tell the machine no more than people would', async () => {
    await startWithSensor()
    for (let n = 0; n < 1200; n += 1) {
      ports.send(n % 2 === 0 ? near : away)
      await clock.advance(50)
    }
    expect(told.length).toBeLessThan(10)
    expect(told.at(-1)).toBe('lost')
    expect(watch.status).toMatchObject([{ says: 'unsteady' }])
  })
  it('that see somebody for ever are not believed for ever', async () => {
    await startWithSensor()
    ports.send(near)
    await clock.advance(2 * 60 * 60 * 1000 + 1000)
    expect(told.at(-1)).toBe('lost')
    expect(watch.status).toMatchObject([{ says: 'stuck' }])
  })
  it('of which one sees somebody have somebody near', async () => {
    const second = { ...allInOne, path: '/dev/hidraw4' }
    ports.devices = [allInOne, second]
    await start()
    ports.send(near)
    ports.send(away, second)
    await clock.advance(3000)
    expect(told).toEqual(['near'])
    ports.send(away)
    await clock.advance(3000)
    expect(told).toEqual(['near', 'away'])
  })
  it('in a crowd are four', async () => {
    ports.devices = Array.from({ length: 9 }, (_, n) => ({ ...allInOne, path: String(n) }))
    await start()
    await clock.advance(10_000)
    expect(ports.opened).toHaveLength(4)
  })
  it('that may not be opened, or hang, are tried again later', async () => {
    ports.trouble = 'not-allowed'
    await startWithSensor()
    expect(logged).toContain('presence.sensor-down sensor not-opened')
    await clock.advance(200_000)
    expect(ports.opened.length).toBeGreaterThan(5)
    expect(logged).toHaveLength(1)
    ports.trouble = 'hangs'
    await clock.advance(40_000)
    expect(watch.status).toEqual([])
    ports.trouble = 'none'
    await clock.advance(40_000)
    ports.send(near)
    expect(told).toEqual(['near'])
  })
  it('that no system describes are named once, and read where settings do', async () => {
    ports.descriptor = undefined
    await startWithSensor()
    await clock.advance(10_000)
    expect(ports.opened).toEqual([])
    expect(logged).toEqual(['presence.sensor-not-read 0bf8:101a'])
    await watch.close()
    await start({ descriptors: { '0bf8:101a': descriptor.toString('hex') } })
    ports.send(near)
    expect(told).toEqual(['near'])
  })
  it('are none where the library is not, and nothing is wrong with that', async () => {
    await start({}, () => Promise.reject(new Error('libudev.so.1')))
    await clock.advance(10_000)
    expect(watch.status).toEqual([])
    expect(logged).toEqual(['presence.sensors-unavailable library-missing'])
    await watch.close()
  })
  it('say nothing once they are let go of', async () => {
    await startWithSensor()
    ports.send(near)
    const closing = watch.close()
    await clock.advance(0)
    await closing
    ports.send(away)
    await clock.advance(60_000)
    expect(told).toEqual(['near'])
    expect(ports.closed).toEqual(['/dev/hidraw3'])
  })

  describe('that type', () => {
    const stroke = (key: number) => Uint8Array.of(0, 0, key, 0, 0, 0, 0, 0)
    const keyboards = { '0c27:0001': 'away:f23/near:f24' }

    it('are listened to only where settings name them', async () => {
      ports.devices = [mouse, sonar]
      await start()
      expect(ports.opened).toEqual([])
    })
    it('say with each keystroke what happened, also the same again', async () => {
      ports.devices = [mouse, sonar]
      await start({ keyboards })
      ports.send(stroke(0x73), sonar)
      ports.send(stroke(0), sonar)
      await clock.advance(10_000)
      ports.send(stroke(0x72), sonar)
      await clock.advance(10_000)
      ports.send(stroke(0x72), sonar)
      await clock.advance(10_000)
      expect(told).toEqual(['near', 'away', 'away'])
    })
    it('are known to have typed, so that nobody takes it for a hand', async () => {
      ports.devices = [sonar]
      await start({ keyboards })
      expect(watch.hasTyped(clock.monoMs())).toBe(false)
      ports.send(stroke(0x72), sonar)
      const atMs = clock.monoMs()
      expect([atMs - 200, atMs, atMs + 200].map((ms) => watch.hasTyped(ms))).toEqual([
        true,
        true,
        true,
      ])
      expect(watch.hasTyped(atMs + 1000)).toBe(false)
    })
  })
})
