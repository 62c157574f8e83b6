// What the pages of the console look like where there is little or much to show: on the first day
// each says what to do, and at the smallest supported width the inventory fits its room.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'

const pages: readonly (readonly [path: string, toDo: string])[] = [
  ['policy?show=tokens', 'wardkey-broker token ask'],
  ['policy?show=tokens', 'wardkey-broker token add'],
  ['policy?show=streams', 'come with the settings of the broker'],
  ['workstations', 'Make a token for its zone'],
  ['workstations?show=tokens', 'enters it at the workstation'],
  ['people', 'People come from HR'],
  ['people?show=exceptions', 'ask for one here'],
  ['alerts', 'it appears here'],
  ['access-reviews?show=tasks', 'appears here until HR'],
]

describe.skipIf(chromiumPath === undefined)('pages of the console', () => {
  let at: ConsoleBrowser
  let kit: ConsoleKit
  let page: Page

  beforeAll(async () => {
    at = await ConsoleBrowser.launch()
  })
  afterAll(() => at.close())
  beforeEach(async () => {
    kit = await at.begin()
    page = await at.open('')
  })
  afterEach(() => at.end())

  it('say what to do where there is nothing yet', async () => {
    kit.turn.isEmpty = true
    for (const [path, toDo] of pages) {
      await page.goto(kit.url + path)
      await page.locator('.wk-empty', { hasText: toDo }).waitFor()
    }
  }, 120_000)

  it('do not say so where there is something', async () => {
    await page.goto(`${kit.url}workstations`)
    await page.waitForSelector('.wk-row')
    expect(await page.locator('.wk-empty').count()).toBe(0)
  })

  it('show the whole inventory at 1280 without moving sideways', async () => {
    await page.goto(`${kit.url}workstations`)
    await page.waitForSelector('th:has-text("Asset")')
    const over = await page
      .locator('.wk-table-room')
      .evaluate((room) => room.scrollWidth - room.clientWidth)
    expect(over).toBe(0)
  })
})
