// The chart against a real oidc-provider on loopback: who lands where, what is signed, what ends a
// session, and what is refused. Opens sockets on loopback; needs no browser.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createBrowser, type Browser, type Page } from './kit/browser.ts'
import {
  startRealProvider,
  type Conduct,
  type Person,
  type RealProvider,
} from './kit/real-provider.ts'
import { startEhr, type RunningEhr } from './server.ts'

const client = { clientId: 'larkfield-chart', clientSecret: 'a-made-up-secret-of-32-characters' }
const ordinary = 'urn:wardkey:acr:badge-pin'
const fresh = 'urn:wardkey:acr:badge-pin-fresh'
const draft = 'order-orla-testcase-4'

function person(sub: string, name: string, role: string, zone = '4-west'): Person {
  const pharmacy = zone === 'pharmacy'
  const zone_kind = pharmacy ? 'pharmacy' : 'nurse-station'
  const workstation = pharmacy ? 'Pharmacy, bench 1' : '4 West, station 2'
  return { sub, claims: { name, role, zone, zone_kind, workstation, purpose: 'TREAT' } }
}

const nurse = person('p-nurse', 'Rosa Santos', 'nurse')
const practitioner = person('p-np', 'Imani Okafor', 'nurse-practitioner')
const pharmacist = person('p-ph', 'Pauli Lindqvist', 'pharmacist', 'pharmacy')

const as = (who: Person, acr = ordinary): Extract<Conduct, { kind: 'sign-in' }> => ({
  kind: 'sign-in',
  person: who,
  acr,
  amr: ['user', 'pin'],
})

let ehr: RunningEhr
let provider: RealProvider
let browser: Browser

async function start(): Promise<void> {
  const rising = await startRealProvider(as(nurse))
  ehr = await startEhr({ port: 0, issuer: rising.issuer, ...client })
  provider = await rising.serve({ ...client, origin: () => ehr.url })
}

async function stop(): Promise<void> {
  await ehr.close()
  await provider.close()
}

const open = (path: string): Promise<Page> => browser.open(`${ehr.url}${path}`)

function field(page: Page): string {
  return /name="form_token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}

/** The text of the element with this test id, without tags. */
function shown(page: Page, id: string): string | undefined {
  const found = new RegExp(`data-testid="${id}"[^>]*>([\\s\\S]*?)</(?:p|strong|span)>`).exec(
    page.text,
  )
  return found?.[1]
    ?.replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

async function signInAs(who: Person, path = '/'): Promise<Page> {
  browser = createBrowser()
  provider.conduct = as(who)
  return open(path)
}

describe('a sign-in', () => {
  beforeAll(start)
  afterAll(stop)

  it('brings the nurse to the list of her ward, and says who, where, since when and how', async () => {
    const page = await signInAs(nurse)
    expect(page.status).toBe(200)
    expect(new URL(page.url).pathname).toBe('/wards/4-west')
    expect(page.text).toContain('data-testid="patient-list"')
    expect(shown(page, 'chart-user')).toBe('Rosa Santos')
    expect(shown(page, 'chart-role')).toBe('Nurse')
    expect(shown(page, 'chart-place')).toBe('4 West, station 2')
    expect(shown(page, 'chart-since')).toMatch(/^Since \d\d:\d\d, badge and PIN$/)
  })

  it('brings the pharmacist to the verification queue', async () => {
    const page = await signInAs(pharmacist)
    expect(new URL(page.url).pathname).toBe('/pharmacy/verification')
    expect(page.text).toContain('data-testid="verification-queue"')
    expect(shown(page, 'chart-user')).toBe('Pauli Lindqvist')
  })

  it('leads back to the page that was asked for', async () => {
    const page = await signInAs(nurse, '/patients/orla-testcase')
    expect(new URL(page.url).pathname).toBe('/patients/orla-testcase')
    expect(page.text).not.toContain('data-testid="sign-prescription"')
  })

  it('says that the screen is locked when the provider answers login_required', async () => {
    browser = createBrowser()
    provider.conduct = { kind: 'refuse', error: 'login_required' }
    const page = await open('/')
    expect(page.status).toBe(403)
    expect(page.text).toContain('Your screen is locked.')
    expect(page.text).toContain('Tap your badge at the workstation.')
    expect(page.url).not.toContain('code=')
    expect(await open('/whoami')).toMatchObject({ text: '{"signInReady":true,"signedIn":false}' })
  })

  it('opens nothing for claims that are not complete', async () => {
    const page = await signInAs({ sub: 'p', claims: { ...nurse.claims, purpose: 'OTHER' } })
    expect(page.text).toContain('data-notice="failed"')
  })

  it('shows nothing to a role that treats nobody', async () => {
    const page = await signInAs(person('p-reg', 'Rui Almeida', 'registrar'))
    expect(page.status).toBe(403)
    expect(page.text).toContain('data-notice="nothing-here"')
    expect((await open('/patients/orla-testcase')).status).toBe(403)
  })

  it('is for its own browser alone: an answer taken elsewhere signs nobody in', async () => {
    browser = createBrowser()
    provider.conduct = as(nurse)
    const lured = createBrowser()
    const asked = await fetch(`${ehr.url}/login`, { redirect: 'manual' })
    const answer = await lured.open(asked.headers.get('location') ?? '')
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('data-notice="expired"')
    expect([...lured.cookies.keys()]).not.toContain('larkfield_session')
  })

  it('starts only at the provider that is ours', async () => {
    browser = createBrowser()
    const page = await open('/login?iss=https%3A%2F%2Fevil.example')
    expect(page.status).toBe(400)
    const own = await open(`/login?iss=${encodeURIComponent(provider.issuer)}`)
    expect(own.status).toBe(200)
  })

  it('leaves a cookie that scripts and other sites do not get', async () => {
    const asked = await fetch(`${ehr.url}/login`, { redirect: 'manual' })
    const [cookie = ''] = asked.headers.getSetCookie()
    expect(cookie).toMatch(/^larkfield_browser=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/)
  })
})

describe('every answer', () => {
  beforeAll(start)
  afterAll(stop)

  it('forbids scripts, styles and frames of others, and is kept by nobody', async () => {
    const { headers } = await signInAs(nurse)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain(`form-action 'self' ${provider.issuer}`)
    expect(policy).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('comes only under the own name', async () => {
    const { port } = new URL(ehr.url)
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      const headers = { host: `rebound.example:${port}` }
      request({ port, host: '127.0.0.1', path: '/whoami', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).end()
    })
    expect(status).toBe(421)
  })

  it('tells a person only about her own session', async () => {
    await signInAs(nurse)
    const page = await open('/whoami')
    expect(JSON.parse(page.text)).toEqual({ signInReady: true, signedIn: true, sub: 'p-nurse' })
  })

  it('gives a patient by FHIR to who may see the chart, and to nobody else', async () => {
    await signInAs(nurse)
    const own = await open('/fhir/Patient/orla-testcase')
    expect(own.headers.get('content-type')).toContain('application/fhir+json')
    expect(JSON.parse(own.text)).toMatchObject({ resourceType: 'Patient', id: 'orla-testcase' })
    expect((await open('/fhir/Patient/casper-imaginary')).status).toBe(403)
    expect((await open('/fhir/Patient/nobody')).status).toBe(404)
    expect((await fetch(`${ehr.url}/fhir/Patient/orla-testcase`)).status).toBe(401)
  })

  it('keeps a nurse out of other wards and of the queue', async () => {
    await signInAs(nurse)
    for (const path of ['/wards/5-east', '/patients/casper-imaginary', '/pharmacy/verification']) {
      const page = await open(path)
      expect([path, page.status]).toEqual([path, 403])
    }
    expect((await open('/patients/%3Cscript%3E')).status).toBe(404)
    expect((await open('/wards/9-north')).status).toBe(404)
  })
})

describe('“Sign prescription”', () => {
  beforeEach(start)
  afterEach(stop)
  const refused = (page: Page): string | undefined => /data-reason="([^"]+)"/.exec(page.text)?.[1]

  async function signing(conduct: Conduct): Promise<Page> {
    const chart = await open('/patients/orla-testcase')
    provider.conduct = conduct
    return browser.submit(`${ehr.url}/orders/${draft}/sign`, { form_token: field(chart) })
  }
  async function stillDraft(): Promise<void> {
    const page = await signInAs(practitioner, '/patients/orla-testcase')
    expect(page.text).toContain('data-testid="sign-prescription"')
    expect(page.text).not.toContain('data-testid="signed-by"')
  }

  it('asks for badge and PIN over this very order, and signs it', async () => {
    await signInAs(practitioner)
    const page = await signing(as(practitioner, fresh))
    expect(new URL(page.url).pathname).toBe('/patients/orla-testcase')
    expect(shown(page, 'signed-by')).toMatch(
      /^Signed by Imani Okafor at \d\d:\d\d:\d\d with badge and PIN$/,
    )
    const asked = provider.asked.at(-1)
    expect(asked).toMatchObject({
      acr: fresh,
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
      { ...as(practitioner, fresh), atS: Math.floor(Date.now() / 1000) - 60 },
      'not-fresh',
    ],
    ['a confirmation that names no order', { ...as(practitioner, fresh), echo: [] }, 'not-bound'],
    [
      'a confirmation of another order',
      {
        ...as(practitioner, fresh),
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
    const page = await signing(as(nurse, fresh))
    expect(refused(page)).toBe('another-person')
    expect(JSON.parse((await open('/whoami')).text)).toMatchObject({ signedIn: false })
    await stillDraft()
  })

  it('is refused without the form of this session’s own page', async () => {
    await signInAs(practitioner)
    const chart = await open('/patients/orla-testcase')
    const address = `${ehr.url}/orders/${draft}/sign`
    const asked = provider.asked.length
    for (const [form, origin] of [
      [{}, ehr.url],
      [{ form_token: 'guess' }, ehr.url],
      [{ form_token: field(chart) }, 'http://127.0.0.1:9'],
      [{ form_token: field(chart) }, 'null'],
    ] as const) {
      const page = await browser.submit(address, form, origin)
      expect(page.status).toBe(403)
      expect(page.text).toContain('data-notice="form-stale"')
    }
    expect((await createBrowser().submit(address, { form_token: field(chart) })).status).toBe(403)
    expect(provider.asked).toHaveLength(asked)
  })

  it('is not for nurses, not for controlled substances, and not twice', async () => {
    const list = await signInAs(pharmacist)
    const post = (order: string, form_token: string): Promise<Page> =>
      browser.submit(`${ehr.url}/orders/${order}/sign`, { form_token })
    expect((await post(draft, field(list))).status).toBe(403)
    await signInAs(practitioner)
    const chart = await open('/patients/orla-testcase')
    expect((await post('order-hedda-specimen-2', field(chart))).status).toBe(403)
    expect((await post('no-such-order', field(chart))).status).toBe(403)
    await signing(as(practitioner, fresh))
    expect(refused(await post(draft, field(chart)))).toBe('already-signed')
  })
})

describe('back-channel logout', () => {
  beforeEach(start)
  afterEach(stop)

  async function logOutAtProvider(): Promise<void> {
    const page = await browser.open(`${provider.issuer}/session/end`)
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    await browser.submit(`${provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' })
  }

  it('ends the session, tells the open page, and takes its token once', async () => {
    await signInAs(nurse)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const events = await fetch(`${ehr.url}/session/events`, { headers: { cookie } })
    const told = events.text()
    await logOutAtProvider()
    expect(await told).toContain('event: ended')
    expect(JSON.parse((await open('/whoami')).text)).toEqual({
      signInReady: true,
      signedIn: false,
    })
    const [logout_token = ''] = provider.sentLogouts
    const again = await createBrowser().submit(`${ehr.url}/backchannel-logout`, { logout_token })
    expect(again.status).toBe(400)
    expect(again.headers.get('cache-control')).toBe('no-store')
    provider.conduct = { kind: 'refuse', error: 'login_required' }
    expect((await open('/patients/orla-testcase')).text).toContain('Your screen is locked.')
  })

  it('leaves others signed in', async () => {
    await signInAs(pharmacist)
    const other = browser
    await signInAs(nurse)
    await logOutAtProvider()
    const page = await other.open(`${ehr.url}/whoami`)
    expect(JSON.parse(page.text)).toMatchObject({ signedIn: true, sub: 'p-ph' })
  })

  it('refuses what is no token of the provider', async () => {
    await signInAs(nurse)
    const send = (form: Record<string, string>): Promise<Page> =>
      createBrowser().submit(`${ehr.url}/backchannel-logout`, form)
    for (const form of [{}, { logout_token: '' }, { logout_token: 'a.b.c' }]) {
      expect((await send(form)).status).toBe(400)
    }
    expect(JSON.parse((await open('/whoami')).text)).toMatchObject({ signedIn: true })
  })
})

describe('starting', () => {
  it('is up before its provider is, says so, and goes on when it comes', async () => {
    const rising = await startRealProvider(as(nurse))
    ehr = await startEhr({ port: 0, issuer: rising.issuer, ...client })
    browser = createBrowser()
    expect(JSON.parse((await open('/whoami')).text)).toEqual({
      signInReady: false,
      signedIn: false,
    })
    const early = open('/')
    provider = await rising.serve({ ...client, origin: () => ehr.url })
    expect(shown(await early, 'chart-user')).toBe('Rosa Santos')
    await stop()
  })

  it('refuses a port that is taken and settings that do not parse', async () => {
    const settings = { port: 0, issuer: 'http://127.0.0.1:9', ...client }
    const first = await startEhr(settings)
    const port = Number(new URL(first.url).port)
    await expect(startEhr({ ...settings, port })).rejects.toThrow('EADDRINUSE')
    await expect(startEhr({ ...settings, issuer: 'http://10.0.0.1' })).rejects.toThrow('issuer')
    await first.close()
  })
})
