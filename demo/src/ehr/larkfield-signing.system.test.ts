// Signing and being signed out, against a real oidc-provider on loopback: what makes a signature,
// what keeps a draft a draft, what ends a session. Needs no browser.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBrowser, type Browser, type Page } from './kit/browser.ts'
import {
  as,
  formToken,
  freshAcr,
  person,
  shown,
  startChart,
  whoami,
  type ChartUnderTest,
} from './kit/chart-under-test.ts'
import type { Conduct, Person } from './kit/real-provider.ts'

const nurse = person('Rosa Santos', 'nurse')
const practitioner = person('Imani Okafor', 'nurse-practitioner')
const pharmacist = person('Pauli Lindqvist', 'pharmacist')
const draft = 'order-orla-testcase-4'

let chart: ChartUnderTest
let browser: Browser

const start = async (): Promise<void> => {
  chart = await startChart(as(nurse))
}
const stop = (): Promise<void> => chart.stop()
const open = (path: string): Promise<Page> => browser.open(`${chart.ehr.url}${path}`)

async function signInAs(who: Person, path = '/'): Promise<Page> {
  browser = createBrowser()
  chart.provider.conduct = as(who)
  return open(path)
}

describe('“Sign prescription”', () => {
  beforeEach(start)
  afterEach(stop)
  const refused = (page: Page): string | undefined => /data-reason="([^"]+)"/.exec(page.text)?.[1]

  async function signing(conduct: Conduct): Promise<Page> {
    const page = await open('/patients/orla-testcase')
    chart.provider.conduct = conduct
    return browser.submit(`${chart.ehr.url}/orders/${draft}/sign`, { form_token: formToken(page) })
  }
  async function stillDraft(): Promise<void> {
    const page = await signInAs(practitioner, '/patients/orla-testcase')
    expect(page.text).toContain('data-testid="sign-prescription"')
    expect(page.text).not.toContain('data-testid="signed-by"')
  }

  it('asks for badge and PIN over this very order, and signs it', async () => {
    await signInAs(practitioner)
    const page = await signing(as(practitioner, freshAcr))
    expect(new URL(page.url).pathname).toBe('/patients/orla-testcase')
    expect(shown(page, 'signed-by')).toMatch(
      /^Signed by Imani Okafor at \d\d:\d\d:\d\d with badge and PIN$/,
    )
    const asked = chart.provider.asked.at(-1)
    expect(asked).toMatchObject({
      acr: freshAcr,
      prompt: 'login',
      pushed: true,
      details: [
        {
          type: 'wardkey_signature',
          description: 'Sign: amoxicillin 500 mg capsule, 15 capsules, for Orla Testcase',
          hash_alg: 'sha-256',
        },
      ],
    })
    const [detail] = asked?.details as [{ hash: string }]
    expect(page.text).toContain(detail.hash)
    const queue = await signInAs(pharmacist)
    expect(queue.text).toContain('Amoxicillin 500 mg capsule')
  })

  it.each<[string, Conduct, string]>([
    ['an ordinary sign-in', as(practitioner), 'too-weak'],
    [
      'a sign-in of a minute ago',
      { ...as(practitioner, freshAcr), atS: Math.floor(Date.now() / 1000) - 60 },
      'not-fresh',
    ],
    [
      'a confirmation that names no order',
      { ...as(practitioner, freshAcr), echo: [] },
      'not-bound',
    ],
    [
      'a confirmation of another order',
      {
        ...as(practitioner, freshAcr),
        echo: [{ type: 'wardkey_signature', hash: 'x'.repeat(43), hash_alg: 'sha-256' }],
      },
      'not-bound',
    ],
    ['a cancelled signature', { kind: 'refuse', error: 'access_denied' }, 'cancelled'],
    ['a locked screen', { kind: 'refuse', error: 'login_required' }, 'screen-locked'],
    [
      'a provider that cannot',
      { kind: 'refuse', error: 'unmet_authentication_requirements' },
      'not-possible-here',
    ],
  ])('keeps the draft after %s', async (_name, conduct, reason) => {
    await signInAs(practitioner)
    const page = await signing(conduct)
    expect(page.status).toBe(403)
    expect(refused(page)).toBe(reason)
    expect(page.text).toContain('Not signed.')
    expect(page.url).not.toMatch(/code=|state=/)
    await stillDraft()
  })

  it('is nobody else’s to do: another badge signs nothing and ends the chart', async () => {
    await signInAs(practitioner)
    browser.forget((name) => !name.startsWith('larkfield_'))
    const page = await signing(as(nurse, freshAcr))
    expect(refused(page)).toBe('another-person')
    expect(await whoami(browser, chart.ehr)).toMatchObject({ signedIn: false })
    await stillDraft()
  })

  it('is refused without the form of this session’s own page', async () => {
    await signInAs(practitioner)
    const page = await open('/patients/orla-testcase')
    const address = `${chart.ehr.url}/orders/${draft}/sign`
    const asked = chart.provider.asked.length
    for (const [form, origin] of [
      [{}, chart.ehr.url],
      [{ form_token: 'guess' }, chart.ehr.url],
      [{ form_token: formToken(page) }, 'http://127.0.0.1:9'],
      [{ form_token: formToken(page) }, 'null'],
    ] as const) {
      const page = await browser.submit(address, form, origin)
      expect(page.status).toBe(403)
      expect(page.text).toContain('data-notice="form-stale"')
    }
    expect((await createBrowser().submit(address, { form_token: formToken(page) })).status).toBe(
      403,
    )
    expect(chart.provider.asked).toHaveLength(asked)
  })

  it('is not for pharmacists, not for controlled substances, and not twice', async () => {
    const list = await signInAs(pharmacist)
    const post = (order: string, form_token: string): Promise<Page> =>
      browser.submit(`${chart.ehr.url}/orders/${order}/sign`, { form_token })
    const asked = (): number => chart.provider.asked.length
    const before = asked()
    expect((await post(draft, formToken(list))).text).toContain('data-notice="not-yours"')
    expect(asked()).toBe(before)
    await signInAs(practitioner)
    const page = await open('/patients/orla-testcase')
    const after = asked()
    for (const order of ['order-hedda-specimen-2', 'no-such-order']) {
      expect((await post(order, formToken(page))).text).toContain('data-notice="not-yours"')
    }
    expect(asked()).toBe(after)
    await signing(as(practitioner, freshAcr))
    const signed = asked()
    expect(refused(await post(draft, formToken(page)))).toBe('already-signed')
    expect(asked()).toBe(signed)
  })
})

describe('back-channel logout', () => {
  beforeEach(start)
  afterEach(stop)

  async function logOutAtProvider(): Promise<void> {
    const page = await browser.open(`${chart.provider.issuer}/session/end`)
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    await browser.submit(`${chart.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' })
  }

  it('ends the session, tells the open page, and takes its token once', async () => {
    await signInAs(nurse)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const events = await fetch(`${chart.ehr.url}/session/events`, { headers: { cookie } })
    const told = events.text()
    await logOutAtProvider()
    expect(await told).toContain('event: ended')
    expect(await whoami(browser, chart.ehr)).toEqual({
      signInReady: true,
      signedIn: false,
    })
    const [logout_token = ''] = chart.provider.sentLogouts
    const again = await createBrowser().submit(`${chart.ehr.url}/backchannel-logout`, {
      logout_token,
    })
    expect(again.status).toBe(400)
    expect(again.headers.get('cache-control')).toBe('no-store')
    chart.provider.conduct = { kind: 'refuse', error: 'login_required' }
    expect((await open('/patients/orla-testcase')).text).toContain('Your screen is locked.')
  })

  it('leaves others signed in', async () => {
    await signInAs(pharmacist)
    const other = browser
    await signInAs(nurse)
    await logOutAtProvider()
    const page = await other.open(`${chart.ehr.url}/whoami`)
    expect(JSON.parse(page.text)).toMatchObject({ signedIn: true, sub: 'p-pharmacist' })
  })

  it('refuses what is no token of the provider', async () => {
    await signInAs(nurse)
    const send = (form: Record<string, string>): Promise<Page> =>
      createBrowser().submit(`${chart.ehr.url}/backchannel-logout`, form)
    for (const form of [{}, { logout_token: '' }, { logout_token: 'a.b.c' }]) {
      expect((await send(form)).status).toBe(400)
    }
    expect(await whoami(browser, chart.ehr)).toMatchObject({ signedIn: true })
  })
})
