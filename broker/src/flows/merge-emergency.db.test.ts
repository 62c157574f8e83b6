// Emergency access that cut-off workstations gave, on both stores: once, as a grant with its end, its
// review and its notice; what should not have been given is put up, and what cannot have been is none.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { personId, sessionId, zoneId } from '@wardkey/protocol/ids'
import type { PersonId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { openCore } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { OfflineJournal } from '../../../test/kit/offline-journal.ts'
import { engines } from '../../../test/kit/stores.ts'
import { findGrant } from '../sessions/emergency-grant.ts'
import { openNote } from '../sessions/grant-note.ts'
import { BundleDesk } from './bundles/bundle-desk.ts'
import { declareZone } from './declare-zone.ts'
import { markBadge } from './mark-badge.ts'
import { mergeOffline } from './merge-offline.ts'
import { revokePerson } from './revoke-person.ts'
import { sweep } from './sweep.ts'
import { toldGrant } from './told-grant.ts'

const minute = 60_000
const hour = 60 * minute
const by = 'test'
const choice = { reason: 'patient-in-danger', tookMs: 2500.4, position: 0, of: 5 }
type Line = Partial<Parameters<OfflineJournal['write']>[0] & { kind: 'decided' }>

describe.each(engines)('an emergency in a journal on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  /** A nurse, where only pharmacists have a right. */
  let anna: KitPerson
  let ben: KitPerson
  let carl: KitPerson
  let leo: KitPerson
  let journal: OfflineJournal
  let session: SessionId

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, channels: ['webhook', 'mail'] })
    await core.addZone('pharmacy', {
      ...{ roles: ['pharmacist'], witnessRoles: ['nurse'], offlineMaxMs: 2 * hour },
    })
    here = await core.addWorkstation('pharmacy')
    anna = await core.addPerson({ staffNumber: 'N-4711' })
    ben = await core.addPerson({ given: 'Ben', roles: ['pharmacist'] })
    carl = await core.addPerson({ given: 'Carl' })
    leo = await core.addPerson({ given: 'Leo', roles: ['billing'] })
    core.pass(minute)
    await give()
    core.pass(minute)
    journal = new OfflineJournal()
    session = sessionId.parse(randomUUID())
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  async function give(): Promise<void> {
    const desk = new BundleDesk({
      ...core.needs,
      signKey: generateKeyPairSync('ed25519').privateKey,
      ...{ pinPepper: randomBytes(32), random: randomBytes, othersMax: 10 },
      findDowntimeKey: () => undefined,
    })
    await desk.refresh((await desk.zones()).values())
    const view = desk.viewOf('pharmacy')
    if (!view || !(await desk.make(here, view))) throw new Error('no bundle')
  }
  const tell = async (frame = journal.frame()): Promise<BrokerFrame> =>
    (await core.needs.perform(() => mergeOffline(frame, here, core.needs))).answer
  /** With badge and PIN, unless the line says otherwise. */
  const given = (more: Line = {}, who = anna): void => {
    journal.write({
      ...{ kind: 'decided', atMs: core.nowMs(), tapId: core.newTapId(), outcome: 'admitted' },
      ...{ rule: 'emergency', personId: who.personId, sessionId: session },
      ...{ pinAtMs: core.nowMs(), choice, by: 'card', bundleSequence: 1, bundleAgeMs: minute },
      ...more,
    })
  }
  const byNumber = (witnessId?: PersonId): Line => ({
    ...{ by: 'staff-number', rule: 'emergency-with-witness' },
    ...(witnessId === undefined ? {} : { witnessId }),
  })
  const left = (reason: 'emergency-over' | 'network-back' | 'tap-out' = 'tap-out'): void => {
    journal.write({ kind: 'left', atMs: core.nowMs(), sessionId: session, reason })
  }
  const row = async () => (await core.sessions()).find(({ id }) => id === session)
  const grants = () => core.store.read.selectFrom('emergency_grant').selectAll().execute()
  const notices = () => core.store.read.selectFrom('compliance_notice').selectAll().execute()
  const reviews = async () =>
    (await core.store.read.selectFrom('offline_review').selectAll().execute()).map(
      ({ reasons }) => reasons,
    )
  const kept = (isKept: boolean) => ({ sessions: [{ sessionId: session, isKept }] })
  const revoke = (who: KitPerson, status: 'suspended' | 'terminated' | 'on-leave') =>
    core.needs.perform(() => revokePerson({ personId: who.personId, status, by }, core.needs))
  const lose = (who: KitPerson) =>
    core.needs.perform(() => markBadge({ badgeId: who.badgeId, status: 'lost', by }, core.needs))
  const rule = (emergency: object) => {
    const rules = { roles: ['pharmacist'], offlineMaxMs: 2 * hour, emergency }
    const id = zoneId.parse('pharmacy')
    const zone = { id, kind: 'nurse-station', label: 'pharmacy', rules }
    return core.needs.perform(() => declareZone(zone, {}, core.needs))
  }

  describe('becomes a grant', () => {
    it('that is over, with its review and its notice, marked in every fact', async () => {
      given({ choice: { ...choice, reason: 'other', note: 'Bett 7, kein Puls' } })
      const fromMs = core.nowMs()
      core.pass(10 * minute)
      journal.write({ kind: 'launched', atMs: core.nowMs(), sessionId: session, outcome: 'shown' })
      left()
      journal.write({
        kind: 'lock-was-wrong',
        atMs: core.nowMs(),
        sessionId: session,
        reason: 'idle',
      })
      core.pass(hour)
      expect(await tell()).toMatchObject({ kind: 'offline-merged', upToSeq: 4, sessions: [] })
      const [one, ...others] = await grants()
      expect(others).toEqual([])
      expect(one).toMatchObject({
        ...{ person_id: anna.personId, session_id: session, workstation_id: here },
        ...{ zone_id: 'pharmacy', reason: 'other', reason_label: 'Something else' },
        ...{ identity: 'badge-and-pin', witness_id: null, otherwise: 'role-not-in-zone' },
        ...{ took_ms: 2500, position: 0, choices: 5, from_ms: fromMs },
        ...{ until_ms: fromMs + 30 * minute, ended_ms: fromMs + 10 * minute },
        ...{ end_reason: 'tap-out', outcome: null },
        review_due_ms: core.nowMs() + 72 * hour,
      })
      const grant = await findGrant(core.needs.db, one?.id ?? '')
      const key = await core.needs.personKeys.find(anna.personId)
      if (!grant?.noteSealed || !key) throw new Error('no note')
      expect(openNote(grant.noteSealed, key, grant.id)).toBe('Bett 7, kein Puls')
      expect(await notices()).toMatchObject([
        { grant_id: grant.id, next_ms: core.nowMs(), told_ms: null },
        { grant_id: grant.id, next_ms: core.nowMs(), told_ms: null },
      ])
      expect(core.notices).toContainEqual({ kind: 'emergency-given', grantId: grant.id })
      expect(await row()).toMatchObject({
        ...{ state: 'ended', acr: 'urn:wardkey:acr:break-glass', grant_id: grant.id },
        until_ms: fromMs + 30 * minute,
      })
      const facts = (await core.record()).filter((fact) => fact['session'] === session)
      expect(facts.map(({ code }) => code).sort()).toEqual(
        ['BTG-002', 'BTG-003', 'OFF-002', 'OFF-003', 'OFF-003', 'OFF-003'].sort(),
      )
      for (const { fields } of facts) {
        expect(fields).toMatchObject({
          purpose: 'BTG',
          grant: grant.id,
          journal: journal.journalId,
        })
      }
      const told = facts.find(({ code }) => code === 'BTG-002')
      expect(told).toMatchObject({
        fields: { bundleSequence: 1, bundleAgeMs: minute, atMs: fromMs },
      })
      expect(JSON.stringify(facts)).not.toContain('kein Puls')
      expect(await reviews()).toEqual([])
    })
    it('once, however often, in whatever pieces and to how many brokers it is told', async () => {
      given()
      left()
      const frame = journal.frame()
      await Promise.all([tell(frame), tell(frame), tell(frame)])
      await tell(journal.frameOf(frame.lines.slice(0, 1), false))
      await tell(journal.frameOf(frame.lines.slice(1)))
      expect(await grants()).toHaveLength(1)
      expect(await notices()).toHaveLength(2)
      expect(await core.counts()).toMatchObject({ 'BTG-002': 1, 'BTG-003': 1, 'OFF-006': 4 })
    })
    it('with its first line, so that compliance hears of it whatever comes after', async () => {
      given()
      expect(await tell(journal.frame(false))).toMatchObject({ upToSeq: 1, sessions: [] })
      expect(await grants()).toMatchObject([{ ended_ms: null }])
      expect(await notices()).toHaveLength(2)
      core.pass(minute)
      left()
      await tell()
      expect(await grants()).toMatchObject([{ ended_ms: core.nowMs(), end_reason: 'tap-out' }])
      expect(await row()).toMatchObject({ state: 'ended' })
      const facts = (await core.record()).filter((fact) => fact['session'] === session)
      for (const { fields } of facts) expect(fields).toMatchObject({ purpose: 'BTG' })
    })
    it('of a number, with the colleague who spoke for her', async () => {
      given(byNumber(carl.personId))
      left()
      await tell()
      expect(await grants()).toMatchObject([
        {
          ...{ identity: 'number-and-pin', otherwise: 'role-not-in-zone' },
          witness_id: carl.personId,
        },
      ])
      const spoke = (await core.record()).find(({ code }) => code === 'BTG-004')
      expect(spoke).toMatchObject({ session, fields: { witness: carl.personId, purpose: 'BTG' } })
      expect(await reviews()).toEqual([])
    })
    it('of a number of somebody who lacks nothing but a badge', async () => {
      given(byNumber(carl.personId), ben)
      left()
      await tell()
      expect(await grants()).toMatchObject([{ otherwise: 'no-badge' }])
    })
    it('of a badge without a PIN, with a colleague', async () => {
      given({ pinAtMs: 0, witnessId: carl.personId }, ben)
      left()
      await tell()
      expect(await grants()).toMatchObject([{ identity: 'badge', otherwise: 'pin-locked' }])
      expect(await reviews()).toEqual([])
    })
    it('whatever the workstation’s clock says, and is judged by when it can have been', async () => {
      await core.setAccess(anna, { hours: [{ days: [1], from: '08:00', until: '16:00' }] })
      given({ atMs: 8_640_000_000_000_000, pinAtMs: 8_640_000_000_000_000 })
      expect(await tell()).toMatchObject({ kind: 'offline-merged', upToSeq: 1 })
      expect(await grants()).toMatchObject([{ otherwise: 'role-not-in-zone' }])
    })
    it.each([
      ['ahead, as long as it lasted, by our clock', 10 * minute, {}],
      ['behind, by its own clock, which is told', -10 * minute, { clockAheadMs: -10 * minute }],
    ])('of a workstation whose clock is %s', async (_what, offMs, told) => {
      core.pass(20 * minute)
      const atMs = core.nowMs() + offMs
      given({ atMs, pinAtMs: atMs })
      core.pass(4 * minute)
      const endMs = core.nowMs() + offMs
      journal.write({ kind: 'left', atMs: endMs, sessionId: session, reason: 'tap-out' })
      core.pass(minute)
      await tell({ ...journal.frame(), clockMs: core.nowMs() + offMs })
      const [grant] = await grants()
      const shiftMs = Math.max(0, offMs)
      expect(grant).toMatchObject({ from_ms: atMs - shiftMs, ended_ms: endMs - shiftMs })
      const ended = (await core.record()).find(({ code }) => code === 'BTG-003')
      expect(ended?.fields).toMatchObject({ endedMs: grant?.ended_ms, ...told })
      expect(Object.keys(ended?.fields ?? {}).includes('clockAheadMs')).toBe('clockAheadMs' in told)
      expect(await reviews()).toEqual([])
    })
    it('of which compliance is told that it was given without a broker, from its first line', async () => {
      given()
      await tell(journal.frame(false))
      const [{ id } = { id: '' }] = await grants()
      expect(await toldGrant(id, false, core.needs)).toMatchObject({ isOffline: true })
      left()
      await tell()
      expect(await toldGrant(id, false, core.needs)).toMatchObject({ isOffline: true })
    })
    it('never, where it was refused there; that it was asked for is told as a broker tells it', async () => {
      const refused = {
        outcome: 'refused',
        code: 'witness-not-usable',
        sessionId: undefined,
      } as const
      given({ ...refused, rule: 'witness-is-known', pinAtMs: undefined })
      given({ ...refused, personId: personId.parse(randomUUID()), pinAtMs: undefined })
      given({ ...refused, choice: undefined, by: undefined, pinAtMs: undefined })
      await tell()
      expect(await grants()).toEqual([])
      const told = (await core.record()).filter(({ code }) => code.startsWith('BTG-'))
      expect(told.map(({ code }) => code)).toEqual(['BTG-001', 'BTG-101', 'BTG-001', 'BTG-101'])
      const [asked, no, ...others] = told
      expect(asked).toMatchObject({ person: anna.personId, fields: { by: 'card', purpose: 'BTG' } })
      expect(no).toMatchObject({ rule: 'witness-is-known', fields: { code: 'witness-not-usable' } })
      expect(others.every(({ person }) => person === undefined)).toBe(true)
    })
    it('each, of two that she had one after the other', async () => {
      given()
      left()
      session = sessionId.parse(randomUUID())
      core.pass(minute)
      given()
      left()
      await tell()
      expect(await grants()).toHaveLength(2)
      expect(await core.counts()).toMatchObject({ 'BTG-002': 2, 'BTG-003': 2 })
    })
    it('and not, of one that was refused or only asked for', async () => {
      given({ outcome: 'asked-pin' })
      given({ outcome: 'refused', code: 'emergency-never' })
      await tell()
      expect(await grants()).toEqual([])
      expect(await notices()).toEqual([])
      const facts = (await core.record()).filter(({ code }) => code === 'OFF-002')
      for (const { fields } of facts) expect(fields).toMatchObject({ purpose: 'BTG' })
    })
  })

  describe('that is still on a screen', () => {
    it('goes on for what is left of it, and ends by the broker’s clock', async () => {
      given()
      core.pass(10 * minute)
      expect(await tell()).toMatchObject(kept(true))
      const [grant] = await grants()
      expect(grant).toMatchObject({ ended_ms: null })
      expect(await row()).toMatchObject({ state: 'open', grant_id: grant?.id })
      core.pass(20 * minute)
      await sweep({ ...core.needs, lost: { list: () => [], settled: () => undefined } })
      expect(await row()).toMatchObject({ state: 'ended', end_reason: 'emergency-over' })
      expect(await grants()).toMatchObject([{ ended_ms: core.nowMs() }])
      const facts = (await core.record()).filter((fact) => fact['session'] === session)
      expect(facts.map(({ code }) => code)).toContain('SES-001')
      for (const { fields } of facts) expect(fields).toMatchObject({ grant: grant?.id })
    })
    it('of somebody on leave goes on too, with a colleague', async () => {
      await revoke(anna, 'on-leave')
      await give()
      core.pass(minute)
      given({ bundleSequence: 2, witnessId: carl.personId })
      expect(await tell()).toMatchObject(kept(true))
      expect(await reviews()).toEqual([])
    })
    it('is hers again with badge and PIN, and opens the chart', async () => {
      given()
      await tell()
      const id = core.newTapId()
      expect(await core.tap(here, anna, id)).toMatchObject({ kind: 'ask-pin' })
      expect(await core.pin(here, id, anna.pin)).toMatchObject({
        ...{ kind: 'admitted', sessionId: session, steps: [{ kind: 'open-web' }] },
        emergency: { reason: 'A patient is in danger now' },
      })
      expect(await grants()).toHaveLength(1)
    })
    const cases: [string, () => Promise<unknown>][] = [
      [
        'its time is over',
        () => {
          core.pass(30 * minute)
          return Promise.resolve()
        },
      ],
      [
        'she was suspended after it',
        async () => (core.pass(minute), await revoke(anna, 'suspended')),
      ],
      ['she is gone', async () => (core.pass(minute), await revoke(anna, 'terminated'))],
      ['her badge was lost after it', async () => (core.pass(minute), await lose(anna))],
      ['somebody else is here by now', () => core.signIn(here, ben)],
    ]
    it.each(cases)('ends where %s', async (_what, happens) => {
      given()
      await happens()
      expect(await tell()).toMatchObject(kept(false))
      expect(await row()).toMatchObject({ state: 'ended' })
      expect(await grants()).toMatchObject([{ end_reason: 'network-back' }])
      expect(await core.counts()).toMatchObject({ 'BTG-002': 1, 'BTG-003': 1 })
    })
    it('and whose screen locked for it is told in a journal of its own', async () => {
      given()
      core.pass(minute)
      await lose(anna)
      expect(await tell()).toMatchObject(kept(false))
      journal = new OfflineJournal()
      left('network-back')
      await tell()
      const told = (await core.record()).findLast(({ code }) => code === 'OFF-003')
      expect(told).toMatchObject({ person: anna.personId, session, workstation: here })
    })
    it('and a screen that was never there is nobody’s', async () => {
      left('network-back')
      await tell()
      const told = (await core.record()).find(({ code }) => code === 'OFF-003')
      expect(told).toMatchObject({ session })
      expect(told?.person).toBeUndefined()
    })
    it('ends where the zone offers none any more', async () => {
      given()
      core.pass(minute)
      await rule({ offered: false })
      expect(await tell()).toMatchObject(kept(false))
    })
  })

  describe('is given, put up for review and kept on no screen', () => {
    const cases: [string, string, () => Promise<unknown> | undefined, () => Line][] = [
      ['a number without a colleague', 'witness-missing', () => undefined, () => byNumber()],
      ['a badge alone', 'witness-missing', () => undefined, () => ({ pinAtMs: 0 })],
      [
        'she spoke for herself',
        'witness-is-herself',
        () => undefined,
        () => byNumber(anna.personId),
      ],
      [
        'the colleague was not known there',
        'witness-not-in-bundle',
        () => undefined,
        () => byNumber(personId.parse(randomUUID())),
      ],
      [
        'the colleague was suspended meanwhile',
        'witness-not-active',
        () => revoke(carl, 'suspended'),
        () => byNumber(carl.personId),
      ],
      [
        'the colleague’s badge was lost meanwhile',
        'witness-badge-not-usable',
        () => lose(carl),
        () => byNumber(carl.personId),
      ],
      [
        'the colleague’s role speaks for nobody there',
        'witness-role-may-not',
        () => undefined,
        () => byNumber(leo.personId),
      ],
      [
        'she was gone meanwhile',
        'person-not-active badge-not-usable',
        () => revoke(anna, 'terminated'),
        () => ({}),
      ],
      ['her badge was lost meanwhile', 'badge-not-usable', () => lose(anna), () => ({})],
      [
        'she was on leave meanwhile, without a colleague',
        'witness-missing',
        () => revoke(anna, 'on-leave'),
        () => ({}),
      ],
      [
        'the zone had stopped to offer it',
        'emergency-not-offered',
        () => rule({ offered: false }),
        () => ({}),
      ],
      [
        'the zone asked for a colleague always',
        'witness-missing',
        () => rule({ witness: 'always' }),
        () => ({}),
      ],
      [
        'no reason of the list was chosen',
        'emergency-not-offered',
        () => undefined,
        () => ({ choice: { ...choice, reason: 'bored' } }),
      ],
      [
        'the note was missing',
        'emergency-not-offered',
        () => undefined,
        () => ({ choice: { ...choice, reason: 'other' } }),
      ],
    ]
    it.each(cases)('where %s', async (_what, reason, happens, line) => {
      await happens()
      core.pass(minute)
      given(line())
      expect(await tell()).toMatchObject(kept(false))
      expect(await reviews()).toEqual([reason])
      expect(await grants()).toHaveLength(1)
      expect(await notices()).toHaveLength(2)
    })
    it('where its screen stayed open too long', async () => {
      given()
      core.pass(31 * minute)
      left('emergency-over')
      await tell()
      expect(await reviews()).toEqual(['emergency-too-long'])
    })
    it('where its clock was a little ahead, and only its end is still to come by it', async () => {
      const aheadMs = 20 * minute
      given({ atMs: core.nowMs() + aheadMs, pinAtMs: core.nowMs() + aheadMs })
      core.pass(40 * minute)
      const atMs = core.nowMs() + aheadMs
      journal.write({ kind: 'left', atMs, sessionId: session, reason: 'emergency-over' })
      core.pass(15 * minute)
      await tell({ ...journal.frame(), clockMs: core.nowMs() + aheadMs })
      expect(await reviews()).toEqual(['emergency-too-long'])
      const [grant] = await grants()
      const lastedMs = (grant?.ended_ms ?? 0) - (grant?.from_ms ?? 0)
      expect(lastedMs).toBeGreaterThan(30 * minute)
    })
    it('but not where its screen ended in time', async () => {
      given()
      core.pass(30 * minute + 900)
      left('emergency-over')
      await tell()
      expect(await reviews()).toEqual([])
    })
  })

  describe('is not believed, and nothing is given,', () => {
    const noGrant = async (reason: string): Promise<void> => {
      await tell()
      expect(await reviews()).toEqual([reason])
      expect(await grants()).toEqual([])
      expect(await notices()).toEqual([])
    }
    it('without a word on how she was named', async () => {
      given()
      const [line = ''] = journal.lines
      const cut = line.replace('"by":"card",', '')
      expect(cut).not.toBe(line)
      journal = new OfflineJournal()
      journal.lines.push(cut)
      await noGrant('incomplete')
    })
    it('of somebody who was gone before the bundle', async () => {
      await revoke(anna, 'terminated')
      await give()
      given({ bundleSequence: 2 })
      await noGrant('person-not-in-bundle')
    })
    it('of a bundle that offered none', async () => {
      await rule({ offered: false })
      await give()
      given({ bundleSequence: 2 }, ben)
      await noGrant('refused-in-bundle')
    })
    it('in the place of a session that she has', async () => {
      session = await core.signIn(here, ben)
      given({}, ben)
      await noGrant('session-not-here')
      expect(await row()).toMatchObject({ state: 'open', grant_id: null })
    })
    it('twice for one session', async () => {
      given()
      left()
      given()
      left()
      await tell()
      expect(await grants()).toHaveLength(1)
      expect(await reviews()).toEqual(['session-not-here'])
    })
    it('as anything else: no ordinary line brings it back', async () => {
      given({}, ben)
      left()
      given({ choice: undefined, by: undefined, rule: 'badge-and-pin' }, ben)
      left()
      await tell()
      expect(await reviews()).toEqual(['session-not-here'])
      given({ choice: undefined, by: undefined, isResumed: true }, ben)
      await tell()
      expect(await reviews()).toEqual(['session-not-here', 'session-not-here'])
      expect(await row()).toMatchObject({ state: 'ended' })
    })
  })
})
