// A Windows desktop, through user32 and wtsapi32. It must run in the person's own session: from a
// service's session 0 none of this means anything. Not run on a Windows machine (README.md).

import koffi from 'koffi'
import type { Desktop, DesktopClock, DesktopEvent, LockOutcome } from '../desktop.ts'
import { DesktopListeners } from '../listeners.ts'
import { parseLocked, sessionInfoClass } from './session-info.ts'

const lookEveryMs = 1000
const thisServer = null
const thisSession = 0xffff_ffff

interface LastInput {
  cbSize: number
  dwTime: number
}

interface WindowsCalls {
  readonly lastInput: (info: LastInput) => boolean
  readonly ticks: () => number
  readonly lock: () => boolean
  readonly querySession: (
    server: null,
    session: number,
    kind: number,
    buffer: (bigint | null)[],
    bytes: number[],
  ) => boolean
  readonly free: (memory: bigint) => void
}

/** Throws where its libraries are not those of Windows. */
export function openWindowsDesktop(clock: DesktopClock): Desktop {
  return new WindowsDesktop(loadCalls(), clock)
}

class WindowsDesktop implements Desktop {
  readonly kind = 'windows'
  readonly #calls: WindowsCalls
  readonly #clock: DesktopClock
  readonly #listeners: DesktopListeners
  #locked: boolean | undefined
  #forgetLook: (() => void) | undefined

  constructor(calls: WindowsCalls, clock: DesktopClock) {
    this.#calls = calls
    this.#clock = clock
    this.#listeners = new DesktopListeners(clock)
    this.#locked = this.#isLocked()
    this.#lookLater()
  }

  lock(): Promise<LockOutcome> {
    if (this.#calls.lock()) return Promise.resolve({ kind: 'asked' })
    const detail = 'LockWorkStation refused: not in an interactive session?'
    return Promise.resolve({ kind: 'refused', code: 'desktop-lock-unavailable', detail })
  }

  idleMs(): Promise<number | undefined> {
    const info = { cbSize: 8, dwTime: 0 }
    if (!this.#calls.lastInput(info)) return Promise.resolve(undefined)
    // Both count milliseconds in 32 bits and go round after 49.7 days.
    return Promise.resolve((this.#calls.ticks() - info.dwTime) >>> 0)
  }

  watch(listener: (event: DesktopEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): Promise<void> {
    this.#forgetLook?.()
    this.#listeners.close()
    return Promise.resolve()
  }

  /** A message window would be told; a look a second needs no window and no message loop. */
  #lookLater(): void {
    this.#forgetLook = this.#clock.after(lookEveryMs, () => {
      const locked = this.#isLocked()
      const changed = locked !== undefined && this.#locked !== undefined && locked !== this.#locked
      this.#locked = locked ?? this.#locked
      this.#lookLater()
      if (changed) this.#listeners.tell({ kind: locked ? 'session-locked' : 'session-unlocked' })
    })
  }

  #isLocked(): boolean | undefined {
    const buffers: (bigint | null)[] = [null]
    const bytes = [0]
    const { querySession, free } = this.#calls
    if (!querySession(thisServer, thisSession, sessionInfoClass, buffers, bytes)) return undefined
    const [buffer] = buffers
    if (buffer === null || buffer === undefined) return undefined
    const info = Uint8Array.from(new Uint8Array(koffi.view(buffer, bytes[0] ?? 0)))
    free(buffer)
    return parseLocked(info)
  }
}

function loadCalls(): WindowsCalls {
  const user32 = koffi.load('user32.dll')
  const kernel32 = koffi.load('kernel32.dll')
  const wtsapi32 = koffi.load('wtsapi32.dll')
  const { inout, out, pointer } = koffi
  const lastInput = koffi.struct('WardkeyLastInput', { cbSize: 'uint32_t', dwTime: 'uint32_t' })
  return {
    lastInput: user32.func('__stdcall', 'GetLastInputInfo', 'bool', [inout(pointer(lastInput))]),
    ticks: kernel32.func('__stdcall', 'GetTickCount', 'uint32_t', []),
    lock: user32.func('__stdcall', 'LockWorkStation', 'bool', []),
    querySession: wtsapi32.func('__stdcall', 'WTSQuerySessionInformationW', 'bool', [
      'void *',
      'uint32_t',
      'int',
      out(pointer('void *')),
      out(pointer('uint32_t')),
    ]),
    free: wtsapi32.func('__stdcall', 'WTSFreeMemory', 'void', ['void *']),
  }
}
