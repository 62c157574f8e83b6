// The tap from the ward's side, on both stores: who gets in, who is moved, who is refused, and what
// the record says about it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'

const minute = 60_000

describe.each(engines)('tapping in on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let anna: KitPerson
  let ben: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    await core.addZone('5-east')
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('4-west')
    anna = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben', family: 'Okafor' })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  describe('lets in', () => {
    it('a nurse with badge and PIN, and says who she is and how she lands', async () => {
      const id = core.newTapId()
      expect(await core.tap(here, anna, id)).toMatchObject({
        kind: 'ask-pin',
        name: 'R. Santos',
        again: false,
      })
      const frame = await core.pin(here, id, usualPin)
      expect(frame).toMatchObject({
        kind: 'admitted',
        tapId: id,
        name: 'Rosa Santos',
        role: 'nurse',
        steps: [{ kind: 'open-web', signIn: { field: 'ticket' } }],
      })
      const [session] = await core.sessions()
      expect(session).toMatchObject({ state: 'open', acr: 'urn:wardkey:acr:badge-pin' })
      const codes = (await core.record()).map(({ code }) => code)
      expect(codes.slice(-4)).toEqual(['TAP-002', 'PIN-001', 'TAP-001', 'SES-001'])
    })

    it('the badge alone within the grace window, with the time of the PIN', async () => {
      const session = await core.signIn(here, anna)
      const pinAtMs = core.nowMs()
      await core.leave(here, session)
      core.pass(30 * minute)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'admitted', sessionId: session })
      expect((await core.sessions())[0]?.pin_at_ms).toBe(pinAtMs)
    })

    it('her own session again after she came back, and not a second one', async () => {
      const session = await core.signIn(here, anna)
      await core.leave(here, session, 'idle')
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'admitted', sessionId: session })
      expect(await core.sessions()).toHaveLength(1)
    })

    it('the same tap again with the same session, and tickets of its own', async () => {
      await core.leave(here, await core.signIn(here, anna))
      const id = core.newTapId()
      const first = await core.tap(here, anna, id)
      const second = await core.tap(here, anna, id)
      expect(second).toMatchObject({ kind: 'admitted', tapId: id })
      expect(ticketOf(second)).not.toBe(ticketOf(first))
      expect((await core.counts())['TAP-004']).toBe(1)
      expect((await core.sessions()).filter(({ state }) => state === 'open')).toHaveLength(1)
    })

    it('her whose answer was lost with the connection, by the same tap', async () => {
      await core.leave(here, await core.signIn(here, anna))
      const id = core.newTapId()
      await core.tap(here, anna, id)
      // The workstation comes back and shows nothing: its session is locked.
      await core.hello(here, 'b007-0001')
      expect((await core.sessions())[0]?.state).toBe('locked')
      expect(await core.tap(here, anna, id)).toMatchObject({ kind: 'admitted', tapId: id })
    })
  })

  describe('moves', () => {
    it('her session to where she taps, and locks the screen she left in the same act', async () => {
      const session = await core.signIn(here, anna)
      core.notices.length = 0
      expect(await core.tap(there, anna)).toMatchObject({
        kind: 'admitted',
        sessionId: session,
        movedFrom: `Place ${here.slice(0, 4)}`,
      })
      await core.needs.perform.idle()
      expect(core.notices).toMatchObject([
        {
          kind: 'to-workstation',
          workstationId: here,
          frame: {
            kind: 'lock',
            sessionId: session,
            code: 'session-moved',
            movedTo: `Place ${there.slice(0, 4)}`,
          },
        },
        { kind: 'session-left', workstationId: here, because: 'moved' },
      ])
      expect((await core.counts())['SES-002']).toBe(1)
    })

    it('her session from where she had tapped out, and says of no screen that it was open', async () => {
      const session = await core.signIn(here, anna)
      await core.leave(here, session, 'tap-out')
      const id = core.newTapId()
      const moved = await core.tap(there, anna, id)
      expect(moved).toMatchObject({ kind: 'admitted', sessionId: session })
      expect(moved).not.toHaveProperty('movedFrom')
      expect(await core.tap(there, anna, id)).not.toHaveProperty('movedFrom')
      const fact = (await core.record()).find(({ code }) => code === 'SES-002')
      expect(fact?.fields).toMatchObject({ from: here, wasOpen: false })
    })

    it('nobody in on top of somebody else: her session is locked first', async () => {
      const annas = await core.signIn(here, anna)
      const bens = await core.signIn(here, ben)
      const sessions = await core.sessions()
      expect(sessions.find(({ id }) => id === annas)?.state).toBe('locked')
      expect(sessions.find(({ id }) => id === bens)?.state).toBe('open')
      expect(core.notices).toContainEqual({ kind: 'session-locked', sessionId: annas })
    })
  })

  describe('in a zone of two screens', () => {
    let one: WorkstationId
    let two: WorkstationId
    let three: WorkstationId
    beforeEach(async () => {
      await core.addZone('dispensary', { screensMax: 2 })
      one = await core.addWorkstation('dispensary')
      two = await core.addWorkstation('dispensary')
      three = await core.addWorkstation('dispensary')
    })
    const open = async () =>
      (await core.sessions())
        .filter(({ state }) => state === 'open')
        .map((session) => session.workstation_id)
        .sort()

    it('opens a second one beside the first, and tells nobody to lock', async () => {
      await core.signIn(one, anna)
      core.notices.length = 0
      expect(await core.tap(two, anna)).toMatchObject({ kind: 'admitted' })
      expect(await open()).toEqual([one, two].sort())
      expect(core.notices).toEqual([])
    })
    it('never opens a third: the one she used least lately moves', async () => {
      await core.signIn(one, anna)
      core.pass(1000)
      await core.tap(two, anna)
      core.pass(1000)
      await core.tap(three, anna)
      expect(await open()).toEqual([two, three].sort())
    })
    it('never opens a third where two taps come at once', async () => {
      await core.signIn(one, anna)
      await Promise.all([core.tap(two, anna), core.tap(three, anna)])
      expect((await open()).length).toBe(2)
    })
    it('leaves her one where she goes on to a zone of one', async () => {
      await core.signIn(one, anna)
      await core.tap(two, anna)
      await core.signIn(here, anna)
      expect(await open()).toEqual([here])
    })
    it('refuses/her two screens to be two people’s', async () => {
      await core.signIn(one, anna)
      await core.tap(two, anna)
      await core.signIn(two, ben)
      expect(await open()).toEqual([one, two].sort())
      const sessions = (await core.sessions()).filter(({ state }) => state === 'open')
      expect(new Set(sessions.map((session) => session.person_id)).size).toBe(2)
    })
  })

  describe('ends', () => {
    it('a session past the overall limit, and opens a new one with the PIN', async () => {
      const session = await core.signIn(here, anna)
      core.pass(12 * 60 * minute)
      const next = await core.signIn(here, anna)
      expect(next).not.toBe(session)
      const ended = (await core.sessions()).find(({ id }) => id === session)
      expect(ended).toMatchObject({ state: 'ended', end_reason: 'overall-limit' })
    })
  })

  describe('asks for the PIN again', () => {
    it.each([
      ['after the rolling limit', 60 * minute],
      ['after the absolute limit', 12 * 60 * minute],
    ])('%s', async (_name, passedMs) => {
      await core.leave(here, await core.signIn(here, anna))
      core.pass(passedMs)
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })

    it('in another zone', async () => {
      await core.leave(here, await core.signIn(here, anna))
      const elsewhere = await core.addWorkstation('5-east')
      expect(await core.tap(elsewhere, anna)).toMatchObject({ kind: 'ask-pin' })
    })

    it('at a workstation that was started after the PIN', async () => {
      await core.leave(here, await core.signIn(here, anna))
      core.pass(1)
      await core.hello(there, 'b007-0002')
      expect(await core.tap(there, anna)).toMatchObject({ kind: 'ask-pin' })
    })
  })

  describe('refuses', () => {
    it('a card that nobody has, without its number in the record', async () => {
      const card = { technology: 'csn', canonical: '04deadbeef1234' } as const
      expect(await core.tap(here, { card })).toMatchObject({
        kind: 'refused',
        code: 'badge-unknown',
      })
      expect(JSON.stringify(await core.record())).not.toContain('deadbeef')
    })
    it('a role that the zone does not name', async () => {
      const pharmacy = await core.addWorkstation('pharmacy')
      expect(await core.tap(pharmacy, anna)).toMatchObject({ code: 'role-not-in-zone' })
    })
    it('a workstation that is not enrolled, and remembers nothing for it', async () => {
      const ghost = core.newTapId() as unknown as WorkstationId
      expect(await core.tap(ghost, anna)).toMatchObject({ code: 'workstation-not-enrolled' })
    })
    it('somebody without a PIN, before she types in vain', async () => {
      const carl = await core.addPerson({ pin: null })
      expect(await core.tap(here, carl)).toMatchObject({ code: 'pin-not-set' })
    })
    it('a tap that another workstation used', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      expect(await core.tap(there, anna, id)).toMatchObject({ code: 'tap-expired' })
    })
    it('the same tap again as it did before', async () => {
      const card = { technology: 'csn', canonical: '04deadbeef1234' } as const
      const id = core.newTapId()
      const first = await core.tap(here, { card }, id)
      const second = await core.tap(here, { card }, id)
      expect(second).toEqual({ ...first, id: second.id })
    })
    it('a PIN for a tap of another workstation, and counts no try', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      expect(await core.pin(there, id, '00000000')).toMatchObject({ code: 'tap-expired' })
      expect((await core.store.read.selectFrom('pin_attempt').selectAll().execute()).length).toBe(0)
    })
    it('a PIN for a question that has run out', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      core.pass(minute)
      expect(await core.pin(here, id, usualPin)).toMatchObject({ code: 'tap-expired' })
    })
    it('a PIN twice for one question', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      expect(await core.pin(here, id, usualPin)).toMatchObject({ kind: 'admitted' })
      expect(await core.pin(here, id, usualPin)).toMatchObject({ code: 'tap-expired' })
    })
    it('a wrong PIN, saying how many tries are left, and asks again', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      const frame = await core.pin(here, id, '00000000')
      expect(frame).toMatchObject({ kind: 'ask-pin', again: true, triesLeft: 4 })
    })
    it('every tap for a while after five wrong PINs, and no colleague', async () => {
      const id = core.newTapId()
      await core.tap(here, anna, id)
      for (let n = 0; n < 4; n++) await core.pin(here, id, '00000000')
      expect(await core.pin(here, id, '00000000')).toMatchObject({
        kind: 'refused',
        code: 'pin-locked',
        retryAfterMs: 15 * minute,
      })
      expect(await core.tap(there, anna)).toMatchObject({ code: 'pin-locked' })
      expect(await core.signIn(here, ben)).toBeDefined()
    })
  })
})

function ticketOf(frame: unknown): string | undefined {
  return /"ticket":"([^"]+)"/.exec(JSON.stringify(frame))?.[1]
}
