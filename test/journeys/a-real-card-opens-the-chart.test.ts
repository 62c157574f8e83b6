// The whole way with no part faked: a card on the real PC/SC stack, its badge, the PIN typed in a
// real browser, the EHR's own sign-in, and a record that verifies.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../demo/src/hospital.ts'
import { DemoHospital } from '../kit/demo-hospital.ts'
import { PrivatePcscd } from '../kit/pcscd/private-pcscd.ts'
import { VirtualCard } from '../kit/virtual-card.ts'

const isHere =
  process.env['WARDKEY_HAS_PCSCD'] === '1' && process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const [rosa] = people

describe.runIf(isHere)('a real card', () => {
  let pcscd: PrivatePcscd
  let hospital: DemoHospital
  beforeAll(async () => {
    pcscd = await PrivatePcscd.prepare()
    await pcscd.start()
    hospital = await DemoHospital.open(pcscd.environment)
  }, 120_000)
  afterAll(async () => {
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
    await pcscd.dispose()
  }, 60_000)

  it('opens the chart with its PIN, and closes it again', async () => {
    if (!rosa) throw new Error('nobody works here')
    const card = new VirtualCard({ uid: rosa.uid, port: pcscd.port(0) })
    await card.insert()
    const asked = await hospital.fact('TAP-002')
    expect(asked.rule).toBe('first-of-shift')
    await card.remove()
    await new Promise((resolve) => setTimeout(resolve, 700))
    hospital.type(0, rosa.pin)
    const shown = await hospital.fact('SES-005')
    expect(shown.session).toBeDefined()
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await card.insert()
    expect((await hospital.fact('SES-003')).fields).toMatchObject({ reason: 'tap-out' })
    await card.remove()
  }, 60_000)
})
