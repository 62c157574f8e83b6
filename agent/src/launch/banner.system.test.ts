// Words over a chart in a real browser: they are text, they take no input, they go when they should
// and stay where they must, and the page's own code gets nothing of them.

import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { BannerWords } from './banner-script.ts'
import { unsafeNoSandbox } from './browser-process.ts'
import type { DevToolsSession } from './devtools.ts'
import { Launcher } from './launcher.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const picturesFolder = process.env['WARDKEY_PICTURES']
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const yours = { kind: 'yours', name: '' } as const

const page = (title: string): string => `<!doctype html><title>${title}</title>
  <link rel="stylesheet" href="/style.css"><script src="/script.js"></script>
  <button id="ready">The chart of Orla Testcase</button><iframe src="/frame"></iframe>`
const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/style.css': ['text/css', '#ready { position: fixed; inset: 0; width: 100vw; height: 100vh }'],
  '/script.js': [
    'text/javascript',
    `window.clicks = 0
     addEventListener('click', () => { window.clicks += 1 })`,
  ],
  '/frame': ['text/html', '<p>within</p>'],
  '/chart': ['text/html', page('chart')],
  '/next': ['text/html', page('next')],
}

type Node = { nodeName: string; nodeValue?: string; children: readonly Node[] }
const node: z.ZodType<Node> = z
  .object({
    nodeName: z.string(),
    nodeValue: z.string().optional(),
    get children() {
      return z.array(node).optional()
    },
    get shadowRoots() {
      return z.array(node).optional()
    },
    get contentDocument() {
      return node.optional()
    },
  })
  .transform(({ nodeName, nodeValue, children = [], shadowRoots = [], contentDocument }) => ({
    nodeName,
    ...(nodeValue === undefined ? {} : { nodeValue }),
    children: [...children, ...shadowRoots, ...(contentDocument ? [contentDocument] : [])],
  }))

describe.runIf(chromiumPath !== undefined)('words over a chart', () => {
  let launcher: Launcher
  let chart: Server
  let chartUrl: string
  let runtimeDir: string
  let front: DevToolsSession | undefined
  let words: BannerWords

  beforeAll(async () => {
    chart = createServer((request, response) => {
      const [type = '', body = ''] = files[request.url ?? ''] ?? []
      response.writeHead(type === '' ? 404 : 200, {
        'content-type': type,
        'content-security-policy': "default-src 'self'; style-src 'self'",
      })
      response.end(body)
    })
    await new Promise<void>((resolve) => chart.listen(0, '127.0.0.1', resolve))
    const address = chart.address()
    chartUrl = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-banner-'))
    launcher = new Launcher({
      browser: () => ({
        path: chromiumPath ?? '',
        runtimeDir,
        isHeadless: true,
        sandbox: unsafeNoSandbox,
      }),
      programs: {},
      log: quiet,
      bannerWords: () => words,
      barWords: () => ({ text: '', back: '' }),
      onFront: (session) => (front = session),
    })
    await launcher.start('data:text/html,<title>lock</title>')
  }, 40_000)
  afterAll(async () => {
    await launcher.close()
    chart.closeAllConnections()
    chart.close()
    rmSync(runtimeDir, { recursive: true, force: true })
  })
  beforeEach(async () => {
    const allowedOrigins = [chartUrl]
    const url = `${chartUrl}/chart`
    const step = { kind: 'open-web', url, allowedOrigins, readySelector: '#ready' } as const
    await launcher.launch('s1', [step], () => undefined)
  })
  afterEach(async () => {
    await launcher.end('s1')
  })

  async function say(next: BannerWords): Promise<void> {
    words = next
    await launcher.banner('s1', yours)
  }
  async function ask(expression: string): Promise<unknown> {
    const answer = await front?.send('Runtime.evaluate', { expression, returnByValue: true })
    return z.object({ result: z.object({ value: z.unknown() }) }).parse(answer).result.value
  }
  /** Every text of the page as it is drawn, closed shadows and frames included. */
  async function texts(of = front): Promise<readonly string[]> {
    const answer = await of?.send('DOM.getDocument', { depth: -1, pierce: true })
    const within = ({ nodeName, nodeValue = '', children }: Node): readonly string[] => [
      ...(nodeName === '#text' ? [nodeValue] : []),
      ...children.flatMap(within),
    ]
    return within(z.object({ root: node }).parse(answer).root)
  }
  const shown = async (text: string): Promise<number> =>
    (await texts()).filter((one) => one === text).length
  async function picture(name: string): Promise<void> {
    if (picturesFolder === undefined) return
    const shot = await front?.send('Page.captureScreenshot', { format: 'png' })
    const { data } = z.object({ data: z.string() }).parse(shot)
    writeFileSync(`${picturesFolder}/${name}.png`, Buffer.from(data, 'base64'))
  }

  it('are text, whatever somebody is called', async () => {
    const name = '<img src=/x onerror="document.title=1">\'`${1}</script>\u2028'
    await say({ text: name, detail: '<b>bold</b>', forMs: 5000 })
    expect(await shown(name)).toBe(1)
    expect(await shown('<b>bold</b>')).toBe(1)
    expect(await ask('document.title')).toBe('chart')
    await picture('banner-markup')
  })

  it('go by themselves after their time, and not before', async () => {
    await say({ text: 'in passing', detail: '', forMs: 700 })
    const beganMs = performance.now()
    expect(await shown('in passing')).toBe(1)
    await expect.poll(() => shown('in passing'), { timeout: 3000, interval: 40 }).toBe(0)
    expect(performance.now() - beganMs).toBeGreaterThan(400)
  })

  it('take no clicks: what is under them is clicked', async () => {
    await say({ text: 'in the way', detail: '', forMs: 5000 })
    await say({ text: 'in the way below', detail: '' })
    const spots = z.array(z.tuple([z.number(), z.number()])).parse(
      await ask(`['wardkey-passing', 'wardkey-lasting'].map((id) => {
          const { x, y, width, height } = document.getElementById(id).getBoundingClientRect()
          return [x + width / 2, y + height / 2]
        })`),
    )
    for (const [x, y] of spots) {
      for (const type of ['mousePressed', 'mouseReleased']) {
        await front?.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 })
      }
    }
    await expect.poll(() => ask('window.clicks')).toBe(2)
    expect(await ask('document.activeElement.id')).toBe('ready')
  })

  describe('that last', () => {
    const rect = z.object({ top: z.number(), middle: z.number(), ofPage: z.number() })
    const place = async () =>
      rect.parse(
        await ask(`(({ top, bottom }) => ({ top, middle: (top + bottom) / 2, ofPage: innerHeight }))(
          document.getElementById('wardkey-lasting').getBoundingClientRect())`),
      )
    const come = (y: number, x?: number): Promise<unknown> =>
      ask('innerWidth').then((width) =>
        front?.send('Input.dispatchMouseEvent', {
          ...{ type: 'mouseMoved', y, x: x ?? z.number().parse(width) / 2 },
        }),
      )
    beforeEach(() => say({ text: 'Emergency access for R. Santos', detail: 'Kept' }))

    it('step aside for a pointer that comes to them, and back from the other end', async () => {
      const { middle, ofPage } = await place()
      expect(middle).toBeGreaterThan(ofPage / 2)
      await come(middle)
      await expect.poll(async () => (await place()).middle).toBeLessThan(ofPage / 2)
      await come((await place()).middle)
      await expect.poll(async () => (await place()).middle).toBeGreaterThan(ofPage / 2)
    })
    it('stay where they are for a pointer beside or above them, and for the page’s own events', async () => {
      const { top, middle } = await place()
      await come(middle, 5)
      await come(top - 5)
      await ask(`for (const kind of ['pointermove', 'pointerdown']) {
          dispatchEvent(new PointerEvent(kind, { clientX: innerWidth / 2, clientY: ${String(middle)} }))
        } 0`)
      expect((await place()).middle).toBe(middle)
    })
  })

  it('look as they should, under a policy that allows no style of ours', async () => {
    await say({ text: 'This is now R. Santos’s screen', detail: 'It is locked there', forMs: 5000 })
    await say({ text: 'Emergency access for R. Santos until 14:32', detail: 'Kept', isGrave: true })
    await picture('banner-both')
    const style = await ask(`(({ position, pointerEvents, zIndex }) =>
      [position, pointerEvents, zIndex].join())(
      getComputedStyle(document.getElementById('wardkey-lasting')))`)
    expect(style).toBe('fixed,none,2147483647')
    await say({ text: 'Still yours, R. Santos', detail: 'Tap again to sign out', forMs: 5000 })
    await picture('banner-still-yours')
  })

  it('that last are there once in each document, and not in its frames', async () => {
    await say({ text: 'kept', detail: '' })
    expect(await shown('kept')).toBe(1)
    await ask(`location.href = '/next'`)
    await expect.poll(() => ask('document.title')).toBe('next')
    await expect.poll(() => shown('kept')).toBe(1)
    await expect.poll(() => texts()).toContain('within')
    expect(await shown('kept')).toBe(1)
  })

  it('that last are replaced by newer ones, also in the next document', async () => {
    await say({ text: 'older', detail: '' })
    await say({ text: 'newer', detail: '' })
    await ask(`location.href = '/next'`)
    await expect.poll(() => ask('document.title')).toBe('next')
    await expect.poll(() => shown('newer')).toBe(1)
    expect(await shown('older')).toBe(0)
  })

  it('that last are over when they are true no more, here and in the next document', async () => {
    await say({ text: 'kept', detail: '' })
    await say({ text: 'over', detail: '', forMs: 60_000, endsLasting: true })
    expect([await shown('kept'), await shown('over')]).toEqual([0, 1])
    await ask(`location.href = '/next'`)
    await expect.poll(() => ask('document.title')).toBe('next')
    await expect.poll(() => texts()).toContain('within')
    expect(await shown('kept')).toBe(0)
  })

  it('that last are as they were said last, however quickly one follows the other', async () => {
    await say({ text: 'older', detail: '' })
    const over = { text: 'over', detail: '', forMs: 60_000, endsLasting: true }
    await Promise.all([say(over), say({ text: 'newer', detail: '' })])
    expect([await shown('older'), await shown('newer')]).toEqual([0, 1])
    await Promise.all([say({ text: 'newest', detail: '' }), say(over)])
    await ask(`location.href = '/next'`)
    await expect.poll(() => ask('document.title')).toBe('next')
    await expect.poll(() => texts()).toContain('within')
    expect([await shown('older'), await shown('newer'), await shown('newest')]).toEqual([0, 0, 0])
  })

  it('that last are over a window which the chart opens, and covered with it', async () => {
    await say({ text: 'kept', detail: '' })
    const before = front
    await before?.send('Runtime.evaluate', {
      expression: `window.other = window.open('/next', 'other', 'width=600,height=400'); 0`,
      userGesture: true,
    })
    await expect.poll(() => ask('window.other.document.title')).toBe('next')
    await expect
      .poll(() => ask(`window.other.document.getElementById('wardkey-lasting') !== null`))
      .toBe(true)
    expect(await ask('window.other.document.visibilityState')).toBe('visible')
    await launcher.cover('s1')
    const hidden = await before?.send('Runtime.evaluate', {
      expression: 'window.other.document.visibilityState',
      returnByValue: true,
    })
    expect(hidden).toMatchObject({ result: { value: 'hidden' } })
    await launcher.reveal('s1')
    expect(await ask('document.title')).toBe('next')
    expect(await ask('document.visibilityState')).toBe('visible')
  })

  describe('refuses', () => {
    it('the page’s own code a look at anything of it', async () => {
      const names = `Object.getOwnPropertyNames(window).sort().join()`
      const fresh = 'completeundefined'
      const before = await ask(names)
      await say({ text: 'kept', detail: '' })
      await ask('window.isOld = true; location.reload(); 0')
      // The words are there before the page's own script and frame are.
      await expect.poll(() => ask(`document.readyState + String(window.isOld)`)).toBe(fresh)
      await expect.poll(() => shown('kept')).toBe(1)
      expect(await ask(names)).toBe(before)
      expect(await ask(`document.getElementById('wardkey-lasting').shadowRoot`)).toBe(null)
      expect(await ask(`document.documentElement.innerText`)).not.toContain('kept')
    })
  })
})
