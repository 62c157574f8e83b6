// A workstation's network is cut and put back, from npm start: who was not there before signs in to
// the downtime view, the record tells of it afterwards, and her next tap opens the chart. And an
// emergency is heard of by compliance, whose review is closed.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people, stations, zones } from '../../demo/src/hospital.ts'
import { DemoHospital } from '../kit/demo-hospital.ts'

const hasChromium = process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const [rosa, ben, , aiko, leo] = people
const west = 0

describe.runIf(hasChromium)('through a broken network', () => {
  let hospital: DemoHospital
  let ehr: string
  beforeAll(async () => {
    hospital = await DemoHospital.open()
    ehr = hospital.url.replace(/\d+$/, (port) => String(Number(port) + 4))
    if (!rosa) throw new Error('there is nobody')
    await hospital.signIn(west, rosa)
    // What it may decide by itself has to be there before it is cut off.
    const given = () => hospital.facts.filter(({ code }) => code === 'OFF-001').length
    await hospital.until(() => given() >= stations.length, 'a bundle for each')
  }, 180_000)
  afterAll(async () => {
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
  }, 120_000)

  const keyOf = (zoneId: string): string =>
    readFileSync(
      join(hospital.folder, 'broker-keys', `downtime-larkfield-${zoneId}.key`),
      'utf8',
    ).trim()
  const downtime = (key: string, origin = 'null') =>
    fetch(`${ehr}/downtime`, {
      method: 'POST',
      body: new URLSearchParams({ downtime_key: key }),
      headers: { origin },
    })

  it('somebody new signs in to the downtime view, with badge and PIN', async () => {
    hospital.meet(west, 'cut-network')
    await hospital.around(west, ({ isCut }) => isCut)
    await hospital.fact('WKS-005', 60_000)
    hospital.tap(west, ben?.uid ?? '')
    await hospital.shows(west, 'entering-pin')
    hospital.type(west, ben?.pin ?? '')
    await hospital.shows(west, 'open')
    // Nobody can have told a broker of it: it is the picture that shows it.
    expect(hospital.facts.filter(({ code }) => code === 'OFF-002')).toEqual([])
  }, 120_000)

  it('and whoever has no right there is refused without the broker too', async () => {
    hospital.tap(west, leo?.uid ?? '')
    await hospital.shows(west, 'refused')
    // She comes back to what waits, by her badge alone.
    hospital.tap(west, ben?.uid ?? '')
    await hospital.shows(west, 'open')
  }, 60_000)

  it('back again, the record holds what was decided, how old its knowledge was, and who', async () => {
    hospital.meet(west, 'join-network')
    const decisions = () => hospital.facts.filter(({ code }) => code === 'OFF-002')
    const outcomes = () => decisions().map(({ fields }) => fields?.['outcome'])
    await hospital.until(() => outcomes().includes('admitted'), 'merged', 60_000)
    const decided = decisions()
    const admitted = decided.filter(({ fields }) => fields?.['outcome'] === 'admitted')
    expect(admitted.length).toBeGreaterThan(0)
    expect(admitted[0]).toMatchObject({ rule: 'badge-and-pin' })
    expect(admitted[0]?.fields?.['bundleAgeMs']).toBeGreaterThan(0)
    const refused = decided.find(({ fields }) => fields?.['outcome'] === 'refused')
    expect(refused?.fields).toMatchObject({ code: 'role-not-in-zone' })
    const shown = hospital.facts.filter(
      ({ code, fields }) => code === 'OFF-003' && fields?.['outcome'] === 'shown',
    )
    expect(shown.length).toBeGreaterThan(0)
  }, 120_000)

  it('and the next tap, with the PIN, opens the chart, signed in as ever', async () => {
    await pause(3000)
    const signIns = () => hospital.facts.filter(({ code }) => code === 'SSO-002').length
    const before = signIns()
    if (!ben) throw new Error('there is nobody')
    // A PIN that only the workstation saw opens no grace window at the broker.
    await hospital.signIn(west, ben)
    expect(signIns()).toBe(before + 1)
  }, 120_000)

  it('the downtime view opened to nobody without its key', async () => {
    const key = keyOf('4-west')
    expect((await downtime(key)).status).toBe(200)
    expect((await downtime('x'.repeat(43))).status).toBe(403)
    expect((await downtime(key, 'https://evil.example')).status).toBe(403)
    expect((await fetch(`${ehr}/downtime?downtime_key=${key}`)).status).toBe(404)
    const others = await (await downtime(key)).text()
    expect(others).not.toContain('5 East')
  })

  it('and its keys are in the record, the settings and the store of nobody', () => {
    const keys = zones.map(({ id }) => keyOf(id))
    const lines = JSON.stringify(hospital.facts)
    const files = ['broker.yaml', ...dataFiles(hospital.folder)]
    for (const key of keys) {
      expect(lines).not.toContain(key)
      for (const file of files) {
        expect([file, readFileSync(join(hospital.folder, file)).includes(key)]).toEqual([
          file,
          false,
        ])
      }
    }
  })
})

describe.runIf(hasChromium)('through an emergency', () => {
  let hospital: DemoHospital
  beforeAll(async () => {
    hospital = await DemoHospital.open()
  }, 180_000)
  afterAll(async () => {
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
  }, 120_000)

  it('whoever forgot the badge gets in by number, PIN and a colleague', async () => {
    await hospital.around(west, ({ mayForgetBadge }) => mayForgetBadge)
    hospital.meet(west, 'forgot-badge')
    await hospital.shows(west, 'choosing-reason')
    hospital.press(west, 'Tab')
    hospital.press(west, 'Enter')
    await hospital.shows(west, 'identifying')
    hospital.type(west, leo?.staffNumber ?? '')
    await hospital.shows(west, 'entering-pin')
    hospital.type(west, leo?.pin ?? '')
    await hospital.shows(west, 'witnessing')
    // Whose work is elsewhere speaks for nobody here.
    hospital.tap(west, aiko?.uid ?? '')
    expect((await hospital.fact('BTG-102')).rule).toBe('witness-role-may')
    await hospital.shows(west, 'witnessing')
    hospital.tap(west, rosa?.uid ?? '')
    const given = await hospital.fact('BTG-002')
    expect(given.fields).toMatchObject({ purpose: 'BTG', identity: 'number-and-pin' })
  }, 120_000)

  it('and compliance hears of it within seconds: where, what for, and no name', async () => {
    await hospital.until(() => hospital.notices.length > 0, 'a notice')
    await hospital.fact('BTG-005')
    const [notice] = hospital.notices
    expect(notice).toMatchObject({ place: '4 West, station 2', isWitnessed: true })
    expect((notice?.heardMs ?? Infinity) - (notice?.fromMs ?? 0)).toBeLessThan(60_000)
    expect(JSON.stringify(notice)).not.toMatch(/Mockridge|Santos|N-1005/)
  }, 120_000)

  it('and its review is closed from the page, once, in the record as well', async () => {
    const grantId = hospital.notices[0]?.grantId ?? ''
    const outcome = () => hospital.notices[0]?.outcome
    // Of an emergency that nobody heard of nothing is asked.
    hospital.review({ grantId: crypto.randomUUID(), outcome: 'no-need', note: 'not there' })
    // Pressed twice, as happens.
    hospital.review({ grantId, outcome: 'appropriate', note: 'looked at the chart' })
    hospital.review({ grantId, outcome: 'appropriate', note: 'looked at the chart' })
    await hospital.until(() => outcome() === 'appropriate', 'closed')
    const closed = await hospital.fact('BTG-006')
    expect(closed.fields).toMatchObject({ by: 'token privacy office', outcome: 'appropriate' })
    expect(hospital.notices[0]?.trouble).toBeUndefined()
    // Another word on it is refused by the broker, and changes nothing.
    hospital.review({ grantId, outcome: 'inappropriate', note: 'after all not' })
    await hospital.until(() => hospital.notices[0]?.trouble !== undefined, 'refused')
    expect(outcome()).toBe('appropriate')
    expect(hospital.facts.filter(({ code }) => code === 'BTG-006')).toHaveLength(1)
    expect(JSON.stringify(hospital.facts)).not.toContain('looked at the chart')
  }, 120_000)
})

/** Of the broker and of the workstations, but not the browsers' own. */
function dataFiles(folder: string): string[] {
  return ['broker-data', ...stations.map(({ key }) => `agent-${key}`)].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)),
  )
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
