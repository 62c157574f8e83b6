// A nurse without a badge takes one that is nobody's, and later forgets her PIN; the hospital's own
// sign-in says who she is. Broker, agent and browser are real programs, the sign-in is over real TLS.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RecordedFact } from '../kit/check-record.ts'
import { BrokerProgram } from '../kit/processes/broker-program.ts'
import type { Worker } from '../kit/processes/broker-program.ts'
import { freePorts, Program } from '../kit/processes/program.ts'
import { Undo } from '../kit/processes/undo.ts'
import { WorkstationProgram } from '../kit/processes/workstation-program.ts'
import { clientId, clientSecret, HospitalSignIn } from '../kit/sign-in/hospital-sign-in.ts'

const hasChromium = process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const newBadge = { uid: '04aabbccddeeff' }
const pins = { first: '59271846', second: '73914628' }
/** A chart that has just come is not left by the badge that brought it, nor is one just left. */
const settledMs = 3500
const factAbout = z.looseObject({
  ...{ code: z.string(), rule: z.string().optional(), person: z.string().optional() },
  fields: z
    .looseObject({
      ...{ flaw: z.string().optional(), step: z.string().optional() },
      ...{ witness: z.string().optional(), by: z.string().optional() },
    })
    .optional(),
})
/** How a chart came: it is on the screen. */
const beside = new Set(['SSO-001', 'SES-005'])
/** A badge that is nobody's, and an errand for it, as far as the provider's page. */
const asked = ['ERD-001', 'ERD-001 sign-in', 'ERD-001 sign-in']
const askedForBadge = ['TAP-101 badge-enrolled', ...asked]
const forgotten = [
  'TAP-002 zone-asks-each-tap anna',
  'TAP-102 anna',
  ...asked.map((line) => `${line} anna`),
]
const opened = (who: string, session: readonly string[]) => [
  `TAP-002 zone-asks-each-tap ${who}`,
  `PIN-001 ${who}`,
  ...[`TAP-001 badge-and-pin ${who}`, ...session, `SES-003 ${who}`],
]

describe.runIf(hasChromium)('where people sign in with their hospital accounts', () => {
  const undo = new Undo()
  let hospital: HospitalSignIn
  let broker: BrokerProgram
  let station: WorkstationProgram
  let anna: string
  let rosa: Worker
  /** Facts, and what the provider was asked, before this test. */
  let before: { facts: number; asked: number }

  beforeAll(async () => {
    const folder = undo.add(mkdtempSync(join(tmpdir(), 'wardkey-provider-')), (one) => {
      rmSync(one, { recursive: true, force: true })
    })
    hospital = undo.add(await HospitalSignIn.open(), (one) => one.close())
    hospital.says.accounts = {
      'anna.kit': { staff: 'N-4711' },
      'rosa.kit': { staff: 'N-4712' },
      'anna.guest': { staff: 'N-4711', groups: ['everybody'] },
      'anna.password': { staff: 'N-4711', acr: 'password' },
      stranger: { staff: 'N-404' },
    }
    const caFile = join(folder, 'ca.pem')
    writeFileSync(caFile, hospital.caPem)
    const [port = 0] = await freePorts(1)
    const chart = new Program('test/kit/processes/chart-server.ts', [String(port)])
    undo.add(chart, (one) => one.signal('SIGTERM'))
    await chart.line()
    const account = {
      ...{ issuer: hospital.issuer, clientId, secret: clientSecret, caFile },
      ...{ acr: ['mfa'], groups: ['staff'], claim: 'staff', person: 'staff-number' },
    }
    broker = undo.add(
      await BrokerProgram.make({
        chartUrl: `http://127.0.0.1:${String(port)}/chart`,
        rules: { idleMs: 600_000, pin: 'each-tap', witnessRoles: ['charge-nurse'] },
        settings: { account },
      }),
      (one) => one.dispose(),
    )
    await broker.start()
    anna = await broker.hire('Anna', 'N-4711')
    rosa = await broker.addPerson('Rosa', '04a1b2c3d4e580', '48261739', 'N-4712')
    const place = { place: '4 West, station 1', trustsKey: hospital.keySha256 }
    station = undo.add(await WorkstationProgram.enrol(broker, place), (one) => one.dispose())
    await station.start()
  }, 240_000)
  afterAll(() => undo.run(), 60_000)

  beforeEach(async () => {
    before = { facts: (await broker.facts()).length, asked: hospital.asked.length }
  })
  afterEach(async () => {
    await hasForgotten()
  })

  /** No page of a sign-in is left, and the provider never met a browser that knew it. */
  async function hasForgotten(): Promise<void> {
    const left = async () => (await station.windows()).filter(isOfSignIn)
    if (station.isRunning) await expect.poll(left, { timeout: 5000 }).toEqual([])
    const asked = hospital.asked.slice(before.asked)
    const cookiesAt = (at: string) =>
      asked.filter(({ path }) => path === at).map(({ cookie }) => cookie)
    // It gives one with its page, and has it back with what is posted there …
    for (const cookie of cookiesAt('/signed-in')) expect(cookie).toMatch(/^visit=/)
    // … and with nothing that comes later.
    for (const cookie of cookiesAt('/authorize')) expect(cookie).toBe('')
    const kept = asked.filter(({ path }) => path === '/kept')
    for (const { parameters } of kept) expect(parameters.get('kept')).toBe('')
  }
  const isOfSignIn = (url: string) =>
    url.startsWith(hospital.issuer) || new URL(url).pathname.startsWith('/enrol')

  /** What is in the record of this test, until it is that. */
  async function isTold(story: readonly string[]): Promise<void> {
    const told = async () => (await broker.facts()).slice(before.facts).flatMap(lineOf)
    await expect.poll(told, { timeout: 10_000 }).toEqual(story)
  }
  function lineOf(one: RecordedFact): readonly string[] {
    const { code, rule, person, fields } = factAbout.parse(one)
    // Ten unknown cards at one station are worth an alert, whenever it is looked for.
    if (beside.has(code) || code.startsWith('ALR-')) return []
    const who = person === undefined ? '' : person === anna ? 'anna' : 'rosa'
    const by = fields?.witness ?? fields?.by ?? ''
    return [[code, rule ?? fields?.flaw ?? fields?.step ?? '', who, by].filter(Boolean).join(' ')]
  }
  const is = (phase: string) => station.until((seen) => seen.phase === phase, phase)
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

  /** From a badge that is nobody's to the provider's page before the lock screen. */
  async function openPageForBadge(): Promise<void> {
    station.do({ kind: 'tap', uid: newBadge.uid })
    await is('refused')
    await station.read('This badge is not known here')
    await station.press('This is my badge')
    await askForPage()
  }
  async function askForPage(): Promise<void> {
    await station.press('Sign in with your hospital account')
    await station.read('The hospital’s own sign-in')
  }
  async function forgetPin(): Promise<void> {
    station.do({ kind: 'tap', uid: newBadge.uid })
    await is('entering-pin')
    await station.press('Forgot my PIN')
    await station.press('Set a new one here')
    await askForPage()
  }
  async function choose(pin: string): Promise<void> {
    await station.read('Choose a PIN')
    station.type(pin)
    await station.read('Type it once more')
    station.type(pin)
    await is('errand-done')
  }
  /** The errand is left by hand. */
  async function leave(label = 'Back'): Promise<void> {
    await station.press(label)
    await is('locked')
    await station.read('Tap your badge')
  }
  /** The badge may just have been shown for something else: so soon again it would be no tap. */
  async function opens(who: { readonly uid: string }, pin: string): Promise<void> {
    await pause(settledMs)
    station.do({ kind: 'tap', uid: who.uid })
    await is('entering-pin')
    await station.read('Type your PIN')
    station.type(pin)
    await chartOpens()
  }
  async function chartOpens(): Promise<void> {
    await is('open')
    await station.read('the chart')
  }
  async function tapOut(who: { readonly uid: string }): Promise<void> {
    await pause(settledMs)
    station.do({ kind: 'tap', uid: who.uid })
    await is('locked')
    await pause(settledMs)
  }
  /** By the broker's books, and at its reader. */
  async function isStillNobodys(): Promise<void> {
    station.do({ kind: 'tap', uid: newBadge.uid })
    await station.until((seen) => seen.code === 'badge-unknown', 'a badge that is nobody’s')
    await station.press('OK')
    await is('locked')
    const { out } = await broker.run(['badge', 'list', anna])
    expect(out).not.toContain('active')
    const ofAnna = (await broker.facts()).filter((one) => one['person'] === anna)
    const codes = new Set(ofAnna.map(({ code }) => code))
    expect(['BDG-001', 'PIN-201', 'ERD-004'].filter((code) => codes.has(code))).toEqual([])
  }

  describe('nothing is enrolled', () => {
    it('where she goes back from the page', async () => {
      await openPageForBadge()
      await station.press('Back')
      await station.read('The sign-in was not finished')
      await leave()
      await isTold([...askedForBadge, 'ERD-001 account-not-signed-in', 'TAP-102'])
      await isStillNobodys()
    }, 120_000)
    it.each([
      ['in no group that may', 'anna.guest', 'account-group'],
      ['signed in with a password alone', 'anna.password', 'account-acr'],
      ['nobody’s here', 'stranger', 'account-is-somebodys'],
    ])(
      'for an account that is %s, in one plain sentence',
      async (_name, account, rule) => {
        await openPageForBadge()
        station.type(account)
        await station.read('Your hospital account cannot be used for this')
        expect(await station.text()).not.toContain('Kit')
        await leave()
        await isTold([...askedForBadge, `ERD-104 ${rule}`, 'ERD-001 account-not-usable', 'TAP-102'])
        await isStillNobodys()
      },
      120_000,
    )
    it('where the provider sends her back with a no', async () => {
      await openPageForBadge()
      hospital.says.error = 'access_denied'
      station.type('anna.kit')
      await station.read('The sign-in was not finished')
      delete hospital.says.error
      await leave()
      await isTold([
        ...askedForBadge,
        'ERD-104 account-signs-in',
        'ERD-001 account-not-signed-in',
        'TAP-102',
      ])
      await isStillNobodys()
    }, 120_000)
    it('where a colleague taps while the page is open: it is gone, and her chart opens', async () => {
      await openPageForBadge()
      station.do({ kind: 'tap', uid: rosa.uid })
      await is('entering-pin')
      await hasForgotten()
      await station.read('Type your PIN')
      station.type(rosa.pin)
      await chartOpens()
      await tapOut(rosa)
      await isTold([...askedForBadge, 'TAP-102', ...opened('rosa', ['SES-001 rosa'])])
      await isStillNobodys()
    }, 120_000)
    it('where the name is another one, or a colleague taps where the new badge is asked for', async () => {
      await openPageForBadge()
      station.type('anna.kit')
      await station.read('Are you Anna Kit?')
      await leave('Not me')
      await openPageForBadge()
      station.type('anna.kit')
      await station.read('Are you Anna Kit?')
      await opens(rosa, rosa.pin)
      await tapOut(rosa)
      const named = [...askedForBadge, 'ERD-005 anna', 'ERD-001 anna', 'TAP-102']
      await isTold([...named, ...named, ...opened('rosa', [])])
      await isStillNobodys()
    }, 120_000)
  })

  it('she signs in, taps the new badge at her name, sets a PIN, and her chart opens', async () => {
    await openPageForBadge()
    station.type('anna.kit')
    await station.read('Are you Anna Kit?')
    await station.read('tap the badge once more that is to be yours')
    station.do({ kind: 'tap', uid: newBadge.uid })
    await choose(pins.first)
    await station.read('This is your badge now')
    await opens(newBadge, pins.first)
    await tapOut(newBadge)
    await isTold([
      ...[...askedForBadge, 'ERD-005 anna', 'ERD-001 anna', 'ERD-003 anna'],
      'ERD-004 anna hospital-account',
      'BDG-001 anna hospital-account',
      'PIN-201 anna hospital-account',
      ...opened('anna', ['SES-001 anna']),
    ])
  }, 120_000)

  it('her PIN is not set anew by somebody else’s account, nor where she goes back', async () => {
    await forgetPin()
    station.type('rosa.kit')
    await station.read('Your hospital account cannot be used for this')
    expect(await station.text()).not.toContain('Kit')
    await askForPage()
    await station.press('Back')
    await station.read('The sign-in was not finished')
    await leave()
    await opens(newBadge, pins.first)
    await tapOut(newBadge)
    await isTold([
      ...forgotten,
      // Whose account it was.
      'ERD-104 account-is-hers rosa',
      'ERD-001 account-not-usable anna',
      ...['ERD-001 sign-in anna', 'ERD-001 sign-in anna'],
      'ERD-001 account-not-signed-in anna',
      'TAP-102',
      ...opened('anna', []),
    ])
  }, 120_000)

  it('she forgets her PIN and sets another; the old one is refused, and the new one opens', async () => {
    await forgetPin()
    station.type('anna.kit')
    await station.read('Are you Anna Kit?')
    await station.press('Yes, that is me')
    await choose(pins.second)
    await station.read('Your PIN is set')
    station.do({ kind: 'tap', uid: newBadge.uid })
    await is('entering-pin')
    await station.read('Type your PIN')
    station.type(pins.first)
    await station.read('That PIN did not match')
    expect(await broker.openSessions()).toEqual([])
    station.type(pins.second)
    await chartOpens()
    await isTold([
      ...[...forgotten, 'ERD-005 anna', 'ERD-001 anna', 'ERD-003 anna'],
      'ERD-004 anna hospital-account',
      'PIN-201 anna hospital-account',
      'TAP-002 zone-asks-each-tap anna',
      ...['PIN-101 anna', 'TAP-002 pin-again anna'],
      ...['PIN-001 anna', 'TAP-001 badge-and-pin anna'],
    ])
  }, 120_000)

  it('and the record is whole, with one badge and two PINs that came by her account', async () => {
    // It was seen that there was something to forget.
    expect(hospital.asked.filter(({ path }) => path === '/signed-in').length).toBeGreaterThan(5)
    await station.stop()
    const facts = await broker.checkRecord()
    const byAccount = facts
      .map((one) => lineOf(one).join())
      .filter((line) => line.endsWith('account'))
    expect(byAccount).toEqual([
      ...['ERD-004', 'BDG-001', 'PIN-201'].map((code) => `${code} anna hospital-account`),
      ...['ERD-004', 'PIN-201'].map((code) => `${code} anna hospital-account`),
    ])
    expect(facts.filter(({ code }) => code === 'ERD-002')).toEqual([])
  }, 120_000)
})
