// The pages of what the house holds to and keeps, in a real browser against invented answers: keys,
// in both colours and sizes by axe, by keys, and what they refuse.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath, flawsOf, keepPicture, looks } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'

const views: readonly (readonly [name: string, path: string])[] = [
  ['keys', 'keys'],
  ['keys-wrong', 'keys?filter=state~soon'],
]

describe.skipIf(chromiumPath === undefined)('pages of rules and record', () => {
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

  const textOfFile = async (page: Page, button: string): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)])
    return readFileSync(await download.path(), 'utf8')
  }

  it.each(looks)(
    'have no axe violation, $scheme at $width',
    async (look) => {
      const page = await at.openAs(look)
      for (const [name, path] of views) {
        await at.go(page, path)
        expect(await flawsOf(page), name).toEqual([])
        await keepPicture(page, name, look)
      }
    },
    240_000,
  )

  describe('keys', () => {
    it('say how many need a hand, and of one what is wrong and what to do, by keys alone', async () => {
      const page = await at.open('keys')
      await page.waitForSelector('strong:text-is("2 need a hand.")')
      await page.locator('.wk-row-open:has-text("Workstation authority")').focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('.wk-panel h2:has-text("Workstation authority"):focus')
      await page.waitForSelector('.wk-panel >> text=nothing takes its place by itself')
      await page.waitForSelector(`.wk-panel >> text=${'c7'.repeat(32)}`)
      expect(await flawsOf(page)).toEqual([])
      const link = page.url()
      await page.keyboard.press('Escape')
      await page.waitForSelector('.wk-panel', { state: 'detached' })
      await page.goto(link)
      await page.waitForSelector('.wk-panel h2:has-text("Workstation authority")')
    })

    it('name the command that changes one, and change nothing themselves', async () => {
      const page = await at.open('keys')
      await page.click('.wk-row-open:has-text("Record signing") >> nth=0')
      await page.waitForSelector('.wk-panel code:text-is("wardkey-broker keys rotate record")')
      expect(await page.locator('main .wk-act').count()).toBe(0)
      expect(kit.acts).toEqual([])
    })

    it('go into a file whole, with their ids', async () => {
      const page = await at.open('keys')
      const text = await textOfFile(page, 'text=/CSV of \\d+ rows/')
      expect(text).toContain('c7'.repeat(32))
      expect(text).toContain('wardkey-broker keys rotate record')
    })

    it('are not shown to whoever may not, and say so where there are none or no broker', async () => {
      kit.turn.roles = ['privacy', 'manager', 'service-desk']
      const page = await at.open('keys')
      await page.waitForSelector('text=It is for compliance, it or administrator.')
      expect(await page.locator('nav >> text=Keys').count()).toBe(0)
      kit.turn.roles = ['it']
      kit.turn.isEmpty = true
      await at.go(page, 'keys')
      await page.waitForSelector('.wk-empty >> text=wardkey-broker keys check')
      kit.turn.isDown = true
      await at.go(page, 'keys')
      await page.waitForSelector('.wk-trouble >> text=not-ready')
    })
  })

  describe('the rail', () => {
    it('has them in a group of their own, which is reached by keys and fits the window', async () => {
      const page = await at.open('')
      const group = page.getByRole('list', { name: 'Rules & record' })
      expect(await group.getByRole('link').allTextContents()).toEqual(
        expect.arrayContaining(['Keys']) as string[],
      )
      await group.getByRole('link', { name: 'Keys' }).focus()
      await page.keyboard.press('Enter')
      await page.waitForSelector('h1:has-text("Which key changes when?"):focus')
      const hidden = await page.evaluate<number>(
        "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.wk-rail'))",
      )
      expect(hidden).toBeLessThanOrEqual(0)
    })

    it('is known to the command bar, tabs and all', async () => {
      const page = await at.open('')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('keys')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/keys')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('evidence')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/policy?show=evidence')
    })
  })
})
