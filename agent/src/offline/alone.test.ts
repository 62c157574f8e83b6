// A workstation without a broker: whom it lets in, whom it does not, what it writes down first, and
// what it tells when there is a broker again.

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import { BundleSigner, offlinePersonOf } from '../../../test/kit/offline-bundles.ts'
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

const refusal = (code: string) => ({ kind: 'refused', code })
const minuteMs = 60_000

describe('a workstation that is cut off', () => {
  it('asks a badge for its PIN and lets her in with what the bundle opens', async () => {
    await bed.cutOff()
    expect(bed.offline?.untilMs).toBe(bed.clock.monoMs() + 6 * hourMs)
    const tap = newTap()
    expect(await bed.tap(rosa, tap)).toMatchObject({
      kind: 'ask-pin',
      tapId: tap,
      name: 'R. Santos',
      again: false,
    })
    const admitted = await bed.pin(tap, rightPin)
    expect(admitted).toMatchObject({ kind: 'admitted', tapId: tap, name: 'Rosa Santos' })
    expect(admitted).toHaveProperty('steps.length', 1)
  })
  it('gains nothing by what the welcome took to come', async () => {
    bed.alone.start()
    bed.welcome({}, 4000)
    bed.give(bed.bundle())
    await bed.settled()
    expect(bed.offline?.untilMs).toBe(bed.clock.monoMs() + 6 * hourMs - 4000)
  })
  it('gains nothing by a clock of the broker that was put forward since the welcome', async () => {
    bed.alone.start()
    bed.welcome({ serverTimeMs: bed.clock.wallMs() - minuteMs })
    bed.give(bed.bundle())
    await bed.settled()
    expect(bed.offline?.untilMs).toBe(bed.clock.monoMs() + 6 * hourMs)
  })
  it('lets her in by the badge alone for a while after that, and not after a sleep', async () => {
    await bed.cutOff()
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'admitted' })
    bed.alone.resumed()
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
  })
  it('knows after a restart whom it knew, and what it was told', async () => {
    await bed.cutOff()
    await bed.restart()
    expect(bed.offline).toBeDefined()
    expect(bed.frames.at(-1)).toMatchObject({ kind: 'rules', place: '4 West, station 2' })
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
  })
  it('brings her own session back that waits here, and nobody else’s', async () => {
    const people = [offlinePersonOf(), offlinePersonOf({ uid: ben })]
    await bed.cutOff({ people, steps: [] })
    const [hers, his] = [newSession(), newSession()]
    bed.covers({ id: hers, uid: rosa }, { id: his, uid: ben })
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted', sessionId: hers })
    const [, , , decided] = await bed.told()
    expect(decided ?? (await bed.told()).at(-1)).toMatchObject({ sessionId: hers, isResumed: true })
  })
  it('brings nobody’s session back to whoever was given her card since', async () => {
    bed.alone.start()
    bed.welcome()
    bed.give(bed.bundle({ steps: [] }))
    const hers = newSession()
    bed.covers({ id: hers, uid: rosa })
    // Another person, with the card that opened what waits here.
    bed.give(bed.bundle({ steps: [], sequence: 2, people: [offlinePersonOf({ uid: rosa })] }))
    await bed.settled()
    bed.cut()
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'refused', code: 'nothing-to-open' })
  })
  it('brings her session back where the bundle came only after she had opened it', async () => {
    bed.alone.start()
    bed.welcome()
    const hers = newSession()
    bed.covers({ id: hers, uid: rosa })
    bed.give(bed.bundle({ steps: [] }))
    bed.covers({ id: hers, uid: rosa })
    await bed.settled()
    bed.cut()
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted', sessionId: hers })
  })
  it('brings no emergency back as anything else', async () => {
    await bed.cutOff()
    const emergency = newSession()
    bed.covers({ id: emergency, uid: rosa, isEmergency: true })
    const admitted = await bed.signIn(rosa)
    expect(admitted).toMatchObject({ kind: 'admitted' })
    expect(admitted).not.toMatchObject({ sessionId: emergency })
  })
})

describe('a clock that is set while a broker is there', () => {
  const pong = (serverTimeMs: number | undefined): void => {
    const ping = bed.sent.findLast(({ kind }) => kind === 'ping')
    if (!ping) throw new Error('the time was not asked for')
    const told = serverTimeMs === undefined ? {} : { serverTimeMs }
    bed.hear({ kind: 'pong', replyTo: ping.id, ...told })
  }
  const given = async (): Promise<number> => {
    bed.alone.start()
    bed.welcome()
    bed.give(bed.bundle())
    await bed.settled()
    return bed.clock.wallMs()
  }
  it.each([
    ['forward', minuteMs],
    ['forward by more than a bundle lasts', 7 * hourMs],
    ['back', -hourMs],
  ])('%s costs nothing once the broker has said the time', async (_name, byMs) => {
    const brokerMs = await given()
    bed.clock.setWall(byMs)
    bed.alone.resumed()
    pong(brokerMs)
    expect(bed.offline?.untilMs).toBe(bed.clock.monoMs() + 6 * hourMs)
    bed.cut()
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
  })
  it('is asked about within a minute where nobody told of it', async () => {
    const brokerMs = await given()
    bed.sent.length = 0
    bed.clock.setWall(-hourMs)
    await bed.clock.advance(minuteMs)
    pong(brokerMs + minuteMs)
    bed.cut()
    expect(await bed.signIn(rosa)).toMatchObject({ kind: 'admitted' })
  })
  it('lets nobody in where the broker has not answered, or too late', async () => {
    const brokerMs = await given()
    bed.clock.setWall(-hourMs)
    bed.alone.resumed()
    expect(bed.offline).toBeUndefined()
    await bed.clock.advance(11_000)
    pong(brokerMs)
    expect(bed.offline).toBeUndefined()
    bed.cut()
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
  })
  it('is not believed for an answer to another question', async () => {
    const brokerMs = await given()
    bed.clock.setWall(-hourMs)
    bed.alone.resumed()
    const replyTo = messageId.parse(randomUUID())
    bed.hear({ kind: 'pong', replyTo, serverTimeMs: brokerMs })
    expect(bed.offline).toBeUndefined()
  })
  it('gains nothing by what the answer took to come', async () => {
    const brokerMs = await given()
    bed.alone.resumed()
    await bed.clock.advance(4000)
    pong(brokerMs)
    expect(bed.offline?.untilMs).toBe(bed.clock.monoMs() + 6 * hourMs - 4000)
  })
  it.each([
    ['that is over by the broker’s time is thrown away', 7 * hourMs],
    ['that is over is thrown away where the broker cannot say the time', undefined],
  ])('a bundle %s', async (_name, laterMs) => {
    const brokerMs = await given()
    bed.clock.setWall(7 * hourMs)
    bed.alone.resumed()
    pong(laterMs === undefined ? undefined : brokerMs + laterMs)
    expect(bed.logged).toContainEqual({ event: 'offline.wiped', reason: 'too-old' })
    expect(bed.alone.status.people).toBe(0)
  })
  it('a bundle that is over by it is thrown away with the line', async () => {
    await given()
    bed.clock.setWall(7 * hourMs)
    bed.alone.resumed()
    expect(bed.alone.status.people).toBe(1)
    expect(bed.offline).toBeUndefined()
    bed.cut()
    expect(bed.alone.status.people).toBe(0)
  })
})

describe('refuses', () => {
  it('a badge that the bundle does not name, without writing its number down', async () => {
    await bed.cutOff()
    expect(await bed.tap('04ffffffffffff')).toMatchObject(refusal('not-known-here'))
    const told = JSON.stringify(await bed.told())
    expect(told).toContain('not-known-here')
    expect(told).not.toContain('04ffffffffffff')
  })
  it('whom policy refuses beforehand, without asking for a PIN', async () => {
    await bed.cutOff({ people: [offlinePersonOf({ refusal: 'role-not-in-zone' })] })
    expect(await bed.tap(rosa)).toMatchObject(refusal('role-not-in-zone'))
  })
  it('whom it could open nothing for', async () => {
    await bed.cutOff({ steps: [] })
    expect(await bed.tap(rosa)).toMatchObject(refusal('nothing-to-open'))
  })
  it('a PIN that nobody asked for, and one that comes too late', async () => {
    await bed.cutOff()
    expect(await bed.pin(newTap(), rightPin)).toMatchObject(refusal('tap-expired'))
    const tap = newTap()
    await bed.tap(rosa, tap)
    await bed.clock.advance(31_000)
    expect(await bed.pin(tap, rightPin)).toMatchObject(refusal('tap-expired'))
  })
  it('a PIN of a tap that was given up', async () => {
    await bed.cutOff()
    const tap = newTap()
    await bed.tap(rosa, tap)
    bed.alone.ask({ kind: 'cancel', tapId: tap, reason: 'not-me' })
    expect(await bed.pin(tap, rightPin)).toMatchObject(refusal('tap-expired'))
  })
  it('everybody once a broker is there again, and writes no open screen', async () => {
    await bed.cutOff()
    const tap = newTap()
    await bed.tap(rosa, tap)
    bed.alone.linkChanged('up')
    expect(await bed.pin(tap, rightPin)).toMatchObject(refusal('network-back'))
    const told = await bed.told()
    expect(told.at(-1)).toMatchObject({ kind: 'left', reason: 'network-back' })
  })
  it('everybody where nothing can be written, and writes who left once it can', async () => {
    await bed.cutOff()
    await bed.signIn(rosa)
    const [folder, away] = ['offline', 'away'].map((name) => join(bed.folder, name))
    if (!folder || !away) throw new Error('no folder')
    // No file can be made there any more, though this user may do anything.
    await bed.restart(() => {
      renameSync(folder, away)
      writeFileSync(folder, 'a file where the folder was')
    })
    expect(await bed.tap(rosa)).toMatchObject(refusal('cannot-record'))
    expect(bed.logged.map(({ event }) => event)).toContain('offline.not-written')
    rmSync(folder)
    renameSync(away, folder)
    await bed.clock.advance(2000)
    await bed.until(() => bed.alone.status.waiting === 4)
    expect((await bed.told()).at(-1)).toMatchObject({ kind: 'left', reason: 'restart' })
    bed.cut()
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
  })
})

describe('wrong PINs', () => {
  it('wait after five, over a restart and another bundle, for that person alone', async () => {
    const people = [offlinePersonOf(), offlinePersonOf({ uid: ben })]
    await bed.cutOff({ people })
    const tap = newTap()
    await bed.tap(rosa, tap)
    for (const triesLeft of [4, 3, 2, 1]) {
      expect(await bed.pin(tap, wrongPin)).toMatchObject({
        kind: 'ask-pin',
        again: true,
        triesLeft,
      })
    }
    expect(await bed.pin(tap, wrongPin)).toMatchObject({
      ...refusal('pin-locked'),
      retryAfterMs: 15 * minuteMs,
    })
    await bed.restart()
    expect(await bed.tap(rosa)).toMatchObject(refusal('pin-locked'))
    bed.welcome()
    bed.give(bed.bundle({ people, sequence: 2 }))
    await bed.settled()
    bed.cut()
    expect(await bed.tap(rosa)).toMatchObject(refusal('pin-locked'))
    expect(await bed.signIn(ben)).toMatchObject({ kind: 'admitted' })
    await bed.clock.advance(15 * minuteMs)
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin', triesLeft: 1 })
  })
  it('are counted though the plug is pulled before they are looked at', async () => {
    await bed.cutOff()
    for (let n = 0; n < 5; n++) {
      const tap = newTap()
      await bed.tap(rosa, tap)
      bed.alone.ask({ kind: 'pin', tapId: tap, pin: wrongPin })
      // Ended at once: whatever was not on the disk by then was not looked at either.
      await bed.restart()
    }
    await bed.settled()
    expect(await bed.tap(rosa)).toMatchObject(refusal('pin-locked'))
  })
  it('are forgotten with the right one', async () => {
    await bed.cutOff({ pinMode: 'each-tap' })
    const tap = newTap()
    await bed.tap(rosa, tap)
    await bed.pin(tap, wrongPin)
    expect(await bed.pin(tap, rightPin)).toMatchObject({ kind: 'admitted' })
    expect(await bed.tap(rosa)).not.toHaveProperty('triesLeft')
  })
  it('do not end their wait by a clock that is put forward', async () => {
    await bed.cutOff()
    const tap = newTap()
    await bed.tap(rosa, tap)
    for (let n = 0; n < 5; n++) await bed.pin(tap, wrongPin)
    bed.clock.setWall(hourMs)
    expect(await bed.tap(rosa)).toMatchObject(refusal('pin-locked'))
  })
})

describe('what it knows', () => {
  it('is over to the millisecond, and wiped', async () => {
    await bed.cutOff({ expiresMs: bed.clock.wallMs() + hourMs })
    await bed.clock.advance(hourMs - 1)
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
    await bed.clock.advance(1)
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
    expect(bed.offline).toBeUndefined()
    expect(existsSync(join(bed.folder, 'offline', 'offline-bundle'))).toBe(false)
  })
  it('is no older than the zone says, whatever the bundle says', async () => {
    await bed.cutOff({ expiresMs: bed.clock.wallMs() + 24 * hourMs })
    await bed.clock.advance(6 * hourMs)
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
  })
  it('does not last longer by a clock that is set back', async () => {
    await bed.cutOff()
    bed.clock.setWall(-hourMs)
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
  })
  it('nor by one that is set back while it was off', async () => {
    await bed.cutOff()
    await bed.clock.advance(hourMs)
    await bed.alone.close()
    bed.clock.setWall(-2 * hourMs)
    await bed.restart()
    expect(bed.offline).toBeUndefined()
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
    // A broker says the time, and what is still good is good again.
    bed.welcome({ serverTimeMs: bed.clock.wallMs() + 2 * hourMs })
    bed.cut()
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
  })
  it.each([
    ['is of another workstation', () => ({ workstationId: new AloneBed().workstationId as never })],
    [
      'is over already',
      () => ({ expiresMs: bed.clock.wallMs() - 1, issuedMs: bed.clock.wallMs() - hourMs }),
    ],
    ['is of another zone', () => ({ zoneId: 'pharmacy' as never })],
  ])('is not taken where it %s', async (_what, change) => {
    await bed.cutOff(change())
    expect(bed.offline).toBeUndefined()
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
  })
  it('is not taken from a stranger’s signature, nor with a key that changed', async () => {
    const stranger = new BundleSigner()
    await bed.cutOff()
    bed.welcome({ bundleKey: stranger.bundleKey })
    expect(bed.logged).toContainEqual({ event: 'offline.key-refused' })
    bed.give(bed.bundle({ sequence: 2, people: [offlinePersonOf({ uid: ben })] }), stranger)
    bed.cut()
    expect(await bed.tap(ben)).toMatchObject(refusal('not-known-here'))
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
  })
  it('is never replaced by what is older, over a restart too', async () => {
    await bed.cutOff({ sequence: 5 })
    await bed.restart()
    bed.welcome()
    bed.give(bed.bundle({ sequence: 4, people: [offlinePersonOf({ uid: ben })] }))
    expect(bed.logged).toContainEqual({ event: 'offline.bundle-refused', reason: 'older' })
    bed.cut()
    expect(await bed.tap(rosa)).toMatchObject({ kind: 'ask-pin' })
  })
  it('is nothing after an empty one, after a revocation, and after another enrolment', async () => {
    await bed.cutOff()
    bed.welcome()
    bed.give(bed.bundle({ sequence: 2, people: [] }))
    bed.cut()
    expect(await bed.tap(rosa)).toMatchObject(refusal('no-answer'))
    bed.welcome()
    bed.give(bed.bundle({ sequence: 3 }))
    bed.alone.linkChanged('not-enrolled')
    expect(bed.offline).toBeUndefined()
    bed.welcome()
    bed.give(bed.bundle({ sequence: 4 }))
    bed.workstationId = new AloneBed().workstationId
    await bed.restart()
    expect(bed.offline).toBeUndefined()
  })
  it('is unreadable to whoever copies the disk', async () => {
    await bed.cutOff()
    await bed.signIn(rosa)
    const folder = join(bed.folder, 'offline')
    // A file is written beside the old one and takes its name: that may be happening right now.
    const all = await vi.waitFor(() =>
      readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')),
    )
    expect(all.length).toBeGreaterThan(2)
    expect(all.join('\n')).not.toMatch(/Santos|argon2|personId|decided|4-west/)
    expect(JSON.stringify(bed.logged)).not.toMatch(/Santos|27051846|04a1b2c3/)
  })
})

describe('when there is a broker again', () => {
  const merged = (upToSeq: number, sessions: { sessionId: never; isKept: boolean }[] = []) => {
    const facts = bed.sent.findLast((frame) => frame.kind === 'offline-facts')
    if (facts?.kind !== 'offline-facts') throw new Error('nothing was told')
    const { id: replyTo, journalId } = facts
    bed.hear({ kind: 'offline-merged', replyTo, journalId, upToSeq, sessions })
    return facts
  }
  const told = () => bed.sent.filter(({ kind }) => kind === 'offline-facts')

  it('tells what happened once, in order, and forgets it', async () => {
    await bed.cutOff()
    const admitted = await bed.signIn(rosa)
    if (admitted.kind !== 'admitted') throw new Error(admitted.kind)
    const { sessionId } = admitted
    const atMs = bed.clock.wallMs()
    bed.alone.report({ kind: 'launched', sessionId, outcome: 'shown', stagesMs: {} })
    bed.alone.report({ kind: 'presence', sessionId, evidence: 'input', confidence: 0.5, atMs })
    const entries = await bed.told()
    expect(entries.map(({ kind, seq }) => [seq, kind])).toEqual([
      [1, 'decided'],
      [2, 'pin-tried'],
      [3, 'decided'],
      [4, 'launched'],
      [5, 'seen'],
    ])
    expect(entries[0]?.previous).toBe('0'.repeat(64))
    const facts = merged(5, [{ sessionId: sessionId as never, isKept: true }])
    expect(facts).toMatchObject({ isLast: true })
    await bed.until(() => bed.confirmed.length > 0)
    expect(bed.alone.status.waiting).toBe(0)
    expect(bed.confirmed).toEqual([[sessionId, true]])
    // From now on the broker's: what happens to it is told there.
    expect(bed.alone.report({ kind: 'leave', sessionId, reason: 'idle', atMs })).toBe(false)
    expect(told()).toHaveLength(1)
  })
  it('leaves to the broker what that has opened again, though it has not taken the rest', async () => {
    await bed.cutOff()
    const admitted = await bed.signIn(rosa)
    if (admitted.kind !== 'admitted') throw new Error(admitted.kind)
    const { sessionId } = admitted
    const leave = { kind: 'leave', sessionId, reason: 'idle', atMs: bed.clock.wallMs() } as const
    // Late: on the screen is still what was opened here.
    bed.hear(admitted)
    expect(bed.alone.report(leave)).toBe(true)
    bed.hear(admitted)
    expect(bed.alone.report(leave)).toBe(false)
  })
  it('has the windows closed of what it opened and left by itself', async () => {
    await bed.cutOff()
    const admitted = await bed.signIn(rosa)
    if (admitted.kind !== 'admitted') throw new Error(admitted.kind)
    const { sessionId } = admitted
    const atMs = bed.clock.wallMs()
    bed.alone.report({ kind: 'leave', sessionId, reason: 'idle', atMs })
    await bed.until(() => bed.alone.status.waiting === 4)
    expect(bed.alone.known).toEqual({ bundleSequence: 1, waitsToMerge: true })
    await bed.told()
    merged(4)
    await bed.until(() => bed.confirmed.length > 0)
    expect(bed.confirmed).toEqual([[sessionId, false]])
    expect(bed.alone.known).toEqual({ bundleSequence: 1 })
  })
  it('says of a PIN that was proved that it was so when it let her in', async () => {
    await bed.cutOff()
    await bed.signIn(rosa)
    await bed.tap(rosa)
    const told = (await bed.told()).flatMap((one) => (one.kind === 'decided' ? [one] : []))
    const [, first, second] = told
    expect(first?.pinAtMs).toBe(first?.atMs)
    expect(second).toMatchObject({ rule: 'badge-within-grace', pinAtMs: first?.pinAtMs })
  })
  it('tells it again under the same id after a silence', async () => {
    await bed.cutOff()
    await bed.tap(rosa)
    await bed.told()
    await bed.clock.advance(15_000)
    expect(new Set(told().map(({ id }) => id)).size).toBe(1)
    expect(told().length).toBe(2)
  })
  // A broker that is told again that nothing more waits would judge what is open by half of it.
  it('tells it anew after a break, with what has happened since', async () => {
    await bed.cutOff()
    await bed.tap(rosa)
    await bed.told()
    bed.cut()
    await bed.signIn(rosa)
    bed.welcome()
    await bed.until(() => told().length === 2)
    const [first, again] = told().map((frame) =>
      frame.kind === 'offline-facts' ? frame : undefined,
    )
    expect(again?.id).not.toBe(first?.id)
    expect(again?.lines.slice(0, first?.lines.length)).toEqual(first?.lines)
    expect(again?.lines.length).toBeGreaterThan(first?.lines.length ?? 0)
  })
  it('tells the rest where only a part was taken, and what came meanwhile', async () => {
    await bed.cutOff()
    await bed.signIn(rosa)
    await bed.told()
    merged(1)
    await bed.until(() => told().length === 2)
    expect(told().at(-1)).toMatchObject({
      lines: [expect.stringContaining('"seq":2'), expect.anything()],
    })
  })
  it('keeps what a broker refuses, says so, and tries the next connection', async () => {
    await bed.cutOff()
    await bed.tap(rosa)
    await bed.told()
    const replyTo = told()[0]!.id
    bed.hear({ kind: 'failed', replyTo, code: 'frame-not-understood', repeat: 'permanent' })
    expect(bed.alone.status).toMatchObject({ isStuck: true, waiting: 1 })
    await bed.clock.advance(hourMs)
    expect(told()).toHaveLength(1)
    bed.cut()
    bed.welcome()
    expect(told()).toHaveLength(2)
  })
  it('believes no word about another journal or another question', async () => {
    await bed.cutOff()
    await bed.tap(rosa)
    await bed.told()
    const journalId = '00000000-0000-4000-8000-000000000009'
    const replyTo = told()[0]!.id
    bed.hear({ kind: 'offline-merged', replyTo, journalId, upToSeq: 9, sessions: [] })
    const other = messageId.parse(journalId)
    bed.hear({ kind: 'offline-merged', replyTo: other, journalId, upToSeq: 9, sessions: [] })
    await bed.settled()
    expect(bed.alone.status.waiting).toBe(1)
  })
  it('confesses after a restart that nobody sits there any more', async () => {
    await bed.cutOff()
    const admitted = await bed.signIn(rosa)
    if (admitted.kind !== 'admitted') throw new Error(admitted.kind)
    await bed.restart()
    await bed.until(() => bed.alone.status.waiting === 4)
    const entries = await bed.told()
    const { sessionId } = admitted
    expect(entries.at(-1)).toMatchObject({ kind: 'left', sessionId, reason: 'restart' })
    const leave = { kind: 'leave', sessionId, reason: 'restart', atMs: 1 } as const
    expect(bed.alone.report(leave)).toBe(true)
    await bed.settled()
    expect(bed.alone.status.waiting).toBe(entries.length)
  })
})
