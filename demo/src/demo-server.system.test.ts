// The demo's page in a real browser, with nobody behind it: what a press on a workstation's screen
// says, wherever the page is scrolled to. Needs Chromium.

import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../test/kit/processes/program.ts'
import type { PageMessage } from './demo-messages.ts'
import { openDemoServer } from './demo-server.ts'
import type { DemoServer } from './demo-server.ts'

const executablePath = process.env['WARDKEY_HAS_CHROMIUM']
const built = fileURLToPath(new URL('../dist', import.meta.url))
const stations = [{ place: '4 West, station 2', hasBrowser: true }]

describe.runIf(executablePath !== undefined)('a press on a screen of the page', () => {
  const heard: PageMessage[] = []
  let browser: Browser
  let server: DemoServer
  let page: Page
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '' })
    const [port = 0] = await freePorts(1)
    server = await openDemoServer({
      port,
      folder: built,
      onPage: (message) => heard.push(message),
      onWatchers: () => undefined,
      greeting: () => [{ kind: 'welcome', consoleUrl: '', stations, vkey: '' }],
    })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1024, height: 500 } })
    await page.goto(server.url)
    await page.getByTestId('screen-0').waitFor()
  })
  afterEach(() => page.close())

  /** Pressed where the screen stands now; what was said of it is in screens, from 0 to 1. */
  async function pressed(x: number, y: number): Promise<object[]> {
    heard.length = 0
    const box = await page.getByTestId('screen-0').boundingBox()
    if (!box) throw new Error('there is no screen')
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y)
    const pointer = () => heard.filter((message) => message.kind === 'pointer')
    await expect.poll(() => pointer().length).toBe(3)
    return pointer().map((said) => ({ act: said.act, x: round(said.x), y: round(said.y) }))
  }
  const round = (share: number): number => Math.round(share * 50) / 50
  async function scrollTo(part: 'start' | 'end'): Promise<void> {
    await page.evaluate('scrollTo(0, 0)')
    const box = await page.getByTestId('screen-0').boundingBox()
    if (!box) throw new Error('there is no screen')
    const top = part === 'start' ? box.y - 300 : box.y + box.height - 200
    await page.evaluate(`scrollTo(0, ${String(Math.round(top))})`)
  }

  it.each([
    ['its upper part is out of sight', 'end', 0.9, 0.9],
    ['its lower part is out of sight', 'start', 0.1, 0.1],
  ] as const)('is said where it was made, and the page stays: %s', async (_, part, x, y) => {
    // The badge was the last thing touched: the screen has not the keyboard.
    await page.getByTestId('reader-0').click()
    await scrollTo(part)
    const scrolled = await page.evaluate('scrollY')
    expect(scrolled).toBeGreaterThan(0)
    const where = ['moved', 'pressed', 'released'].map((act) => ({ act, x, y }))
    expect(await pressed(x, y)).toEqual(where)
    expect(await page.evaluate('scrollY')).toBe(scrolled)
    // The second one is no different.
    expect(await pressed(x, y)).toEqual(where)
  })

  it('takes the keyboard with it', async () => {
    await page.getByTestId('reader-0').click()
    await scrollTo('end')
    await pressed(0.9, 0.9)
    await page.keyboard.press('7')
    await expect.poll(() => heard.at(-1)).toMatchObject({ kind: 'key', act: 'up', key: '7' })
  })
})
