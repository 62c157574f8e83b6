// A ward's time line in a real browser, with so many people at once that most rows lie below the
// edge: what is drawn is what is seen; keys, table, file and paper have all of it.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath, looks } from './kit/console-browser.ts'
import type { View } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'

const path = 'timeline?zoneId=4-west&from=2026-11-25T07:00Z&to=2026-11-26T07:00Z'
const views: readonly View[] = [['timeline-crowded', path]]

describe.skipIf(chromiumPath === undefined)('a crowded time line', () => {
  let at: ConsoleBrowser
  let kit: ConsoleKit

  beforeAll(async () => {
    at = await ConsoleBrowser.launch()
  })
  afterAll(() => at.close())
  beforeEach(async () => {
    kit = await at.begin()
    kit.turn.visits = 500
    kit.turn.lasts = 60
  })
  afterEach(async () => {
    expect(at.complaints).toEqual([])
    await at.end()
  })

  const blocks = (page: Page) => page.locator('.wk-block')
  /** Each row that lies, even in part, in what is seen of the chart has something drawn in it. */
  const seenRows = (page: Page): Promise<readonly [seen: number, filled: number]> =>
    page.evaluate(`(() => {
      const box = document.querySelector('.wk-chart').getBoundingClientRect()
      const tops = [...document.querySelectorAll('.wk-block > rect')]
        .map((rect) => Math.round(rect.getBoundingClientRect().top))
      const lines = new Set(tops.filter((top) => top + 17 > box.top && top < box.bottom))
      return [Math.floor(box.height / 20), lines.size]
    })()`)

  it.each(looks)('has no axe violation, $scheme at $width', async (look) => {
    expect(await at.flawsByView(look, views)).toEqual({})
  })

  it('draws what is seen, wherever it is scrolled to, and the rest not', async () => {
    const page = await at.open(path)
    await blocks(page).first().waitFor()
    const here = await blocks(page).count()
    const scroll = (to: string): Promise<unknown> =>
      page.evaluate(`document.querySelector('.wk-chart').scrollTop = ${to}`)
    for (const part of [0, 0.3, 0.6, 1]) {
      await scroll(`${String(part)} * document.querySelector('.wk-chart').scrollHeight`)
      // Heads of lanes and the room between them are rows without anything.
      const isFull = async () => {
        const [seen, filled] = await seenRows(page)
        return filled > seen - 6
      }
      await expect.poll(isFull).toBe(true)
      expect(await blocks(page).count()).toBeLessThan(1200)
    }
    expect(here).toBeGreaterThan(50)
  })
  it('goes on paper whole', async () => {
    const page = await at.open(path)
    await blocks(page).first().waitFor()
    const seen = await blocks(page).count()
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => blocks(page).count()).toBeGreaterThan(1900)
    await page.emulateMedia({ media: 'screen' })
    await expect.poll(() => blocks(page).count()).toBe(seen)
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`)
    expect(await blocks(page).count()).toBeGreaterThan(1900)
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`)
    await expect.poll(() => blocks(page).count()).toBe(seen)
  })
  it('is walked through by keys in its order, whether drawn or not, and told', async () => {
    const page = await at.open(path)
    await page.focus('.wk-plot-room')
    const told = new Set<string>()
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('p')
      await expect.poll(() => told.has(page.url())).toBe(false)
      told.add(page.url())
      await page.waitForSelector('.wk-selected')
    }
    expect(told.size).toBe(12)
  })
  it('is in the table and its file whole', async () => {
    const page = await at.open(`${path}&view=table`)
    await page.waitForSelector('.wk-table-bar >> text=2000 rows')
    const download = page.waitForEvent('download')
    await page.click('text=CSV of 2000 rows')
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines).toHaveLength(2001)
  })
})
