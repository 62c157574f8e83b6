// The chart in a real browser: accessible, within its own content security policy, never wider than
// the screen, signed across two origins, and gone when its session is. Needs Chromium.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { as, freshAcr, person, startChart, type ChartUnderTest } from './kit/chart-under-test.ts'
import type { Conduct } from './kit/real-provider.ts'

const executablePath = '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const name = 'Rosa Santos'

const views: [string, BrowserContextOptions][] = [
  ['light', { viewport: { width: 1280, height: 800 } }],
  ['dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['on a cart', { viewport: { width: 1024, height: 600 } }],
  ['at 200 %', { viewport: { width: 640, height: 400 } }],
  ['on a phone', { viewport: { width: 390, height: 844 } }],
]

let chart: ChartUnderTest
let browser: Browser

const violations = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
})

/** What is wrong with this page: broken rules of axe, and anything wider than the screen. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const run = 'axe.run(document, { resultTypes: ["violations"] })'
  const found = violations.parse(await page.evaluate(run)).violations
  const wide = z
    .number()
    .parse(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  const rules = found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
  return wide > 0 ? [...rules, `${String(wide)} px too wide`] : rules
}

async function withPage(options: BrowserContextOptions, use: (page: Page) => Promise<void>) {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      // A refusal’s status is logged as an error too; it is meant.
      if (message.type() === 'error' && !/status of 40[34]/.test(message.text())) {
        complaints.push(message.text())
      }
    })
    await use(page)
    expect(complaints).toEqual([])
  } finally {
    await context.close()
  }
}

describe.skipIf(!existsSync(executablePath))('the chart in a browser', () => {
  beforeAll(async () => {
    chart = await startChart(as(person(name, 'nurse')))
    // The sandbox needs a user of its own, which a test run as root does not have.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await chart.stop()
  })

  it.each(views)('breaks no rule of axe and fits, %s', { timeout: 60_000 }, async (_name, view) => {
    const look: [Conduct, string[]][] = [
      [
        as(person(name, 'nurse')),
        ['/wards/4-west', '/patients/ines-placeholder', '/patients/nobody'],
      ],
      [
        as(person(name, 'physician')),
        ['/wards', '/patients/orla-testcase', '/patients/hedda-specimen'],
      ],
      [as(person(name, 'pharmacist')), ['/pharmacy/verification']],
      [as(person(name, 'nurse', 'BTG')), ['/patients/casper-imaginary']],
      [{ kind: 'refuse', error: 'login_required' }, ['/']],
    ]
    for (const [conduct, paths] of look) {
      chart.provider.conduct = conduct
      await withPage(view, async (page) => {
        for (const path of paths) {
          await page.goto(`${chart.ehr.url}${path}`)
          expect([path, await faults(page)]).toEqual([path, []])
        }
      })
    }
  })

  it(
    'goes to the provider and back when a prescription is signed',
    { timeout: 60_000 },
    async () => {
      await withPage({}, async (page) => {
        chart.provider.conduct = as(person(name, 'physician'))
        await page.goto(`${chart.ehr.url}/patients/bertram-sample`)
        chart.provider.conduct = as(person(name, 'physician'), freshAcr)
        await page.getByTestId('sign-prescription').click()
        await page.getByTestId('signed-by').waitFor()
        expect(await page.getByTestId('signed-by').innerText()).toMatch(
          /Signed by Rosa Santos at \d\d:\d\d:\d\d with badge and PIN/,
        )
        await page.getByText('What the sign-in service vouched for').click()
        expect(await page.getByText(freshAcr).isVisible()).toBe(true)
        expect(await faults(page)).toEqual([])
      })
    },
  )

  it(
    'leaves the screen by itself when its session ends elsewhere',
    { timeout: 60_000 },
    async () => {
      await withPage({}, async (page) => {
        chart.provider.conduct = as(person(name, 'nurse'))
        await page.goto(`${chart.ehr.url}/patients/orla-testcase`)
        const other = await page.context().newPage()
        await other.goto(`${chart.provider.issuer}/session/end`)
        await other.locator('button[name=logout]').click()
        await page.waitForURL(`${chart.ehr.url}/notice/ended`)
        expect(await page.content()).not.toContain('Testcase')
      })
    },
  )

  it(
    'shows the next person, not “signed out”, when she signs in over the last',
    { timeout: 60_000 },
    async () => {
      await withPage({}, async (page) => {
        chart.provider.conduct = as(person(name, 'nurse'))
        await page.goto(chart.ehr.url)
        await page.goto(`${chart.ehr.url}/login`)
        await page.getByTestId('chart-user').waitFor()
        expect(new URL(page.url()).pathname).toBe('/wards/4-west')
      })
    },
  )
})
