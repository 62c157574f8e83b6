// Errands about badges and PINs at a workstation: who may speak for whom, what counts only at the
// end, what is told before it is proved who asks, and what a loaner does to the own badge. On both
// stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { CardClaim, ErrandAnswer } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import type { ErrandKind } from '@wardkey/protocol/workstation/errands'
import { openCore, usualPin } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../../test/kit/broker-core.ts'
import { answerErrandAt, answers, beginErrandAt } from '../../../../test/kit/errand-hand.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { insertLoanerCard } from '../../identity/cards/loaner-cards.ts'
import { cancelTap } from '../cancel-tap.ts'
import { enrolBadge } from '../enrol-badge.ts'
import { markBadge } from '../mark-badge.ts'
import { revokePerson } from '../revoke-person.ts'
import { setPin } from '../set-pin.ts'
import { sweep } from '../sweep.ts'

const hour = 3_600_000
const unknown: CardClaim = { technology: 'csn', canonical: '04aabbccddeeff' }
const loaner: CardClaim = { technology: 'csn', canonical: '04000000000c01' }
const newPin = '95173826'
const { card, chosen, number, pin, yes } = answers

describe.each(engines)('errands on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let chief: KitPerson
  let second: KitPerson
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open, allowedCards: [{ kind: 'csn', bytes: 7 }] })
    await core.addZone('4-west', { witnessRoles: ['charge-nurse'], nameShown: 'none' })
    here = await core.addWorkstation('4-west')
    const roles = ['nurse', 'charge-nurse']
    chief = await core.addPerson({ roles, given: 'Clara', staffNumber: 'N-1' })
    second = await core.addPerson({ roles, given: 'Dora', staffNumber: 'N-2' })
    anna = await core.addPerson({ given: 'Anna', family: 'Quartermaine', staffNumber: 'N-47Z1' })
    const technology = { name: 'csn', assurance: 1 }
    const pool = { id: randomUUID(), label: 'Loaner 1', technology, nowMs: core.nowMs() }
    const write = insertLoanerCard(core.needs.db, {
      ...pool,
      lookup: lookupOf(loaner, core.needs.cardKey),
    })
    await core.store.commit({ kind: 'housekeeping', writes: [write] })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const begin = (errand: ErrandKind, card?: CardClaim, id = core.newTapId(), at = here) =>
    beginErrandAt(core, { errand, card, id, at })
  const answer = (id: TapId, given: ErrandAnswer, card?: CardClaim, at = here) =>
    answerErrandAt(core, { id, given, card, at })
  const steps = async (id: TapId, all: readonly ErrandAnswer[], card?: CardClaim) => {
    let last: BrokerFrame | undefined
    for (const given of all) last = await answer(id, given, card)
    return last
  }
  const spoken = (of = chief) => [card(of), pin()]
  const statusOf = async (badge: string) =>
    (await core.store.read.selectFrom('badge').selectAll().where('id', '=', badge).execute())[0]
      ?.status
  const goOnSweeping = () =>
    sweep({ ...core.needs, lost: { list: () => [], settled: () => undefined } })

  describe('an unknown badge', () => {
    it('is hers once a colleague spoke, her name was shown back, and her PIN matched', async () => {
      const { id, frame } = await begin('enrol', unknown)
      expect(frame).toMatchObject({ kind: 'ask-errand', step: 'witness-badge', isSecond: false })
      expect(await answer(id, card(chief))).toMatchObject({ step: 'witness-pin' })
      expect(await answer(id, pin())).toMatchObject({ step: 'number' })
      const shown = await answer(id, number('n-47z1'))
      expect(shown).toMatchObject({
        step: 'confirm',
        name: 'Anna Quartermaine',
        byBadge: 'witness',
      })
      expect(await core.tap(here, { card: unknown })).toMatchObject({ code: 'badge-unknown' })
      expect(await answer(id, card(chief), unknown)).toMatchObject({ step: 'pin' })
      expect(await core.tap(here, { card: unknown })).toMatchObject({ code: 'badge-unknown' })
      expect(await answer(id, pin(), unknown)).toMatchObject({ kind: 'errand-done' })
      expect(await core.tap(here, { card: unknown })).toMatchObject({ kind: 'ask-pin' })
      expect(await core.counts()).toMatchObject({ 'ERD-002': 1, 'ERD-004': 1 })
      core.pass(61_000)
      await goOnSweeping()
      expect(await core.store.read.selectFrom('errand').selectAll().execute()).toEqual([])
    })
    it('comes with the first PIN for whoever has none, by the rules of any PIN', async () => {
      const eva = await core.addPerson({ pin: null, staffNumber: 'N-5' })
      const { id } = await begin('enrol', unknown)
      const asked = await steps(id, [...spoken(), number('N-5'), card(chief)], unknown)
      expect(asked).toMatchObject({ step: 'new-pin' })
      expect(await answer(id, chosen('1234'), unknown)).toMatchObject({ flaw: 'pin-length' })
      expect(await answer(id, chosen('12345678'), unknown)).toMatchObject({
        flaw: 'pin-guessable',
      })
      // Digits of the very card that is to be hers.
      const digits = BigInt(`0x${unknown.canonical}`).toString().slice(0, 8)
      expect(await answer(id, chosen(digits), unknown)).toMatchObject({ flaw: 'pin-guessable' })
      expect(await answer(id, chosen(newPin), unknown)).toMatchObject({ kind: 'errand-done' })
      await core.signIn(here, { ...eva, card: unknown, pin: newPin })
    })
    it.each([
      ['somebody’s already', () => anna.card, 'badge-taken'],
      ['random', () => ({ ...unknown, canonical: '08a1b2c3' }), 'card-not-a-badge'],
      [
        'of a kind that the site does not take',
        () => ({ ...unknown, canonical: '04a1b2c3' }),
        'badge-not-allowed',
      ],
      ['a loaner', () => loaner, 'loaner-not-given'],
    ])('is refused before anybody is fetched where it is %s', async (_name, of, code) => {
      expect((await begin('enrol', of())).frame).toMatchObject({ kind: 'refused', code })
    })
    it('is nobody’s where it became somebody else’s meanwhile, or another card is shown', async () => {
      const first = await begin('enrol', unknown)
      await steps(first.id, [...spoken(), number('N-47Z1'), card(chief)], unknown)
      const other = { ...unknown, canonical: '04111111111111' }
      expect(await answer(first.id, pin(), other)).toMatchObject({ code: 'tap-expired' })
      expect(await core.tap(here, { card: other })).toMatchObject({ code: 'badge-unknown' })
      const again = await begin('enrol', unknown)
      await steps(again.id, [...spoken(), number('N-47Z1'), card(chief)], unknown)
      const elsewhere = await core.addWorkstation('4-west')
      expect(await answer(again.id, pin(), unknown, elsewhere)).toMatchObject({
        code: 'tap-expired',
      })
      const order = { personId: second.personId, card: unknown, by: 'desk' }
      await core.needs.perform(() => enrolBadge(order, core.needs))
      expect(await answer(again.id, pin(), unknown)).toMatchObject({ code: 'badge-taken' })
    })
    it('may be spoken for by whoever has the role for a while; for her two speak', async () => {
      const what = { id: 'e', kind: 'role', what: 'charge-nurse', untilMs: core.nowMs() + hour }
      const query = core.needs.db
        .updateTable('person')
        .set({ exceptions: JSON.stringify([what]) })
        .where('id', '=', anna.personId)
        .compile()
      await core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      const { id } = await begin('enrol', unknown)
      const named = await steps(id, [...spoken(), number('N-47Z1')], unknown)
      expect(named).toMatchObject({ step: 'witness-badge', isSecond: true })
      const other = await begin('enrol', unknown)
      expect(await answer(other.id, card(anna))).toMatchObject({ step: 'witness-pin' })
      expect(await answer(other.id, pin())).toMatchObject({ step: 'number' })
      core.pass(hour)
      const late = await begin('enrol', unknown)
      expect(await answer(late.id, card(anna))).toMatchObject({ step: 'witness-badge' })
    })
    it('is not hers without the PIN that she has, and wrong ones are counted', async () => {
      const { id } = await begin('enrol', unknown)
      await steps(id, [...spoken(), number('N-47Z1'), card(chief)], unknown)
      let last = await answer(id, pin('00000001'), unknown)
      expect(last).toMatchObject({ step: 'pin', again: true })
      while (last.kind === 'ask-errand') last = await answer(id, pin('00000001'), unknown)
      // A witness has said that it is she: it counts where it counts at a tap.
      expect(last).toMatchObject({ code: 'pin-locked' })
      expect(await core.tap(here, { card: unknown })).toMatchObject({ code: 'badge-unknown' })
      expect(await core.tap(here, anna)).toMatchObject({ code: 'pin-locked' })
    })
    it('goes to one of two who finish at once, and once to one who sends it twice', async () => {
      await core.addPerson({ given: 'Eva', staffNumber: 'N-5' })
      const there = await core.addWorkstation('4-west')
      const one = await begin('enrol', unknown)
      await steps(one.id, [...spoken(), number('N-47Z1'), card(chief)], unknown)
      const two = await begin('enrol', unknown, core.newTapId(), there)
      for (const given of [...spoken(second), number('N-5'), card(second)]) {
        await answer(two.id, given, unknown, there)
      }
      const ends = await Promise.all([
        answer(one.id, pin(), unknown),
        answer(one.id, pin(), unknown),
        answer(two.id, pin(), unknown, there),
      ])
      const done = ends.filter((frame) => frame.kind === 'errand-done')
      expect(new Set(done.map(({ tapId }) => tapId)).size).toBe(1)
      const rows = await core.store.read.selectFrom('badge').selectAll().execute()
      const lookup = lookupOf(unknown, core.needs.cardKey)
      expect(rows.filter((row) => row.lookup === lookup)).toHaveLength(1)
      expect((await core.counts())['ERD-004']).toBe(1)
    })
  })

  describe('a witness', () => {
    it.each([
      ['a stranger', () => ({ card: { ...unknown, canonical: '04999999999999' } })],
      ['a colleague without the role', () => anna],
    ])('is not %s', async (_name, who) => {
      const { id } = await begin('enrol', unknown)
      expect(await answer(id, card(who()))).toMatchObject({ step: 'witness-badge', again: true })
      expect((await core.counts())['ERD-102']).toBe(1)
    })
    it('is refused after a box of badges was tried', async () => {
      const { id } = await begin('enrol', unknown)
      for (let n = 0; n < 4; n++) await answer(id, card(anna))
      expect(await answer(id, card(anna))).toMatchObject({ code: 'witness-not-usable' })
      expect(await answer(id, card(chief))).toMatchObject({ code: 'tap-expired' })
    })
    it('does not count without her PIN, and gets no more tries than at a tap', async () => {
      const { id } = await begin('enrol', unknown)
      await answer(id, card(chief))
      expect(await answer(id, pin('00000001'))).toMatchObject({ step: 'witness-pin', again: true })
      let last = await answer(id, pin('00000001'))
      while (last.kind === 'ask-errand') last = await answer(id, pin('00000001'))
      expect(last).toMatchObject({ code: 'pin-locked' })
      expect(await core.tap(here, chief)).toMatchObject({ code: 'pin-locked' })
    })
    it('does not count where she was revoked, or her badge lost, before her PIN', async () => {
      const { id } = await begin('enrol', unknown)
      await answer(id, card(chief))
      const mark = { badgeId: chief.badgeId, status: 'lost', by: 'kit' } as const
      await core.needs.perform(() => markBadge(mark, core.needs))
      expect(await answer(id, pin())).toMatchObject({ code: 'witness-not-usable' })
    })
    it('speaks for nobody’s number and not for herself', async () => {
      const { id } = await begin('enrol', unknown)
      await steps(id, spoken())
      expect(await answer(id, number('N-404'))).toMatchObject({ step: 'number', again: true })
      expect(await answer(id, number('N-1'))).toMatchObject({ code: 'witness-not-usable' })
    })
    it('speaks for nobody who is on leave, and no name is told', async () => {
      const leave = { personId: anna.personId, status: 'on-leave', by: 'kit' } as const
      await core.needs.perform(() => revokePerson(leave, core.needs))
      const { id } = await begin('enrol', unknown)
      const refused = await steps(id, [...spoken(), number('N-47Z1')])
      expect(refused).toMatchObject({ code: 'person-not-active' })
      expect(JSON.stringify(refused)).not.toContain('Quartermaine')
    })
    it.each(['enrol', 'loaner', 'new-pin'] as const)(
      'says with the same badge, not with a press, that the name is the one (%s)',
      async (kind) => {
        const begun = { enrol: unknown, loaner, 'new-pin': anna.card }[kind]
        const { id } = await begin(kind, begun)
        const shown = await steps(id, spoken())
        if (kind !== 'new-pin') await answer(id, number('N-47Z1'), begun)
        else expect(shown).toMatchObject({ step: 'confirm', byBadge: 'witness' })
        for (const wrong of [yes, card(second), card(anna), pin(), chosen(newPin)]) {
          expect(await answer(id, wrong, begun)).toMatchObject({ step: 'confirm' })
        }
        const next = kind === 'new-pin' ? 'new-pin' : 'pin'
        expect(await answer(id, card(chief), begun)).toMatchObject({ step: next })
      },
    )
    it('confirms nothing with a badge that was lost since she spoke, and not forever', async () => {
      const { id } = await begin('new-pin', anna.card)
      await steps(id, spoken())
      const mark = { badgeId: chief.badgeId, status: 'lost', by: 'kit' } as const
      await core.needs.perform(() => markBadge(mark, core.needs))
      for (let n = 0; n < 4; n++) {
        expect(await answer(id, card(chief))).toMatchObject({ step: 'confirm', again: true })
      }
      expect(await answer(id, card(second))).toMatchObject({ code: 'witness-not-usable' })
    })
    it.each(['new-pin', 'enrol'] as const)(
      'counts for nothing (%s) where she or her badge was revoked before the end',
      async (kind) => {
        const lost = { badgeId: chief.badgeId, status: 'lost', by: 'kit' } as const
        const leave = { personId: chief.personId, status: 'on-leave', by: 'kit' } as const
        const begun = kind === 'enrol' ? unknown : anna.card
        const said = kind === 'enrol' ? [...spoken(), number('N-47Z1')] : spoken()
        const last = kind === 'enrol' ? pin() : chosen(newPin)
        for (const revoke of [
          () => core.needs.perform(() => markBadge(lost, core.needs)),
          () => core.needs.perform(() => revokePerson(leave, core.needs)),
        ]) {
          const { id } = await begin(kind, begun)
          await steps(id, [...said, card(chief)], begun)
          await revoke()
          expect(await answer(id, last, begun)).toMatchObject({ code: 'witness-not-usable' })
          const back = { ...lost, status: 'active' } as const
          await core.needs.perform(() => markBadge(back, core.needs))
        }
        await core.signIn(here, anna)
        expect(await core.tap(here, { card: unknown })).toMatchObject({ code: 'badge-unknown' })
      },
    )
    it('is two for whoever may speak for others, be it elsewhere in the house', async () => {
      await core.addZone('pharmacy', { witnessRoles: ['pharmacist-in-charge'] })
      await core.addPerson({ roles: ['pharmacist-in-charge'], staffNumber: 'N-7' })
      const { id } = await begin('new-pin')
      const asked = await steps(id, [...spoken(), number('N-7')])
      expect(asked).toMatchObject({ step: 'witness-badge', isSecond: true })
    })
    it('is two for whoever has a role that some zone of the house says so of', async () => {
      await core.addZone('pharmacy', { twoWitnessRoles: ['pharmacist'] })
      await core.addPerson({ roles: ['pharmacist'], staffNumber: 'N-7' })
      const { id } = await begin('new-pin')
      const asked = await steps(id, [...spoken(), number('N-7')])
      expect(asked).toMatchObject({ step: 'witness-badge', isSecond: true })
    })
    it('is two for whoever may speak for others here, and neither is she', async () => {
      const { id } = await begin('new-pin')
      const asked = await steps(id, [...spoken(), number('N-2')])
      expect(asked).toMatchObject({ step: 'witness-badge', isSecond: true })
      expect(await answer(id, card(second))).toMatchObject({ again: true })
      expect(await answer(id, card(chief))).toMatchObject({ again: true })
      const third = await core.addPerson({ roles: ['nurse', 'charge-nurse'] })
      const confirm = { step: 'confirm', name: 'Dora Santos', byBadge: 'witness' }
      expect(await steps(id, [card(third), pin()])).toMatchObject(confirm)
      // The first has not been asked about this name by now: the last one is.
      expect(await answer(id, card(chief))).toMatchObject({ ...confirm, again: true })
      expect(await answer(id, card(third))).toMatchObject({ step: 'new-pin' })
      expect(await answer(id, chosen(newPin))).toMatchObject({ kind: 'errand-done' })
      await core.signIn(here, { ...second, pin: newPin })
    })
  })

  describe('an errand', () => {
    it('is not offered where nobody may be a witness, or the zone leaves it out', async () => {
      await core.addZone('lobby', { errands: ['lost'], witnessRoles: ['charge-nurse'] })
      await core.addZone('ward', {})
      for (const zone of ['lobby', 'ward']) {
        here = await core.addWorkstation(zone)
        expect((await begin('enrol', unknown)).frame).toMatchObject({ code: 'errand-not-offered' })
      }
    })
    it('runs out, is given up, and gives way to the next', async () => {
      const one = await begin('enrol', unknown)
      const two = await begin('lost')
      expect(await answer(one.id, card(chief))).toMatchObject({ code: 'tap-expired' })
      core.pass(61_000)
      expect(await answer(two.id, number('N-47Z1'))).toMatchObject({ code: 'tap-expired' })
      const three = await begin('lost')
      const cancel = { kind: 'cancel', tapId: three.id, reason: 'not-me' } as const
      const frame = { ...cancel, id: messageId.parse(randomUUID()) }
      await core.needs.perform(() => cancelTap(frame, here, core.needs))
      expect(await answer(three.id, number('N-47Z1'))).toMatchObject({ code: 'tap-expired' })
    })
    it('whose last answer was lost is asked again, and done once', async () => {
      const { id } = await begin('loaner', loaner)
      await steps(id, [...spoken(), number('N-47Z1'), card(chief), pin()], loaner)
      core.pass(20_000)
      const told = { kind: 'errand-done', errand: 'loaner', lastsMs: 12 * hour - 20_000 }
      expect((await begin('loaner', loaner, id)).frame).toMatchObject(told)
      expect(await answer(id, pin('00000001'), loaner)).toMatchObject(told)
      expect(await core.counts()).toMatchObject({ 'ERD-004': 1, 'BDG-004': 1 })
      const elsewhere = await core.addWorkstation('4-west')
      expect((await begin('loaner', loaner, id, elsewhere)).frame.kind).toBe('refused')
      core.pass(41_000)
      expect(await answer(id, pin(), loaner)).toMatchObject({ code: 'tap-expired' })
    })
    it('begun again under its id is at the step where it was', async () => {
      const { id } = await begin('enrol', unknown)
      await steps(id, spoken())
      expect((await begin('enrol', unknown, id)).frame).toMatchObject({ step: 'number' })
    })
    it('asks again what was asked where something else is answered', async () => {
      const { id } = await begin('enrol', unknown)
      for (const wrong of [yes, pin(), chosen(newPin), number('N-47Z1')]) {
        expect(await answer(id, wrong, unknown)).toMatchObject({ step: 'witness-badge' })
      }
    })
    it('has no longer for a step by answers to another', async () => {
      const { id } = await begin('lost')
      core.pass(50_000)
      expect(await answer(id, yes)).toMatchObject({ step: 'number', answerWithinMs: 10_000 })
      core.pass(11_000)
      expect(await answer(id, number('N-47Z1'))).toMatchObject({ code: 'tap-expired' })
    })
    it('leaves no card number, staff number or PIN behind', async () => {
      const { id } = await begin('enrol', unknown)
      await steps(id, [...spoken(), number('N-47Z1'), card(chief)], unknown)
      const rows = await core.store.read.selectFrom('errand').selectAll().execute()
      const facts = await core.store.read.selectFrom('fact').select('body').execute()
      const all = JSON.stringify(rows) + facts.map(({ body }) => Buffer.from(body)).join()
      for (const secret of [unknown.canonical, '47Z1', usualPin, 'Quartermaine']) {
        expect(all).not.toContain(secret)
      }
    })
  })

  describe('a PIN', () => {
    it('is changed with the old one, and what that had opened comes with the new one', async () => {
      await core.leave(here, await core.signIn(here, anna))
      const { id, frame } = await begin('change-pin', anna.card)
      expect(frame).toMatchObject({ step: 'pin' })
      expect(await answer(id, pin())).toMatchObject({ step: 'new-pin' })
      expect(await answer(id, chosen(newPin))).toMatchObject({ kind: 'errand-done' })
      const tap = core.newTapId()
      expect(await core.tap(here, anna, tap)).toMatchObject({ kind: 'ask-pin' })
      expect(await core.pin(here, tap, usualPin)).toMatchObject({ kind: 'ask-pin', again: true })
      expect(await core.pin(here, tap, newPin)).toMatchObject({ kind: 'admitted' })
    })
    it('is not changed with a wrong one, and locks as at a tap', async () => {
      const { id } = await begin('change-pin')
      expect(await answer(id, card(anna))).toMatchObject({ step: 'pin' })
      let last = await answer(id, pin('00000001'))
      while (last.kind === 'ask-errand') last = await answer(id, pin('00000001'))
      expect(last).toMatchObject({ code: 'pin-locked' })
      expect(await answer(id, chosen(newPin))).toMatchObject({ code: 'tap-expired' })
    })
    it.each(['change-pin', 'new-pin'] as const)(
      'is not to be had (%s) by a badge that is lost',
      async (kind) => {
        const mark = { badgeId: anna.badgeId, status: 'lost', by: 'desk' } as const
        const before = kind === 'change-pin' ? [pin()] : [...spoken(), card(chief)]
        const { id } = await begin(kind, anna.card)
        expect(await steps(id, before)).toMatchObject({ step: 'new-pin' })
        await core.needs.perform(() => markBadge(mark, core.needs))
        expect(await answer(id, chosen(newPin))).toMatchObject({ code: 'badge-not-usable' })
        expect((await begin(kind, anna.card)).frame).toMatchObject({ code: 'badge-not-usable' })
        const later = await begin('change-pin')
        expect(await answer(later.id, card(anna))).toMatchObject({ step: 'badge', again: true })
      },
    )
    it('is not changed where another was set after it was proved', async () => {
      const { id } = await begin('change-pin', anna.card)
      await answer(id, pin())
      core.pass(1000)
      const set = { personId: anna.personId, pin: '73829154', by: 'desk' }
      await setPin(set, core.needs)
      expect(await answer(id, chosen(newPin))).toMatchObject({ code: 'tap-expired' })
      await core.signIn(here, { ...anna, pin: '73829154' })
    })
    it('that is new is tried anew by number, however often the old one was', async () => {
      const there = await core.addWorkstation('4-west')
      const lost = async (digits: string) => {
        const { id } = await begin('lost', undefined, core.newTapId(), there)
        await answer(id, number('N-47Z1'), undefined, there)
        return answer(id, pin(digits), undefined, there)
      }
      for (let n = 0; n < 5; n++) await lost('00000001')
      expect(await lost(usualPin)).toMatchObject({ code: 'not-identified' })
      const { id } = await begin('new-pin', anna.card)
      await steps(id, [...spoken(), card(chief), chosen(newPin)])
      expect(await lost(newPin)).toMatchObject({ kind: 'errand-done' })
    })
    it('that is forgotten is set with a colleague, also when it is locked for good', async () => {
      const { id, frame } = await begin('new-pin', anna.card)
      expect(frame).toMatchObject({ step: 'witness-badge' })
      expect(await steps(id, spoken())).toMatchObject({
        step: 'confirm',
        name: 'Anna Quartermaine',
      })
      expect(await steps(id, [card(chief), chosen(newPin)])).toMatchObject({ kind: 'errand-done' })
      await core.signIn(here, { ...anna, pin: newPin })
    })
  })

  describe('a lost badge', () => {
    it('is reported with number and PIN, and what it had opened locks', async () => {
      const there = await core.addWorkstation('4-west')
      const session = await core.signIn(there, anna)
      const { id } = await begin('lost')
      expect(await answer(id, number('N-47Z1'))).toMatchObject({ step: 'pin' })
      core.notices.length = 0
      expect(await answer(id, pin())).toMatchObject({ kind: 'errand-done', errand: 'lost' })
      expect(core.notices[0]).toMatchObject({ frame: { kind: 'lock', sessionId: session } })
      expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
    })
    it('of nobody is answered like one with a wrong PIN: nothing is told, nothing lost', async () => {
      const told: unknown[] = []
      for (const [text, digits] of [
        ['N-404', usualPin],
        ['N-47Z1', '00000001'],
      ] as const) {
        const { id } = await begin('lost')
        const asked = await answer(id, number(text))
        const last = await answer(id, pin(digits))
        const without = ({ id: _id, ...rest }: BrokerFrame) => ({ ...rest, tapId: '', quote: '' })
        told.push([without(asked), without(last)])
      }
      expect(told[0]).toEqual(told[1])
      expect(await statusOf(anna.badgeId)).toBe('active')
    })
    const lose = async () => {
      const { id } = await begin('lost')
      return steps(id, [number('N-47Z1'), pin()])
    }
    it('that is found comes back with a witness and the PIN, and asks for the PIN', async () => {
      await lose()
      const found = await begin('found', anna.card)
      expect(found.frame).toMatchObject({ step: 'witness-badge' })
      expect(await answer(found.id, pin())).toMatchObject({ step: 'witness-badge' })
      const shown = { step: 'confirm', name: 'Anna Quartermaine', byBadge: 'witness' }
      expect(await steps(found.id, spoken())).toMatchObject(shown)
      expect(await answer(found.id, card(chief))).toMatchObject({ step: 'pin' })
      expect(await answer(found.id, pin('00000001'))).toMatchObject({ again: true })
      expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
      expect(await answer(found.id, pin())).toMatchObject({ kind: 'errand-done' })
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })
    it('comes back nowhere by what its thief has: badge and PIN', async () => {
      await lose()
      for (const zone of ['4-west', 'lobby']) {
        if (zone === 'lobby') await core.addZone(zone, {})
        here = await core.addWorkstation(zone)
        const { id } = await begin('found', anna.card)
        expect((await answer(id, pin())).kind).not.toBe('errand-done')
        const other = await begin('found')
        await answer(other.id, card(anna))
        expect((await answer(other.id, pin())).kind).not.toBe('errand-done')
      }
      expect(await statusOf(anna.badgeId)).toBe('lost')
    })
    it('that only waited for a loaner, and was lost before the end, asks for a witness', async () => {
      const lent = await begin('loaner', loaner)
      await steps(lent.id, [...spoken(), number('N-47Z1'), card(chief), pin()], loaner)
      const { id, frame } = await begin('found', anna.card)
      expect(frame).toMatchObject({ step: 'pin' })
      const mark = { badgeId: anna.badgeId, status: 'lost', by: 'desk' } as const
      await core.needs.perform(() => markBadge(mark, core.needs))
      expect(await answer(id, pin())).toMatchObject({ code: 'badge-not-usable' })
    })
    it('is replaced by a new one for good, and found by nobody then', async () => {
      await lose()
      const { id } = await begin('enrol', unknown)
      await steps(id, [...spoken(), number('N-47Z1'), card(chief), pin()], unknown)
      expect(await statusOf(anna.badgeId)).toBe('replaced')
      expect((await begin('found', anna.card)).frame).toMatchObject({ code: 'badge-unknown' })
    })
    it.each(['suspended', 'replaced'] as const)('is not found where it is %s', async (status) => {
      const mark = { badgeId: anna.badgeId, status, by: 'security' }
      await core.needs.perform(() => markBadge(mark, core.needs))
      const { frame } = await begin('found', anna.card)
      expect(frame.kind).toBe('refused')
    })
    it('is not found after two weeks in other hands, nor where it is not lost', async () => {
      expect((await begin('found', anna.card)).frame).toMatchObject({ code: 'badge-not-usable' })
      const { id } = await begin('lost')
      await steps(id, [number('N-47Z1'), pin()])
      core.pass(15 * 24 * hour)
      expect((await begin('found', anna.card)).frame).toMatchObject({ code: 'badge-not-usable' })
    })
  })

  describe('a loaner badge', () => {
    const lend = async () => {
      const { id } = await begin('loaner', loaner)
      return steps(id, [...spoken(), number('N-47Z1'), card(chief), pin()], loaner)
    }
    it('is nobody’s until it is given, then hers, and her own waits', async () => {
      expect(await core.tap(here, { card: loaner })).toMatchObject({ code: 'loaner-not-given' })
      const session = await core.signIn(here, anna)
      core.notices.length = 0
      expect(await lend()).toMatchObject({ kind: 'errand-done', lastsMs: 12 * hour })
      expect(core.notices[0]).toMatchObject({ frame: { kind: 'lock', sessionId: session } })
      expect(await statusOf(anna.badgeId)).toBe('suspended')
      const marked = (await core.record()).find(({ code }) => code === 'BDG-002')
      expect(marked?.fields).toMatchObject({ isResting: true })
      expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
      await core.signIn(here, { ...anna, card: loaner })
    })
    it('ends an hour after her shift, without a sweep, and then gives her own back', async () => {
      const now = core.nowMs()
      const roster = [{ fromMs: now - hour, untilMs: now + 2 * hour }]
      await core.setAccess(anna, { roster })
      expect(await lend()).toMatchObject({ lastsMs: 3 * hour })
      const session = await core.signIn(here, { ...anna, card: loaner })
      core.pass(3 * hour)
      expect(await core.tap(here, { card: loaner })).toMatchObject({ code: 'badge-not-usable' })
      await goOnSweeping()
      expect((await core.sessions()).find(({ id }) => id === session)?.state).not.toBe('open')
      expect(await core.tap(here, { card: loaner })).toMatchObject({ code: 'loaner-not-given' })
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
      const after = (await core.counts())['BDG-005']
      await goOnSweeping()
      expect((await core.counts())['BDG-005']).toBe(after)
    })
    it('does not bring back what was reported lost meanwhile', async () => {
      await lend()
      const mark = { badgeId: anna.badgeId, status: 'lost', by: 'desk' } as const
      await core.needs.perform(() => markBadge(mark, core.needs))
      core.pass(13 * hour)
      await goOnSweeping()
      expect(await statusOf(anna.badgeId)).toBe('lost')
    })
    it('is over once she found her own', async () => {
      await lend()
      const { id } = await begin('found', anna.card)
      expect(await answer(id, pin())).toMatchObject({ kind: 'errand-done' })
      expect(await core.tap(here, { card: loaner })).toMatchObject({ code: 'loaner-not-given' })
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })
    it('is given to one person at a time, and a card of no pool is none', async () => {
      await lend()
      expect((await begin('loaner', loaner)).frame).toMatchObject({ code: 'badge-taken' })
      expect((await begin('loaner', unknown)).frame).toMatchObject({ code: 'badge-unknown' })
    })
    it('speaks for nobody once it is over', async () => {
      const { id } = await begin('loaner', loaner)
      const third = await core.addPerson({ roles: ['nurse', 'charge-nurse'] })
      await steps(id, [...spoken(), number('N-2'), ...spoken(third), card(third), pin()], loaner)
      core.pass(13 * hour)
      const next = await begin('enrol', unknown)
      expect(await answer(next.id, { by: 'card', card: loaner })).toMatchObject({ again: true })
    })
  })
})
