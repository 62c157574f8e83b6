// A workstation's hard moments, from npm start: somebody walks away, minutes pass, the clock is set,
// the reader is pulled out, the network is cut. Each lock is on the screen, and the record says why.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { people } from '../../demo/src/hospital.ts'
import { DemoHospital } from '../kit/demo-hospital.ts'

const hasChromium = process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const [rosa] = people
const west = 0

describe.runIf(hasChromium)('on a hard day', () => {
  let hospital: DemoHospital
  beforeAll(async () => {
    hospital = await DemoHospital.open()
    if (!rosa) throw new Error('there is nobody')
    await hospital.signIn(west, rosa)
  }, 180_000)
  afterAll(async () => {
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
  }, 120_000)

  /** With the badge alone, to the session that waits. */
  async function comeBack(): Promise<void> {
    await pause(2500)
    hospital.tap(west, rosa?.uid ?? '')
    await hospital.fact('SES-005')
    await hospital.around(west, ({ phase }) => phase === 'open')
  }
  /** What was proved before a clock was set counts no longer. */
  async function comeBackWithPin(): Promise<void> {
    await pause(2500)
    if (rosa) await hospital.signIn(west, rosa)
  }
  const locked = async (reason: string): Promise<void> => {
    expect((await hospital.fact('SES-003', 120_000)).fields).toMatchObject({ reason })
    await hospital.around(west, ({ phase }) => phase === 'locked')
  }

  it('she walks away: the screen fades soon, and locks', async () => {
    hospital.meet(west, 'walk-away')
    await locked('away')
    await comeBack()
  }, 60_000)

  it('a key brings her back before that, and the sensor sees her', async () => {
    hospital.meet(west, 'walk-away')
    await hospital.around(west, ({ isAway }) => isAway)
    await pause(7000)
    hospital.click(west, 0.5, 0.5)
    await hospital.around(west, ({ isAway }) => !isAway)
    await pause(1000)
    expect(hospital.facts.at(-1)?.code).not.toBe('SES-003')
  }, 60_000)

  it('comes back while the screen fades: it is hers again at once', async () => {
    hospital.meet(west, 'walk-away')
    await hospital.around(west, ({ phase }) => phase === 'leaving')
    hospital.meet(west, 'come-back')
    await hospital.around(west, ({ phase, isAway }) => phase === 'open' && !isAway)
    // Her chart comes back at its own pace, before anybody puts the clock forward.
    await pause(3000)
    expect(hospital.facts.at(-1)?.code).not.toBe('SES-003')
  }, 60_000)

  it('ten minutes pass in which nobody is there', async () => {
    hospital.meet(west, 'ten-minutes')
    await locked('idle')
    await comeBack()
  }, 60_000)

  it('asked for while her chart comes up, they begin once it is there', async () => {
    await pause(2500)
    hospital.tap(west, rosa?.uid ?? '')
    await locked('tap-out')
    await pause(2500)
    hospital.tap(west, rosa?.uid ?? '')
    // On a busy machine the badge is seen a moment later.
    await hospital.around(west, ({ phase }) => phase !== 'locked')
    hospital.meet(west, 'ten-minutes')
    await hospital.fact('SES-005')
    await locked('idle')
    await comeBack()
  }, 120_000)

  it('the clock is put forward, and back', async () => {
    hospital.meet(west, 'clock-forward')
    await locked('clock-ahead')
    await comeBackWithPin()
    hospital.meet(west, 'clock-back')
    await locked('clock-jump')
    await comeBackWithPin()
  }, 180_000)

  it('the reader is pulled out, and plugged in again', async () => {
    hospital.meet(west, 'unplug-reader')
    await locked('reader-lost')
    hospital.meet(west, 'plug-reader')
    await comeBack()
  }, 60_000)

  it('the network is cut for a moment, and what was open stays open', async () => {
    hospital.meet(west, 'cut-network')
    await hospital.around(west, ({ isCut }) => isCut)
    await pause(3000)
    hospital.meet(west, 'join-network')
    await hospital.around(west, ({ isCut }) => !isCut)
    await pause(6000)
    hospital.tap(west, rosa?.uid ?? '')
    await locked('tap-out')
  }, 60_000)
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
