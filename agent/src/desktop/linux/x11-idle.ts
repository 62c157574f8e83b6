// Idle time on X11, asked of the MIT-SCREEN-SAVER extension through koffi. Xlib ends the whole
// process when its server goes away unless it is told not to; here it is told not to.

import koffi from 'koffi'
import { answerWithinMs } from '../desktop.ts'
import type { DesktopClock } from '../desktop.ts'

/** A server that was not there is asked for again only after that long. */
const reopenAfterMs = 5000

interface ScreenSaverInfo {
  idle?: number | bigint
}

interface XLibrary {
  readonly open: (display: string, done: Done<bigint | null>) => void
  readonly root: (display: bigint) => number | bigint
  readonly query: (
    display: bigint,
    root: number | bigint,
    info: ScreenSaverInfo,
    done: Done<number>,
  ) => void
  readonly guard: (display: bigint) => void
}

/** Error handlers and the names of types are the process's: once in its life. */
const loaded: { x?: XLibrary } = {}

type Done<T> = (error: unknown, result: T) => void

export interface X11Idle {
  idleMs(): Promise<number | undefined>
  close(): void
}

/**
 * Idle time of one X server. It may come and go: unknown while it is away.
 *
 * Throws where the machine has no libX11 (1.7 or later) or libXss.
 */
export function openX11Idle(display: string, clock: DesktopClock): X11Idle {
  loaded.x ??= loadX()
  return new X11Connection(loaded.x, display, clock)
}

class X11Connection implements X11Idle {
  readonly #x: XLibrary
  readonly #display: string
  readonly #clock: DesktopClock
  #connection: { readonly handle: bigint; readonly root: number | bigint } | undefined
  #asking = false
  #closed = false
  #openAtMs = 0

  constructor(x: XLibrary, display: string, clock: DesktopClock) {
    this.#x = x
    this.#display = display
    this.#clock = clock
  }

  async idleMs(): Promise<number | undefined> {
    // A call that never came back holds its thread; a second one must not take another.
    if (this.#asking || this.#closed) return undefined
    this.#asking = true
    const asked = this.#ask().finally(() => {
      this.#asking = false
    })
    const late = Promise.withResolvers<undefined>()
    const forget = this.#clock.after(answerWithinMs, () => {
      late.resolve(undefined)
    })
    const idle = await Promise.race([asked, late.promise])
    forget()
    return idle
  }

  close(): void {
    // The connection stays until the process ends: XCloseDisplay speaks with the server, and with
    // one that has just gone it never comes back.
    this.#closed = true
  }

  async #ask(): Promise<number | undefined> {
    const connection = this.#connection ?? (await this.#open())
    if (connection === undefined) return undefined
    const info: ScreenSaverInfo = {}
    const answered = await called<number>((done) => {
      this.#x.query(connection.handle, connection.root, info, done)
    })
    if (answered === undefined || answered === 0) {
      // The server is gone. What is left of the connection may not be touched again, not even to
      // close it: Xlib would wait on it for ever.
      this.#connection = undefined
      return undefined
    }
    return Number(info.idle)
  }

  async #open(): Promise<{ handle: bigint; root: number | bigint } | undefined> {
    if (this.#clock.monoMs() < this.#openAtMs) return undefined
    this.#openAtMs = this.#clock.monoMs() + reopenAfterMs
    const handle = await called<bigint | null>((done) => {
      this.#x.open(this.#display, done)
    })
    if (handle === undefined || handle === null) return undefined
    this.#x.guard(handle)
    this.#connection = { handle, root: this.#x.root(handle) }
    return this.#connection
  }
}

function called<T>(call: (done: Done<T>) => void): Promise<T | undefined> {
  return new Promise((resolve) => {
    call((error, result) => {
      resolve(error === null || error === undefined ? result : undefined)
    })
  })
}

/** Types carry names: koffi 3.3 takes a nameless struct for a nameless prototype. */
function loadX(): XLibrary {
  const x11 = koffi.load('libX11.so.6')
  const saver = koffi.load('libXss.so.1')
  const { out, pointer } = koffi
  const info = koffi.struct('WardkeyScreenSaverInfo', {
    window: 'unsigned long',
    state: 'int',
    kind: 'int',
    til_or_since: 'unsigned long',
    idle: 'unsigned long',
    eventMask: 'unsigned long',
  })
  const onError = pointer(koffi.proto('WardkeyOnXError', 'int', ['void *', 'void *']))
  const onIoError = pointer(koffi.proto('WardkeyOnXIoError', 'int', ['void *']))
  const onExit = pointer(koffi.proto('WardkeyOnXExit', 'void', ['void *', 'void *']))
  const open = x11.func('XOpenDisplay', 'void *', ['const char *'])
  const query = saver.func('XScreenSaverQueryInfo', 'int', [
    'void *',
    'unsigned long',
    out(pointer(info)),
  ])
  const setExit = x11.func('XSetIOErrorExitHandler', 'void', ['void *', onExit, 'void *'])
  // Handlers are the process's, and live as long as it does. Each says: carry on, do not exit.
  const carryOn = koffi.register(() => undefined, onExit)
  x11.func('XInitThreads', 'int', [])()
  x11.func('XSetErrorHandler', 'void *', [onError])(koffi.register(() => 0, onError))
  x11.func('XSetIOErrorHandler', 'void *', [onIoError])(koffi.register(() => 0, onIoError))
  return {
    open: (display, done) => {
      open.async(display, done)
    },
    root: x11.func('XDefaultRootWindow', 'unsigned long', ['void *']),
    query: (display, root, filled, done) => {
      query.async(display, root, filled, done)
    },
    guard: (display) => {
      setExit(display, carryOn, null)
    },
  }
}
