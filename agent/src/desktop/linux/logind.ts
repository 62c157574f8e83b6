// systemd-logind, asked with the system's own `busctl` and listened to with `gdbus monitor`: no
// D-Bus library of our own. Where either is missing, less is known, and nothing fails.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { DesktopClock, DesktopEvent, LockOutcome } from '../desktop.ts'
import { runProgram } from '../run-program.ts'
import { parseDisplay, parseSignal } from './logind-signal.ts'
import type { LogindSession, LogindSignal } from './logind-signal.ts'

const login1 = 'org.freedesktop.login1'
const restartAfterMs = 5000

export class Logind {
  readonly #clock: DesktopClock
  readonly #tell: (event: DesktopEvent) => void
  #monitor: ChildProcess | undefined
  #forgetRestart: (() => void) | undefined
  #closed = false

  constructor(clock: DesktopClock, tell: (event: DesktopEvent) => void) {
    this.#clock = clock
    this.#tell = tell
    this.#listen()
  }

  async lock(): Promise<LockOutcome> {
    const session = await this.#session()
    if (session === undefined) return refusal('logind knows no session with a screen')
    const asked = await runProgram('busctl', [
      ...['--system', 'call', login1, '/org/freedesktop/login1', `${login1}.Manager`],
      ...['LockSession', 's', session.id],
    ])
    return asked.kind === 'ran' ? { kind: 'asked' } : refusal(asked.detail)
  }

  close(): void {
    this.#closed = true
    this.#forgetRestart?.()
    this.#monitor?.kill()
  }

  async #session(): Promise<LogindSession | undefined> {
    const asked = await runProgram('busctl', [
      ...['--system', '--json=short', 'get-property', login1],
      ...['/org/freedesktop/login1/user/self', `${login1}.User`, 'Display'],
    ])
    return asked.kind === 'ran' ? parseDisplay(asked.output) : undefined
  }

  #listen(): void {
    const monitor = spawn('gdbus', ['monitor', '--system', '--dest', login1], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#monitor = monitor
    createInterface({ input: monitor.stdout }).on('line', (line) => {
      const signal = parseSignal(line)
      if (signal !== undefined) void this.#pass(signal)
    })
    // Once for a program that is missing, once for one that ended: `close` follows both.
    monitor.on('error', () => {
      this.#listenAgain()
    })
    monitor.on('exit', () => {
      this.#listenAgain()
    })
  }

  #listenAgain(): void {
    this.#monitor = undefined
    this.#forgetRestart?.()
    if (this.#closed) return
    this.#forgetRestart = this.#clock.after(restartAfterMs, () => {
      this.#listen()
    })
  }

  /** Other people's sessions are locked and unlocked too; which is ours may have changed. */
  async #pass(signal: LogindSignal): Promise<void> {
    const { event, sessionPath } = signal
    if (sessionPath !== undefined && sessionPath !== (await this.#session())?.path) return
    if (!this.#closed) this.#tell(event)
  }
}

function refusal(detail: string): LockOutcome {
  return { kind: 'refused', code: 'desktop-lock-unavailable', detail }
}
