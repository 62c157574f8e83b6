// The lock screen in a real browser: every scene in every language, at every size, by axe and by
// measure; and every way in that is not the agent's own window.

import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import WebSocket from 'ws'
import { z } from 'zod'
import type { Scene, ScreenInput, ScreenView, Surroundings } from '../machine/screen-view.ts'
import type { ScreenPort } from './screen-port.ts'
import { openScreen } from './screen-server.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const picturesFolder = process.env['WARDKEY_PICTURES']
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const tapId = '018f3c1e-0000-7000-8000-000000000001'
const ceremonyId = '018f3c1e-0000-7000-8000-000000000002'
const well: Surroundings = {
  place: '4 West, station 2',
  reader: 'ready',
  link: 'up',
  browser: 'ready',
  serviceDesk: '4455',
  publicView: false,
  isAlone: false,
  hasEmergency: true,
}
const cutOff = { link: 'down', linkDownSinceMs: 1_764_000_120_000 } as const
const digits = { digitsMin: 8, digitsMax: 8 }
const signing = {
  kind: 'signing',
  ceremonyId,
  name: 'R. Santos',
  description: 'Amoxicillin 500 mg by mouth three times a day, 21 capsules, for Orla Testcase',
  application: 'Larkfield Chart',
  again: false,
  wrongBadge: false,
  leftMs: 60_000,
  ...digits,
} as const
/** As many as a site may have, and as long as a site would word them. */
const reasons = [
  'A patient needs help this minute',
  'I am called in to a patient who is not on my list',
  'I stand in for a colleague who is away or at another patient',
  'I do not have my badge with me',
  'A patient was moved here and the papers are not',
  'A result came that cannot wait for the one it is for',
  'The network is away and a patient waits',
  'Something else',
].map((label, at, { length }) => ({
  code: `reason-${String(at)}`,
  label,
  asksNote: at === length - 1,
}))
const pin = {
  kind: 'pin',
  tapId,
  again: false,
  isEmergency: false,
  errands: [],
  ...digits,
} as const
const leaving = { kind: 'leaving', name: 'R. Santos' } as const
const witnessing = {
  kind: 'witnessing',
  tapId,
  again: false,
  isAsking: false,
  leftMs: 90_000,
} as const
const locked = { kind: 'locked', maySayWrong: false, hasErrands: false } as const
const errand = {
  kind: 'errand',
  errand: 'enrol',
  tapId,
  isAsking: false,
  isSecond: false,
  again: false,
  leftMs: 60_000,
  ...digits,
} as const
const scenes: readonly (readonly [name: string, scene: Scene, around?: Partial<Surroundings>])[] = [
  ['locked', locked],
  ['locked-errands', { ...locked, hasErrands: true }],
  [
    'refused-unknown',
    { kind: 'refused', errands: ['enrol'], code: 'badge-unknown', quote: 'K7P-2XM' },
  ],
  [
    'choosing-errand',
    {
      kind: 'choosing-errand',
      errands: ['change-pin', 'new-pin', 'lost', 'found'],
      leftMs: 30_000,
    },
  ],
  ['errand-asking', { ...errand, isAsking: true }],
  ['errand-own-badge', { ...errand, errand: 'found', step: 'badge' }],
  ['errand-witness', { ...errand, step: 'witness-badge' }],
  ['errand-witness-or-account', { ...errand, step: 'witness-badge', offersAccount: true }],
  [
    'errand-account-unreachable',
    {
      ...{ ...errand, step: 'witness-badge', offersAccount: true, again: true },
      flaw: 'account-unreachable',
    },
  ],
  ['errand-sign-in', { ...errand, step: 'sign-in', leftMs: 170_000 }],
  ['errand-witness-second', { ...errand, step: 'witness-badge', isSecond: true, again: true }],
  ['errand-witness-pin', { ...errand, step: 'witness-pin', name: 'C. Vandersteen' }],
  ['errand-number', { ...errand, step: 'number', again: true }],
  ['errand-confirm', { ...errand, step: 'confirm', name: 'Maximiliane Wolkenstein-Trostburg' }],
  [
    'errand-confirm-badge',
    { ...errand, step: 'confirm', byBadge: 'witness', name: 'Maximiliane Wolkenstein-Trostburg' },
  ],
  [
    'errand-confirm-own',
    { ...errand, step: 'confirm', byBadge: 'own', name: 'Maximiliane Wolkenstein-Trostburg' },
  ],
  ['errand-pin', { ...errand, step: 'pin', again: true, triesLeft: 1 }],
  ['errand-new-pin', { ...errand, errand: 'new-pin', step: 'new-pin', flaw: 'pin-guessable' }],
  ['errand-done', { kind: 'errand-done', errand: 'loaner', lastsMs: 28_800_000 }],
  ['locked-alone', locked, { ...cutOff, isAlone: true }],
  ['locked-down', locked, { ...cutOff, reader: 'unplugged' }],
  [
    'locked-idle',
    { kind: 'locked', maySayWrong: true, hasErrands: false, notice: { kind: 'idle' } },
  ],
  [
    'locked-lost',
    { kind: 'locked', maySayWrong: true, hasErrands: false, notice: { kind: 'reader-lost' } },
    { reader: 'unplugged' },
  ],
  ['locked-noted', { ...locked, notice: { kind: 'wrong-noted' } }],
  ['moved', { ...locked, notice: { kind: 'moved', to: 'Pharmacy, counter 1' } }],
  ['checking', { kind: 'checking', tapId, what: 'badge' }],
  ['pin', { ...pin, name: 'R. Santos' }],
  ['pin-again', { ...pin, name: 'R. Santos', again: true, triesLeft: 2 }],
  ['pin-alone', { ...pin, name: 'R. Santos' }, { ...cutOff, isAlone: true }],
  ['pin-emergency', { ...pin, isEmergency: true, again: true, triesLeft: 2 }],
  ['reasons', { kind: 'choosing-reason', reasons, leftMs: 60_000 }],
  ['reasons-few', { kind: 'choosing-reason', reasons: reasons.slice(0, 3), leftMs: 60_000 }],
  ['identifying', { kind: 'identifying', leftMs: 45_000 }],
  ['witnessing', { ...witnessing, name: 'R. Santos' }],
  ['witnessing-again', { ...witnessing, again: true }],
  ['witnessing-asking', { ...witnessing, isAsking: true }],
  ['opening', { kind: 'opening', name: 'R. Santos', stage: 'sign-in-sent' }],
  ['open', { kind: 'open', name: 'R. Santos', role: 'nurse', movedFrom: '4 West, station 1' }],
  ['leaving', { ...leaving, because: 'idle', leftMs: 15_000 }],
  ['leaving-tap-out', { ...leaving, because: 'tap-out', leftMs: 3000 }],
  ['handing-over', { kind: 'handing-over', name: 'R. Santos', leftMs: 10_000 }],
  ['refused', { kind: 'refused', errands: [], code: 'role-not-in-zone', quote: 'K4T-9WM' }],
  ['refused-never', { kind: 'refused', errands: [], code: 'emergency-never', quote: 'K4T-9WM' }],
  [
    'refused-wait',
    { kind: 'refused', errands: [], code: 'pin-locked', quote: 'K4T-9WM', retryAfterMs: 30_000 },
  ],
  ['signing-badge', { ...signing, step: 'badge' }],
  ['signing-pin', { ...signing, step: 'pin' }],
]
/** Run in the page: how far it overflows, inside and out, and its smallest target, in CSS pixels. */
const measure = `({
  overlap: Math.max(
    document.querySelector('.head').getBoundingClientRect().bottom -
      document.querySelector('main > *').getBoundingClientRect().top,
    document.querySelector('main > *').getBoundingClientRect().bottom -
      document.querySelector('.foot').getBoundingClientRect().top),
  tooWide: document.documentElement.scrollWidth - innerWidth,
  tooHigh: document.documentElement.scrollHeight - innerHeight,
  smallest: Math.min(1000, ...[...document.querySelectorAll('button, input')].map((button) =>
    Math.min(button.offsetWidth, button.offsetHeight))),
})`
const measured = z.object({
  overlap: z.number(),
  tooWide: z.number(),
  tooHigh: z.number(),
  smallest: z.number(),
})
/** Run in the page: each sentence of ours goes on for as much again; a site's own are its own. */
const lengthen = `{
  const words = document.createTreeWalker(document.getElementById('screen'), NodeFilter.SHOW_TEXT)
  const before = []
  while (words.nextNode()) {
    const { data, parentElement } = words.currentNode
    if (data.length < 3 || parentElement.closest('.reason, .signed-text, .place, svg')) continue
    before.push([words.currentNode, data])
    words.currentNode.data = data + data.slice(-Math.ceil(data.length * 0.4))
  }
  globalThis.restoreWords = () => before.forEach(([node, data]) => { node.data = data })
}`
const sizes = [
  [1280, 800],
  [1920, 1080],
  [1080, 1920],
  [1024, 600],
  [640, 400],
] as const

describe.runIf(chromiumPath !== undefined)('the lock screen', () => {
  let browser: Browser
  let screen: ScreenPort
  const inputs: ScreenInput[] = []
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
    })
    screen = await openScreen({
      folder: new URL('../../dist/screen', import.meta.url).pathname,
      port: 0,
      language: '',
      log: quiet,
    })
    screen.onInput((input) => inputs.push(input))
  }, 30_000)
  afterAll(async () => {
    await browser.close()
    await screen.close()
  })

  async function openPage(language: string, scheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({ colorScheme: scheme, reducedMotion: 'reduce' })
    context.setDefaultTimeout(4000)
    const page = await context.newPage()
    await page.goto(`${screen.url}&language=${language}`)
    return page
  }

  async function show(page: Page, scene: Scene, around: Surroundings = well): Promise<void> {
    const view: ScreenView = { scene, surroundings: around }
    screen.show(view)
    await page.waitForSelector(`[data-scene="${scene.kind}"]`)
    // Two pictures of one kind look alike to the selector; the frame after the newest is drawn.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))')
  }

  for (const language of ['en', 'de']) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`says every scene in ${language}, ${scheme}, without an axe violation`, async () => {
        const page = await openPage(language, scheme)
        await page.evaluate(axeSource)
        for (const [name, scene, around] of scenes) {
          await show(page, scene, { ...well, ...around })
          const violations = await page.evaluate(
            `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
               .then((result) => result.violations.map(({ id }) => id))`,
          )
          expect(violations, name).toEqual([])
        }
        await page.context().close()
      }, 120_000)
    }
  }

  it('fits every size without scrolling, with targets large enough for gloves', async () => {
    const page = await openPage('de', 'light')
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const [name, scene, around] of scenes) {
        await show(page, scene, { ...well, ...around })
        const at = `${name} ${String(width)}x${String(height)}`
        const box = measured.parse(await page.evaluate(measure))
        if (picturesFolder !== undefined) {
          await page.screenshot({ path: `${picturesFolder}/${at.replace(' ', '-')}.png` })
        }
        expect(box.overlap, at).toBeLessThanOrEqual(0)
        expect(box.tooWide, at).toBeLessThanOrEqual(0)
        // 640x400 is 1280x800 at 200 % zoom: there WCAG allows one direction of scrolling.
        if (height > 400) expect(box.tooHigh, at).toBeLessThanOrEqual(0)
        expect(box.smallest, at).toBeGreaterThanOrEqual(64)
      }
    }
    await page.context().close()
  }, 120_000)

  it('breaks nothing where words are four tenths longer', async () => {
    const page = await openPage('en', 'light')
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const [name, scene, around] of scenes) {
        await show(page, scene, { ...well, ...around })
        const at = `${name} ${String(width)}x${String(height)}`
        await page.evaluate(lengthen)
        const box = measured.parse(await page.evaluate(measure))
        await page.evaluate('restoreWords()')
        expect(box.overlap, at).toBeLessThanOrEqual(0)
        expect(box.tooWide, at).toBeLessThanOrEqual(0)
        if (height > 400) expect(box.tooHigh, at).toBeLessThanOrEqual(0)
      }
    }
    await page.context().close()
  }, 120_000)

  it('keeps emergency access at one place, and small beside what to do', async () => {
    const page = await openPage('en', 'light')
    const places = new Set<string>()
    for (const scene of [
      locked,
      pin,
      { kind: 'refused', errands: [], code: 'role-not-in-zone' },
    ] as const) {
      await show(page, scene)
      places.add(JSON.stringify(await page.getByTestId('emergency').boundingBox()))
    }
    expect(places.size).toBe(1)
    for (const [scene, around] of [
      [{ ...pin, isEmergency: true }, {}],
      [{ ...leaving, because: 'idle', leftMs: 15_000 }, {}],
      [locked, { hasEmergency: false }],
    ] as const) {
      await show(page, scene, { ...well, ...around })
      expect(await page.getByTestId('emergency').count()).toBe(0)
    }
    await page.context().close()
  })

  it('leaves the processor to the chart: what moves is drawn a few times a second', async () => {
    const page = await (await browser.newContext({ reducedMotion: 'no-preference' })).newPage()
    await page.goto(screen.url)
    for (const [name, scene, around] of scenes) {
      await show(page, scene, { ...well, ...around })
      expect(await page.evaluate('document.getAnimations().length'), name).toBe(0)
    }
    for (const [scene, moving] of [
      [locked, '.mark'],
      [{ kind: 'opening', name: 'R. Santos', stage: 'sign-in-sent' }, '.bar'],
    ] as const) {
      await show(page, scene)
      const before = await page.getAttribute(moving, 'class')
      await expect
        .poll(() => page.getAttribute(moving, 'class'), { timeout: 10_000 })
        .not.toBe(before)
    }
    await page.context().close()
  }, 90_000)

  it('takes a PIN from the keyboard and from the pad, and draws no digit', async () => {
    const page = await openPage('en', 'light')
    await show(page, pin)
    inputs.length = 0
    await page.keyboard.type('1357')
    for (const digit of ['9', '2', '4', '6']) {
      await page.getByRole('button', { name: digit, exact: true }).click()
    }
    expect(await page.textContent('body')).not.toContain('13579246')
    await page.keyboard.press('Enter')
    await expect.poll(() => inputs).toEqual([{ kind: 'pin-entered', tapId, pin: '13579246' }])
    await page.context().close()
  })

  it('lets the secret out of the address as soon as it is read', async () => {
    const page = await openPage('en', 'light')
    await show(page, locked)
    expect(page.url()).not.toContain('secret')
    await page.context().close()
  })

  describe('refuses', () => {
    const origin = (): string => new URL(screen.url).origin
    const address = (): string => `${origin().replace('http', 'ws')}/screen`

    /** What a socket gets before it is cut: pictures, or nothing. */
    function attempt(headers: Record<string, string>, first: string): Promise<string[]> {
      return new Promise((resolve) => {
        const got: string[] = []
        const socket = new WebSocket(address(), { headers })
        socket.on('open', () => {
          socket.send(first)
        })
        socket.on('message', (data: Buffer) => got.push(data.toString('utf8')))
        socket.on('error', () => undefined)
        socket.on('close', () => {
          resolve(got)
        })
      })
    }

    const guess = JSON.stringify({ kind: 'hello', secret: 'A'.repeat(43) })
    const own = (): string =>
      JSON.stringify({
        kind: 'hello',
        secret: new URLSearchParams(new URL(screen.url).hash.slice(1)).get('secret'),
      })

    it('a program that guesses the secret', async () => {
      expect(await attempt({ origin: origin() }, guess)).toEqual([])
    })
    it('another origin, even with the right secret', async () => {
      expect(await attempt({ origin: 'http://evil.example' }, own())).toEqual([])
    })
    it('no origin at all, even with the right secret', async () => {
      expect(await attempt({}, own())).toEqual([])
    })
    it('a rebound host name, even with the right secret', async () => {
      expect(await attempt({ origin: origin(), host: 'evil.example' }, own())).toEqual([])
    })
    it('an act before the hello', async () => {
      const act = JSON.stringify({ kind: 'pin-entered', tapId, pin: '12345678' })
      inputs.length = 0
      expect(await attempt({ origin: origin() }, act)).toEqual([])
      expect(inputs).toEqual([])
    })
    it('another page of the same machine, by script and by frame', async () => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.route('http://elsewhere.test/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>elsewhere</title>' }),
      )
      await page.goto('http://elsewhere.test/')
      // As text: the test runner rewrites names inside functions, which the page does not know.
      const script = await page.evaluate(`new Promise((resolve) => {
        const socket = new WebSocket(${JSON.stringify(address())})
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
      })`)
      expect(script).toBe('refused')
      const framed = await page.evaluate(`new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.onload = () => resolve(frame.contentDocument === null ? 'blocked' : frame.contentDocument.title)
        frame.src = ${JSON.stringify(origin())}
        document.body.append(frame)
      })`)
      expect(framed).not.toBe('Wardkey')
      await context.close()
    })
    it('paths that are not the page’s', async () => {
      for (const path of ['/../package.json', '/..%2fpackage.json', '/main.tsx', '/screen']) {
        expect((await fetch(`${origin()}${path}`)).status, path).toBe(404)
      }
    })
    it('methods other than GET', async () => {
      expect((await fetch(origin(), { method: 'POST' })).status).toBe(404)
    })
    it('more strangers than it keeps waiting, while its own window goes on', async () => {
      const waiting = Array.from({ length: 20 }, () => {
        const socket = new WebSocket(address(), { headers: { origin: origin() } })
        socket.on('error', () => undefined)
        return socket
      })
      const page = await openPage('en', 'light').catch(() => undefined)
      for (const socket of waiting) socket.terminate()
      if (page) {
        await show(page, locked)
        await page.context().close()
      }
      expect(page).toBeDefined()
    })
  })
})
