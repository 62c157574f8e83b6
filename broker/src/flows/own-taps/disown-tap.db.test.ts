// “This was not me” on both stores: what it suspends and ends, once; what it leaves alone; and that
// nothing but her own badge is ever touched by it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DisownOrder } from '@wardkey/protocol/console/own-record'
import type { BadgeId, TapId, WorkstationId } from '@wardkey/protocol/ids'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { badgesOf, markBadgeRow } from '../../identity/badges.ts'
import type { BadgeStatus } from '../../identity/badges.ts'
import { enrolBadge } from '../enrol-badge.ts'
import { mayBeFound } from '../errands/found-badge.ts'
import { explainTap } from '../explain-tap.ts'
import { newFact } from '../flow-needs.ts'
import { markBadge } from '../mark-badge.ts'
import { byPerson } from '../own-record.ts'
import { disownTap } from './disown-tap.ts'

const minute = 60_000
const day = 86_400_000

describe.each(engines)('“this was not me” on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let there: WorkstationId
  let rosa: KitPerson
  let ben: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, channels: ['webhook', 'mail'] })
    await core.addZone('4-west', { screensMax: 3 })
    here = await core.addWorkstation('4-west')
    there = await core.addWorkstation('4-west')
    rosa = await core.addPerson()
    ben = await core.addPerson({ given: 'Ben', family: 'Example' })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const say = async (order: DisownOrder, who = rosa) =>
    (await core.needs.perform(() => disownTap(who.personId, order, core.needs))).answer
  const placeOf = async (code: string, who = rosa) => {
    const rows = core.store.read.selectFrom('fact').select('idx').where('code', '=', code)
    const hers = rows.where('person_id', '=', who.personId).orderBy('idx', 'desc')
    return (await hers.executeTakeFirstOrThrow()).idx
  }
  const sayOf = async (code: string, who = rosa) =>
    say({ what: 'tap', index: await placeOf(code, who) }, who)
  const statusesOf = async (who = rosa) =>
    (await badgesOf(core.needs.db, who.personId)).map(({ status }) => status)
  const states = async () => (await core.sessions()).map(({ state }) => state).sort()
  const mark = async (status: BadgeStatus, by = 'token desk', badgeId: BadgeId = rosa.badgeId) =>
    (await core.needs.perform(() => markBadge({ badgeId, status, by }, core.needs))).answer
  const secondBadge = async (): Promise<KitPerson> => {
    const card = { technology: 'csn', canonical: '04aabbccddeeff' } as const
    const { personId, pin } = rosa
    const made = await core.needs.perform(() =>
      enrolBadge({ personId, card, by: 'kit' }, core.needs),
    )
    if (made.answer.kind !== 'enrolled') throw new Error('the kit enrols no second badge')
    return { personId, pin, card, badgeId: made.answer.badgeId }
  }

  it('suspends the badge and ends all that is open for her, in one unit, screens first', async () => {
    await core.signIn(there, rosa)
    await core.signIn(here, rosa)
    await core.signIn(await core.addWorkstation('4-west'), ben)
    core.notices.length = 0
    expect(await sayOf('TAP-001')).toEqual({
      ...{ kind: 'disowned', badges: 1, sessions: 2, wasSaid: false },
    })
    expect(await statusesOf()).toEqual(['suspended'])
    expect(await states()).toEqual(['ended', 'ended', 'open'])
    expect(core.notices.map(({ kind }) => kind)).toEqual([
      ...['to-workstation', 'to-workstation', 'session-left', 'session-left'],
    ])
    const told = (await core.record()).slice(-4)
    expect(told.map(({ code }) => code)).toEqual(['BDG-008', 'BDG-002', 'SES-004', 'SES-004'])
    expect(told[0]).toMatchObject({
      ...{ person: rosa.personId, badge: rosa.badgeId, workstation: here, zone: '4-west' },
      fields: { what: 'tap', by: byPerson(rosa.personId), badges: 1, sessions: 2 },
    })
    expect(await core.tap(here, rosa)).toMatchObject({ code: 'badge-not-usable' })
  })

  it('of a line of a session is of the tap that opened it', async () => {
    const session = await core.signIn(here, rosa)
    const tap = await placeOf('TAP-001')
    await core.leave(here, session, 'idle')
    expect(await sayOf('SES-003')).toMatchObject({ badges: 1, sessions: 1, wasSaid: false })
    expect((await core.record()).find(({ code }) => code === 'BDG-008')).toMatchObject({
      fields: { tap, line: await placeOf('SES-003'), code: 'SES-003' },
    })
    expect(await sayOf('TAP-001')).toMatchObject({ badges: 0, sessions: 0, wasSaid: true })
  })

  it('is a step in why the tap went as it did', async () => {
    const id: TapId = core.newTapId()
    await core.tap(here, rosa, id)
    await core.pin(here, id, rosa.pin)
    const before = await explainTap(id, core.store)
    expect(before?.steps.map(({ code }) => code)).not.toContain('BDG-008')
    await sayOf('TAP-001')
    await core.signIn(there, ben)
    expect((await explainTap(id, core.store))?.steps.at(-1)).toMatchObject({ code: 'BDG-008' })
  })

  describe('changes nothing', () => {
    it('when it is said of the same tap again, the badge given back or not', async () => {
      await core.signIn(here, rosa)
      await sayOf('TAP-001')
      expect(await sayOf('TAP-001')).toMatchObject({ wasSaid: true, badges: 0, sessions: 0 })
      await mark('active')
      expect(await sayOf('TAP-001')).toMatchObject({ wasSaid: true })
      expect(await statusesOf()).toEqual(['active'])
      const counts = await core.counts()
      expect([counts['BDG-008'], counts['BDG-009'], counts['BDG-002']]).toEqual([1, 2, 1])
    })
    it('by the second of two words at once', async () => {
      await core.signIn(here, rosa)
      const index = await placeOf('TAP-001')
      const both = await Promise.all([say({ what: 'tap', index }), say({ what: 'tap', index })])
      expect(both.map((answer) => 'wasSaid' in answer && answer.wasSaid).sort()).toEqual([
        ...[false, true],
      ])
      const counts = await core.counts()
      expect([counts['BDG-008'], counts['BDG-002'], counts['SES-004']]).toEqual([1, 1, 1])
    })
    it.each(['lost', 'replaced', 'expired', 'suspended'] as const)(
      'about a badge that is %s by now, nor about what is open by another',
      async (status) => {
        await core.signIn(here, rosa)
        const index = await placeOf('TAP-001')
        await mark(status)
        const [session] = await core.sessions()
        if (session) await core.leave(here, session.id as never, 'idle')
        core.pass(30 * day)
        await core.store.commit({
          kind: 'housekeeping',
          writes: [{ query: core.store.read.deleteFrom('session').compile() }],
        })
        await core.signIn(there, await secondBadge())
        expect(await say({ what: 'tap', index })).toMatchObject({
          ...{ kind: 'disowned', badges: 0, sessions: 0, wasSaid: false },
        })
        // A lost one would come back by a colleague's word: suspended it comes back by security's.
        const now = status === 'lost' ? 'suspended' : status
        expect((await statusesOf()).sort()).toEqual(['active', now].sort())
        expect(await states()).toEqual(['open'])
        expect((await core.counts())['BDG-008']).toBe(1)
      },
    )
    it('about her other badge', async () => {
      const other = await secondBadge()
      await core.signIn(here, rosa)
      await sayOf('TAP-001')
      const badges = await badgesOf(core.needs.db, rosa.personId)
      expect(badges.find(({ id }) => id === other.badgeId)?.status).toBe('active')
      await core.signIn(here, other)
    })
    it('for a colleague, whatever she has open', async () => {
      await core.signIn(here, ben)
      await core.signIn(there, rosa)
      await sayOf('TAP-001')
      expect(await statusesOf(ben)).toEqual(['active'])
      expect(await states()).toEqual(['ended', 'open'])
    })
  })

  describe('is refused, and nothing is suspended,', () => {
    afterEach(async () => {
      if (!isHere) return
      expect([...(await statusesOf()), ...(await statusesOf(ben))]).toEqual(['active', 'active'])
      const refused = (await core.record()).filter(({ code }) => code === 'BDG-102')
      expect(refused).toMatchObject([{ person: rosa.personId, rule: 'own-tap-unknown' }])
      expect(JSON.stringify(refused)).not.toContain(ben.personId)
    })
    const unknown = { kind: 'refused', code: 'own-tap-unknown' }

    it('of somebody else’s tap, as of one that is not there', async () => {
      await core.signIn(here, ben)
      const index = await placeOf('TAP-001', ben)
      expect(await say({ what: 'tap', index })).toEqual(unknown)
    })
    it('of a number that the record has not', async () => {
      expect(await say({ what: 'tap', index: 1_000_000 })).toEqual(unknown)
    })
    it('of a fact about nobody', async () => {
      await core.tap(here, { card: { technology: 'csn', canonical: '04ffffffffffff' } })
      const row = core.store.read.selectFrom('fact').select('idx').where('code', '=', 'TAP-101')
      const { idx: index } = await row.executeTakeFirstOrThrow()
      expect(await say({ what: 'tap', index })).toEqual(unknown)
    })
    it.each(['PER-001', 'BDG-001', 'CON-001', 'PRE-002'] as const)(
      'of %s, which no hand of hers did',
      async (code) => {
        const facts = [newFact(core.needs, code, { person: rosa.personId })] as const
        const nothing = { answer: undefined, writes: [], notices: [], facts }
        await core.needs.perform(() => Promise.resolve(nothing))
        expect(await sayOf(code)).toEqual(unknown)
      },
    )
  })

  describe('of all her badges', () => {
    it('suspends each that still opens something, and once', async () => {
      await secondBadge()
      await core.signIn(here, rosa)
      expect(await say({ what: 'badges' })).toMatchObject({ badges: 2, sessions: 1 })
      expect(await say({ what: 'badges' })).toMatchObject({ badges: 0, wasSaid: true })
      expect(await statusesOf()).toEqual(['suspended', 'suspended'])
      await mark('active')
      expect(await say({ what: 'badges' })).toMatchObject({ badges: 1, wasSaid: false })
    })
    it('ends what was opened without one, where none opens anything any more', async () => {
      const kim = await core.addPerson({ given: 'Kim', staffNumber: 'N-77' })
      const id = core.newTapId()
      await core.breakGlass(here, { staffNumber: 'N-77' }, { id })
      await core.pin(here, id, kim.pin)
      await core.vouch(here, id, ben)
      await mark('lost', 'token desk', kim.badgeId)
      expect(await say({ what: 'badges' }, kim)).toMatchObject({ badges: 0, sessions: 1 })
      expect(await states()).toEqual(['ended'])
      expect((await core.counts())['BTG-003']).toBe(1)
    })
    it('is what a line without a badge means', async () => {
      const fields = { witness: rosa.personId }
      const facts = [newFact(core.needs, 'BTG-004', { person: ben.personId, fields })] as const
      const nothing = { answer: undefined, writes: [], notices: [], facts }
      await core.needs.perform(() => Promise.resolve(nothing))
      const index = await placeOf('BTG-004', ben)
      expect(await say({ what: 'tap', index })).toMatchObject({ badges: 1, wasSaid: false })
      expect(await statusesOf(ben)).toEqual(['active'])
      const told = (await core.record()).find(({ code }) => code === 'BDG-008')
      expect(told).toMatchObject({ person: rosa.personId })
      expect(JSON.stringify(told)).not.toContain(ben.personId)
    })
  })

  describe('the way back', () => {
    it('is the service desk’s or security’s, and neither hers nor a witness’s', async () => {
      await core.signIn(here, rosa)
      await sayOf('TAP-001')
      expect(await mark('active', byPerson(rosa.personId))).toMatchObject({ code: 'own-record' })
      const [badge] = await badgesOf(core.needs.db, rosa.personId)
      if (!badge) throw new Error('no badge')
      expect([true, false].map((witness) => mayBeFound(badge, core.nowMs(), witness))).toEqual([
        ...[false, false],
      ])
      expect(await mark('active')).toEqual({ kind: 'marked' })
      core.pass(minute)
      await core.signIn(here, rosa)
    })
    it('is no word of HR’s, who had suspended it before', async () => {
      const [was] = await badgesOf(core.needs.db, rosa.personId)
      if (!was) throw new Error('no badge')
      const suspend = markBadgeRow(core.needs.db, was, 'suspended', core.nowMs(), { isHrs: true })
      await core.store.commit({ kind: 'housekeeping', writes: [suspend] })
      expect(await say({ what: 'badges' })).toMatchObject({ badges: 1 })
      const [badge] = await badgesOf(core.needs.db, rosa.personId)
      expect(badge).toMatchObject({ status: 'suspended', isSuspendedByHr: false })
    })
  })
})
