// The evidence for auditors, in a real browser against invented answers: asked for by one button,
// watched and fetched, by keys, in both colours and sizes by axe, and what it refuses.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath, looks } from './kit/console-browser.ts'
import type { View } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'
import { idOf } from './kit/invented-hospital.ts'

const days = 'from=2026-07-01&to=2026-09-30&purpose=external-audit'
const asked = `policy?show=evidence&${days}`
const making = `${asked}&making=${idOf(8, 1)}`
const views: readonly (readonly [
  name: string,
  path: string,
  turn: ConsoleKit['turn']['evidence'],
])[] = [
  ['evidence', 'policy?show=evidence', 'gathering'],
  ['evidence-gathering', making, 'gathering'],
  ['evidence-ready', making, 'ready'],
  ['evidence-failed', making, 'failed'],
  ['evidence-gone', making, 'unknown'],
]

describe.skipIf(chromiumPath === undefined)('the page of the evidence', () => {
  let at: ConsoleBrowser
  let kit: ConsoleKit

  beforeAll(async () => {
    at = await ConsoleBrowser.launch()
  })
  afterAll(() => at.close())
  beforeEach(async () => {
    kit = await at.begin()
  })
  afterEach(async () => {
    await at.end()
    expect(at.complaints).toEqual([])
  })

  const button = (page: Page) => page.locator('button:has-text("Make the evidence archive")')
  const orders = () => kit.acts.filter(({ what }) => what === 'POST /admin/v1/evidence')

  it.each(looks)(
    'has no axe violation, $scheme at $width',
    async (look) => {
      const turned = views.map(([name, path, turn]): View => {
        const before = (): void => {
          kit.turn.evidence = turn
        }
        return [name, path, before]
      })
      expect(await at.flawsByView(look, turned)).toEqual({})
    },
    240_000,
  )

  it('is asked for by keys alone, watched, and fetched when somebody says so', async () => {
    const page = await at.open('policy?show=evidence')
    expect(await button(page).isDisabled()).toBe(true)
    await page.getByLabel('What it is for').focus()
    await page.keyboard.type('an external')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('text=81\u202f500 of 200\u202f001 entries of the record read.')
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('81500')
    const from = expect.stringMatching(/^\d{4}-(01|04|07|10)-01$/) as string
    expect(orders()).toMatchObject([{ body: { from, purpose: 'external-audit' } }])
    expect(new URL(page.url()).searchParams.get('making')).toBe(idOf(8, 1))
    kit.turn.evidence = 'ready'
    await page.waitForSelector('text=The archive is ready.')
    const fetch = page.locator('button:has-text("Download the archive")')
    await fetch.focus()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ])
    expect(download.suggestedFilename()).toBe('wardkey-evidence-2026-07-01-2026-09-30.zip')
    expect(readFileSync(await download.path(), 'utf8')).toBe('an archive that was never made')
    await page.waitForSelector('text=Downloaded.')
  })

  it('is followed by its link, with the days and the purpose that it was asked for', async () => {
    kit.turn.evidence = 'ready'
    const page = await at.open(making)
    await page.waitForSelector('text=The archive is ready.')
    expect(await page.getByLabel('First day').inputValue()).toBe('2026-07-01')
    expect(await page.getByLabel('Last day').inputValue()).toBe('2026-09-30')
    expect(await page.getByLabel('What it is for').inputValue()).toBe('external-audit')
    expect(kit.acts).toEqual([])
  })

  it('is not asked for with days that are none, and says what to change', async () => {
    const page = await at.open(asked)
    expect(await button(page).isEnabled()).toBe(true)
    for (const [from, to, says] of [
      ['2026-07-01', '2026-06-30', 'before the first'],
      ['2025-01-01', '2026-06-30', 'choose 400 at most'],
      ['2999-01-01', '2999-01-02', 'still to come'],
      ['', '2026-06-30', 'Choose a first and a last day'],
    ] as const) {
      await page.getByLabel('First day').fill(from)
      await page.getByLabel('Last day').fill(to)
      await page.waitForSelector(`text=${says}`)
      expect(await button(page).isDisabled(), says).toBe(true)
      await page.getByLabel('Last day').press('Enter')
    }
    expect(kit.acts).toEqual([])
  })

  it('is asked for once, however often the broker was away meanwhile', async () => {
    const page = await at.open(asked)
    const isLost = (on: boolean) =>
      on
        ? page.route('**/admin/v1/evidence', (route) => route.abort())
        : page.unroute('**/admin/v1/evidence')
    const keys: (string | undefined)[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') keys.push(request.headers()['idempotency-key'])
    })
    await isLost(true)
    await button(page).click()
    await page.waitForSelector('.wk-trouble >> text=broker-unreachable')
    await isLost(false)
    await button(page).click()
    await page.waitForSelector('text=entries of the record read.')
    expect(await page.locator('.wk-trouble').count()).toBe(0)
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
    // What is asked for after it came is another one.
    await button(page).click()
    await expect.poll(() => keys.length).toBe(3)
    expect(keys[2]).not.toBe(keys[0])
  })

  it('says what to do where it failed, is gone, or is not to be had any more', async () => {
    kit.turn.evidence = 'failed'
    const page = await at.open(making)
    await page.waitForSelector('.wk-trouble >> text=evidence-not-ready')
    expect(await page.locator('text=Download the archive').count()).toBe(0)
    kit.turn.evidence = 'unknown'
    await at.go(page, making)
    await page.waitForSelector('.wk-trouble >> text=not-found')
    kit.turn.evidence = 'ready'
    await at.go(page, making)
    kit.turn.evidence = 'unknown'
    await page.click('text=Download the archive')
    await page.waitForSelector('.wk-trouble >> text=not-found')
    expect(await button(page).isEnabled()).toBe(true)
  })

  it('is not shown to whoever may not make it, and says whom to ask', async () => {
    kit.turn.roles = ['administrator', 'it']
    const page = await at.open(making)
    await page.waitForSelector('text=Your account may not see this part of the page.')
    await page.waitForSelector('text=It is for compliance.')
    expect(await button(page).count()).toBe(0)
    expect(await page.locator('.wk-tabs >> text=Evidence').count()).toBe(0)
  })

  it('is begun only by the button: opening its tab asks the broker nothing', async () => {
    const page = await at.open('policy')
    const paths: string[] = []
    page.on('request', (request) => paths.push(new URL(request.url()).pathname))
    await page.click('.wk-tabs >> text=Evidence')
    await page.waitForSelector('text=Evidence for an auditor')
    expect(paths.filter((path) => path.startsWith('/admin/v1/evidence'))).toEqual([])
    expect(kit.acts).toEqual([])
  })
})
