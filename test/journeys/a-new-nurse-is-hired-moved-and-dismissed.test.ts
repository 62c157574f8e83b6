// HR's year with one nurse, from npm start: hired at the HR desk she taps in the same minute, moved
// away her screen locks, on leave her badge opens nothing, back it does, dismissed it never will.
// All of it by the SCIM door, in real processes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { people } from '../../demo/src/hospital.ts'
import { officePeople } from '../../demo/src/sign-in/office-people.ts'
import { DemoHospital } from '../kit/demo-hospital.ts'

const hasChromium = process.env['WARDKEY_HAS_CHROMIUM'] !== undefined
const [west, pharmacy] = [0, 1]
const hiredFirst = people.length + officePeople.length

describe.runIf(hasChromium)('HR hires a nurse', () => {
  let hospital: DemoHospital
  beforeAll(async () => {
    hospital = await DemoHospital.open()
  }, 180_000)
  afterAll(async () => {
    hospital.checkRecord()
    expect(await hospital.close()).toBe(0)
  }, 120_000)

  const nora = () => {
    const found = hospital.hr.people.find(({ key }) => key === 'nora')
    if (!found) throw new Error('she is not hired')
    return found
  }
  const is = (employment: string) =>
    hospital.until(() => nora().employment === employment, employment)
  /** The last refusal of a badge, in the person's words' code. */
  const refusedAt = async (station: number): Promise<unknown> => {
    hospital.tap(station, nora().uid)
    return (await hospital.fact('TAP-101')).fields?.['code']
  }
  const lockedFor = async (): Promise<unknown> =>
    (await hospital.fact('SES-003')).fields?.['reason']

  it('and she taps in with the badge and PIN that she was given', async () => {
    // Pressed twice, as happens.
    hospital.askHr({ act: 'hire', person: 'nora', position: 'nurse' })
    hospital.askHr({ act: 'hire', person: 'nora', position: 'nurse' })
    await hospital.until(
      () => hospital.hr.people.some((one) => one.pin !== '' && one.key === 'nora'),
      'hired',
    )
    const hires = () => hospital.facts.filter(({ code }) => code === 'PER-001')
    await hospital.until(() => hires().length === hiredFirst + 1, 'in the record')
    const hired = hires().at(-1)
    expect(hospital.hr.word?.isTrouble).toBe(false)
    expect(hired?.fields).toMatchObject({ source: 'hr desk', roles: 'nurse', status: 'active' })
    const opened = await hospital.signIn(west, nora())
    expect(opened.person).toBe(hired?.person)
  }, 120_000)

  it('and what is not possible is said, and changes nothing', async () => {
    hospital.askHr({ act: 'hire', person: 'nora', position: 'billing' })
    await hospital.until(() => hospital.hr.word?.isTrouble === true, 'a no')
    hospital.askHr({ act: 'return', person: 'nora' })
    await hospital.until(() => /as things stand/.test(hospital.hr.word?.text ?? ''), 'another no')
    expect(nora().position).toBe('nurse')
    expect(nora().employment).toBe('active')
  })

  it('and moved to billing her screen locks at once, and opens to her no more', async () => {
    hospital.askHr({ act: 'move', person: 'nora', position: 'billing' })
    expect(await lockedFor()).toBe('roles-changed')
    expect(await refusedAt(west)).toBe('role-not-in-zone')
  }, 60_000)

  it('and a move that was wrong is taken back', async () => {
    hospital.askHr({ act: 'undo', person: 'nora' })
    await hospital.until(() => nora().position === 'nurse', 'back')
    // The screen at the pharmacy is none of a nurse's.
    expect(await refusedAt(pharmacy)).toBe('role-not-in-zone')
    await pause(3000)
    // By the badge alone: she gave her PIN here a minute ago, and it is she all the same.
    hospital.tap(west, nora().uid)
    await hospital.fact('SES-005')
  }, 120_000)

  it('and on leave her open screen locks, and her badge opens nothing', async () => {
    hospital.askHr({ act: 'leave', person: 'nora' })
    await is('on-leave')
    await hospital.fact('PER-003')
    await hospital.shows(west, 'locked')
    expect(await refusedAt(west)).toBe('person-not-active')
  }, 60_000)

  it('and back she taps in as before', async () => {
    hospital.askHr({ act: 'return', person: 'nora' })
    await is('active')
    await pause(3000)
    await hospital.signIn(west, nora())
  }, 120_000)

  it('and dismissed her screen locks, and her badge is nobody’s', async () => {
    hospital.askHr({ act: 'dismiss', person: 'nora' })
    await is('terminated')
    await hospital.fact('PER-003')
    await hospital.shows(west, 'locked')
    expect(await refusedAt(west)).toBe('badge-unknown')
    // For good: what could be taken back before cannot now.
    expect(nora().acts).toEqual(['hire-again'])
    hospital.askHr({ act: 'return', person: 'nora' })
    await hospital.until(() => hospital.hr.word?.isTrouble === true, 'a no')
    expect(nora().employment).toBe('terminated')
  }, 60_000)

  it('and hired again it is by another badge, and the old one stays dead', async () => {
    const { uid: old } = nora()
    hospital.askHr({ act: 'hire-again', person: 'nora' })
    await is('active')
    expect(nora().uid).not.toBe(old)
    await hospital.fact('PER-005')
    await pause(3000)
    hospital.tap(west, old)
    expect((await hospital.fact('TAP-101')).fields).toMatchObject({ code: 'badge-unknown' })
    await pause(3000)
    await hospital.signIn(west, nora())
  }, 120_000)

  it('and the record has neither her name nor a badge’s number', () => {
    const text = z.string().parse(JSON.stringify(hospital.facts))
    expect(text).not.toMatch(/Nora|Inventia/i)
    expect(text).not.toContain(nora().uid)
    expect(text).not.toContain(nora().staffNumber)
  })
})

/** A refusal stands on the screen for a while; the reader takes the next badge after it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
