// The page of access reviews in a real browser where a review is longer than a page: what is shown
// of it and what is said of the rest, by keys alone; and a file of the whole of it.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath, looks } from './kit/console-browser.ts'
import type { View } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'
import { idOf, personIdOf, personOf } from './kit/invented-hospital.ts'

const long = `access-reviews?review=${idOf(5, 2)}`
const views: readonly View[] = [
  ['access-review-long', long],
  ['access-review-sorted', `${long}&sort=-who&filter=what~role`],
  ['access-review-state', `${long}&state=undecided`],
  ['access-review-person', `${long}&person=${personIdOf(3)}`],
  ['access-review-none', `${long}&state=revoked`],
  ['access-review-linked', `${long}&open=${idOf(6, 420)}`],
]

describe.skipIf(chromiumPath === undefined)('a long access review in the console', () => {
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
    expect(at.complaints).toEqual([])
    await at.end()
  })

  const rowsOf = (page: Page): Promise<number> => page.locator('tbody tr').count()
  const saved = async (page: Page, button: string): Promise<readonly string[]> => {
    const download = page.waitForEvent('download')
    await page.click(`button:has-text("${button}")`)
    return readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n')
  }

  it.each(looks)(
    'has no axe violation, $scheme at $width',
    async (look) => {
      expect(await at.flawsByView(look, views)).toEqual({})
    },
    120_000,
  )

  it('says how much of it is here, and shows the rest when it is asked for, by keys', async () => {
    const page = await at.open(long)
    await page.waitForSelector('text=200 of 430 rows')
    for (const said of ['400 of 430 rows', '430 rows']) {
      await page.focus('button:has-text("Show more rows")')
      await page.keyboard.press('Enter')
      await page.waitForSelector(`.wk-table-bar >> text="${said}"`)
    }
    expect(await rowsOf(page)).toBe(430)
    await page.waitForSelector('.wk-table-room:focus')
    expect(await page.locator('text=Show more rows').count()).toBe(0)
  })
  it('is written to a file whole, also where only its first page is here', async () => {
    const page = await at.open(long)
    const lines = await saved(page, 'CSV of all 430 rows')
    expect(lines).toHaveLength(431)
    expect(await rowsOf(page)).toBe(200)
    await at.go(page, `${long}&filter=what~badge`)
    await page.waitForSelector('text=66 of the 200 rows that are here; 430 in all')
    expect(await saved(page, 'CSV of all that fit')).toHaveLength(1 + 143)
  })
  it('is asked for by state and by whose it is, and both stand in the address', async () => {
    const page = await at.open(long)
    await page.selectOption('.wk-field:has-text("Which entries") select', 'certified')
    await page.waitForSelector('.wk-table-bar >> text="71 rows"')
    expect(page.url()).toContain('state=certified')
    await page.focus('text=Of one person')
    await page.keyboard.press('Enter')
    await page.getByLabel('Of whom').fill(personOf(5).name.family)
    await page.locator('.wk-buttons-row button').first().press('Enter')
    await expect.poll(() => page.url()).toContain(`person=${personIdOf(5)}`)
    await page.waitForSelector('.wk-table-bar >> text="1 row"')
    await page.selectOption('.wk-field:has-text("Which entries") select', 'revoked')
    await page.waitForSelector('text=Nothing in this review is like that.')
    await page.selectOption('.wk-field:has-text("Review") select', idOf(5, 0))
    await page.waitForSelector('.wk-table-bar >> text="18 rows"')
    expect(page.url()).not.toContain('person=')
  })
  it('opens an entry that a colleague has a link to, though it is on no page here', async () => {
    const page = await at.open(`${long}&open=${idOf(6, 420)}`)
    await page.waitForSelector('aside h2:focus')
    await page.waitForSelector('aside >> text=Ward 4 West')
    expect(await rowsOf(page)).toBe(200)
    await at.go(page, `${long}&open=${idOf(6, 999)}`)
    await page.waitForSelector('aside [role="alert"]')
    expect(kit.acts).toEqual([])
  })
})
