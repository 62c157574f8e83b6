// What the service desk does about somebody's badges in the console, in a real browser against
// invented answers: lost, found, suspended, lent.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'
import { idOf, personIdOf } from './kit/invented-hospital.ts'

describe.skipIf(chromiumPath === undefined)('somebody’s badges', () => {
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

  const press = async (page: Page, label: string): Promise<void> => {
    await page.click(`.wk-badges .wk-act > button:has-text("${label}")`)
    await page.click(`dialog >> button:has-text("${label}")`)
    await page.waitForSelector('dialog', { state: 'detached' })
  }

  it('are reported lost and found, and a loaner ends, each after one question', async () => {
    let page = await at.open(`people?open=${personIdOf(0)}`)
    await press(page, 'Report lost')
    await press(page, 'Found')
    page = await at.open(`people?open=${personIdOf(1)}`)
    await page.waitForSelector('text=It works again by itself when the loaner ends.')
    expect(await page.locator('.wk-badges >> text=Report lost').count()).toBe(0)
    await press(page, 'End loaner')
    expect(kit.acts.map(({ what, body }) => [what, body])).toEqual([
      [`PATCH /admin/v1/badges/${idOf(5, 1)}`, { status: 'lost' }],
      [`PATCH /admin/v1/badges/${idOf(5, 2)}`, { status: 'active' }],
      [`PATCH /admin/v1/badges/${idOf(5, 4)}`, { status: 'expired' }],
    ])
  })

  it('are given back once asked, and by nobody to herself', async () => {
    const page = await at.open(`people?open=${personIdOf(2)}`)
    await page.click('text=Give it back')
    await page.waitForSelector('dialog:has-text("know who stands there")')
    expect(kit.acts).toEqual([])
    await page.click('dialog >> text=Give it back')
    await page.waitForSelector('[role=status]:has-text("Given back")')
    expect(kit.acts).toMatchObject([{ body: { status: 'active' } }])
    await at.go(page, `people?open=${personIdOf(40)}`)
    await page.waitForSelector('.wk-badges li')
    expect(await page.locator('.wk-badges button:has-text("Give it back")').count()).toBe(0)
    expect(await page.locator('.wk-badges button:has-text("Found")').count()).toBe(0)
  })
})
