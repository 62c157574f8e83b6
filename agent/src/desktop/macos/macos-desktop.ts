// A macOS desktop, through CoreGraphics and login.framework. Sleep is seen in the clocks only. Not
// run on a Mac (README.md).

import koffi from 'koffi'
import type { Desktop, DesktopClock, DesktopEvent, LockOutcome } from '../desktop.ts'
import { DesktopListeners } from '../listeners.ts'

const lookEveryMs = 1000
const combinedSession = 0
const anyInput = 0xffff_ffff
const utf8 = 0x0800_0100

interface MacCalls {
  readonly idleSeconds: (state: number, type: number) => number
  readonly lock: () => number
  readonly session: () => bigint | null
  readonly value: (dictionary: bigint, key: bigint) => bigint | null
  readonly isTrue: (value: bigint) => boolean
  readonly release: (object: bigint) => void
  readonly lockedKey: bigint
}

/** Throws where its frameworks are not those of macOS. */
export function openMacosDesktop(clock: DesktopClock): Desktop {
  return new MacosDesktop(loadCalls(), clock)
}

class MacosDesktop implements Desktop {
  readonly kind = 'macos'
  readonly #calls: MacCalls
  readonly #clock: DesktopClock
  readonly #listeners: DesktopListeners
  #locked: boolean | undefined
  #forgetLook: (() => void) | undefined

  constructor(calls: MacCalls, clock: DesktopClock) {
    this.#calls = calls
    this.#clock = clock
    this.#listeners = new DesktopListeners(clock)
    this.#locked = this.#isLocked()
    this.#lookLater()
  }

  lock(): Promise<LockOutcome> {
    const code = this.#calls.lock()
    if (code === 0) return Promise.resolve({ kind: 'asked' })
    const detail = `SACLockScreenImmediate returned ${String(code)}`
    return Promise.resolve({ kind: 'refused', code: 'desktop-lock-unavailable', detail })
  }

  idleMs(): Promise<number | undefined> {
    const seconds = this.#calls.idleSeconds(combinedSession, anyInput)
    return Promise.resolve(Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined)
  }

  watch(listener: (event: DesktopEvent) => void): () => void {
    return this.#listeners.add(listener)
  }

  close(): Promise<void> {
    this.#forgetLook?.()
    this.#listeners.close()
    return Promise.resolve()
  }

  #lookLater(): void {
    this.#forgetLook = this.#clock.after(lookEveryMs, () => {
      const locked = this.#isLocked()
      const changed = locked !== undefined && this.#locked !== undefined && locked !== this.#locked
      this.#locked = locked ?? this.#locked
      this.#lookLater()
      if (changed) this.#listeners.tell({ kind: locked ? 'session-locked' : 'session-unlocked' })
    })
  }

  /** The key is in the session's dictionary only while the screen is locked. */
  #isLocked(): boolean | undefined {
    const session = this.#calls.session()
    if (session === null) return undefined
    const value = this.#calls.value(session, this.#calls.lockedKey)
    const locked = value !== null && this.#calls.isTrue(value)
    this.#calls.release(session)
    return locked
  }
}

function loadCalls(): MacCalls {
  const frameworks = '/System/Library/Frameworks'
  const graphics = koffi.load(`${frameworks}/CoreGraphics.framework/CoreGraphics`)
  const foundation = koffi.load(`${frameworks}/CoreFoundation.framework/CoreFoundation`)
  const login = koffi.load('/System/Library/PrivateFrameworks/login.framework/login')
  const makeString: (allocator: null, text: string, encoding: number) => bigint = foundation.func(
    'CFStringCreateWithCString',
    'void *',
    ['void *', 'const char *', 'uint32_t'],
  )
  return {
    idleSeconds: graphics.func('CGEventSourceSecondsSinceLastEventType', 'double', [
      'int32_t',
      'uint32_t',
    ]),
    lock: login.func('SACLockScreenImmediate', 'int32_t', []),
    session: graphics.func('CGSessionCopyCurrentDictionary', 'void *', []),
    value: foundation.func('CFDictionaryGetValue', 'void *', ['void *', 'void *']),
    isTrue: foundation.func('CFBooleanGetValue', 'bool', ['void *']),
    release: foundation.func('CFRelease', 'void', ['void *']),
    lockedKey: makeString(null, 'CGSSessionScreenIsLocked', utf8),
  }
}
