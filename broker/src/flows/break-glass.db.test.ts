// Emergency access from the ward's side, on both stores: who gets in although policy says no, who
// never does, and what is left behind of it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { openCore, silentLog, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { Fault } from '../platform/fault.ts'
import { enrolBadge } from './enrol-badge.ts'
import { enterPin } from './enter-pin.ts'
import { makePerform } from './perform.ts'
import type { Notice } from './recorded.ts'
import { markBadge } from './mark-badge.ts'
import { revokePerson } from './revoke-person.ts'
import type { Revocation } from './revoke-person.ts'
import { changePerson } from './change-person.ts'
import { findSeated } from '../sessions/find-seated.ts'
import { emergencySettings } from '../policy/emergency-settings.ts'
import { findGrant } from '../sessions/emergency-grant.ts'
import { openNote } from '../sessions/grant-note.ts'
import { sweep } from './sweep.ts'

const minute = 60_000
const by = 'test'

describe.each(engines)('emergency access on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let ward: WorkstationId
  let anna: KitPerson
  let ben: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, channels: ['webhook', 'mail'] })
    // A nurse has no business in the pharmacy, until a patient needs it.
    await core.addZone('pharmacy', { roles: ['pharmacist'] })
    await core.addZone('4-west')
    here = await core.addWorkstation('pharmacy')
    there = await core.addWorkstation('pharmacy')
    ward = await core.addWorkstation('4-west')
    anna = await core.addPerson({ staffNumber: 'N-4711' })
    ben = await core.addPerson({ given: 'Ben', family: 'Okafor', roles: ['pharmacist'] })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const revoke = (status: Revocation['status'], who = anna) =>
    core.needs.perform(() => revokePerson({ personId: who.personId, status, by }, core.needs))
  const mark = (status: 'lost' | 'suspended' | 'active', who = anna) =>
    core.needs.perform(() => markBadge({ badgeId: who.badgeId, status, by }, core.needs))
  const allGrants = () => core.store.read.selectFrom('emergency_grant').selectAll().execute()
  const allNotices = () => core.store.read.selectFrom('compliance_notice').selectAll().execute()
  const admitted = (frame: BrokerFrame): SessionId => {
    if (frame.kind !== 'admitted') throw new Error(`not admitted: ${JSON.stringify(frame)}`)
    return frame.sessionId
  }
  /** With badge and PIN. */
  const breakIn = async (at = here, who = anna): Promise<SessionId> => {
    const id = core.newTapId()
    await core.breakGlass(at, who, { id })
    return admitted(await core.pin(at, id, who.pin))
  }
  /** Where only a colleague is missing. */
  const upToWitness = async (): Promise<TapId> => {
    const id = core.newTapId()
    await core.breakGlass(here, { staffNumber: 'N-4711' }, { id })
    expect(await core.pin(here, id, usualPin)).toMatchObject({ kind: 'ask-witness', again: false })
    return id
  }
  const sweepNow = () =>
    sweep({ ...core.needs, lost: { list: () => [], settled: () => undefined } })
  const nothingOpened = async (): Promise<void> => {
    expect(await core.sessions()).toEqual([])
    expect(await allGrants()).toEqual([])
    expect(await allNotices()).toEqual([])
  }

  describe('lets in', () => {
    it('with badge and PIN, for a while, with everything that is said of it', async () => {
      expect(await core.tap(here, anna)).toMatchObject({ code: 'role-not-in-zone' })
      const id = core.newTapId()
      const about = { id, reason: 'other', note: 'Bett 7, kein Puls' }
      expect(await core.breakGlass(here, anna, about)).toMatchObject({
        kind: 'ask-pin',
        name: 'R. Santos',
      })
      const frame = await core.pin(here, id, usualPin)
      expect(frame).toMatchObject({
        kind: 'admitted',
        emergency: { reason: 'Something else', lastsMs: 30 * minute },
        steps: [{ kind: 'open-web' }],
      })
      const [session] = await core.sessions()
      expect(session).toMatchObject({
        acr: 'urn:wardkey:acr:break-glass',
        amr: '["pin","user"]',
        until_ms: core.nowMs() + 30 * minute,
      })
      const [row] = await allGrants()
      const grant = await findGrant(core.needs.db, row?.id ?? '')
      expect(grant).toMatchObject({
        reason: 'other',
        identity: 'badge-and-pin',
        otherwise: 'role-not-in-zone',
        witnessId: null,
        outcome: null,
        reviewDueMs: core.nowMs() + 72 * 60 * minute,
        ...{ tookMs: 2500, position: 0, of: 5 },
      })
      const key = await core.needs.personKeys.find(anna.personId)
      if (!grant?.noteSealed || !key) throw new Error('no note')
      expect(openNote(grant.noteSealed, key, grant.id)).toBe('Bett 7, kein Puls')
      expect(JSON.stringify(await core.record())).not.toContain('kein Puls')
      expect((await allNotices()).map(({ channel }) => channel).toSorted()).toEqual([
        'mail',
        'webhook',
      ])
    })

    it('marked in every fact about its session, whichever flow wrote it', async () => {
      const session = await breakIn()
      await core.leave(here, session)
      admitted(await core.pin(here, await tapId(here), usualPin))
      core.pass(31 * minute)
      await sweepNow()
      const facts = (await core.record()).filter((fact) => fact['session'] === session)
      const codes = facts.map(({ code }) => code)
      expect(codes).toEqual(
        expect.arrayContaining(['BTG-002', 'TAP-001', 'SES-001', 'SES-003', 'SES-004', 'BTG-003']),
      )
      const [grant] = await allGrants()
      for (const { fields } of facts) {
        expect(fields).toMatchObject({ purpose: 'BTG', grant: grant?.id })
      }
      // And no other session's.
      const ordinary = await core.signIn(ward, anna)
      const others = (await core.record()).filter((fact) => fact['session'] === ordinary)
      expect(JSON.stringify(others)).not.toContain('BTG')
    })

    it('without a PIN, with a colleague who says that it is she', async () => {
      const carl = await core.addPerson({ given: 'Carl', pin: null })
      const id = core.newTapId()
      expect(await core.breakGlass(here, carl, { id })).toMatchObject({
        kind: 'ask-witness',
        name: 'C. Santos',
      })
      admitted(await core.vouch(here, id, ben))
      const [grant] = await allGrants()
      expect(grant).toMatchObject({ identity: 'badge', witness_id: ben.personId })
      expect((await core.sessions())[0]).toMatchObject({ amr: '["user"]', pin_at_ms: 0 })
      expect((await core.counts())['BTG-004']).toBe(1)
    })

    it('with a PIN that is locked meanwhile, only with a colleague', async () => {
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      for (let n = 0; n < 4; n++) {
        expect(await core.pin(here, id, '00000000')).toMatchObject({ kind: 'ask-pin' })
      }
      expect(await core.pin(here, id, '00000000')).toMatchObject({ kind: 'ask-witness' })
      await nothingOpened()
      expect(await core.pin(here, id, usualPin)).toMatchObject({ code: 'tap-expired' })
      admitted(await core.vouch(here, id, ben))
    })

    it('by staff number, PIN and a colleague', async () => {
      const id = await upToWitness()
      const frame = await core.vouch(here, id, ben)
      expect(frame).toMatchObject({ kind: 'admitted', name: 'Rosa Santos' })
      expect((await core.sessions())[0]).toMatchObject({ amr: '["pin"]' })
      expect((await allGrants())[0]).toMatchObject({
        ...{ identity: 'number-and-pin', otherwise: 'role-not-in-zone' },
      })
    })

    it('by staff number, of somebody on leave, as her own badge would have been refused', async () => {
      await revoke('on-leave')
      admitted(await core.vouch(here, await upToWitness(), ben))
      expect((await allGrants())[0]).toMatchObject({ otherwise: 'person-not-active' })
    })

    it('by staff number, where a badge is all that she lacks', async () => {
      const id = core.newTapId()
      await core.breakGlass(ward, { staffNumber: 'N-4711' }, { id })
      expect(await core.pin(ward, id, usualPin)).toMatchObject({ kind: 'ask-witness' })
      const carl = await core.addPerson({ given: 'Carl' })
      admitted(await core.vouch(ward, id, carl))
      expect((await allGrants())[0]).toMatchObject({ otherwise: 'no-badge' })
    })

    it('somebody on leave, with a colleague, and her chart is hers', async () => {
      await revoke('on-leave')
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      expect(await core.pin(here, id, usualPin)).toMatchObject({ kind: 'ask-witness' })
      const session = admitted(await core.vouch(here, id, ben))
      const { db, nowMs } = core.needs
      expect(await findSeated(db, session, here, nowMs())).toMatchObject({
        personId: anna.personId,
        grantId: (await allGrants())[0]?.id,
      })
      core.pass(30 * minute)
      expect(await findSeated(db, session, here, nowMs())).toBeUndefined()
    })

    it('a suspended badge with the PIN and a colleague', async () => {
      await mark('suspended')
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      expect(await core.pin(here, id, usualPin)).toMatchObject({ kind: 'ask-witness' })
      admitted(await core.vouch(here, id, ben))
    })

    it('the same wish asked again, with the answer that it had', async () => {
      const id = core.newTapId()
      const first = await core.breakGlass(here, anna, { id })
      const second = await core.breakGlass(here, anna, { id })
      expect(second).toEqual({ ...first, id: second.id })
      const session = admitted(await core.pin(here, id, usualPin))
      const third = await core.breakGlass(here, anna, { id })
      expect(third).toMatchObject({ sessionId: session, emergency: { lastsMs: 30 * minute } })
      expect(await allGrants()).toHaveLength(1)
      const waiting = await upToWitness()
      const again = await core.breakGlass(here, { staffNumber: 'n-4711' }, { id: waiting })
      expect(again).toMatchObject({ kind: 'ask-witness' })
    })
  })

  describe('refuses', () => {
    it.each(['terminated', 'suspended'] as const)('somebody %s', async (status) => {
      await revoke(status)
      const code = status === 'suspended' ? 'person-not-active' : 'badge-unknown'
      expect(await core.breakGlass(here, anna)).toMatchObject({ code })
      await nothingOpened()
    })
    it('a badge that was reported lost', async () => {
      await mark('lost')
      expect(await core.breakGlass(here, anna)).toMatchObject({ code: 'emergency-never' })
      await nothingOpened()
    })
    it('a card that nobody has', async () => {
      const card = { technology: 'csn', canonical: '04deadbeef1234' } as const
      expect(await core.breakGlass(here, { card })).toMatchObject({ code: 'badge-unknown' })
      expect(JSON.stringify(await core.record())).not.toContain('deadbeef')
    })
    it.each([
      ['a reason that is not on the list', { reason: 'curious', note: 'x' }],
      ['a reason without the note it asks for', { reason: 'other' }],
    ])('%s', async (_name, about) => {
      expect(await core.breakGlass(here, anna, about)).toMatchObject({
        code: 'emergency-not-offered',
      })
      expect((await core.counts())['BTG-101']).toBe(1)
      await nothingOpened()
    })
    it('where the zone offers none', async () => {
      const emergency = { offered: false, reasons: [], lastsMs: minute, witness: 'always' } as const
      await core.addZone('lobby', { emergency: { ...emergency, reasons: usual } })
      const lobby = await core.addWorkstation('lobby')
      expect(await core.breakGlass(lobby, anna)).toMatchObject({ code: 'emergency-not-offered' })
    })
    it('a workstation that is not enrolled, and remembers nothing for it', async () => {
      const ghost = core.newTapId() as unknown as WorkstationId
      expect(await core.breakGlass(ghost, anna)).toMatchObject({
        code: 'workstation-not-enrolled',
      })
      expect(await core.store.read.selectFrom('tap').selectAll().execute()).toEqual([])
    })
    it('a wish that another workstation had, and its PIN and its witness', async () => {
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      expect(await core.breakGlass(there, anna, { id })).toMatchObject({ code: 'tap-expired' })
      expect(await core.pin(there, id, usualPin)).toMatchObject({ code: 'tap-expired' })
      const waiting = await upToWitness()
      expect(await core.vouch(there, waiting, ben)).toMatchObject({ code: 'tap-expired' })
      await nothingOpened()
    })
    it('a witness whom nobody asked for, or who comes too late', async () => {
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      expect(await core.vouch(here, id, ben)).toMatchObject({ code: 'tap-expired' })
      const waiting = await upToWitness()
      core.pass(2 * minute)
      expect(await core.vouch(here, waiting, ben)).toMatchObject({ code: 'tap-expired' })
      await nothingOpened()
    })
    it('her who was revoked while a colleague was called over', async () => {
      const id = await upToWitness()
      await revoke('terminated')
      expect(await core.vouch(here, id, ben)).toMatchObject({ code: 'not-identified' })
      await nothingOpened()
    })
    it('her whose badge was reported lost while she typed, and uses up no try', async () => {
      const id = core.newTapId()
      await core.breakGlass(here, anna, { id })
      await mark('lost')
      expect(await core.pin(here, id, usualPin)).toMatchObject({ code: 'emergency-never' })
      expect(await core.store.read.selectFrom('pin_attempt').selectAll().execute()).toEqual([])
    })
  })

  it('opens nothing where it cannot be written, and tells nobody', async () => {
    const id = core.newTapId()
    await core.breakGlass(here, anna, { id })
    core.notices.length = 0
    const store = {
      engine: core.store.engine,
      read: core.store.read,
      waiting: 0,
      commit: () => Promise.reject(new Fault('store-full', 'transient')),
      close: () => Promise.resolve(),
    }
    const notices = (notice: Notice): void => void core.notices.push(notice)
    const perform = makePerform({ store, notices, log: silentLog })
    const entry = { tapId: id, workstationId: here, pin: usualPin }
    await expect(enterPin(entry, { ...core.needs, perform })).rejects.toMatchObject({
      code: 'store-full',
    })
    await nothingOpened()
    expect(core.notices).toEqual([])
    // And with room again the same question opens.
    admitted(await core.pin(here, id, usualPin))
  })

  describe('takes nobody as a witness', () => {
    const ask = async (who: Pick<KitPerson, 'card'>, rule: string) => {
      const id = await upToWitness()
      expect(await core.vouch(here, id, who)).toMatchObject({ kind: 'ask-witness', again: true })
      const refused = (await core.record()).filter(({ code }) => code === 'BTG-102')
      expect(refused.map((fact) => fact['rule'])).toEqual([rule])
      await nothingOpened()
      return id
    }
    it('but another: not her own badge', async () => {
      await ask(anna, 'witness-is-another')
    })
    it('but another: not her own second badge', async () => {
      const card = { technology: 'csn', canonical: '04aaaaaaaaaa01' } as const
      const { personId } = anna
      await core.needs.perform(() => enrolBadge({ personId, card, by }, core.needs))
      await ask({ card }, 'witness-is-another')
    })
    it('whom nobody knows', async () => {
      await ask({ card: { technology: 'csn', canonical: '04deadbeef1234' } }, 'witness-is-known')
    })
    it.each(['lost', 'suspended'] as const)('with a badge that is %s', async (status) => {
      await mark(status, ben)
      await ask(ben, 'witness-badge-is-good')
    })
    it.each(['on-leave', 'suspended'] as const)('who is %s', async (status) => {
      await revoke(status, ben)
      await ask(ben, 'witness-is-active')
    })
    it('whose role does not speak for anybody there', async () => {
      await core.addZone('lab', { roles: ['pharmacist'], witnessRoles: ['nurse'] })
      here = await core.addWorkstation('lab')
      const leo = await core.addPerson({ given: 'Leo', roles: ['billing'] })
      const id = await ask(leo, 'witness-role-may')
      expect(await core.vouch(here, id, ben)).toMatchObject({ kind: 'admitted' })
    })
    it('whose role the zone does not name for it', async () => {
      const emergency = emergencySettings.parse({ witnessRoles: ['physician'] })
      await core.addZone('lab', { roles: ['pharmacist'], emergency })
      here = await core.addWorkstation('lab')
      await ask(ben, 'witness-role-may')
    })
    it('however many are tried: the fifth ends it', async () => {
      const id = await ask(anna, 'witness-is-another')
      for (let n = 0; n < 3; n++) {
        expect(await core.vouch(here, id, anna)).toMatchObject({ kind: 'ask-witness' })
      }
      expect(await core.vouch(here, id, anna)).toMatchObject({ code: 'witness-not-usable' })
      expect(await core.vouch(here, id, ben)).toMatchObject({ code: 'tap-expired' })
    })
    it('who is revoked at the very moment', async () => {
      for (let round = 0; round < 4; round++) {
        const who = await core.addPerson()
        const id = await upToWitness()
        const speak = () => core.vouch(here, id, who)
        const leave = () => revoke('suspended', who).then(() => undefined)
        const order = round % 2 === 0 ? [speak(), leave()] : [leave(), speak()]
        const frame = (await Promise.all(order)).find((answer) => answer !== undefined)
        const given = (await allGrants()).filter(({ witness_id }) => witness_id === who.personId)
        expect(given).toHaveLength(frame?.kind === 'admitted' ? 1 : 0)
      }
    })
    it('twice for one wish', async () => {
      const id = await upToWitness()
      const frames = await Promise.all([core.vouch(here, id, ben), core.vouch(here, id, ben)])
      expect(frames.map(({ kind }) => kind).toSorted()).toEqual(['admitted', 'refused'])
      expect(await allGrants()).toHaveLength(1)
    })
  })

  describe('a staff number', () => {
    it('that is nobody’s is answered like one with a wrong PIN, frame by frame', async () => {
      const frames: BrokerFrame[][] = []
      for (const [staffNumber, pin] of [
        ['N-4711', '00000000'],
        ['N-0000', usualPin],
      ] as const) {
        const id = core.newTapId()
        const asked = await core.breakGlass(here, { staffNumber }, { id, note: 'x' })
        frames.push([asked, await core.pin(here, id, pin)])
      }
      const bare = frames.map((pair) =>
        pair.map((frame) => ({ ...frame, id: '', tapId: '', quote: '' })),
      )
      expect(bare[0]).toEqual(bare[1])
      expect(bare[0]).toMatchObject([{ kind: 'ask-pin' }, { code: 'not-identified' }])
      expect(JSON.stringify(await core.record())).not.toContain('N-0000')
      await nothingOpened()
    })
    it('with wrong PINs never locks the PIN that goes with her badge', async () => {
      for (let n = 0; n < 6; n++) {
        const id = core.newTapId()
        await core.breakGlass(here, { staffNumber: 'N-4711' }, { id })
        await core.pin(here, id, '00000000')
      }
      // This way is closed for a while, even with the right PIN …
      const id = core.newTapId()
      await core.breakGlass(there, { staffNumber: 'N-4711' }, { id })
      expect(await core.pin(there, id, usualPin)).toMatchObject({ code: 'not-identified' })
      // … and hers is not.
      await core.signIn(ward, anna)
      core.pass(16 * minute)
      await upToWitness()
    })
    it('is counted by the workstation, whoever’s it is', async () => {
      for (let n = 0; n < 15; n++) {
        const id = core.newTapId()
        await core.breakGlass(here, { staffNumber: `X-${String(n)}00` }, { id })
        await core.pin(here, id, usualPin)
      }
      const who = { staffNumber: 'N-4711' }
      expect(await core.breakGlass(here, who)).toMatchObject({ code: 'workstation-locked-out' })
    })
    it.each(['suspended', 'terminated'] as const)('of somebody %s is nobody’s', async (status) => {
      await revoke(status)
      const id = core.newTapId()
      await core.breakGlass(here, { staffNumber: 'N-4711' }, { id })
      expect(await core.pin(here, id, usualPin)).toMatchObject({ code: 'not-identified' })
    })
    it('belongs to one person, and is free when she has left', async () => {
      const change = { personId: ben.personId, staffNumber: 'n-4711', by }
      const give = () => core.needs.perform(() => changePerson(change, core.needs))
      expect((await give()).answer).toMatchObject({ code: 'staff-number-taken' })
      await revoke('terminated')
      expect((await give()).answer).toEqual({ kind: 'changed' })
    })
  })

  describe('stays what it is', () => {
    it('opens no window in which the badge alone is enough', async () => {
      await core.leave(here, await breakIn())
      expect(await core.tap(ward, anna)).toMatchObject({ kind: 'ask-pin' })
    })
    it('is come back to at its workstation, for what is left of it', async () => {
      const session = await breakIn()
      await core.leave(here, session, 'idle')
      core.pass(10 * minute)
      const id = await tapId(here)
      expect(await core.pin(here, id, usualPin)).toMatchObject({
        kind: 'admitted',
        sessionId: session,
        emergency: { lastsMs: 20 * minute },
      })
      expect((await core.sessions())[0]?.acr).toBe('urn:wardkey:acr:break-glass')
      expect(await allGrants()).toHaveLength(1)
    })
    it('is not moved: elsewhere policy is asked anew', async () => {
      const session = await breakIn()
      expect(await core.tap(there, anna)).toMatchObject({ code: 'role-not-in-zone' })
      core.notices.length = 0
      const ordinary = await core.signIn(ward, anna)
      expect(ordinary).not.toBe(session)
      const rows = await core.sessions()
      expect(rows.find(({ id }) => id === session)).toMatchObject({ state: 'locked' })
      expect(rows.find(({ id }) => id === ordinary)).toMatchObject({ grant_id: null })
      expect(core.notices).toContainEqual(
        expect.objectContaining({
          workstationId: here,
          frame: expect.objectContaining({ kind: 'lock', code: 'session-moved' }),
        }),
      )
    })
    it('does not take the ordinary session that she has elsewhere', async () => {
      const ordinary = await core.signIn(ward, anna)
      const session = await breakIn()
      expect(session).not.toBe(ordinary)
      const rows = await core.sessions()
      expect(rows.find(({ id }) => id === ordinary)).toMatchObject({
        state: 'locked',
        grant_id: null,
      })
      // And she comes back to it as ever.
      expect(await core.signIn(ward, anna)).toBe(ordinary)
    })
    it('asked for anew, the first one is over', async () => {
      const first = await breakIn()
      const second = await breakIn(there)
      const rows = await core.sessions()
      expect(rows.find(({ id }) => id === first)).toMatchObject({ state: 'ended' })
      expect(rows.find(({ id }) => id === second)).toMatchObject({ state: 'open' })
      expect((await allGrants()).filter(({ ended_ms }) => ended_ms === null)).toHaveLength(1)
    })
  })

  describe('ends', () => {
    it('when its time is over, in the middle of it', async () => {
      const session = await breakIn()
      core.pass(30 * minute - 1)
      await sweepNow()
      expect((await core.sessions())[0]?.state).toBe('open')
      core.pass(1)
      core.notices.length = 0
      await sweepNow()
      expect((await core.sessions())[0]).toMatchObject({
        state: 'ended',
        end_reason: 'emergency-over',
      })
      expect((await allGrants())[0]).toMatchObject({ end_reason: 'emergency-over', outcome: null })
      expect(core.notices[0]).toMatchObject({
        workstationId: here,
        frame: { kind: 'lock', sessionId: session, code: 'emergency-over' },
      })
      expect(await core.tap(here, anna)).toMatchObject({ code: 'role-not-in-zone' })
    })
    it('not by leaving, however long the screen is locked', async () => {
      await core.leave(here, await breakIn())
      core.pass(29 * minute)
      await sweepNow()
      expect((await core.sessions())[0]?.state).toBe('locked')
    })
    it('when she closes it, or the workstation’s clock does', async () => {
      const session = await breakIn()
      await core.leave(here, session, 'emergency-over')
      expect((await allGrants())[0]?.ended_ms).toBe(core.nowMs())
      expect((await core.counts())['BTG-003']).toBe(1)
    })
    it('with her access', async () => {
      await breakIn()
      await revoke('on-leave')
      expect((await core.sessions())[0]).toMatchObject({ state: 'ended', end_reason: 'revoked' })
      expect((await allGrants())[0]).toMatchObject({ end_reason: 'revoked' })
    })
  })

  const tapId = async (at: WorkstationId): Promise<TapId> => {
    const id = core.newTapId()
    expect(await core.tap(at, anna, id)).toMatchObject({ kind: 'ask-pin' })
    return id
  }
})

const usual = [{ code: 'patient-in-danger', label: 'A patient is in danger now', asksNote: false }]
