// The downtime view as workstations and passers-by meet it: what opens it, what does not, and how
// it looks in a real browser. Opens sockets on loopback; the last part needs Chromium.

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { client } from './kit/chart-under-test.ts'
import { linesTo } from './log.ts'
import { startEhr, type RunningEhr } from './server.ts'

const key = 'd0wntime-key-of-4-west_d0wntime-key-of-4-west'
const older = 'the-key-before-that-one_the-key-before-that-one'
const executablePath = '/usr/bin/chromium'
const patient = 'Testcase'

let ehr: RunningEhr
let log = ''
beforeAll(async () => {
  const settings = {
    ...client,
    port: 0,
    // Nobody answers there: the view has to work all the same.
    issuer: 'http://127.0.0.1:9/oidc',
    downtime: [{ key, wards: ['4-west'] }],
  }
  ehr = await startEhr(
    settings,
    linesTo((line) => (log += line)),
  )
})
afterAll(() => ehr.close())

const ask = (init: RequestInit, path = '/downtime') =>
  fetch(`${ehr.url}${path}`, { redirect: 'manual', ...init })
const post = (form: Record<string, string>, headers: Record<string, string> = { origin: 'null' }) =>
  ask({ method: 'POST', body: new URLSearchParams(form), headers })

describe('the downtime view', () => {
  it('opens with its key, while nobody can be signed in', async () => {
    const answer = await post({ downtime_key: key })
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).toMatch(/Downtime view: read only, as of\s*<time[^>]*>\d\d:\d\d<\/time>/)
    expect(text).toContain(patient)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it.each<[string, () => Promise<Response>, number]>([
    ['no field', () => post({}), 403],
    ['an empty key', () => post({ downtime_key: '' }), 403],
    ['another key', () => post({ downtime_key: 'x'.repeat(43) }), 403],
    ['the key of before', () => post({ downtime_key: older }), 403],
    ['the key cut short', () => post({ downtime_key: key.slice(0, -1) }), 403],
    ['the key in another field', () => post({ key }), 403],
    [
      'the key in anything but a form',
      () => {
        const headers = { origin: 'null', 'content-type': 'application/json' }
        return ask({ method: 'POST', body: JSON.stringify({ downtime_key: key }), headers })
      },
      403,
    ],
    ['something beside the key', () => post({ downtime_key: key, ward: '5-east' }), 403],
    ['the key in the address', () => ask({}, `/downtime?downtime_key=${key}`), 404],
    [
      'the key in the address of a form',
      () => ask({ method: 'POST', headers: { origin: 'null' } }, `/downtime?downtime_key=${key}`),
      403,
    ],
    ['GET', () => ask({}), 404],
    ['HEAD', () => ask({ method: 'HEAD' }), 404],
    ['no origin', () => post({ downtime_key: key }, {}), 403],
    [
      'another page’s origin',
      () => post({ downtime_key: key }, { origin: 'https://evil.example' }),
      403,
    ],
    ['the chart’s own origin', () => post({ downtime_key: key }, { origin: ehr.url }), 403],
    ['a form too large', () => post({ downtime_key: key, more: 'x'.repeat(4000) }), 413],
    ['a ward of it', () => ask({}, '/downtime/4-west'), 404],
  ])('does not open with %s', async (_name, asked, status) => {
    const answer = await asked()
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toContain(patient)
  })

  it('does not open under another name', async () => {
    const { port } = new URL(ehr.url)
    const answer = await fetch(`http://localhost:${port}/downtime`, {
      method: 'POST',
      body: new URLSearchParams({ downtime_key: key }),
      headers: { origin: 'null' },
    })
    expect(answer.status).toBe(421)
  })

  it('gives nobody a way into the chart', async () => {
    await post({ downtime_key: key })
    const ward = await ask({}, '/wards/4-west')
    expect(ward.status).toBe(303)
    expect(await (await ask({}, '/whoami')).json()).toMatchObject({ signedIn: false })
  })

  it('says in the log that it was opened or refused, and neither key nor patient', () => {
    expect(log).toContain('downtime.opened')
    expect(log).toContain('"why":"key"')
    expect(log).not.toContain(key)
    expect(log).not.toContain(older)
    expect(log).not.toContain(patient)
  })

  it('is not there where settings name no key', async () => {
    const other = await startEhr({ ...client, port: 0, issuer: 'http://127.0.0.1:9/oidc' })
    const body = new URLSearchParams({ downtime_key: key })
    const headers = { origin: 'null' }
    const answer = await fetch(`${other.url}/downtime`, { method: 'POST', body, headers })
    expect(answer.status).toBe(404)
    await other.close()
  })
})

describe.skipIf(!existsSync(executablePath))('the downtime view in a browser', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const found = z.object({ violations: z.array(z.object({ id: z.string() })) })
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  }, 60_000)
  afterAll(() => browser.close())

  it.each([
    ['light', { viewport: { width: 1280, height: 800 } }],
    ['dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' as const }],
    ['on a small display', { viewport: { width: 600, height: 1024 } }],
    ['on a phone', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const }],
  ])(
    'opens from an empty page, breaks no rule of axe and fits, %s',
    { timeout: 60_000 },
    async (name, view) => {
      const context = await browser.newContext(view)
      const page = await context.newPage()
      const sent = JSON.stringify({ action: `${ehr.url}/downtime`, key })
      // As a workstation does it (agent/src/launch/web-session.ts).
      await page.evaluate(`(({ action, key }) => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = action
      const input = document.createElement('input')
      input.type = 'hidden'
      input.name = 'downtime_key'
      input.value = key
      form.append(input)
      document.documentElement.append(form)
      form.submit()
    })(${sent})`)
      await page.getByTestId('downtime').waitFor()
      expect(page.url()).toBe(`${ehr.url}/downtime`)
      expect(await page.content()).not.toContain(key)
      expect(await context.cookies()).toEqual([])
      const pictures = process.env['WARDKEY_PICTURES']
      if (pictures !== undefined)
        await page.screenshot({ path: `${pictures}/downtime ${name}.png` })
      await page.evaluate(axe)
      const run = 'axe.run(document, { resultTypes: ["violations"] })'
      expect(found.parse(await page.evaluate(run)).violations).toEqual([])
      const wide = 'document.documentElement.scrollWidth - innerWidth'
      expect(await page.evaluate(wide)).toBeLessThanOrEqual(0)
      await context.close()
    },
  )
})
