// A page to sign in on that opens windows, in a real browser, in every way that one can: whatever it
// tries, the server that it may not speak with hears of none of them.

import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import { unsafeNoSandbox } from '../browser-process.ts'
import type { DevToolsSession } from '../devtools.ts'
import { Launcher } from '../launcher.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const html = { 'content-type': 'text/html' }
const infos = z.object({
  targetInfos: z.array(
    z.object({ url: z.string(), type: z.string(), browserContextId: z.string().optional() }),
  ),
})

/** `open` has the foreign address as `away`; a hand's press on `#way` follows, where there is one. */
interface Way {
  readonly open: string
  readonly button?: 'left' | 'middle'
  /** Of the DevTools: 2 is Control, 8 is Shift. */
  readonly modifiers?: number
}
const link = (attributes: string, rest: Omit<Way, 'open'> = {}): Way => ({
  ...{ button: 'left', ...rest },
  open: `put('<a id="way" href="' + away + '" ${attributes}>on</a>')`,
})
const form = (attributes: string): Way => ({
  button: 'left',
  open: `put('<form action="' + away + '" ${attributes}><input name="q" value="1"><button id="way">on</button></form>')`,
})
const ways: Readonly<Record<string, Way>> = {
  'window.open': { open: `window.open(away)` },
  'window.open of its own size': { open: `window.open(away, 'w', 'width=300,height=300')` },
  'window.open without an opener': { open: `window.open(away, '_blank', 'noopener')` },
  'window.open without a referrer': { open: `window.open(away, '_blank', 'noreferrer,popup')` },
  'many at once': {
    open: `for (let n = 0; n < 12; n++) window.open(away, '_blank', n % 2 ? 'noopener' : '')`,
  },
  'an empty window that is moved': { open: `window.open().location = away` },
  'an empty window that is moved later': {
    open: `{ const w = window.open(); setInterval(() => { w.location = away }, 5) }`,
  },
  'an empty window with a frame': {
    open: `window.open().document.write('<iframe src="' + away + '"></iframe>')`,
  },
  'an empty window with a form': {
    open: `{
      const { document } = window.open()
      document.write('<form method="post" action="' + away + '"></form>')
      document.forms[0].submit()
    }`,
  },
  'a window by a script’s address': {
    open: `window.open('javascript:location="' + away + '"')`,
  },
  'a window of the page’s own making': {
    open: `window.open(URL.createObjectURL(
      new Blob(['<meta http-equiv="refresh" content="0;url=' + away + '">'], { type: 'text/html' }),
    ))`,
  },
  'a window that is sent on': { open: `window.open('/on?to=' + away)` },
  'a window that is sent on, without an opener': {
    open: `window.open('/on?to=' + away, '_blank', 'noopener')`,
  },
  'a window that opens a window': { open: `window.open('/opens?to=' + away)` },
  'a window opened by a frame': {
    open: `put('<iframe srcdoc="<script>parent.opened = window.open(&quot;' + away + '&quot;)</script>"></iframe>')`,
  },
  'a window opened by a frame of another site': {
    open: `put('<iframe src="' + far + '"></iframe>')`,
  },
  'a window in front': {
    open: `documentPictureInPicture.requestWindow().then((w) => {
      w.document.write('<iframe src="' + away + '"></iframe>')
      w.open(away)
    })`,
  },
  'a link': link('target="_blank"'),
  'a link with an opener': link('target="_blank" rel="opener"'),
  'a link without a referrer': link('target="_blank" rel="noreferrer"'),
  'a link to a named window': link('target="named"'),
  'a link pressed with Control': link('', { modifiers: 2 }),
  'a link pressed with Shift': link('', { modifiers: 8 }),
  'a link pressed with the middle button': link('', { button: 'middle' }),
  'a form': form('target="_blank"'),
  'a form that posts': form('method="post" target="_blank"'),
  'a form that posts without an opener': form('method="post" target="_blank" rel="noopener"'),
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
}

describe.runIf(chromiumPath !== undefined)('a page to sign in on that opens windows', () => {
  let launcher: Launcher
  let runtimeDir: string
  let front: DevToolsSession | undefined
  let reached: string[]
  let origin: string
  let elsewhere: string
  const servers: Server[] = []

  const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
    const server = createServer(answer)
    servers.push(server)
    return listen(server)
  }

  beforeAll(async () => {
    elsewhere = await serve((request, response) => {
      reached.push(`${request.method ?? ''} ${request.url ?? ''}`)
      response.end('elsewhere')
    })
    origin = await serve((request, response) => {
      const url = new URL(request.url ?? '', origin)
      const to = JSON.stringify(url.searchParams.get('to'))
      if (url.pathname === '/on') {
        response.writeHead(303, { location: url.searchParams.get('to') ?? '' }).end()
      } else if (url.pathname === '/opens') {
        response.writeHead(200, html).end(`<script>window.open(${to}); location = ${to}</script>`)
      } else response.writeHead(200, html).end('<title>sign in</title><body></body>')
    })
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-windows-'))
    launcher = new Launcher({
      browser: () => ({
        ...{ path: chromiumPath ?? '', runtimeDir, isHeadless: true, sandbox: unsafeNoSandbox },
      }),
      programs: {},
      log: quiet,
      bannerWords: () => ({ text: '', detail: '', forMs: 0 }),
      barWords: () => ({ text: 'It closes by itself.', back: 'Back' }),
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
  beforeEach(async () => {
    reached = []
    await launcher.openPage('e1', page(), false)
  })
  afterEach(() => launcher.closePage('e1'))

  /** As another site, which the browser keeps in a process of its own. */
  const far = () => `${origin.replace('127.0.0.1', 'localhost')}/opens?to=${elsewhere}/far`
  const page = (): OpenWeb => ({
    ...({ kind: 'open-web', url: `${origin}/` } as const),
    allowedOrigins: [origin, new URL(far()).origin],
  })
  const ask = async (expression: string): Promise<unknown> => {
    const question = { expression, returnByValue: true, userGesture: true }
    const answer = await front?.send('Runtime.evaluate', question)
    return z.object({ result: z.object({ value: z.unknown() }) }).parse(answer).result.value
  }
  const press = async ({ button, modifiers = 0 }: Way) => {
    const at = z.object({ x: z.number(), y: z.number() }).parse(
      await ask(`(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))(
        document.querySelector('#way').getBoundingClientRect())`),
    )
    const how = { ...at, button, modifiers, clickCount: 1 }
    await front?.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...how })
    await front?.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...how })
  }
  const windows = async (): Promise<readonly string[]> => {
    const { targetInfos } = infos.parse(await front?.send('Target.getTargets'))
    const contextId = targetInfos.find(({ url }) => url === `${origin}/`)?.browserContextId
    const own = targetInfos.filter(({ browserContextId }) => browserContextId === contextId)
    return own.filter(({ type }) => type === 'page').map(({ url }) => url)
  }

  it.each(Object.entries(ways))('reaches nobody by %s', async (_name, way) => {
    await ask(`{
      const away = ${JSON.stringify(`${elsewhere}/away`)}, far = ${JSON.stringify(far())}
      const put = (what) => document.body.insertAdjacentHTML('beforeend', what)
      ${way.open}
      0
    }`)
    if (way.button) await press(way)
    await new Promise((resolve) => setTimeout(resolve, 1200))
    expect(reached).toEqual([])
    await expect.poll(windows).toEqual([`${origin}/`])
    expect(await ask('document.title')).toBe('sign in')
  })
  it('does not keep those of others away, nor any once it is gone', async () => {
    await launcher.closePage('e1')
    await launcher.launch('s1', [page()], () => undefined)
    const chart = front
    await launcher.cover('s1')
    for (const path of ['/beside', '/after']) {
      if (path === '/beside') await launcher.openPage('e1', page(), false)
      else await launcher.closePage('e1')
      const open = { expression: `window.open('${path}'); 0`, userGesture: true }
      await chart?.send('Runtime.evaluate', open)
      const shown = async () => {
        const { targetInfos } = infos.parse(await chart?.send('Target.getTargets'))
        return targetInfos.map(({ url }) => url)
      }
      await expect.poll(shown).toContain(`${origin}${path}`)
    }
    await launcher.end('s1')
  })
})
