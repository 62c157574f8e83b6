// The chart against a real oidc-provider on loopback: who lands where, what every answer carries,
// and what is refused. Opens sockets on loopback; needs no browser.

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBrowser, type Browser, type Page } from './kit/browser.ts'
import {
  as,
  client,
  person,
  shown,
  startChart,
  whoami,
  type ChartUnderTest,
} from './kit/chart-under-test.ts'
import { startRealProvider, type Person } from './kit/real-provider.ts'
import { startEhr } from './server.ts'

const nurse = person('Rosa Santos', 'nurse')
const pharmacist = person('Pauli Lindqvist', 'pharmacist')

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

describe('a sign-in', () => {
  beforeAll(start)
  afterAll(stop)

  it('brings the nurse to her ward’s list, and says who, where, since when and how', async () => {
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

  it('brings her to the chart she had open, in another browser of the same session', async () => {
    const moved = { ...nurse, claims: { ...nurse.claims, session: 's-moved' } }
    await signInAs(moved, '/patients/orla-testcase')
    const page = await signInAs(moved)
    expect(new URL(page.url).pathname).toBe('/patients/orla-testcase')
  })

  it('refuses/that chart to her next session, to a colleague, and where she may not see it', async () => {
    const before = { ...nurse, claims: { ...nurse.claims, session: 's-before' } }
    await signInAs(before, '/patients/orla-testcase')
    const next = { ...nurse, claims: { ...nurse.claims, session: 's-next' } }
    const colleague = { ...before, sub: 'p-another' }
    const away = { ...before, claims: { ...before.claims, zone: 'outpatients' } }
    for (const who of [next, colleague, away]) {
      const page = await signInAs(who)
      expect(new URL(page.url).pathname).not.toContain('/patients/')
    }
  })

  it('says that the screen is locked when the provider answers login_required', async () => {
    browser = createBrowser()
    chart.provider.conduct = { kind: 'refuse', error: 'login_required' }
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
    const page = await signInAs(person('Rui Almeida', 'registrar'))
    expect(page.status).toBe(403)
    expect(page.text).toContain('data-notice="nothing-here"')
    expect((await open('/patients/orla-testcase')).status).toBe(403)
  })

  it('is for its own browser alone: an answer taken elsewhere signs nobody in', async () => {
    browser = createBrowser()
    chart.provider.conduct = as(nurse)
    const lured = createBrowser()
    const asked = await fetch(`${chart.ehr.url}/login`, { redirect: 'manual' })
    const answer = await lured.open(asked.headers.get('location') ?? '')
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('data-notice="expired"')
    expect([...lured.cookies.keys()]).not.toContain('larkfield_session')
  })

  it('starts only at the provider that is ours', async () => {
    browser = createBrowser()
    const page = await open('/login?iss=https%3A%2F%2Fevil.example')
    expect(page.status).toBe(400)
    const own = await open(`/login?iss=${encodeURIComponent(chart.provider.issuer)}`)
    expect(own.status).toBe(200)
  })

  it('ends the session that was in this browser before', async () => {
    await signInAs(nurse)
    const cookie = `larkfield_session=${browser.cookies.get('larkfield_session') ?? ''}`
    const asks = async (): Promise<unknown> =>
      (await fetch(`${chart.ehr.url}/whoami`, { headers: { cookie } })).json()
    expect(await asks()).toMatchObject({ signedIn: true })
    await open('/login')
    expect(await asks()).toMatchObject({ signedIn: false })
    expect(await whoami(browser, chart.ehr)).toMatchObject({ signedIn: true })
  })

  it('leaves a cookie that scripts and other sites do not get', async () => {
    const asked = await fetch(`${chart.ehr.url}/login`, { redirect: 'manual' })
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
    expect(policy).toContain(`form-action 'self' ${chart.provider.issuer}`)
    expect(policy).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('comes only under the own name', async () => {
    const { port } = new URL(chart.ehr.url)
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
    expect((await fetch(`${chart.ehr.url}/fhir/Patient/orla-testcase`)).status).toBe(401)
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

describe('starting', () => {
  it('is up before its provider is, says so, and goes on when it comes', async () => {
    const rising = await startRealProvider(as(nurse))
    const ehr = await startEhr({ port: 0, issuer: rising.issuer, ...client })
    browser = createBrowser()
    expect(await whoami(browser, ehr)).toEqual({
      signInReady: false,
      signedIn: false,
    })
    const early = browser.open(ehr.url)
    const provider = await rising.serve({ ...client, origin: () => ehr.url })
    expect(shown(await early, 'chart-user')).toBe('Rosa Santos')
    await ehr.close()
    await provider.close()
  })

  it('refuses a port that is taken and settings that do not parse', async () => {
    const settings = { port: 0, issuer: 'http://127.0.0.1:9', ...client }
    const first = await startEhr(settings)
    const port = Number(new URL(first.url).port)
    await expect(startEhr({ ...settings, port })).rejects.toThrow('EADDRINUSE')
    await expect(startEhr({ ...settings, issuer: 'http://10.0.0.1' })).rejects.toThrow('issuer')
    await first.close()
  })

  const program = fileURLToPath(new URL('main.ts', import.meta.url))
  const run = (settings: string): ChildProcessWithoutNullStreams => {
    const child = spawn(process.execPath, [program, '--settings', '-'], { stdio: 'pipe' })
    child.stdin.end(settings)
    return child
  }

  it('is a program that says where it is, and ends on a signal', async () => {
    const child = run(JSON.stringify({ port: 0, issuer: 'http://127.0.0.1:9', ...client }))
    const output: unknown[] = await once(child.stdout, 'data')
    const ready = z
      .object({ event: z.literal('ehr.ready'), url: z.url() })
      .parse(JSON.parse(String(output[0])))
    const answer = await fetch(`${ready.url}/whoami`)
    expect(await answer.json()).toEqual({ signInReady: false, signedIn: false })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('is gone when the program that started it was killed', async () => {
    // Without one it says so again and again, and finds out by that that nobody listens.
    const rising = await startRealProvider(as(nurse))
    const provider = await rising.serve({ ...client, origin: () => 'http://127.0.0.1:9' })
    const children = JSON.stringify(new URL('../children.ts', import.meta.url).href)
    const settings = JSON.stringify({ port: 0, issuer: rising.issuer, ...client })
    const script = `import { Children } from ${children}
      const [file, settings] = process.argv.slice(1)
      const child = new Children(() => 0, () => 0).spawn('ehr', file, ['--settings', '-'], settings)
      child.stdout.once('data', () => process.stdout.write(String(child.pid)))`
    const args = ['--input-type=module', '-e', script, program, settings]
    const starter = spawn(process.execPath, args, { stdio: 'pipe' })
    const output: unknown[] = await once(starter.stdout, 'data')
    const pid = z.coerce.number().int().positive().parse(String(output[0]))
    const isThere = (): boolean => existsSync(`/proc/${String(pid)}`)
    expect(isThere()).toBe(true)
    starter.kill('SIGKILL')
    await expect.poll(isThere, { timeout: 5000 }).toBe(false)
    await provider.close()
  })

  it.each([
    ['no JSON', `{"clientSecret":"${client.clientSecret}" x`],
    ['an issuer without TLS', JSON.stringify({ port: 0, issuer: 'http://10.0.0.1', ...client })],
  ])('as a program refuses %s, in words without the secret', async (_name, settings) => {
    const child = run(settings)
    const said = text(child.stderr)
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(await said).not.toBe('')
    expect(await said).not.toContain(client.clientSecret)
  })

  it('as a program says what to do about a taken port', async () => {
    const settings = { port: 0, issuer: 'http://127.0.0.1:9', ...client }
    const first = await startEhr(settings)
    const port = Number(new URL(first.url).port)
    const child = run(JSON.stringify({ ...settings, port }))
    expect(await text(child.stderr)).toContain('End it, or set another port.')
    await first.close()
  })
})
