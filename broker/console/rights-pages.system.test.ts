// The pages of what people and programs may beyond their roles, in a real browser against invented
// answers: exceptions and tokens, in both colours and sizes by axe, by keys, and what they refuse.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openConsoleKit } from './kit/console-server.ts'
import type { ConsoleKit } from './kit/console-server.ts'
import { idOf, personIdOf } from './kit/invented-hospital.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const picturesFolder = process.env['WARDKEY_PICTURES']
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
const views: readonly (readonly [name: string, path: string])[] = [
  ['exceptions', 'people?show=exceptions'],
  ['exception', `people?show=exceptions&open=${idOf(9, 1)}`],
  ['exception-over', `people?show=exceptions&open=${idOf(9, 4)}`],
  ['exception-new', 'people?show=exceptions&open=new'],
  ['tokens', 'policy?show=tokens'],
  ['tokens-filtered', 'policy?show=tokens&filter=may~scim'],
]

describe.skipIf(chromiumPath === undefined)('pages of exceptions and tokens', () => {
  let browser: Browser
  let kit: ConsoleKit
  let complaints: string[]

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    })
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    kit = await openConsoleKit()
    complaints = []
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    await kit.close()
    expect(complaints).toEqual([])
  })

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    const page = await context.newPage()
    page.on('pageerror', ({ message }) => complaints.push(message))
    await go(page, path)
    return page
  }
  const go = async (page: Page, path: string): Promise<void> => {
    await page.goto(kit.url + path)
    await page.waitForSelector('h1')
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
  }
  /** Presses what acts, and says yes to its question. */
  const press = async (page: Page, label: string): Promise<void> => {
    await page.locator(`.wk-act > button:has-text("${label}")`).first().click()
    await page.click(`dialog >> button:has-text("${label}")`)
    await page.waitForSelector('dialog', { state: 'detached' })
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1280, 800],
      [600, 960],
    ] as const) {
      it(`have no axe violation, ${scheme} at ${String(width)}`, async () => {
        const page = await open('', { colorScheme: scheme, viewport: { width, height } })
        for (const [name, path] of views) {
          await go(page, path)
          await page.evaluate(axeSource)
          const violations = await page.evaluate(
            `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
               .then(({ violations }) => violations.map(({ id, nodes }) =>
                 id + ' ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`,
          )
          expect(violations, name).toEqual([])
          expect(await page.evaluate('scrollTo(10000, 0), scrollX'), `${name} sideways`).toBe(0)
          if (picturesFolder !== undefined) {
            const file = `${picturesFolder}/console-${name}-${scheme}-${String(width)}.png`
            await page.screenshot({ path: file })
          }
        }
      }, 240_000)
    }
  }

  describe('an exception', () => {
    it('is approved by somebody else than who asked, by keys alone', async () => {
      const page = await open('people?show=exceptions')
      await page.focus('.wk-row-open')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.wk-panel h2:focus')
      await page.focus('.wk-act > button:has-text("Approve it")')
      await page.keyboard.press('Enter')
      await page.waitForSelector('dialog >> text=the role charge-nurse?')
      expect(kit.acts).toEqual([])
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.waitForSelector('dd:has-text("holds")')
      expect(kit.acts).toMatchObject([
        {
          what: `POST /admin/v1/exceptions/${idOf(9, 1)}/decision`,
          body: { outcome: 'approved' },
        },
      ])
    })

    it('leaves the focus in its panel once it is decided, so that a key closes it', async () => {
      const page = await open(`people?show=exceptions&open=${idOf(9, 1)}`)
      await press(page, 'Approve it')
      await page.waitForSelector('dd:has-text("holds")')
      await page.waitForSelector('.wk-panel h2:focus')
      await page.keyboard.press('Escape')
      await page.waitForSelector('.wk-panel', { state: 'detached' })
    })

    it('is not decided by who asked for it, nor by who may only look', async () => {
      const page = await open(`people?show=exceptions&open=${idOf(9, 2)}`)
      await page.waitForSelector('text=You asked for this: somebody else decides.')
      expect(await page.locator('text=Approve it').count()).toBe(0)
      kit.turn.roles = ['compliance']
      await go(page, `people?show=exceptions&open=${idOf(9, 1)}`)
      await page.waitForSelector('text=An administrator who did not ask for it may decide.')
      expect(await page.locator('text=Ask for an exception').count()).toBe(0)
      await go(page, 'people?show=exceptions&open=new')
      expect(await page.locator('.wk-panel').count()).toBe(0)
    })

    it('is ended before its time, and says how many screens lock', async () => {
      const page = await open(`people?show=exceptions&open=${idOf(9, 3)}`)
      await press(page, 'End it now')
      await expect
        .poll(() => kit.acts.map(({ what }) => what))
        .toEqual([`POST /admin/v1/exceptions/${idOf(9, 3)}/end`])
      await page.waitForSelector('dd:has-text("over")')
    })

    it('is asked for with all that it needs, and not without', async () => {
      const page = await open('people?show=exceptions')
      await page.click('text=Ask for an exception')
      const ask = page.locator('.wk-panel .wk-act > button')
      const choose = async (label: string, name: string): Promise<void> => {
        await page.getByLabel(label).fill(name)
        await page.click(`.wk-panel button:has-text("${name}")`)
      }
      await choose('For whom', 'Rosa Testcase 0')
      await choose('Who answers for it', 'Rosa Testcase 0')
      await page.getByLabel('A role or a zone').selectOption('zone')
      await page.getByLabel('Which zone').selectOption('icu')
      await page.getByLabel('Why, without names').fill(' Covers a night. ')
      expect(await ask.isDisabled()).toBe(true)
      await choose('Who answers for it', 'Mei Sampleson 1')
      await press(page, 'Ask for it')
      await page.waitForSelector('text=It waits for somebody else’s word')
      expect(kit.acts).toMatchObject([
        {
          what: 'POST /admin/v1/exceptions',
          body: {
            ...{ personId: personIdOf(0), ownerId: personIdOf(1), kind: 'zone', what: 'icu' },
            ...{ lastsMs: 43_200_000, reason: 'Covers a night.' },
          },
        },
      ])
    })

    it('is not shown to whoever may not look, and says so where the broker is away', async () => {
      kit.turn.roles = ['service-desk']
      const page = await open('people?show=exceptions')
      await page.waitForSelector('text=Find by name or role')
      expect(await page.locator('text=Exceptions').count()).toBe(0)
      kit.turn.roles = ['administrator']
      kit.turn.isDown = true
      await go(page, 'people?show=exceptions')
      await page.waitForSelector('.wk-trouble >> text=not-ready')
    })
  })

  describe('tokens', () => {
    it('are taken back, each after one question', async () => {
      const page = await open('policy?show=tokens')
      await page.waitForSelector('text=rests: its maker did not sign in for 30 days')
      await page.locator('tr:has-text("ward-report") >> text=Take it back').click()
      await page.waitForSelector('dialog >> text=Take back the token ward-report?')
      await page.keyboard.press('Escape')
      expect(kit.acts).toEqual([])
      await page.locator('tr:has-text("ward-report") >> text=Take it back').click()
      await page.click('dialog >> button:has-text("Take it back")')
      await page.locator('tr:has-text("ward-report")').waitFor({ state: 'detached' })
      expect(kit.acts).toMatchObject([
        { what: `POST /admin/v1/tokens/${'b'.repeat(64)}/revocation` },
      ])
    })

    it('that wait and those that are stand under headings of their own', async () => {
      const page = await open('policy?show=tokens')
      const waiting = page.locator('section:has(h2:text-is("Asked for by somebody"))')
      const given = page.locator('section:has(h2:text-is("In use"))')
      await waiting.locator('td >> text=Approve').first().waitFor()
      await given.locator('td >> text=Take it back').first().waitFor()
      expect(await waiting.locator('text=ward-report').count()).toBe(0)
    })

    it('are not shown to others than administrators', async () => {
      kit.turn.roles = ['compliance', 'it']
      const page = await open('policy?show=tokens')
      await page.waitForSelector('text=Version')
      expect(await page.locator('text=ward-report').count()).toBe(0)
      expect(await page.locator('.wk-tabs >> text=Tokens').count()).toBe(0)
    })

    it('go into a file as they are shown, without what they are', async () => {
      const page = await open('policy?show=tokens')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click('text=CSV of 3 rows'),
      ])
      const text = readFileSync(await download.path(), 'utf8')
      expect(text).toContain('ward-report')
      expect(text).not.toContain('b'.repeat(64))
    })
  })
})
