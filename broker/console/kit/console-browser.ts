// The console's kit in a real browser, for as long as a test takes: its pages when they are there,
// what the browser complained of, and what axe and a ruler find. It expects nothing of a page itself.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openConsoleKit } from './console-server.ts'
import type { ConsoleKit } from './console-server.ts'

export const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const picturesFolder = process.env['WARDKEY_PICTURES']
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** How people look at a page: both colours, on a desk and on a small screen that stands. */
export const looks = (['light', 'dark'] as const).flatMap((scheme) =>
  (
    [
      [1280, 800],
      [600, 960],
    ] as const
  ).map(([width, height]) => ({ scheme, width, height })),
)
export type Look = (typeof looks)[number]

/** `before` is done just before it is opened, where it needs the kit to be so. */
export type View = readonly [name: string, path: string, before?: () => void]

export class ConsoleBrowser {
  /** Refused by the policy of contents, or thrown; of the test that runs. */
  readonly complaints: string[] = []
  readonly #browser: Browser
  #kit: ConsoleKit | undefined

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<ConsoleBrowser> {
    const args = ['--no-sandbox', '--disable-dev-shm-usage']
    return new ConsoleBrowser(await chromium.launch({ executablePath: chromiumPath ?? '', args }))
  }

  /** Another one for each test. */
  async begin(): Promise<ConsoleKit> {
    this.complaints.length = 0
    this.#kit = await openConsoleKit()
    return this.#kit
  }

  async end(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()))
    await this.#kit?.close()
  }

  close(): Promise<void> {
    return this.#browser.close()
  }

  readonly open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const viewport = { width: 1280, height: 800 }
    const context = await this.#browser.newContext({ viewport, ...options })
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => this.complaints.push(message))
    page.on('console', (said) => {
      const text = said.text()
      // The browser's own word for an answer that is no: what the page makes of it is tested.
      if (said.type() === 'error' && !text.startsWith('Failed to load resource')) {
        this.complaints.push(text)
      }
    })
    await this.go(page, path)
    return page
  }

  readonly openAs = ({ scheme, width, height }: Look): Promise<Page> =>
    this.open('', { colorScheme: scheme, viewport: { width, height } })

  /** Of each view that has flaws, which; a picture of each is kept where somebody asks for them. */
  readonly flawsByView = async (
    look: Look,
    views: readonly View[],
  ): Promise<Readonly<Record<string, readonly unknown[]>>> => {
    const page = await this.openAs(look)
    const flaws: Record<string, readonly unknown[]> = {}
    for (const [name, path, before] of views) {
      before?.()
      await this.go(page, path)
      const found = await flawsOf(page)
      if (found.length > 0) flaws[name] = found
      await keepPicture(page, name, look)
    }
    return flaws
  }

  readonly go = async (page: Page, path: string): Promise<void> => {
    await page.goto((this.#kit?.url ?? '') + path)
    await settled(page)
  }
}

/** It has its heading, and waits for no answer. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1')
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
}

/** What axe finds by WCAG 2.2 AA, and how far the page can be moved sideways, if at all. */
export async function flawsOf(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(axeSource)
  const violations = await page.evaluate<string[]>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
       .then(({ violations }) => violations.map(({ id, nodes }) =>
         id + ' ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`,
  )
  const sideways = await page.evaluate<number>('scrollTo(10000, 0), scrollX')
  return sideways === 0 ? violations : [...violations, `moves ${String(sideways)} px sideways`]
}

/** For `docs/console`, where somebody asks for pictures. */
async function keepPicture(page: Page, name: string, look: Look): Promise<void> {
  if (picturesFolder === undefined) return
  const file = `${picturesFolder}/console-${name}-${look.scheme}-${String(look.width)}.png`
  await page.screenshot({ path: file })
}
