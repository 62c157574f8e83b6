// The presence sensors that are plugged in: finds them by looking (no system tells), listens, and
// says whether somebody is near, nobody is, or nobody can tell. It writes nothing to any device,
// and what is wrong with one ends in not knowing; it opens, locks and decides nothing.

import type { HidDevice, HidReports } from '../../../platform/hid-devices.ts'
import type { Log } from '../../../platform/log.ts'
import type { DesktopClock } from '../../desktop.ts'
import { beforeHearing, hearSensor, saysNow } from './follow-sensor.ts'
import type { SensorSays, SensorState } from './follow-sensor.ts'
import { idOf, sensorPage } from './sensor-reader.ts'
import type { SensorReader } from './sensor-reader.ts'
import { WithheldSensors } from './withheld-sensors.ts'

export interface SensorEars {
  readonly onBody: (isNear: boolean) => void
  /** What sensors said counts no more: they are gone, or not to be believed. */
  readonly onLost: () => void
}

export interface SensorWatchNeeds extends SensorEars {
  readonly clock: Pick<DesktopClock, 'monoMs' | 'after'>
  readonly log: Log
  /** Loaded at the start, so that a machine without node-hid's libraries still has an agent. */
  readonly load: () => Promise<HidReports>
  /** How to read a device; nothing for one that is no presence sensor. */
  readonly readerFor: (device: HidDevice, hid: HidReports) => Promise<SensorReader | undefined>
}

export interface SensorStatus {
  readonly name: string
  /** Of one that the system keeps to itself nothing is heard. */
  readonly says: SensorSays | 'withheld'
}

const scanEveryMs = 3000
const lookEveryMs = 500
/** The machine believes nobody for longer than two minutes (`sensorSilentMs`). */
const repeatMs = 50_000
/** A device that has not answered by then is stuck. */
const answerWithinMs = 2000
/** One that failed or was cut is left in peace for so long, or until it is plugged in again. */
const restMs = 30_000
/** More than one or two is a mistake; more than this is an attack. */
const sensorsMax = 4
/** A keystroke and what the system makes of it are no further apart. */
const sameMomentMs = 300

interface OpenSensor {
  readonly key: string
  readonly name: string
  readonly reader: SensorReader
  state: SensorState
  close: () => Promise<void>
}

export class SensorWatch {
  readonly #needs: SensorWatchNeeds
  readonly #open = new Map<string, OpenSensor>()
  /** Devices that are not to be looked at again before that time. */
  readonly #resting = new Map<string, number>()
  /** What the log has heard of each: it is not told again and again of one that may not be read. */
  readonly #logged = new Map<string, string>()
  readonly #withheld: WithheldSensors
  #hid: HidReports | undefined
  #isEnded = false
  #working: Promise<void> = Promise.resolve()
  #forget: () => void = () => undefined
  #told: { says: 'near' | 'away' | 'nothing'; newsMs: number; atMs: number }
  #typedMs = -Infinity

  constructor(needs: SensorWatchNeeds) {
    this.#needs = needs
    this.#withheld = new WithheldSensors(needs)
    this.#told = { says: 'nothing', newsMs: 0, atMs: 0 }
    this.#working = this.#begin()
  }

  get status(): readonly SensorStatus[] {
    const nowMs = this.#needs.clock.monoMs()
    const open = [...this.#open.values()].map(({ name, state }) => ({
      name,
      says: saysNow(state, nowMs),
    }))
    const withheld = this.#withheld.sensors.map(({ name }) => ({
      name: nameOf(name),
      says: 'withheld' as const,
    }))
    return [...open, ...withheld]
  }

  /** Whether what was typed at that moment was typed by a sensor, and by nobody's hand. */
  hasTyped(atMs: number): boolean {
    return Math.abs(atMs - this.#typedMs) <= sameMomentMs
  }

  /** Lets go of every device; nothing is told afterwards. */
  async close(): Promise<void> {
    this.#isEnded = true
    this.#forget()
    await this.#working
    await Promise.all([...this.#open.values()].map((sensor) => this.#inTime(sensor.close())))
    this.#open.clear()
  }

  async #begin(): Promise<void> {
    try {
      this.#hid = await this.#needs.load()
    } catch {
      // Whatever is missing, the workstation then works as it does without a sensor.
      this.#needs.log.warn('presence.sensors-unavailable', { reason: 'library-missing' })
      return
    }
    await this.#look(this.#hid)
    this.#again(this.#needs.clock.monoMs() + scanEveryMs)
  }

  #again(scanAtMs: number): void {
    if (this.#isEnded) return
    this.#forget = this.#needs.clock.after(lookEveryMs, () => {
      this.#judge()
      const isDue = this.#needs.clock.monoMs() >= scanAtMs
      if (!isDue || !this.#hid) {
        this.#again(scanAtMs)
        return
      }
      this.#working = this.#look(this.#hid).then(() => {
        this.#again(this.#needs.clock.monoMs() + scanEveryMs)
      })
    })
  }

  async #look(hid: HidReports): Promise<void> {
    await this.#scan(hid)
    if (!this.#isEnded) await this.#inTime(this.#withheld.look(hid))
  }

  async #scan(hid: HidReports): Promise<void> {
    const listed = await this.#inTime(hid.list())
    if (listed === undefined) return
    const found = new Map(listed.map((device) => [device.path, device]))
    const here = new Set(listed.map(keyOf))
    for (const key of this.#resting.keys()) if (!here.has(key)) this.#resting.delete(key)
    for (const key of this.#logged.keys()) if (!here.has(key)) this.#logged.delete(key)
    for (const path of this.#open.keys()) if (!found.has(path)) this.#drop(path, 'unplugged')
    const nowMs = this.#needs.clock.monoMs()
    for (const [path, device] of found) {
      const all = listed.filter((device) => device.path === path)
      const isFull = this.#open.size >= sensorsMax
      if (this.#isEnded || isFull || this.#open.has(path)) continue
      if ((this.#resting.get(keyOf(device)) ?? 0) <= nowMs) await this.#take(hid, all)
    }
  }

  /** hidapi lists one path once for each of its usages: one of them may be a sensor's. */
  async #take(hid: HidReports, listings: readonly HidDevice[]): Promise<void> {
    for (const device of listings) {
      const reader = await this.#inTime(this.#needs.readerFor(device, hid))
      if (reader === undefined) continue
      await this.#listen(hid, device, reader)
      return
    }
    // No sensor, now and for as long as it is plugged in.
    for (const device of listings) this.#resting.set(keyOf(device), Infinity)
    const unread = listings.find(({ usagePage }) => usagePage === sensorPage)
    if (unread) this.#needs.log.info('presence.sensor-not-read', { kind: idOf(unread) })
  }

  async #listen(hid: HidReports, device: HidDevice, reader: SensorReader): Promise<void> {
    const { path, name } = device
    const { clock, log } = this.#needs
    const sensor: OpenSensor = {
      key: keyOf(device),
      name: nameOf(name),
      reader,
      state: beforeHearing(clock.monoMs()),
      close: () => Promise.resolve(),
    }
    const isHeard = (): boolean => this.#open.get(path) === sensor
    this.#open.set(path, sensor)
    const ears = {
      onReport: (report: Uint8Array) => {
        if (isHeard() && !this.#isEnded) this.#hear(path, sensor, report)
      },
      onLost: () => {
        if (isHeard()) this.#drop(path, 'lost')
      },
    }
    const opening = hid.listen(path, ears)
    const close = await this.#inTime(opening)
    if (close === undefined) {
      // One that opens after all is let go of.
      void opening.then((late) => late()).catch(() => undefined)
      if (isHeard()) this.#drop(path, 'not-opened')
      return
    }
    sensor.close = close
    if (isHeard()) log.info('presence.sensor-up', { kind: reader.kind })
    else void this.#inTime(close())
  }

  #hear(path: string, sensor: OpenSensor, report: Uint8Array): void {
    const nowMs = this.#needs.clock.monoMs()
    const { reader } = sensor
    if (reader.kind === 'keyboard') this.#typedMs = nowMs
    const word = reader.read(report)
    const heard = hearSensor(sensor.state, word, reader.kind === 'keyboard', nowMs)
    if (heard.kind === 'cut') this.#drop(path, heard.reason)
    else {
      sensor.state = heard.state
      this.#judge()
    }
  }

  #drop(path: string, reason: string): void {
    const sensor = this.#open.get(path)
    if (!sensor) return
    const { clock, log } = this.#needs
    this.#open.delete(path)
    if (this.#logged.get(sensor.key) !== reason) {
      log.warn('presence.sensor-down', { kind: sensor.reader.kind, reason })
    }
    this.#logged.set(sensor.key, reason)
    if (reason !== 'unplugged') this.#resting.set(sensor.key, clock.monoMs() + restMs)
    void this.#inTime(sensor.close())
    this.#judge()
  }

  /** Somebody near, where any sensor sees her; nobody, where one sees nobody and none her. */
  #judge(): void {
    if (this.#isEnded) return
    const nowMs = this.#needs.clock.monoMs()
    const all = [...this.#open.values()].map(({ state, reader }) => ({
      says: saysNow(state, nowMs),
      newsMs: reader.kind === 'keyboard' ? state.newsMs : 0,
    }))
    const says = (['near', 'away'] as const).find((one) => all.some((each) => each.says === one))
    const newsMs = Math.max(0, ...all.map((each) => (each.says === says ? each.newsMs : 0)))
    const now = { says: says ?? ('nothing' as const), newsMs, atMs: nowMs }
    const isNews = now.says !== this.#told.says || newsMs > this.#told.newsMs
    // Nobody is said once: repeated, it would outweigh the hands of whoever the sensor overlooks.
    const isDue = now.says === 'near' && nowMs - this.#told.atMs >= repeatMs
    if (!isNews && !isDue) return
    this.#told = now
    if (now.says === 'nothing') this.#needs.onLost()
    else this.#needs.onBody(now.says === 'near')
  }

  /** Nothing where it fails or hangs: of a device that cannot be talked to nothing is known. */
  async #inTime<T>(work: Promise<T>): Promise<T | undefined> {
    const late = Promise.withResolvers<undefined>()
    const forget = this.#needs.clock.after(answerWithinMs, () => {
      late.resolve(undefined)
    })
    const result = await Promise.race([work.catch(() => undefined), late.promise])
    forget()
    return result
  }
}

/** A path is given to the next device as soon as it is free. */
function keyOf(device: HidDevice): string {
  return `${device.path} ${idOf(device)}`
}

/** What the device calls itself, as far as it can be shown to whoever looks at the status. */
function nameOf(name: string): string {
  const shown = name.replace(/[^\p{L}\p{N} ._()/-]/gu, '').trim()
  return shown === '' ? 'presence sensor' : shown.slice(0, 64)
}
