// Emergency access at a workstation without a broker: whom it lets in, whom it does not and what that
// tells, and when it is over.

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TapId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { offlinePersonOf } from '../../../test/kit/offline-bundles.ts'
import {
  AloneBed,
  ben,
  hourMs,
  newSession,
  newTap,
  rightPin,
  rosa,
  wrongPin,
} from './bed-for-tests.ts'

let bed: AloneBed
beforeEach(() => {
  bed = new AloneBed()
})
afterEach(() => bed.close())

const minuteMs = 60_000
const refusal = (code: string) => ({ kind: 'refused', code })
const choice = { reason: 'care', tookMs: 900, position: 0, of: 1 } as const
const lostHers = '04a1b2c3d4e503'
const onLeave = '04a1b2c3d4e504'
const noPin = '04a1b2c3d4e505'
const clerk = '04a1b2c3d4e506'
const people = [
  offlinePersonOf({ refusal: 'role-not-in-zone', number: 'N-1001' }),
  offlinePersonOf({ uid: ben, refusal: 'role-not-in-zone' }),
  offlinePersonOf({ uid: lostHers, mayBreakGlass: false, number: 'N-1003' }),
  offlinePersonOf({ uid: onLeave, refusal: 'person-not-active' }),
  offlinePersonOf({ uid: noPin, pinText: '', refusal: 'role-not-in-zone' }),
  offlinePersonOf({ uid: clerk, refusal: 'role-not-in-zone', mayWitness: false }),
]

interface Wish {
  readonly tap: TapId
  readonly first: Promise<BrokerFrame>
}
const card = (uid: string) => ({ technology: 'simulated', canonical: uid }) as const
function byCard(uid: string, change = {}): Wish {
  const tapId = newTap()
  const who = { by: 'card', card: card(uid) } as const
  const first = bed.answered(() => {
    bed.alone.ask({ kind: 'break-glass', tapId, who, choice: { ...choice, ...change }, atMs: 1 })
  })
  return { tap: tapId, first }
}
function byNumber(staffNumber: string, change = {}): Wish {
  const tapId = newTap()
  const who = { by: 'staff-number', staffNumber } as const
  const first = bed.answered(() => {
    bed.alone.ask({ kind: 'break-glass', tapId, who, choice: { ...choice, ...change }, atMs: 1 })
  })
  return { tap: tapId, first }
}
const vouch = (tapId: TapId, uid: string) =>
  bed.answered(() => {
    bed.alone.ask({ kind: 'witness', tapId, card: card(uid), atMs: 1 })
  })
/** Asked, and then the PIN. */
async function afterPin({ tap, first }: Wish, pin = rightPin): Promise<BrokerFrame> {
  expect(await first).toMatchObject({ kind: 'ask-pin' })
  return bed.pin(tap, pin)
}
const decided = async () =>
  (await bed.told()).flatMap((one) => (one.kind === 'decided' ? [one] : []))

describe('is given', () => {
  it('to a badge with its PIN, whatever policy says, marked and with an end', async () => {
    await bed.cutOff({ people })
    const wish = byCard(rosa, { note: 'bed 12' })
    expect(await afterPin(wish)).toMatchObject({
      kind: 'admitted',
      emergency: { reason: 'Care cannot wait', lastsMs: 1_800_000 },
    })
    expect((await decided()).at(-1)).toMatchObject({
      ...{ outcome: 'admitted', by: 'card', rule: 'emergency' },
      choice: { note: 'bed 12' },
    })
  })
  it('to a number with its PIN once a colleague has tapped', async () => {
    await bed.cutOff({ people })
    const { tap, first } = byNumber('n-1001')
    expect(await first).toEqual(expect.not.objectContaining({ name: expect.anything() as string }))
    expect(await bed.pin(tap, rightPin)).toMatchObject({ kind: 'ask-witness', again: false })
    expect(await vouch(tap, rosa)).toMatchObject({ kind: 'ask-witness', again: true })
    expect(await vouch(tap, clerk)).toMatchObject({ kind: 'ask-witness', again: true })
    // A colleague without a right in this zone can say who she is as well as any.
    expect(await vouch(tap, ben)).toMatchObject({ kind: 'admitted', name: 'Rosa Santos' })
    const told = await decided()
    expect(told.map(({ rule }) => rule)).toEqual([
      'number-needs-pin',
      'number-is-weak',
      'witness-is-another',
      'witness-role-may',
      'emergency-with-witness',
    ])
    expect(told.at(-1)).toMatchObject({ witnessId: people[1]?.personId, by: 'staff-number' })
    // Before the PIN it was a number that anybody may type: nothing is held against her by it.
    expect(told[0]).toMatchObject({ outcome: 'asked-pin' })
    expect(told[0]).not.toHaveProperty('personId')
  })
  it('to a badge without a PIN, with a colleague, and no PIN is said of it', async () => {
    await bed.cutOff({ people })
    const { tap, first } = byCard(noPin)
    expect(await first).toMatchObject({ kind: 'ask-witness' })
    expect(await vouch(tap, ben)).toMatchObject({ kind: 'admitted' })
    expect((await decided()).at(-1)).toMatchObject({ pinAtMs: 0, rule: 'emergency-with-witness' })
  })
  it('to whoever has locked her PIN just now, with a colleague', async () => {
    await bed.cutOff({ people })
    const { tap, first } = byCard(rosa)
    await first
    for (let n = 0; n < 4; n++) {
      expect(await bed.pin(tap, wrongPin)).toMatchObject({ kind: 'ask-pin', again: true })
    }
    expect(await bed.pin(tap, wrongPin)).toMatchObject({ kind: 'ask-witness' })
    expect(await bed.pin(tap, rightPin)).toMatchObject(refusal('tap-expired'))
    const again = byCard(rosa)
    expect(await again.first).toMatchObject({ kind: 'ask-witness' })
    expect(await vouch(again.tap, ben)).toMatchObject({ kind: 'admitted' })
  })
  it('as a session of its own, though hers waits here', async () => {
    const [hers] = [newSession()]
    await bed.cutOff({ people: [offlinePersonOf(), ...people.slice(1)] })
    bed.covers({ id: hers, uid: rosa })
    const given = await afterPin(byCard(rosa))
    expect(given).toMatchObject({ kind: 'admitted' })
    expect(given).not.toMatchObject({ sessionId: hers })
    // And it comes back as nothing: neither by a tap nor by another wish.
    const emergency = newSession()
    bed.covers({ id: emergency, uid: rosa, isEmergency: true })
    for (const answer of [await bed.signIn(rosa), await afterPin(byCard(rosa))]) {
      expect(answer).toMatchObject({ kind: 'admitted' })
      expect(answer).not.toMatchObject({ sessionId: emergency })
    }
  })
})

describe('asks for a colleague', () => {
  it('where she is on leave, and lets nobody on leave speak', async () => {
    await bed.cutOff({ people })
    const wish = byCard(onLeave)
    expect(await afterPin(wish)).toMatchObject({ kind: 'ask-witness' })
    expect(await vouch(wish.tap, onLeave)).toMatchObject({ kind: 'ask-witness', again: true })
    expect(await vouch(wish.tap, ben)).toMatchObject({ kind: 'admitted' })
    const other = byNumber('N-1001')
    await afterPin(other)
    expect(await vouch(other.tap, onLeave)).toMatchObject({ kind: 'ask-witness', again: true })
  })
  it('always, where the zone says so', async () => {
    await bed.cutOff({ people, emergencyWitness: 'always' })
    expect(await afterPin(byCard(rosa))).toMatchObject({ kind: 'ask-witness' })
  })
  it('and refuses after five badges that cannot speak for her', async () => {
    await bed.cutOff({ people })
    const wish = byNumber('N-1001')
    await afterPin(wish)
    for (const uid of [rosa, '04ffffffffffff', onLeave, rosa]) {
      expect(await vouch(wish.tap, uid)).toMatchObject({ kind: 'ask-witness', again: true })
    }
    expect(await vouch(wish.tap, '04ffffffffffff')).toMatchObject(refusal('witness-not-usable'))
    expect(await vouch(wish.tap, ben)).toMatchObject(refusal('tap-expired'))
  })
})

describe('is refused', () => {
  it.each([
    ['for whom it is never', () => byCard(lostHers), 'emergency-never'],
    [
      'for a reason that is not offered',
      () => byCard(rosa, { reason: 'tea' }),
      'emergency-not-offered',
    ],
    [
      'for a reason without its note',
      () => byCard(rosa, { reason: 'other' }),
      'emergency-not-offered',
    ],
    [
      'to a number without the note',
      () => byNumber('N-1001', { reason: 'other' }),
      'emergency-not-offered',
    ],
    [
      'with a badge that was lost, or that nobody knows',
      () => byCard('04ffffffffffff'),
      'not-known-here',
    ],
  ] as const)('%s', async (_what, wish, code) => {
    bed.rules.emergency?.reasons.push({ code: 'other', label: 'Something else', asksNote: true })
    await bed.cutOff({ people })
    expect(await wish().first).toMatchObject(refusal(code))
    expect(await decided()).toMatchObject([{ outcome: 'refused', code, choice: { tookMs: 900 } }])
  })
  it.each([
    ['says nothing of a colleague', { emergencyLastsMs: 1_800_000 }],
    ['says that it lasts no time', { emergencyLastsMs: 0, emergencyWitness: 'when-weak' }],
  ] as const)('by a bundle that %s', async (_what, says) => {
    const { emergencyWitness: _witness, emergencyLastsMs: _lasts, ...rest } = bed.bundle({ people })
    bed.alone.start()
    bed.welcome()
    bed.give({ ...rest, ...says })
    await bed.settled()
    bed.cut()
    expect(bed.offline).toMatchObject({ hasEmergency: false })
    expect(await byCard(rosa).first).toMatchObject(refusal('emergency-not-offered'))
    expect(await byNumber('N-1001').first).toMatchObject(refusal('emergency-not-offered'))
  })
  it('where nothing could be opened, and is not offered there', async () => {
    await bed.cutOff({ people, steps: [] })
    expect(bed.offline).toMatchObject({ hasEmergency: false })
    expect(await byCard(rosa).first).toMatchObject(refusal('nothing-to-open'))
  })
  it('once what is known here is too old', async () => {
    await bed.cutOff({ people, expiresMs: bed.clock.wallMs() + hourMs })
    const { tap, first } = byNumber('N-1001')
    await first
    expect(await bed.pin(tap, rightPin)).toMatchObject({ kind: 'ask-witness' })
    await bed.clock.advance(minuteMs)
    bed.clock.setWall(hourMs)
    expect(await vouch(tap, ben)).toMatchObject(refusal('no-answer'))
    expect(await byCard(rosa).first).toMatchObject(refusal('no-answer'))
  })
  it('where it cannot be written down', async () => {
    await bed.cutOff({ people })
    const [folder, away] = [join(bed.folder, 'offline'), join(bed.folder, 'away')]
    await bed.restart(() => {
      renameSync(folder, away)
      writeFileSync(folder, 'a file where the folder was')
    })
    expect(await byCard(rosa).first).toMatchObject(refusal('cannot-record'))
    expect(await byNumber('N-1001').first).toMatchObject(refusal('cannot-record'))
    rmSync(folder)
    renameSync(away, folder)
  })
  it('to a colleague who speaks after a broker is back: that one decides', async () => {
    await bed.cutOff({ people })
    const wish = byNumber('N-1001')
    await afterPin(wish)
    bed.alone.linkChanged('up')
    expect(await vouch(wish.tap, ben)).toMatchObject(refusal('network-back'))
  })
})

describe('a staff number', () => {
  it('tells nothing before its PIN, nor which of the two was wrong, nor who may not', async () => {
    await bed.cutOff({ people })
    for (const [number, pin] of [
      ['N-1001', wrongPin],
      ['N-9999', wrongPin],
      ['N-1003', wrongPin],
      ['N-1003', rightPin],
    ] as const) {
      const { tap, first } = byNumber(number)
      const id = expect.anything() as string
      const asked = { kind: 'ask-pin', id, tapId: tap, again: false, answerWithinMs: 30_000 }
      expect(await first).toEqual(asked)
      expect(await bed.pin(tap, pin)).toEqual({
        ...{ kind: 'refused', id, tapId: tap, code: 'not-identified', quote: id },
      })
    }
    expect(JSON.stringify(await bed.told())).not.toContain('personId')
  })
  it('that was tried too often is nobody’s, and says so to nobody', async () => {
    await bed.cutOff({ people })
    for (let n = 0; n < 5; n++) {
      expect(await afterPin(byNumber('N-1001'), wrongPin)).toMatchObject(refusal('not-identified'))
    }
    const answer = await afterPin(byNumber('N-1001'))
    expect(answer).toMatchObject(refusal('not-identified'))
    expect(answer).not.toHaveProperty('retryAfterMs')
    await bed.restart()
    expect(await afterPin(byNumber('N-1001'))).toMatchObject(refusal('not-identified'))
    // Her badge is hers all the same, and after a while her number is.
    expect(await afterPin(byCard(rosa))).toMatchObject({ kind: 'admitted' })
    await bed.clock.advance(15 * minuteMs)
    expect(await afterPin(byNumber('N-1001'))).toMatchObject({ kind: 'ask-witness' })
  })
  it('is not asked for its PIN where too many were wrong at this workstation', async () => {
    await bed.cutOff({ people })
    for (let n = 0; n < 15; n++) await afterPin(byNumber('N-9999'), wrongPin)
    expect(await byNumber('N-1001').first).toMatchObject(refusal('workstation-locked-out'))
    // Who has her badge is let in by a colleague, as with a broker.
    expect(await byCard(rosa).first).toMatchObject({ kind: 'ask-witness' })
  })
  it('is worth no badge: it opens nothing without a colleague', async () => {
    await bed.cutOff({ people: [offlinePersonOf({ number: 'N-1001' }), people[1]!] })
    expect(await afterPin(byNumber('N-1001'))).toMatchObject({ kind: 'ask-witness' })
  })
})

describe('what was given', () => {
  it('opens no window in which the badge alone is enough', async () => {
    await bed.cutOff()
    expect(await afterPin(byCard(rosa))).toMatchObject({ kind: 'admitted' })
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
  })
  it('is over with a restart, and told as left', async () => {
    await bed.cutOff({ people })
    const given = await afterPin(byCard(rosa))
    if (given.kind !== 'admitted') throw new Error(given.kind)
    await bed.restart()
    expect(await bed.tap(rosa)).toMatchObject(refusal('role-not-in-zone'))
    const told = await bed.told()
    const { sessionId } = given
    expect(told.findLast(({ kind }) => kind === 'left')).toMatchObject({
      sessionId,
      reason: 'restart',
    })
  })
  it('cannot be given by a clock that was set back', async () => {
    await bed.cutOff({ people })
    bed.clock.setWall(-hourMs)
    expect(bed.alone.status.untilMs).toBeUndefined()
    expect(await byCard(rosa).first).toMatchObject(refusal('no-answer'))
  })
})
