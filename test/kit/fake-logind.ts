// systemd-logind's part of the system bus, on a bus of the test's own. The programs that ask it
// (busctl, gdbus) are the system's real ones: they find it by DBUS_SYSTEM_BUS_ADDRESS.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DbusService } from './dbus-service.ts'
import type { DbusAnswer, DbusCall } from './dbus-service.ts'

const manager = '/org/freedesktop/login1'
export const ourSession = { id: '7', path: `${manager}/session/_37` } as const
const otherSessionPath = `${manager}/session/_38`

export class FakeLogind {
  readonly #folder: string
  readonly #bus: ChildProcess
  #service: DbusService | undefined
  /** Ids of sessions that somebody asked to lock. */
  readonly locked: string[] = []
  hasSession = true

  private constructor(folder: string, bus: ChildProcess) {
    this.#folder = folder
    this.#bus = bus
  }

  static async start(): Promise<FakeLogind> {
    const folder = mkdtempSync(join(tmpdir(), 'wardkey-logind-'))
    const busPath = join(folder, 'bus')
    const address = `unix:path=${busPath}`
    const bus = spawn(
      'dbus-daemon',
      ['--session', '--nofork', '--nopidfile', '--address', address],
      {
        stdio: 'ignore',
      },
    )
    for (let waited = 0; !existsSync(busPath); waited += 10) {
      if (waited > 5000 || bus.exitCode !== null) throw new Error('dbus-daemon did not come up')
      await sleep(10)
    }
    process.env['DBUS_SYSTEM_BUS_ADDRESS'] = address
    const logind = new FakeLogind(folder, bus)
    logind.#service = await DbusService.own(busPath, 'org.freedesktop.login1', (call) =>
      logind.#answer(call),
    )
    return logind
  }

  sleeping(begins: boolean): void {
    this.#service?.signal(manager, 'org.freedesktop.login1.Manager', 'PrepareForSleep', 'b', [
      begins,
    ])
  }

  /** What a desktop's own locker tells logind. */
  setLocked(locked: boolean, whose: 'our' | 'other' = 'our'): void {
    const path = whose === 'our' ? ourSession.path : otherSessionPath
    this.#service?.signal(
      path,
      'org.freedesktop.DBus.Properties',
      'PropertiesChanged',
      'sa{sv}as',
      ['org.freedesktop.login1.Session', [['LockedHint', { signature: 'b', value: locked }]], []],
    )
  }

  async dispose(): Promise<void> {
    this.#service?.close()
    const ended = new Promise((resolve) => this.#bus.once('exit', resolve))
    this.#bus.kill()
    await ended
    rmSync(this.#folder, { recursive: true, force: true })
    delete process.env['DBUS_SYSTEM_BUS_ADDRESS']
  }

  #answer(call: DbusCall): DbusAnswer {
    const [first, second] = call.strings
    if (call.member === 'Get' && second === 'Display') {
      const value = this.hasSession ? [ourSession.id, ourSession.path] : ['', '/']
      return { signature: 'v', body: [{ signature: '(so)', value }] }
    }
    if (call.member === 'LockSession' && first !== undefined) {
      this.locked.push(first)
      this.setLocked(true)
      return { signature: '', body: [] }
    }
    return { error: 'org.freedesktop.DBus.Error.UnknownMethod' }
  }
}
