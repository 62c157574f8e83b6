// Hands on a chart with a real browser: what counts, in which frame and window, and everything that
// a page does by itself, which never does.

import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { unsafeNoSandbox } from './browser-process.ts'
import type { DevToolsSession } from './devtools.ts'
import { Launcher } from './launcher.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A page that does all that a page can do to look alive. */
const lively = `<title>lively</title><input id="field"><a id="link" href="#x">x</a>
  <div style="height: 5000px"></div>
  <script>
    setInterval(() => {
      fetch('/poll').catch(() => undefined)
      history.pushState(null, '', '#' + Math.random())
      document.getElementById('link').click()
      document.getElementById('field').focus()
      document.getElementById('field').blur()
      scrollTo(0, Math.random() * 1000)
      document.execCommand('insertText', false, 'x')
      for (const name of ['keydown', 'pointerdown', 'wheel', 'touchstart']) {
        dispatchEvent(new Event(name))
        document.body.dispatchEvent(new Event(name, { bubbles: true }))
      }
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))
      document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
      globalThis.nextHands?.()
    }, 50)
  </script>`
/** A page that wants nobody to notice. */
const hiding = `<title>hiding</title><script>
    EventTarget.prototype.addEventListener = () => undefined
    window.addEventListener = () => undefined
    performance.now = () => 0
    globalThis.nextHands = () => undefined
    Object.defineProperty(Event.prototype, 'isTrusted', { get: () => false })
    for (const name of ['keydown', 'pointerdown']) {
      document.onkeydown = document.onpointerdown = (event) => event.stopImmediatePropagation()
    }
  </script><p>x</p>`

describe.runIf(chromiumPath !== undefined)('hands on a chart', () => {
  let launcher: Launcher
  let runtimeDir: string
  let front: DevToolsSession | undefined
  let chart: Server
  let origin: string
  let polls = 0
  const used: string[] = []

  beforeAll(async () => {
    chart = createServer(({ url = '' }, response) => {
      if (url === '/poll') polls += 1
      const page =
        url === '/lively'
          ? lively
          : url === '/reloading'
            ? `<title>reloading</title><meta http-equiv="refresh" content="0">`
            : url === '/hiding'
              ? hiding
              : url.startsWith('/frame')
                ? `<title>framed</title><body style="margin:0">
                   <iframe src="${decodeURIComponent(url.slice(7))}" width="600" height="600"
                     style="border:0"></iframe>`
                : `<title>plain</title><input id="field" autofocus>`
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    })
    await new Promise<void>((resolve) => chart.listen(0, '127.0.0.1', resolve))
    const address = chart.address()
    origin = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-activity-'))
    launcher = new Launcher({
      browser: () => ({
        path: chromiumPath ?? '',
        runtimeDir,
        isHeadless: true,
        sandbox: unsafeNoSandbox,
      }),
      programs: {},
      log: quiet,
      bannerWords: () => ({ text: '', detail: '', forMs: 0 }),
      barWords: () => ({ text: '', back: '' }),
      onFront: (session) => (front = session),
    })
    launcher.onUsed((sessionId) => used.push(sessionId))
    await launcher.start('data:text/html,<title>lock</title><input autofocus>')
  }, 40_000)
  afterAll(async () => {
    await launcher.close()
    chart.closeAllConnections()
    chart.close()
    rmSync(runtimeDir, { recursive: true, force: true })
  })
  afterEach(async () => {
    await launcher.end('s1')
    used.length = 0
  })

  const elsewhere = (): string => origin.replace('127.0.0.1', 'localhost')
  const open = async (path: string, sessionId = 's1'): Promise<void> => {
    const allowedOrigins = [origin, elsewhere()]
    const step = { kind: 'open-web', url: origin + path, allowedOrigins } as const
    await launcher.launch(sessionId, [step], () => undefined)
    // What a page is born with is over by then.
    await pause(300)
    used.length = 0
  }
  const key = async (isHeld = false): Promise<void> => {
    const a = { key: 'a', code: 'KeyA', text: 'a', windowsVirtualKeyCode: 65, autoRepeat: isHeld }
    await front?.send('Input.dispatchKeyEvent', { type: 'keyDown', ...a })
  }
  const click = async (): Promise<void> => {
    const at = { x: 50, y: 50, button: 'left', clickCount: 1 }
    await front?.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at })
    await front?.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at })
  }
  const wheel = async (): Promise<void> => {
    const at = { x: 50, y: 50, deltaX: 0, deltaY: 40 }
    await front?.send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...at })
  }
  const touch = async (): Promise<void> => {
    const at = { type: 'touchStart', touchPoints: [{ x: 50, y: 50 }] }
    await front?.send('Input.dispatchTouchEvent', at)
    await front?.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }

  it.each([
    ['a key', key],
    ['a click', click],
    ['the wheel', wheel],
    ['a touch', touch],
  ])('are %s, told of the session that it was', async (_name, act) => {
    await open('/plain')
    await act()
    await expect.poll(() => used).toEqual(['s1'])
  })
  it('are told once a second, however fast somebody types', async () => {
    await open('/plain')
    for (let n = 0; n < 20; n += 1) await key()
    expect(used.length).toBeLessThan(3)
    await pause(1100)
    const { length } = used
    await key()
    await expect.poll(() => used.length).toBe(length + 1)
  })
  it('count in a frame of the page, and in one of another site', async () => {
    for (const site of [origin, elsewhere()]) {
      await open(`/frame?${encodeURIComponent(`${site}/plain`)}`)
      await pause(700)
      await click()
      await expect.poll(() => used, { message: site }).toEqual(['s1'])
      await launcher.end('s1')
    }
  })
  it('count after the page has gone elsewhere, and in a window that it opened', async () => {
    await open('/plain')
    await front?.send('Runtime.evaluate', { expression: `location.href = '/hiding'` })
    await pause(500)
    await click()
    await expect.poll(() => used).toEqual(['s1'])
    used.length = 0
    const expression = `window.open('/plain', '_blank', 'width=300,height=300'); 0`
    await front?.send('Runtime.evaluate', { expression, userGesture: true })
    await pause(1200)
    expect(used).toEqual([])
    await launcher.reveal('s1')
    await click()
    await expect.poll(() => used).toEqual(['s1'])
  })
  it('count on a page that wants nobody to notice', async () => {
    await open('/hiding')
    await key()
    await expect.poll(() => used).toEqual(['s1'])
  })

  describe('refuses', () => {
    it('whatever a page does by itself, for as long as it likes', async () => {
      await open('/lively')
      polls = 0
      await pause(3000)
      expect(polls).toBeGreaterThan(10)
      expect(used).toEqual([])
      await click()
      await expect.poll(() => used).toEqual(['s1'])
    })
    it('a page that loads itself again and again', async () => {
      await open('/reloading')
      await pause(2000)
      expect(used).toEqual([])
    })
    it('a key that something lies on', async () => {
      await open('/plain')
      for (let n = 0; n < 10; n += 1) await key(true)
      await pause(300)
      expect(used).toEqual([])
    })
    it('a pointer that only lies there while the page moves', async () => {
      await open('/lively')
      await front?.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: 60, y: 60 })
      await pause(1000)
      expect(used).toEqual([])
    })
    it('the lock screen, and a chart that is covered', async () => {
      await open('/plain')
      const covered = front
      await launcher.cover('s1')
      await key()
      front = covered
      await key()
      await pause(300)
      expect(used).toEqual([])
    })
  })
})
