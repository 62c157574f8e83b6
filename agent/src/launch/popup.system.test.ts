// A window that a page opened, in a real browser: one that cannot be bound to the session's origins
// does not stay, and one that comes while the session is covered does not come up.

import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startBrowser, unsafeNoSandbox } from './browser-process.ts'
import type { RunningBrowser } from './browser-process.ts'
import { WebSession } from './web-session.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const targets = z.object({
  targetInfos: z.array(z.object({ url: z.string(), targetId: z.string() })),
})
const bounds = z.object({ bounds: z.object({ windowState: z.string() }) })

describe.runIf(chromiumPath !== undefined)('a window that a page opened', () => {
  let browser: RunningBrowser
  let chart: Server
  let origin: string
  let runtimeDir: string

  beforeAll(async () => {
    chart = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>chart</title>')
    })
    await new Promise<void>((resolve) => chart.listen(0, '127.0.0.1', resolve))
    const address = chart.address()
    origin = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-popup-'))
    const settings = { path: chromiumPath ?? '', runtimeDir, isHeadless: true }
    browser = await startBrowser({ ...settings, sandbox: unsafeNoSandbox }, () => undefined)
    await browser.devTools.send('Target.setDiscoverTargets', { discover: true })
  }, 40_000)
  afterAll(async () => {
    await browser.end()
    chart.closeAllConnections()
    chart.close()
    rmSync(runtimeDir, { recursive: true, force: true })
  })

  const windows = async (): Promise<readonly string[]> => {
    const { targetInfos } = targets.parse(await browser.devTools.send('Target.getTargets'))
    return targetInfos.map(({ url }) => url).filter((url) => url.startsWith(origin))
  }

  /** Nothing while it is not there yet. */
  async function stateOf(url: string): Promise<string | undefined> {
    const { targetInfos } = targets.parse(await browser.devTools.send('Target.getTargets'))
    const targetId = targetInfos.find((info) => info.url === url)?.targetId
    if (targetId === undefined) return undefined
    const found = await browser.devTools.send('Browser.getWindowForTarget', { targetId })
    return bounds.parse(found).bounds.windowState
  }

  it.each<[string, string | undefined, number]>([
    ['stays where it is bound', undefined, 2],
    ['is closed where the browser does not bind it', 'Fetch.enable', 1],
    ['is closed where the browser does not answer for it', 'Page.enable', 1],
  ])('%s', async (_name, refused, left) => {
    const { devTools } = browser
    const real = devTools.session.bind(devTools)
    let refusals = 0
    const web = await WebSession.create(devTools, () => undefined)
    const allowedOrigins = [origin]
    await web.open({ kind: 'open-web', url: `${origin}/`, allowedOrigins }, () => undefined)
    devTools.session = (id) => {
      const session = real(id)
      return {
        on: (event, listener) => session.on(event, listener),
        send: (method, ...rest) => {
          if (method !== refused) return session.send(method, ...rest)
          refusals += 1
          return Promise.reject(new Error('no answer'))
        },
      }
    }
    try {
      const expression = `window.open('/other', '_blank', 'width=300,height=300'); 0`
      await web.front?.session.send('Runtime.evaluate', { expression, userGesture: true })
      if (refused === undefined) await expect.poll(windows).toContain(`${origin}/other`)
      else await expect.poll(() => refusals).toBeGreaterThan(0)
      await expect.poll(windows).toHaveLength(left)
    } finally {
      devTools.session = real
      await web.dispose()
    }
  })

  it('stays away where the session is about to be covered, before its windows are', async () => {
    const { devTools } = browser
    const web = await WebSession.create(devTools, () => undefined)
    const allowedOrigins = [origin]
    await web.open({ kind: 'open-web', url: `${origin}/`, allowedOrigins }, () => undefined)
    await web.show()
    try {
      web.beforeCover()
      const expression = `window.open('/late', '_blank', 'width=300,height=300'); 0`
      await web.front?.session.send('Runtime.evaluate', { expression, userGesture: true })
      await expect.poll(() => stateOf(`${origin}/late`), { timeout: 10_000 }).toBe('minimized')
    } finally {
      await web.dispose()
    }
  })
})
