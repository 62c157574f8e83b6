// The console, from npm start: the offices sign in by the hospital's own sign-in, see who is there or
// only that somebody is, lock a screen, and each look at a person is in the record.

import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../demo/src/hospital.ts'
import { DemoHospital } from '../kit/demo-hospital.ts'

const executablePath = process.env['WARDKEY_HAS_CHROMIUM']
const [rosa] = people
const west = 0
const seenMs = { timeout: 30_000 }

describe.runIf(executablePath !== undefined)('the offices', () => {
  let hospital: DemoHospital
  let browser: Browser
  let context: BrowserContext | undefined
  const blocked: string[] = []
  beforeAll(async () => {
    hospital = await DemoHospital.open()
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--disable-quic', '--no-first-run'],
    })
    if (!rosa) throw new Error('there is nobody')
    await hospital.signIn(west, rosa)
  }, 180_000)
  afterEach(async () => {
    await context?.close()
    expect(blocked).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
  }, 120_000)

  const consoleUrl = (): string => {
    const url = new URL(hospital.url)
    url.port = String(Number(url.port) + 2)
    return `${url.origin}/console/`
  }

  /** In a browser of her own, as far as the first page. */
  async function signIn(office: string): Promise<Page> {
    context = await browser.newContext()
    const page = await context.newPage()
    page.on('console', (line) => {
      if (/Content Security Policy/i.test(line.text())) blocked.push(line.text())
    })
    await page.goto(`${consoleUrl()}sign-in`)
    await page.getByText(office, { exact: true }).click()
    await page.getByRole('heading', { name: 'Who is on the floor?' }).waitFor(seenMs)
    return page
  }

  it('compliance sees who is there and how that is known, and the record says that it looked', async () => {
    const page = await signIn('Compliance')
    await page.getByText('Rosa Santos-Example').first().waitFor(seenMs)
    await page.getByText(/badge tapped, \d+ %/).waitFor(seenMs)
    const signed = await hospital.fact('CON-001')
    expect(signed.fields).toMatchObject({ roles: 'compliance' })
    const by = `person ${signed.person ?? ''}`
    await hospital.until(() => hospital.facts.some(({ fields }) => fields?.['by'] === by), 'a look')
    await page.getByRole('button', { name: 'Sign out' }).or(page.getByText('Sign out')).click()
    await hospital.fact('CON-002')
  }, 90_000)

  it('IT sees that somebody is there, and not who', async () => {
    const page = await signIn('IT')
    await page.getByText('Somebody').first().waitFor(seenMs)
    expect(await page.content()).not.toMatch(/Santos|badge tapped/)
    const refused = await page.evaluate(async () => (await fetch('/admin/v1/people')).status)
    expect(refused).toBe(403)
  }, 90_000)

  it('the service desk locks the screen, and she taps back', async () => {
    const page = await signIn('Service desk')
    await page.getByText('4 West, station 2').click()
    await page.getByRole('button', { name: /^Lock/ }).last().click()
    await page
      .getByRole('dialog')
      .or(page.getByRole('alertdialog'))
      .getByRole('button', { name: /^Lock/ })
      .last()
      .click()
    const locked = await hospital.fact('SES-003')
    expect(locked.fields).toMatchObject({ by: expect.stringMatching(/^person /) })
    await hospital.around(west, ({ phase }) => phase === 'locked')
    await new Promise((resolve) => setTimeout(resolve, 2500))
    hospital.tap(west, rosa?.uid ?? '')
    await hospital.around(west, ({ phase }) => phase === 'open')
  }, 120_000)
})
