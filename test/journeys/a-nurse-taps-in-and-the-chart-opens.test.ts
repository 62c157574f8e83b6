// The ward, from npm start: real programs, real browsers, a real sign-in. Each journey ends with
// the record verified from its public key.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people, strangerUid } from '../../demo/src/hospital.ts'
import { DemoHospital } from '../kit/demo-hospital.ts'

const hasChromium = process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const person = (key: string) => {
  const found = people.find((one) => one.key === key)
  if (!found) throw new Error(`nobody is called ${key}`)
  return found
}
const [west, pharmacy] = [0, 1]

describe.runIf(hasChromium)('on the ward', () => {
  let hospital: DemoHospital
  beforeAll(async () => {
    hospital = await DemoHospital.open()
  }, 180_000)
  afterAll(async () => {
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
  }, 120_000)

  it('a nurse taps in with badge and PIN, and her chart is shown', async () => {
    const shown = await hospital.signIn(west, person('rosa'))
    expect(Object.keys(shown.fields ?? {})).toContain('first-paint')
  }, 120_000)

  it('she taps out, and comes back with the badge alone, to the same session', async () => {
    await pause(2500)
    hospital.tap(west, person('rosa').uid)
    const left = await hospital.fact('SES-003')
    expect(left.fields).toMatchObject({ reason: 'tap-out' })
    await pause(2000)
    hospital.tap(west, person('rosa').uid)
    const back = await hospital.fact('TAP-001')
    expect(back).toMatchObject({ session: left.session, rule: 'badge-within-grace' })
    await hospital.fact('SES-005')
  }, 120_000)

  it('a colleague taps over: her screen is locked first, and then it is his', async () => {
    await pause(2500)
    hospital.tap(west, person('ben').uid)
    const locked = await hospital.fact('SES-003')
    expect(locked.fields).toMatchObject({ reason: 'other-badge' })
    await hospital.fact('TAP-002')
    await pause(700)
    hospital.type(west, person('ben').pin)
    const opened = await hospital.fact('SES-001')
    expect(opened.session).not.toBe(locked.session)
    await hospital.fact('SES-005')
  }, 120_000)

  it('the pharmacist lands at the pharmacy, at the same time', async () => {
    const shown = await hospital.signIn(pharmacy, person('aiko'))
    expect(shown.workstation).toBeDefined()
  }, 120_000)

  describe('refuses', () => {
    it('a badge that nobody enrolled', async () => {
      hospital.tap(west, strangerUid)
      expect((await hospital.fact('TAP-101')).person).toBeUndefined()
      await pause(500)
    }, 120_000)
    it('a role that has no business there', async () => {
      hospital.tap(pharmacy, person('leo').uid)
      expect(await hospital.fact('TAP-101')).toMatchObject({ rule: 'role-in-zone' })
    }, 120_000)
    it('a wrong PIN, and asks again', async () => {
      await pause(500)
      hospital.tap(west, person('mira').uid)
      await hospital.fact('TAP-002')
      await pause(700)
      hospital.type(west, '11112223')
      await hospital.fact('PIN-101')
      await pause(700)
      hospital.type(west, person('mira').pin)
      await hospital.fact('PIN-001')
      await hospital.fact('SES-005')
    }, 120_000)
  })

  it('she walks to the pharmacy: the session moves, and the screen left behind is locked', async () => {
    await hospital.around(west, ({ phase }) => phase === 'open')
    await pause(2500)
    hospital.tap(pharmacy, person('mira').uid)
    await hospital.fact('TAP-002')
    await pause(700)
    hospital.type(pharmacy, person('mira').pin)
    const moved = await hospital.fact('SES-002')
    expect(moved.fields).toMatchObject({ wasOpen: true })
    await hospital.around(west, ({ phase }) => phase === 'locked')
    await hospital.fact('SES-005')
    await hospital.around(pharmacy, ({ phase }) => phase === 'open')
  }, 120_000)
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
