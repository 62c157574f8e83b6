// People, badges and PINs as administrators change them: what is refused, what ends, what is kept,
// and that nothing readable is left in the database or the record. On both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { badgeId, personId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { openCore, usualPin } from '../../../test/kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../../../test/kit/broker-core.ts'
import { engines } from '../../../test/kit/stores.ts'
import { openField } from '../audit/sealed-fields.ts'
import { newPerson } from './add-person.ts'
import { changePerson } from './change-person.ts'
import { enrolBadge } from './enrol-badge.ts'
import { markBadge } from './mark-badge.ts'
import { revokePerson } from './revoke-person.ts'
import { setPin } from './set-pin.ts'

const by = 'desk'
const sealedFact = z.looseObject({
  id: z.string(),
  person: z.string().default(''),
  sealed: z.record(z.string(), z.string()).optional(),
})
const csn = (canonical: string) => ({ technology: 'csn', canonical }) as const

describe.each(engines)('people on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let here: WorkstationId
  let anna: KitPerson

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    core = await openCore({ open })
    await core.addZone('4-west')
    here = await core.addWorkstation('4-west')
    anna = await core.addPerson({ given: 'Annabelle', family: 'Quartermaine' })
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const enrol = async (card: Parameters<typeof enrolBadge>[0]['card'], of = anna.personId) =>
    (await core.needs.perform(() => enrolBadge({ personId: of, card, by }, core.needs))).answer
  const mark = async (status: Parameters<typeof markBadge>[0]['status'], id = anna.badgeId) =>
    (await core.needs.perform(() => markBadge({ badgeId: id, status, by }, core.needs))).answer
  const revoke = async (status: 'on-leave' | 'suspended' | 'terminated', of = anna.personId) =>
    (await core.needs.perform(() => revokePerson({ personId: of, status, by }, core.needs))).answer
  const pin = async (digits: string, of = anna.personId) =>
    (await setPin({ personId: of, pin: digits, by }, core.needs)).answer

  it('leaves no name, card number or PIN in the database or the record', async () => {
    await core.signIn(here, anna)
    const everything = JSON.stringify(await dump(core))
    for (const secret of ['Annabelle', 'Quartermaine', anna.card.canonical, usualPin]) {
      expect(everything).not.toContain(secret)
      expect(everything).not.toContain(Buffer.from(secret).toString('base64').slice(0, -4))
      expect(everything).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })

  it('keeps name and card in the record for whoever has the key, and nobody else', async () => {
    const key = await core.needs.personKeys.find(anna.personId)
    const facts = await core.store.read.selectFrom('fact').select(['code', 'body']).execute()
    const opened: Record<string, string | undefined> = {}
    for (const { code, body } of facts) {
      const fact = sealedFact.parse(JSON.parse(Buffer.from(body).toString()))
      if (fact.person !== anna.personId || !key) continue
      for (const name of Object.keys(fact.sealed ?? {})) {
        opened[`${code} ${name}`] = openField({ ...fact, sealed: fact.sealed ?? {} }, name, key)
        expect(() =>
          openField({ ...fact, sealed: fact.sealed ?? {} }, name, Buffer.alloc(32)),
        ).toThrow()
      }
    }
    expect(opened).toEqual({
      'PER-001 name': 'Annabelle Quartermaine',
      'BDG-001 card': anna.card.canonical,
    })
  })

  describe('a badge', () => {
    it.each([
      ['a random number', csn('08a1b2c3'), 'badge-random-id'],
      ['all zeros', csn('00000000'), 'badge-not-an-id'],
      ['all ones', csn('ffffffffffffff'), 'badge-not-an-id'],
      [
        'a wiegand card of zeros',
        { technology: 'wiegand', canonical: '26:00000000' } as const,
        'badge-not-an-id',
      ],
    ])('is refused for %s', async (_name, card, code) => {
      expect(await enrol(card)).toEqual({ kind: 'refused', code })
    })
    it('is refused for a card that has an owner, also the same person', async () => {
      expect(await enrol(anna.card)).toMatchObject({ code: 'badge-taken' })
      const ben = await core.addPerson()
      expect(await enrol(anna.card, ben.personId)).toMatchObject({ code: 'badge-taken' })
    })
    it('goes to one of two who enrol it at once', async () => {
      const ben = await core.addPerson()
      const card = csn('04112233445566')
      const answers = await Promise.all([enrol(card), enrol(card, ben.personId)])
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['enrolled', 'refused'])
    })
    it('is refused for nobody, for who left, and for a technology we do not know', async () => {
      const card = csn('04112233445566')
      expect(await enrol(card, personId.parse(randomUUID()))).toMatchObject({
        code: 'person-unknown',
      })
      const unknown = { personId: anna.personId, card, technology: 'desfire-ev9', by }
      const done = await core.needs.perform(() => enrolBadge(unknown, core.needs))
      expect(done.answer).toMatchObject({ code: 'badge-technology-not-known' })
      await revoke('terminated')
      expect(await enrol(card)).toMatchObject({ code: 'person-forgotten' })
    })
    it('is the same card whatever format a reader gives it', async () => {
      const canonical = '26:02f623ae'
      await enrol({ technology: 'wiegand', canonical, format: 'h10301' })
      const card = { technology: 'wiegand', canonical, format: 'H10302' } as const
      expect((await core.tap(here, { card })).kind).toBe('ask-pin')
    })
    it('that is lost locks what it opened, and opens nothing more', async () => {
      const session = await core.signIn(here, anna)
      core.notices.length = 0
      expect(await mark('lost')).toEqual({ kind: 'marked' })
      expect(core.notices[0]).toMatchObject({
        kind: 'to-workstation',
        frame: { kind: 'lock', sessionId: session, code: 'badge-not-usable' },
      })
      expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-not-usable' })
      // Who held it nobody knows; that it was the lost one the record knows for good.
      await mark('active')
      const told = (await core.record()).find(({ code }) => code === 'TAP-101')
      expect(told?.fields).toMatchObject({ code: 'badge-not-usable', badgeStatus: 'lost' })
    })
    it('that is found again comes back with the PIN', async () => {
      await core.leave(here, await core.signIn(here, anna))
      await mark('suspended')
      await mark('active')
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
    })
    it('that was replaced is nobody’s, keeps its history, and may be somebody else’s', async () => {
      await mark('replaced')
      expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-unknown' })
      expect(await mark('active')).toMatchObject({ code: 'badge-unknown' })
      const ben = await core.addPerson()
      expect(await enrol(anna.card, ben.personId)).toMatchObject({ kind: 'enrolled' })
      const rows = await core.store.read.selectFrom('badge').selectAll().execute()
      expect(rows.map(({ status }) => status).sort()).toEqual(['active', 'active', 'replaced'])
    })
    it('that nobody knows is not marked', async () => {
      expect(await mark('lost', badgeId.parse(randomUUID()))).toMatchObject({
        code: 'badge-unknown',
      })
    })
  })

  describe('a PIN', () => {
    it.each([
      ['4826173', 'pin-length'],
      ['4826173948261739', 'pin-length'],
      ['12345678', 'pin-guessable'],
      ['24121987', 'pin-guessable'],
    ])('%s is refused', async (digits, code) => {
      expect(await pin(digits)).toMatchObject({ kind: 'refused', code })
    })
    it('that is the badge’s number is refused', async () => {
      await enrol(csn('0412233447aabb'))
      expect(await pin('12233447')).toMatchObject({ code: 'pin-guessable' })
    })
    it('is refused for nobody, and its length says nothing about who there is', async () => {
      const nobody = personId.parse(randomUUID())
      expect(await pin('59382716', nobody)).toMatchObject({ code: 'person-unknown' })
    })
    it('set anew ends the grace of the old one and frees a PIN that was locked', async () => {
      await core.leave(here, await core.signIn(here, anna))
      const tapId = core.newTapId()
      core.pass(2 * 3_600_000)
      await core.tap(here, anna, tapId)
      for (let n = 0; n < 5; n++) await core.pin(here, tapId, '00000000')
      expect(await core.tap(here, anna)).toMatchObject({ code: 'pin-locked' })
      expect(await pin('59382716')).toEqual({ kind: 'set' })
      const again = core.newTapId()
      expect(await core.tap(here, anna, again)).toMatchObject({ kind: 'ask-pin' })
      expect(await core.pin(here, again, usualPin)).toMatchObject({ kind: 'ask-pin', again: true })
      expect(await core.pin(here, again, '59382716')).toMatchObject({ kind: 'admitted' })
    })
  })

  describe('a person', () => {
    it('who is revoked is nowhere open, and hears it at once', async () => {
      const session = await core.signIn(here, anna)
      core.notices.length = 0
      expect(await revoke('suspended')).toEqual({ kind: 'revoked', sessions: 1 })
      await core.needs.perform.idle()
      expect(core.notices).toMatchObject([
        { kind: 'to-workstation', frame: { sessionId: session, code: 'person-not-active' } },
        { kind: 'session-left', because: 'revoked' },
        { kind: 'person-revoked', personId: anna.personId },
      ])
    })
    it('who is revoked between tap and PIN gets no further, and uses up no try', async () => {
      const tapId = core.newTapId()
      await core.tap(here, anna, tapId)
      await revoke('on-leave')
      expect(await core.pin(here, tapId, usualPin)).toMatchObject({ code: 'person-not-active' })
      expect(await core.store.read.selectFrom('pin_attempt').selectAll().execute()).toEqual([])
    })
    it('who comes back from leave has badge and PIN as before, and is asked for it', async () => {
      await core.leave(here, await core.signIn(here, anna))
      await revoke('on-leave')
      const back = { personId: anna.personId, isActive: true, by } as const
      await core.needs.perform(() => changePerson(back, core.needs))
      expect(await core.tap(here, anna)).toMatchObject({ kind: 'ask-pin' })
      expect(await core.signIn(here, anna)).toBeDefined()
    })
    it('who left for good has no badge and no PIN, and does not come back', async () => {
      await revoke('terminated')
      expect(await core.tap(here, anna)).toMatchObject({ code: 'badge-unknown' })
      expect(await core.store.read.selectFrom('pin').selectAll().execute()).toEqual([])
      const back = { personId: anna.personId, isActive: true, by } as const
      const done = await core.needs.perform(() => changePerson(back, core.needs))
      expect(done.answer).toMatchObject({ code: 'person-forgotten' })
      expect(await revoke('on-leave')).toMatchObject({ code: 'person-forgotten' })
    })
    it('who loses a role is locked where it was needed', async () => {
      await core.signIn(here, anna)
      const change = { personId: anna.personId, roles: ['educator'], by }
      await core.needs.perform(() => changePerson(change, core.needs))
      expect((await core.sessions())[0]?.state).toBe('locked')
      expect(await core.tap(here, anna)).toMatchObject({ code: 'role-not-in-zone' })
    })
    it('who gains a role goes on working', async () => {
      await core.signIn(here, anna)
      const change = { personId: anna.personId, roles: ['nurse', 'educator'], by }
      await core.needs.perform(() => changePerson(change, core.needs))
      expect((await core.sessions())[0]?.state).toBe('open')
    })
    it('who married is shown by her new name', async () => {
      const name = { given: 'Annabelle', family: 'Okafor' }
      const change = { personId: anna.personId, name, by }
      await core.needs.perform(() => changePerson(change, core.needs))
      expect(await core.tap(here, anna)).toMatchObject({ name: 'A. Okafor' })
    })
    it('who is not there is neither changed nor revoked', async () => {
      const nobody = personId.parse(randomUUID())
      expect(await revoke('suspended', nobody)).toMatchObject({ code: 'person-unknown' })
      const done = await core.needs.perform(() =>
        changePerson({ personId: nobody, roles: ['nurse'], by }, core.needs),
      )
      expect(done.answer).toMatchObject({ code: 'person-unknown' })
    })
  })
})

it.each([
  [{ name: { given: '', family: 'B' }, roles: ['nurse'] }],
  [{ name: { given: 'A\u202e', family: 'B' }, roles: ['nurse'] }],
  [{ name: { given: 'A', family: 'B' }, roles: [] }],
  [{ name: { given: 'A', family: 'B' }, roles: ['Nurse'] }],
  [{ name: { given: 'A', family: 'B' }, roles: ['nurse'], isAdmin: true }],
])('does not take %j for a person', (body) => {
  expect(newPerson.safeParse(body).success).toBe(false)
})

/** Every row of every table, bytes as text and as they are. */
async function dump(core: BrokerCore): Promise<unknown> {
  const tables = [
    'person',
    'person_key',
    'badge',
    'pin',
    'pin_attempt',
    'session',
    'presence',
    'grace',
    'tap',
    'launch_ticket',
    'fact',
  ] as const
  const rows: unknown[] = []
  for (const table of tables) {
    for (const row of await core.store.read.selectFrom(table).selectAll().execute()) {
      rows.push(
        Object.values(row).map((value: unknown) =>
          value instanceof Uint8Array
            ? [Buffer.from(value).toString('latin1'), Buffer.from(value).toString('hex')]
            : value,
        ),
      )
    }
  }
  return rows
}
