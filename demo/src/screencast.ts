// The demo's eye on a workstation without a display: pictures of whatever window is in front, and
// hands on its mouse and keys. The product has nothing like it.

import { z } from 'zod'
import type { DevToolsSession } from '@wardkey/agent/launch/devtools'
import type { ToWorkstation } from './workstation-messages.ts'

export const screenWidth = 1280
export const screenHeight = 800

const frame = z.object({ data: z.string(), sessionId: z.number() })
const shot = z.object({ data: z.string() })

const quietMs = 900
/** As many as an eye wants; a browser that draws by software has a chart to open besides. */
const pictureEveryMs = 80

const options = { format: 'jpeg', quality: 80, maxWidth: screenWidth, maxHeight: screenHeight }

export class Screencast {
  readonly #onPicture: (jpeg: Buffer) => void
  #front: DevToolsSession | undefined
  #stopListening: () => void = () => undefined
  #isWatched = false
  #isDark = false
  #quiet: NodeJS.Timeout | undefined
  /** The last one that the browser sent by itself: to look again makes it send one more. */
  #newest = ''

  constructor(onPicture: (jpeg: Buffer) => void) {
    this.#onPicture = onPicture
  }

  /** Another window is in front: the old one's pictures end before the new one's begin. */
  turnTo(front: DevToolsSession): void {
    this.#stopListening()
    const was = this.#front
    this.#front = front
    this.#newest = ''
    if (was && was !== front) void was.send('Page.stopScreencast').catch(() => undefined)
    this.#stopListening = front.on('Page.screencastFrame', (params) => {
      const { data, sessionId } = frame.parse(params)
      // Late pictures of a window that is no longer in front are nobody's to see.
      if (this.#front === front && data !== this.#newest) {
        this.#newest = data
        this.#onPicture(Buffer.from(data, 'base64'))
        this.#lookAgain(front)
      }
      // The next one comes when this one is acknowledged.
      setTimeout(() => {
        void front.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined)
      }, pictureEveryMs)
    })
    if (this.#isWatched) void this.#begin(front)
  }

  watch(isWatched: boolean): void {
    this.#isWatched = isWatched
    const front = this.#front
    if (!front) return
    if (isWatched) void this.#begin(front)
    else void front.send('Page.stopScreencast').catch(() => undefined)
  }

  /** Light or dark, and so every window that comes to the front. */
  look(isDark: boolean): void {
    this.#isDark = isDark
    const front = this.#front
    if (front && this.#isWatched) void this.#begin(front)
  }

  async hand(message: ToWorkstation): Promise<void> {
    const front = this.#front
    if (!front) return
    if (message.kind === 'pointer') {
      const type = { pressed: 'mousePressed', released: 'mouseReleased', moved: 'mouseMoved' }
      await front.send('Input.dispatchMouseEvent', {
        type: type[message.act],
        ...pixels(message),
        button: message.act === 'moved' ? 'none' : 'left',
        clickCount: message.act === 'moved' ? 0 : 1,
      })
    } else if (message.kind === 'wheel') {
      await front.send('Input.dispatchMouseEvent', {
        type: 'mouseWheel',
        ...pixels(message),
        deltaX: 0,
        deltaY: message.deltaY,
      })
    } else if (message.kind === 'key') await front.send('Input.dispatchKeyEvent', keyEvent(message))
  }

  /** A hand on the keyboard that types nothing. */
  async touch(): Promise<void> {
    await this.hand({ kind: 'key', act: 'down', key: 'Shift', code: 'ShiftLeft' })
    await this.hand({ kind: 'key', act: 'up', key: 'Shift', code: 'ShiftLeft' })
  }

  /** Presses the screen's own button, where it is on the front window. */
  async press(testId: string): Promise<void> {
    await this.#front?.send('Runtime.evaluate', {
      expression: `document.querySelector('[data-testid=${testId}]')?.click()`,
    })
  }

  /** A browser drops pictures that come too fast, and may drop the last one before it is quiet. */
  #lookAgain(front: DevToolsSession): void {
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      if (this.#isWatched) void this.#still(front).catch(() => undefined)
    }, quietMs)
  }

  async #still(front: DevToolsSession): Promise<void> {
    if (this.#front !== front) return
    const still = await front.send('Page.captureScreenshot', { format: 'jpeg', quality: 80 })
    if (this.#front === front) this.#onPicture(Buffer.from(shot.parse(still).data, 'base64'))
  }

  async #begin(front: DevToolsSession): Promise<void> {
    try {
      await front.send('Page.enable')
      // A window without a display has whatever size it likes; the page's hands need a known one.
      await front.send('Emulation.setDeviceMetricsOverride', {
        width: screenWidth,
        height: screenHeight,
        deviceScaleFactor: 1,
        mobile: false,
      })
      const scheme = this.#isDark ? 'dark' : 'light'
      await front.send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      })
      // One that runs already would say nothing of a window that stands still.
      await front.send('Page.stopScreencast')
      await front.send('Page.startScreencast', options)
      await this.#still(front)
      // A page that has just come has nowhere to draw the first one yet.
      this.#lookAgain(front)
    } catch (thrown) {
      // The window may have gone in between; the next one in front comes with its own pictures.
      if (!(thrown instanceof Error)) throw thrown
    }
  }
}

function pixels({ x, y }: { x: number; y: number }): { x: number; y: number } {
  return { x: Math.round(x * screenWidth), y: Math.round(y * screenHeight) }
}

function keyEvent({ act, key, code }: Extract<ToWorkstation, { kind: 'key' }>) {
  const isText = key.length === 1
  const codes: Readonly<Record<string, number>> = {
    Enter: 13,
    Backspace: 8,
    Tab: 9,
    Escape: 27,
    Shift: 16,
    F2: 113,
    ArrowUp: 38,
    ArrowDown: 40,
    ArrowLeft: 37,
    ArrowRight: 39,
  }
  const keyCode = codes[key] ?? (isText ? key.toUpperCase().charCodeAt(0) : 0)
  const text = key === 'Enter' ? '\r' : isText ? key : undefined
  return {
    type: act === 'up' ? 'keyUp' : text === undefined ? 'rawKeyDown' : 'keyDown',
    key,
    code,
    windowsVirtualKeyCode: keyCode,
    ...(act === 'down' && text !== undefined ? { text } : {}),
  }
}
