// A page to sign in on, in a real browser, against small servers of its own: whom it may speak with,
// how it is left, and that nothing of it stays.

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
const ticket = 'T'.repeat(43)
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const html = { 'content-type': 'text/html' }

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
}

describe.runIf(chromiumPath !== undefined)('a page to sign in on', () => {
  let launcher: Launcher
  let runtimeDir: string
  let front: DevToolsSession | undefined
  let lost = 0
  let said: string[]
  let asked: string[]
  let broker: string
  let provider: string
  let elsewhere: string
  const servers: Server[] = []

  const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
    const server = createServer((request, response) => {
      asked.push(
        `${request.headers.host ?? ''}${request.url ?? ''} ${request.headers.cookie ?? ''}`,
      )
      answer(request, response)
    })
    servers.push(server)
    return listen(server)
  }

  beforeAll(async () => {
    asked = []
    elsewhere = await serve((_request, response) => response.end('elsewhere'))
    provider = await serve((request, response) => {
      if (request.url === '/hangs') {
        response
          .writeHead(200, html)
          .end('<title>hangs</title><script>setTimeout(() => { for (;;); }, 300)</script>')
      } else if (request.url === '/goes-on') {
        const next = `setTimeout(() => location.replace('/busy'), 200)`
        response.writeHead(200, html).end(`<title>goes on</title><script>${next}</script>`)
      } else if (request.url === '/busy') {
        // Longer than anybody waits for a bar to be placed, and not so long that it hangs.
        const busy = 'const until = performance.now() + 3200; while (performance.now() < until);'
        response.writeHead(200, html).end(`<title>busy</title><script>${busy}</script>`)
      } else if (request.url === '/at-once') {
        response.writeHead(303, { location: `${broker}/enrol/done` }).end()
      } else if (request.url === '/gone') {
        response.writeHead(303, { location: 'http://127.0.0.1:1/' }).end()
      } else {
        response.writeHead(200, { ...html, 'set-cookie': 'account=hers' }).end(
          `<title>sign in</title><a id="back" href="${broker}/enrol/done?x=1">go on</a>
           <a id="away" href="${elsewhere}/">away</a><input id="name">`,
        )
      }
    })
    broker = await serve((request, response) => {
      if (request.method === 'POST') {
        response.writeHead(303, { location: `${provider}${request.url?.slice(6) ?? ''}` }).end()
      } else response.writeHead(200, html).end('<title>done</title>')
    })
    runtimeDir = mkdtempSync(join(tmpdir(), 'wardkey-page-'))
    launcher = new Launcher({
      browser: () => ({
        ...{ path: chromiumPath ?? '', runtimeDir, isHeadless: true, sandbox: unsafeNoSandbox },
      }),
      programs: {},
      log: quiet,
      bannerWords: () => ({ text: '', detail: '', forMs: 0 }),
      barWords: (hasEmergency) => ({
        ...{ text: 'It closes by itself.', back: 'Back' },
        ...(hasEmergency ? { emergency: 'Emergency' } : {}),
      }),
      onFront: (session) => (front = session),
    })
    launcher.onLost(() => (lost += 1))
    launcher.onPage((id, what) => said.push(`${id} ${what}`))
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
    asked.length = 0
    said = []
  })
  afterEach(async () => {
    await launcher.closePage('e1')
    expect(await title()).toBe('lock')
  })

  const page = (path = '/'): OpenWeb => ({
    kind: 'open-web',
    url: `${broker}/enrol/done`,
    signIn: { url: `${broker}/enrol${path}`, field: 'ticket', ticket },
    allowedOrigins: [broker, provider],
  })
  const ask = async (expression: string): Promise<unknown> => {
    const question = { expression, returnByValue: true, userGesture: true }
    const answer = await front?.send('Runtime.evaluate', question)
    return z.object({ result: z.object({ value: z.unknown() }) }).parse(answer).result.value
  }
  const title = () => ask('document.title')
  /** A real press, as a hand's, in the middle of the bar's n-th of so many places. */
  const press = async (part: number) => {
    const { width, height } = z
      .object({ width: z.number(), height: z.number() })
      .parse(await ask('({ width: innerWidth, height: innerHeight })'))
    const at = { x: width * part, y: height - 34, button: 'left', clickCount: 1 }
    await front?.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at })
    await front?.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at })
  }

  it('is shown in a context of its own, and is over where its address is reached', async () => {
    await launcher.openPage('e1', page(), false)
    expect(await title()).toBe('sign in')
    expect(asked[0]).toContain('/enrol/')
    expect(said).toEqual([])
    await ask(`document.querySelector('#back').click(); 0`)
    await expect.poll(() => said).toEqual(['e1 ended'])
    expect(asked.join('\n')).not.toContain(ticket)
    await launcher.closePage('e1')
    asked.length = 0
    // The next one knows nothing of her.
    await launcher.openPage('e1', page(), false)
    const [first] = asked.filter((one) => one.startsWith(`${new URL(provider).host}/ `))
    expect(first).not.toContain('account=hers')
  })
  it('is over where it was reached before it was shown', async () => {
    await launcher.openPage('e1', page('/at-once'), false)
    await expect.poll(() => said).toEqual(['e1 ended'])
  })
  it('goes nowhere but to the broker and the provider, and has one window', async () => {
    await launcher.openPage('e1', page(), false)
    await ask(`document.querySelector('#away').click(); 0`)
    await expect.poll(() => said).toEqual(['e1 ended'])
    expect(asked.filter((one) => one.startsWith(new URL(elsewhere).host))).toEqual([])
    await launcher.closePage('e1')
    await launcher.openPage('e1', page(), false)
    await ask(`window.open('${provider}/popup'); window.open('${elsewhere}/popup'); 0`)
    const windows = async () => {
      const found = await front?.send('Target.getTargets')
      return z
        .object({ targetInfos: z.array(z.object({ url: z.string() })) })
        .parse(found)
        .targetInfos.filter(({ url }) => url.endsWith('/popup'))
    }
    await expect.poll(windows).toEqual([])
    expect(await title()).toBe('sign in')
    expect(said).toEqual(['e1 ended'])
  })
  it('is over where the provider cannot be reached', async () => {
    await launcher.openPage('e1', { ...page('/gone') }, false).catch(() => said.push('e1 ended'))
    await expect.poll(() => said).toEqual(['e1 ended'])
  })
  it('has a way back that its own code can neither press nor take away', async () => {
    await launcher.openPage('e1', page(), false)
    await ask(`for (const one of document.querySelectorAll('div')) { one.click(); one.remove() } 0`)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(said).toEqual([])
    expect(await ask(`document.querySelectorAll('div').length`)).toBe(1)
    await expect
      .poll(async () => {
        for (let part = 0.3; part < 0.9 && said.length === 0; part += 0.04) await press(part)
        return said
      })
      .toEqual(['e1 ended'])
  })
  it('has emergency access beside it where it is offered', async () => {
    await launcher.openPage('e1', page(), true)
    await expect
      .poll(async () => {
        // From the right: the way back is to its left.
        for (let part = 0.9; part > 0.4 && said.length === 0; part -= 0.03) await press(part)
        return said
      })
      .toEqual(['e1 emergency'])
  })
  it('that is busy when it comes has its way back when it is not any more', async () => {
    await launcher.openPage('e1', page('/goes-on'), false)
    await expect.poll(title, { timeout: 10_000 }).toBe('busy')
    expect(said).toEqual([])
    await expect
      .poll(
        async () => {
          for (let part = 0.3; part < 0.9 && said.length === 0; part += 0.04) await press(part)
          return said
        },
        { timeout: 10_000 },
      )
      .toEqual(['e1 ended'])
  }, 40_000)
  it('that hangs is over by itself', async () => {
    await launcher.openPage('e1', page('/hangs'), false).catch(() => undefined)
    await expect.poll(() => said, { timeout: 20_000 }).toEqual(['e1 ended'])
  }, 30_000)
  it('that is closed while it loads never comes up', async () => {
    const opening = launcher.openPage('e1', page(), false).catch(() => 'not opened')
    await launcher.closePage('e1')
    expect(await opening).toBe('not opened')
    expect(await title()).toBe('lock')
    expect(lost).toBe(0)
  })
})
