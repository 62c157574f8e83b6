// A page that cannot be reached while a chart comes, in a real browser: it is noticed at once, and
// whoever asks hears whether another broker could mend it.

import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import { unsafeNoSandbox } from './browser-process.ts'
import type { DevToolsSession } from './devtools.ts'
import { Launcher } from './launcher.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const ticket = 'T'.repeat(43)
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** The launch's own limit is fifteen seconds; whoever waits is not to wait for it. */
const atOnceMs = 5000

const servers: Server[] = []

function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object') resolve(`http://127.0.0.1:${String(address?.port)}`)
    })
  })
}

/** An address where somebody was, and nobody is any more. */
async function gone(): Promise<string> {
  const url = await listen(() => undefined)
  await new Promise((resolve) => servers.pop()?.close(resolve))
  return url
}

describe.runIf(chromiumPath !== undefined)('a launch whose way is cut', () => {
  let launcher: Launcher
  let runtimeDir: string
  let front: DevToolsSession | undefined
  let chartUrl: string
  /** A broker that answers, one that is gone, and one that breaks every line. */
  let brokerUrl: string
  let goneUrl: string
  let breakingUrl: string
  const posted: string[] = []

  beforeAll(async () => {
    goneUrl = await gone()
    breakingUrl = await listen((request) => request.socket.destroy())
    chartUrl = await listen((request, response) => {
      const { url = '' } = request
      // The chart’s own code flow leads to the broker once more.
      const back = new URL(url, chartUrl).searchParams.get('to')
      if (back !== null) response.writeHead(303, { location: `${back}/authorize` }).end()
      else if (url === '/leave') response.writeHead(303, { location: breakingUrl }).end()
      else if (url === '/broken') request.socket.destroy()
      else {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.end('<title>chart</title><p id="ready">chart</p>')
      }
    })
    brokerUrl = await listen((request, response) => {
      posted.push(`${request.method ?? ''} ${request.url ?? ''}`)
      const to = request.url === '/launch' ? '/chart' : (request.url ?? '')
      response.writeHead(303, { location: `${chartUrl}${to}` }).end()
    })
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-cut-'))
    const browser = { path: chromiumPath ?? '', runtimeDir, isHeadless: true }
    launcher = new Launcher({
      browser: () => ({ ...browser, sandbox: unsafeNoSandbox }),
      programs: {},
      log: quiet,
      bannerWords: () => ({ text: '', detail: '', forMs: 0 }),
      barWords: () => ({ text: '', back: '' }),
      onFront: (session) => (front = session),
    })
    await launcher.start('data:text/html,<title>lock</title>')
  }, 40_000)
  afterAll(async () => {
    await launcher.close()
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    rmSync(runtimeDir, { recursive: true, force: true })
  })
  beforeEach(() => {
    posted.length = 0
  })

  const step = (broker: string, path = '/launch', isWatched = true): LaunchStep => ({
    kind: 'open-web',
    url: `${chartUrl}/chart`,
    signIn: { url: `${broker}${path}`, field: 'ticket', ticket },
    allowedOrigins: [chartUrl, broker],
    ...(isWatched ? { readySelector: '#ready' } : {}),
  })

  async function title(): Promise<unknown> {
    const expression = 'document.title'
    const answer = await front?.send('Runtime.evaluate', { expression, returnByValue: true })
    return z.object({ result: z.object({ value: z.unknown() }) }).parse(answer).result.value
  }

  /** What became of it, which is to be said at once; nothing of it may be left. */
  async function codeOf(steps: readonly LaunchStep[]): Promise<unknown> {
    const beganMs = performance.now()
    const code = await launcher
      .launch('s1', steps, () => undefined)
      .then(
        () => 'shown',
        (thrown: unknown) => z.object({ code: z.string() }).parse(thrown).code,
      )
    expect(performance.now() - beganMs).toBeLessThan(atOnceMs)
    await expect(launcher.reveal('s1')).rejects.toMatchObject({ code: 'launch-failed' })
    return code
  }

  it('says so where nobody listens at the broker’s, and opens by another one', async () => {
    expect(await codeOf([step(goneUrl)])).toBe('sign-in-unreachable')
    expect(await title()).toBe('lock')
    await launcher.launch('s1', [step(brokerUrl)], () => undefined)
    expect(posted).toContain('POST /launch')
    expect(await title()).toBe('chart')
    await launcher.end('s1')
  }, 30_000)

  it('says so where the line to the broker breaks', async () => {
    expect(await codeOf([step(breakingUrl)])).toBe('sign-in-unreachable')
  }, 30_000)

  it('says so where nothing tells when the chart can be used', async () => {
    expect(await codeOf([step(goneUrl, '/launch', false)])).toBe('sign-in-unreachable')
  }, 30_000)

  it('says so where the chart’s own sign-in meets a broker that is gone', async () => {
    // It answered the ticket, and is gone when the chart asks who this is.
    const dying = await listen((_request, response) => {
      response.writeHead(303, { location: `${chartUrl}/back?to=${dying}`, connection: 'close' })
      response.end(() => servers.find((one) => one === dyingServer)?.close())
    })
    const dyingServer = servers.at(-1)
    expect(await codeOf([step(dying)])).toBe('sign-in-unreachable')
  }, 30_000)

  it.each([
    ['the chart itself', '/broken'],
    ['a page that no launch may open', '/leave'],
  ])(
    'refuses/to ask anew for %s: it failed, at once',
    async (_name, path) => {
      expect(await codeOf([step(brokerUrl, path)])).toBe('launch-failed')
    },
    30_000,
  )
})
