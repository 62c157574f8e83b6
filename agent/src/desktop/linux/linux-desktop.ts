// A Linux desktop: idle time from X11, lock and sleep from systemd-logind, or a locker that the
// workstation's own settings name. Wayland has no idle time for us (README.md, "Untried").

import type { Desktop, DesktopClock, DesktopEvent, LockOutcome } from '../desktop.ts'
import { DesktopListeners } from '../listeners.ts'
import { runProgram } from '../run-program.ts'
import { Logind } from './logind.ts'
import { openX11Idle } from './x11-idle.ts'
import type { X11Idle } from './x11-idle.ts'

export interface LinuxDesktopNeeds {
  readonly clock: DesktopClock
  /** The X display (":0"); empty for none. */
  readonly display: string
  /** A locker to run instead of asking logind: file and arguments, from the settings only. */
  readonly locker?: readonly [file: string, ...programArguments: string[]]
}

export function openLinuxDesktop(needs: LinuxDesktopNeeds): Desktop {
  return new LinuxDesktop(needs)
}

class LinuxDesktop implements Desktop {
  readonly kind = 'linux'
  readonly #locker: LinuxDesktopNeeds['locker']
  readonly #listeners: DesktopListeners
  readonly #logind: Logind
  readonly #idle: X11Idle | undefined

  constructor(needs: LinuxDesktopNeeds) {
    this.#locker = needs.locker
    this.#listeners = new DesktopListeners(needs.clock)
    this.#logind = new Logind(needs.clock, (event) => {
      this.#listeners.tell(event)
    })
    this.#idle = needs.display === '' ? undefined : openIdleIfThere(needs)
  }

  async lock(): Promise<LockOutcome> {
    if (this.#locker === undefined) return this.#logind.lock()
    const [file, ...programArguments] = this.#locker
    const ran = await runProgram(file, programArguments)
    return ran.kind === 'ran'
      ? { kind: 'asked' }
      : { kind: 'refused', code: 'desktop-lock-unavailable', detail: ran.detail }
  }

  async idleMs(): Promise<number | undefined> {
    return this.#idle?.idleMs()
  }

  watch(listener: (event: DesktopEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): Promise<void> {
    this.#listeners.close()
    this.#logind.close()
    this.#idle?.close()
    return Promise.resolve()
  }
}

function openIdleIfThere(needs: LinuxDesktopNeeds): X11Idle | undefined {
  try {
    return openX11Idle(needs.display, needs.clock)
  } catch {
    // No libX11 or libXss on this machine: idle time is unknown, which is what we say.
    return undefined
  }
}
