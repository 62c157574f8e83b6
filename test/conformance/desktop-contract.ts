// What every desktop promises. The same suite runs against the fake and against Linux with a real
// X server and the system's own D-Bus programs.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Desktop, DesktopEvent } from '../../agent/src/desktop/desktop.ts'

export interface DesktopRig {
  readonly desktop: Desktop
  /** Lets time go by until it holds; throws if it never does. */
  until(holds: () => boolean | Promise<boolean>, what: string): Promise<void>
  pass(ms: number): Promise<void>
  /** Somebody moves the mouse. */
  touch(): Promise<void>
  lockFromOutside(): Promise<void>
  unlockFromOutside(): Promise<void>
  sleepAndWake(): Promise<void>
  /** How often the operating system was asked to lock. */
  locksAsked(): number
  dispose(): Promise<void>
}

export function desktopContract(name: string, makeRig: () => Promise<DesktopRig>): void {
  describe(`${name} keeps the promises of a desktop`, () => {
    let rig: DesktopRig
    let told: DesktopEvent['kind'][]
    const heard = (kind: DesktopEvent['kind']) =>
      rig.until(() => told.includes(kind), `${kind} told`)

    beforeEach(async () => {
      rig = await makeRig()
      told = []
      rig.desktop.watch((event) => told.push(event.kind))
    })
    afterEach(async () => {
      await rig.desktop.close()
      await rig.dispose()
    })

    it('counts idle time while nobody touches it, and anew when somebody does', async () => {
      const idleMs = async (): Promise<number> => (await rig.desktop.idleMs()) ?? NaN
      const before = await idleMs()
      await rig.pass(800)
      const later = await idleMs()
      expect(later - before).toBeGreaterThanOrEqual(800)
      await rig.touch()
      // A display takes in what a hand does a little later than it was done.
      await rig.until(async () => (await idleMs()) < later, 'counted anew')
    })

    it('asks the system to lock, and tells when it is', async () => {
      expect(await rig.desktop.lock()).toEqual({ kind: 'asked' })
      expect(rig.locksAsked()).toBe(1)
      await heard('session-locked')
    })

    it('may be asked to lock twice', async () => {
      await rig.desktop.lock()
      expect(await rig.desktop.lock()).toEqual({ kind: 'asked' })
    })

    it('tells of a lock and an unlock that others asked for', async () => {
      await rig.lockFromOutside()
      await heard('session-locked')
      await rig.unlockFromOutside()
      await heard('session-unlocked')
    })

    it('tells that the machine woke', async () => {
      await rig.sleepAndWake()
      await heard('resumed')
    })

    it('tells everybody who watches, and nobody who has stopped', async () => {
      const one: DesktopEvent[] = []
      const other: DesktopEvent[] = []
      rig.desktop.watch((event) => other.push(event))
      const endOne = rig.desktop.watch((event) => one.push(event))
      endOne()
      await rig.lockFromOutside()
      await heard('session-locked')
      expect(one).toEqual([])
      expect(other).toEqual([{ kind: 'session-locked' }])
    })

    it('tells nothing once it was closed, and may be closed twice', async () => {
      await rig.desktop.close()
      await rig.lockFromOutside()
      await rig.pass(300)
      await rig.desktop.close()
      expect(told).toEqual([])
    })
  })
}
