// The launch with a real browser, against small servers of its own: what a session sees, what stays
// hidden, and what is left when it is over.

import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { LaunchStep } from '@wardkey/protocol/launch-steps'
import { unsafeNoSandbox } from './browser-process.ts'
import type { DevToolsSession } from './devtools.ts'
import { Launcher } from './launcher.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const marker = 'kestrel-orchid-4417'
const ticket = 'T'.repeat(43)
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address)
        resolve(`http://127.0.0.1:${String(address.port)}`)
    })
  })
}

describe.runIf(chromiumPath !== undefined)('the launch', () => {
  let launcher: Launcher
  let runtimeDir: string
  let front: DevToolsSession | undefined
  let lost: number
  const requests: { method: string; url: string; cookie: string; referer: string; body: string }[] =
    []
  let chart: Server
  let elsewhere: Server
  let chartUrl: string
  let elsewhereUrl: string

  beforeAll(async () => {
    chart = createServer((request: IncomingMessage, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const { method = '', url = '', headers } = request
        const { cookie = '', referer = '' } = headers
        requests.push({ method, url, cookie, referer, body })
        if (url === '/launch') {
          response.writeHead(303, { location: '/chart', 'set-cookie': `seat=${marker}; HttpOnly` })
          response.end()
        } else if (url === '/leave') response.writeHead(303, { location: elsewhereUrl }).end()
        else if (url === '/file') {
          response.writeHead(200, { 'content-disposition': 'attachment; filename=a.bin' }).end('x')
        } else {
          response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'max-age=600' })
          response.end(`<title>chart</title><p id="ready">${marker}</p>
            <script>localStorage.setItem('kept', '${marker}'); window.count = 0</script>`)
        }
      })
    })
    elsewhere = createServer((request, response) => {
      requests.push({
        method: 'elsewhere',
        url: request.url ?? '',
        cookie: '',
        referer: '',
        body: '',
      })
      response.end('elsewhere')
    })
    chartUrl = await listen(chart)
    elsewhereUrl = await listen(elsewhere)
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-launch-'))
    lost = 0
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
    launcher.onLost(() => (lost += 1))
    await launcher.start('data:text/html,<title>lock</title>')
  }, 40_000)

  afterAll(async () => {
    await launcher.close()
    chart.closeAllConnections()
    elsewhere.closeAllConnections()
    chart.close()
    elsewhere.close()
    rmSync(runtimeDir, { recursive: true, force: true })
  })

  beforeEach(() => {
    requests.length = 0
  })

  const step = (url = `${chartUrl}/chart`, isSigned = true): LaunchStep => ({
    kind: 'open-web',
    url,
    allowedOrigins: [chartUrl],
    readySelector: '#ready',
    ...(isSigned ? { signIn: { url: `${chartUrl}/launch`, field: 'ticket', ticket } } : {}),
  })

  async function ask(expression: string): Promise<unknown> {
    const answer = await front?.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    })
    return z.object({ result: z.object({ value: z.unknown() }) }).parse(answer).result.value
  }

  it('posts the ticket as a form field and shows the chart', async () => {
    const stages: string[] = []
    await launcher.launch('s1', [step()], (stage) => stages.push(stage))
    expect(stages).toEqual(['context-created', 'sign-in-sent', 'dom-ready', 'first-paint'])
    expect(await ask('document.title')).toBe('chart')
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/launch', body: `ticket=${ticket}` })
    expect(requests.every(({ url, referer }) => !(url + referer).includes(ticket))).toBe(true)
    await launcher.end('s1')
  })

  it('posts a page’s own key to it as a form field, and nowhere else', async () => {
    const value = 'K'.repeat(43)
    const keyed = { ...step(`${chartUrl}/downtime`, false), key: { field: 'downtime_key', value } }
    await launcher.launch('s1', [keyed], () => undefined)
    expect(await ask('document.title')).toBe('chart')
    const [asked] = requests
    expect(asked).toMatchObject({ method: 'POST', url: '/downtime', body: `downtime_key=${value}` })
    expect(requests.filter((one) => one !== asked && JSON.stringify(one).includes(value))).toEqual(
      [],
    )
    const seen = 'location.href + document.referrer + document.documentElement.outerHTML'
    expect(await ask(seen)).not.toContain(value)
    await launcher.end('s1')
  })

  it('keeps two sessions’ cookies and storage apart', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    await launcher.cover('s1')
    requests.length = 0
    await launcher.launch('s2', [step(`${chartUrl}/chart`, false)], () => undefined)
    expect(requests.filter(({ cookie }) => cookie !== '')).toEqual([])
    expect(requests.some(({ url }) => url === '/chart')).toBe(true)
    await launcher.end('s1')
    await launcher.end('s2')
  })

  it('covers at once and brings back as it was', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    await ask('window.count = 42')
    await launcher.cover('s1')
    expect(await ask('document.title')).toBe('lock')
    await launcher.reveal('s1')
    expect(await ask('window.count')).toBe(42)
    expect(await ask('document.visibilityState')).toBe('visible')
    await launcher.end('s1')
  })

  it('hides the covered page from the eye, not only behind something', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    const page = front
    await launcher.cover('s1')
    const state = await page?.send('Runtime.evaluate', {
      expression: 'document.visibilityState',
      returnByValue: true,
    })
    expect(state).toMatchObject({ result: { value: 'hidden' } })
    await launcher.end('s1')
  })

  it('stops a page that would leave its origins, before it is loaded', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    await ask(`location.href = '${chartUrl}/leave'`)
    await expect.poll(() => requests.some(({ url }) => url === '/leave')).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(requests.some(({ method }) => method === 'elsewhere')).toBe(false)
    await launcher.end('s1')
  })

  it('refuses/a page that is not there, and leaves nothing of it', async () => {
    const gone = step('http://127.0.0.1:9/none', false)
    await expect(launcher.launch('s1', [gone], () => undefined)).rejects.toMatchObject({
      code: 'launch-failed',
    })
    await expect(launcher.reveal('s1')).rejects.toMatchObject({ code: 'launch-failed' })
  }, 30_000)

  it('is ended and begun anew while it comes: the second one stays', async () => {
    const first = launcher.launch('again', [step()], () => undefined)
    const gone = expect(first).rejects.toMatchObject({ code: 'launch-failed' })
    await launcher.end('again')
    await launcher.launch('again', [step()], () => undefined)
    await gone
    expect(await ask('document.title')).toBe('chart')
    await launcher.cover('again')
    await launcher.reveal('again')
    await launcher.end('again')
  })
  it('refuses/a program that settings do not name', async () => {
    const program: LaunchStep = { kind: 'start-program', program: 'calc' }
    await expect(launcher.launch('s1', [program], () => undefined)).rejects.toMatchObject({
      code: 'launch-not-allowed',
    })
  })

  // A browser never answers what it was asked of a page that it disposes of in that moment.
  it('lets nobody wait for a word of a page that is gone', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    const gone = front?.send('Runtime.evaluate', {
      expression: 'new Promise(() => undefined)',
      awaitPromise: true,
    })
    const refused = expect(gone).rejects.toMatchObject({ code: 'launch-failed' })
    const beganMs = performance.now()
    await launcher.end('s1')
    await refused
    expect(performance.now() - beganMs).toBeLessThan(5000)
    await expect(front?.send('Runtime.evaluate', { expression: '1' })).rejects.toMatchObject({
      code: 'launch-failed',
    })
  })

  it('leaves nothing of a session on the disk', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    await ask(`fetch('/chart').then((r) => r.text())`)
    await launcher.end('s1')
    const holding = filesUnder(runtimeDir).filter((path) => readFileSync(path).includes(marker))
    expect(holding).toEqual([])
  })

  it('says once that it was lost when the browser dies, and starts again', async () => {
    await launcher.launch('s1', [step()], () => undefined)
    await front?.send('Browser.crash').catch(() => undefined)
    await expect.poll(() => lost, { timeout: 5000 }).toBe(1)
    await expect(launcher.cover('s1')).rejects.toMatchObject({ code: 'browser-died' })
    await launcher.start('data:text/html,<title>lock</title>')
    await expect.poll(() => ask('document.title'), { timeout: 10_000 }).toBe('lock')
    expect(lost).toBe(1)
  }, 30_000)
})

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
}
