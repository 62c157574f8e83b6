// The pages of what people and programs may beyond their roles, in a real browser against invented
// answers: exceptions and tokens, in both colours and sizes by axe, by keys, and what they refuse.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConsoleBrowser, chromiumPath, looks } from './kit/console-browser.ts'
import type { View } from './kit/console-browser.ts'
import type { ConsoleKit } from './kit/console-server.ts'
import { idOf, personIdOf } from './kit/invented-hospital.ts'

const views: readonly View[] = [
  ['exceptions', 'people?show=exceptions'],
  ['exception', `people?show=exceptions&open=${idOf(9, 1)}`],
  ['exception-over', `people?show=exceptions&open=${idOf(9, 4)}`],
  ['exception-new', 'people?show=exceptions&open=new'],
  ['tokens', 'policy?show=tokens'],
  ['tokens-filtered', 'policy?show=tokens&filter=may~scim'],
]

describe.skipIf(chromiumPath === undefined)('pages of exceptions and tokens', () => {
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

  /** Presses what acts, and says yes to its question. */
  const press = async (page: Page, label: string): Promise<void> => {
    await page.locator(`.wk-act > button:has-text("${label}")`).first().click()
    await page.click(`dialog >> button:has-text("${label}")`)
    await page.waitForSelector('dialog', { state: 'detached' })
  }

  it.each(looks)(
    'have no axe violation, $scheme at $width',
    async (look) => {
      expect(await at.flawsByView(look, views)).toEqual({})
    },
    240_000,
  )

  describe('an exception', () => {
    it('is approved by somebody else than who asked, by keys alone', async () => {
      const page = await at.open('people?show=exceptions')
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
      const page = await at.open(`people?show=exceptions&open=${idOf(9, 1)}`)
      await press(page, 'Approve it')
      await page.waitForSelector('dd:has-text("holds")')
      await page.waitForSelector('.wk-panel h2:focus')
      await page.keyboard.press('Escape')
      await page.waitForSelector('.wk-panel', { state: 'detached' })
    })

    it('is not decided by who asked for it, nor by who may only look', async () => {
      const page = await at.open(`people?show=exceptions&open=${idOf(9, 2)}`)
      await page.waitForSelector('text=You asked for this: somebody else decides.')
      expect(await page.locator('text=Approve it').count()).toBe(0)
      kit.turn.roles = ['compliance']
      await at.go(page, `people?show=exceptions&open=${idOf(9, 1)}`)
      await page.waitForSelector('text=An administrator who did not ask for it may decide.')
      expect(await page.locator('text=Ask for an exception').count()).toBe(0)
      await at.go(page, 'people?show=exceptions&open=new')
      expect(await page.locator('.wk-panel').count()).toBe(0)
    })

    it('is ended before its time, and says how many screens lock', async () => {
      const page = await at.open(`people?show=exceptions&open=${idOf(9, 3)}`)
      await press(page, 'End it now')
      await expect
        .poll(() => kit.acts.map(({ what }) => what))
        .toEqual([`POST /admin/v1/exceptions/${idOf(9, 3)}/end`])
      await page.waitForSelector('dd:has-text("over")')
    })

    it('is asked for with all that it needs, and not without', async () => {
      const page = await at.open('people?show=exceptions')
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
      const page = await at.open('people?show=exceptions')
      await page.waitForSelector('text=Find by name or role')
      expect(await page.locator('text=Exceptions').count()).toBe(0)
      kit.turn.roles = ['administrator']
      kit.turn.isDown = true
      await at.go(page, 'people?show=exceptions')
      await page.waitForSelector('.wk-trouble >> text=not-ready')
    })
  })

  describe('tokens', () => {
    it('are taken back, each after one question', async () => {
      const page = await at.open('policy?show=tokens')
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
      const page = await at.open('policy?show=tokens')
      const waiting = page.locator('section:has(h2:text-is("Asked for by somebody"))')
      const given = page.locator('section:has(h2:text-is("In use"))')
      await waiting.locator('td >> text=Approve').first().waitFor()
      await given.locator('td >> text=Take it back').first().waitFor()
      expect(await waiting.locator('text=ward-report').count()).toBe(0)
    })

    it('are sorted and filtered apart from those that wait, each by a link', async () => {
      const page = await at.open('policy?show=tokens')
      const waiting = page.locator('section:has(h2:text-is("Asked for by somebody"))')
      const given = page.locator('section:has(h2:text-is("In use"))')
      const rows = await given.locator('tbody tr').count()
      await waiting.locator('text=Filter columns').click()
      expect(await given.locator('text=Without filters').count()).toBe(0)
      await waiting.locator('thead input').first().fill('nothing-is-called-that')
      await waiting.locator('text=No row has that').waitFor()
      expect(await given.locator('tbody tr').count()).toBe(rows)
      const { searchParams } = new URL(page.url())
      expect(searchParams.get('filterAbove')).toContain('nothing-is-called-that')
      expect(searchParams.get('filter')).toBeNull()
      await at.go(page, `policy${new URL(page.url()).search}`)
      await waiting.locator('text=No row has that').waitFor()
      expect(await given.locator('tbody tr').count()).toBe(rows)
    })

    it('are not shown to others than administrators', async () => {
      kit.turn.roles = ['compliance', 'it']
      const page = await at.open('policy?show=tokens')
      await page.waitForSelector('text=Version')
      expect(await page.locator('text=ward-report').count()).toBe(0)
      expect(await page.locator('.wk-tabs >> text=Tokens').count()).toBe(0)
    })

    it('go into a file as they are shown, without what they are', async () => {
      const page = await at.open('policy?show=tokens')
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
