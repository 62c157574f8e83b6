// Signing in with a hospital account instead of a colleague's word: what it is good for, who is
// refused, and that nobody is told why. The door, the errand and a provider over TLS, on both stores.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { CardClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { engines } from '../../../../test/kit/stores.ts'
import { clientId } from '../../../../test/kit/sign-in/hospital-sign-in.ts'
import { answerErrand } from '../../flows/errands/answer-errand.ts'
import { beginErrandHere } from '../../flows/errands/begin-errand.ts'
import type { SignInNeeds } from '../../flows/errands/sign-in/redeem-sign-in.ts'
import { userNameLookup } from '../../flows/hr/hr-lookups.ts'
import { revokePerson } from '../../flows/revoke-person.ts'
import { insertLoanerCard } from '../../identity/cards/loaner-cards.ts'
import { AccountBed, acts } from './bed-for-tests.ts'

const { unknown, ended, yes, again, pin, number, showing, refusedAs } = acts
const newPin = '95173826'

describe.each(engines)('a hospital account on $engine', ({ open, isHere }) => {
  let bed: AccountBed

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    bed = await AccountBed.open({ open })
  })
  afterEach(async () => {
    if (isHere) await bed.close()
  })

  describe('at an unknown badge', () => {
    it('makes it hers once her name was shown back and her PIN matched', async () => {
      const { id, frame } = await bed.begin('enrol', unknown)
      expect(frame).toMatchObject({ step: 'witness-badge', offersAccount: true })
      const page = await bed.pageOf(id, unknown)
      expect(page.allowedOrigins).toEqual([
        new URL(page.url).origin,
        bed.hospital.issuer,
        'https://login.example',
      ])
      const over = await bed.visit(page)
      expect(over).toMatchObject({ status: 200 })
      expect(over.text).not.toMatch(/Quartermaine|4711/)
      const shown = await bed.answer(id, ended, unknown)
      expect(shown).toMatchObject({ step: 'confirm', name: 'Anna Quartermaine' })
      expect(await bed.answer(id, pin(), unknown)).toMatchObject({ step: 'confirm' })
      expect(await bed.answer(id, again, unknown)).toMatchObject({ step: 'pin' })
      expect(await bed.core.tap(bed.here, { card: unknown })).toMatchObject({
        code: 'badge-unknown',
      })
      expect(await bed.answer(id, pin(), unknown)).toMatchObject({ kind: 'errand-done' })
      await bed.core.signIn(bed.here, { ...bed.anna, card: unknown })
      expect(await bed.factsOf('ERD-005')).toMatchObject([
        { person: bed.anna.personId, workstation: bed.here, fields: { acr: 'mfa' } },
      ])
      expect(await bed.factsOf('ERD-004')).toMatchObject([
        { fields: { witness: 'hospital-account' } },
      ])
    })
    it('asks her to sign in anew, and how, and binds what comes back', async () => {
      await bed.withSignIn('enrol', unknown)
      const asked = bed.hospital.asked.find(({ path }) => path === '/authorize')?.parameters
      expect(Object.fromEntries(asked ?? [])).toMatchObject({
        ...{ client_id: clientId, response_type: 'code', scope: 'openid profile' },
        ...{ prompt: 'login', max_age: '0', acr_values: 'mfa key' },
        ...{
          code_challenge_method: 'S256',
          redirect_uri: `${bed.needs.accounts.webUrl}/enrol/callback`,
        },
      })
      expect(bed.hospital.asked.map(({ path }) => path)).not.toContain('/par')
    })
    it('pushes what it asks where the provider takes it', async () => {
      bed.says({ takesPushed: true })
      expect((await bed.withSignIn('enrol', unknown)).frame).toMatchObject({ step: 'confirm' })
      const asked = bed.hospital.asked.find(({ path }) => path === '/authorize')?.parameters
      expect([...(asked?.keys() ?? [])].sort()).toEqual(['client_id', 'request_uri'])
      const pushed = bed.hospital.asked.find(({ path }) => path === '/par')?.parameters
      expect(pushed?.get('prompt')).toBe('login')
    })
    it('is not hers with somebody else’s PIN, however well she signed in', async () => {
      const { id } = await bed.withSignIn('enrol', unknown)
      await bed.answer(id, again, unknown)
      // It counts as at any tap: it is she, or somebody who has her account.
      expect(await bed.answer(id, pin('00000001'), unknown)).toMatchObject({
        ...{ step: 'pin', again: true, triesLeft: 4 },
      })
      expect(await bed.core.tap(bed.here, { card: unknown })).toMatchObject({
        code: 'badge-unknown',
      })
    })
    it('is none that somebody else has left behind: she taps the badge itself at her name', async () => {
      const { id, frame } = await bed.withSignIn('enrol', unknown)
      expect(frame).toMatchObject({ step: 'confirm', byBadge: 'own' })
      // Whoever stands at what another one began can press, and has another badge in her hand.
      expect(await bed.answer(id, yes, unknown)).toMatchObject({ step: 'confirm' })
      const other = { by: 'card', card: { ...unknown, canonical: '04aabbccddee00' } } as const
      expect(await bed.answer(id, other, unknown)).toMatchObject({ step: 'confirm', again: true })
      expect(await bed.answer(id, showing(bed.anna), unknown)).toMatchObject({ again: true })
      expect((await bed.factsOf('ERD-101')).map(({ rule }) => rule)).toEqual([
        'badge-is-in-hand',
        'badge-is-in-hand',
      ])
      expect(await bed.answer(id, again, unknown)).toMatchObject({ step: 'pin' })
    })
    it('comes with a first PIN for whoever has none', async () => {
      const eva = await bed.core.addPerson({ pin: null, staffNumber: 'N-5' })
      bed.claims({ staff: 'n-5' })
      const { id } = await bed.withSignIn('enrol', unknown)
      expect(await bed.answer(id, again, unknown)).toMatchObject({ step: 'new-pin' })
      const chosen = { by: 'new-pin', pin: newPin } as const
      expect(await bed.answer(id, chosen, unknown)).toMatchObject({ kind: 'errand-done' })
      await bed.core.signIn(bed.here, { ...eva, card: unknown, pin: newPin })
    })
    it('is one colleague’s word: whoever may speak for others needs another', async () => {
      bed.claims({ staff: 'N-1' })
      const { id, frame } = await bed.withSignIn('new-pin')
      // Nobody's name is shown before both have spoken.
      expect(frame).toMatchObject({ step: 'witness-badge' })
      expect(frame).not.toHaveProperty('name')
      expect(await bed.answer(id, yes)).not.toHaveProperty('offersAccount')
      expect(await bed.answer(id, { by: 'sign-in' })).toMatchObject({ step: 'witness-badge' })
      expect(await bed.answer(id, showing(bed.chief))).toMatchObject({ again: true })
      const other = await bed.core.addPerson({ roles: ['nurse', 'charge-nurse'] })
      await bed.answer(id, showing(other))
      expect(await bed.answer(id, pin())).toMatchObject({ step: 'confirm', byBadge: 'witness' })
      // Her own word for her own name is no second one.
      expect(await bed.answer(id, yes)).toMatchObject({ step: 'confirm' })
      expect(await bed.answer(id, showing(bed.chief))).toMatchObject({ again: true })
      expect(await bed.answer(id, showing(other))).toMatchObject({ step: 'new-pin' })
    })
  })

  describe('at a forgotten PIN', () => {
    it('sets a new one, with her badge or without', async () => {
      for (const card of [undefined, bed.anna.card]) {
        const { id, frame } = await bed.withSignIn('new-pin', card)
        expect(frame).toMatchObject({ step: 'confirm', name: 'Anna Quartermaine' })
        expect(await bed.answer(id, yes)).toMatchObject({ step: 'new-pin' })
        const done = await bed.answer(id, { by: 'new-pin', pin: newPin })
        expect(done).toMatchObject({ kind: 'errand-done' })
      }
      await bed.core.signIn(bed.here, { ...bed.anna, pin: newPin })
    })
    it('is not for the badge of somebody else', async () => {
      const { frame } = await bed.withSignIn('new-pin', bed.chief.card)
      expect(frame).toMatchObject(refusedAs('account-not-usable'))
      expect(await bed.factsOf('ERD-104')).toMatchObject([{ rule: 'account-is-hers' }])
    })
  })

  describe('the account', () => {
    const refused = async () => {
      const { id, frame } = await bed.withSignIn('enrol', unknown)
      expect(frame).toMatchObject(refusedAs('account-not-usable'))
      expect(await bed.answer(id, yes, unknown)).toMatchObject({ step: 'witness-badge' })
      const [fact] = await bed.factsOf('ERD-104')
      return { fact, frame, id }
    }
    it.each([
      ['account-is-told', { iss: 'https://elsewhere.example' }],
      ['account-is-told', { aud: 'another' }],
      ['account-is-told', { nonce: 'another' }],
      ['account-is-told', { nonce: undefined }],
      ['account-is-told', { exp: Math.floor(Date.now() / 1000) - 60 }],
      ['account-is-told', { auth_time: Math.floor(Date.now() / 1000) - 400 }],
      ['account-is-told', { auth_time: undefined }],
      ['account-signed-in-now', { auth_time: Math.floor(Date.now() / 1000) + 600 }],
      ['account-acr', { acr: 'password' }],
      ['account-acr', { acr: undefined }],
      ['account-group', { groups: ['everybody'] }],
      ['account-group', { groups: undefined }],
      ['account-names-somebody', { staff: undefined }],
      ['account-names-somebody', { staff: ['N-4711', 'N-1'] }],
      ['account-is-somebodys', { staff: 'N-404' }],
      // In capitals this would be hers.
      ['account-is-somebodys', { staff: '\u0144-4711' }],
      ['account-names-somebody', { staff: undefined, email: 'N-4711', sub: 'N-4711' }],
    ])('is refused by %s: %j', async (rule, change) => {
      bed.claims(change)
      const { fact } = await refused()
      expect(fact).toMatchObject({ rule })
    })
    it.each(['another key', 'nobody', 'the client secret'] as const)(
      'is not believed where %s signed for it',
      async (signedBy) => {
        bed.says({ signedBy })
        expect((await refused()).fact).toMatchObject({ rule: 'account-is-told' })
      },
    )
    it('of somebody who is out is refused like one of nobody: nothing tells them apart', async () => {
      const told: string[] = []
      const without = (frame: BrokerFrame) =>
        JSON.stringify({ ...frame, id: '', tapId: '', answerWithinMs: 0 })
      for (const status of ['active', 'on-leave', 'suspended', 'terminated'] as const) {
        const person = await bed.core.addPerson({ given: status, staffNumber: `N-9-${status}` })
        if (status !== 'active') {
          const out = { personId: person.personId, status, by: 'kit' } as const
          await bed.core.needs.perform(() => revokePerson(out, bed.core.needs))
        }
        bed.claims({ staff: status === 'active' ? 'N-404' : `N-9-${status}` })
        told.push(without((await refused()).frame))
      }
      expect(new Set(told).size).toBe(1)
      const rules = (await bed.factsOf('ERD-104')).map(({ rule }) => rule)
      expect(rules.slice(0, 3)).toEqual([
        'account-is-somebodys',
        'person-is-active',
        'person-is-active',
      ])
    })
    it('of somebody whose time here is over is refused', async () => {
      await bed.core.setAccess(bed.anna, { endsMs: bed.core.nowMs() - 1 })
      expect((await refused()).fact).toMatchObject({ rule: 'person-is-active' })
    })
    it('of somebody who leaves before the last step counts no more', async () => {
      const { id } = await bed.withSignIn('enrol', unknown)
      await bed.answer(id, again, unknown)
      const out = { personId: bed.anna.personId, status: 'terminated', by: 'kit' } as const
      await bed.core.needs.perform(() => revokePerson(out, bed.core.needs))
      const chosen = { by: 'new-pin', pin: newPin } as const
      for (const given of [pin(), chosen]) {
        expect(await bed.answer(id, given, unknown)).not.toMatchObject({ kind: 'errand-done' })
      }
      expect(await bed.core.tap(bed.here, { card: unknown })).toMatchObject({
        code: 'badge-unknown',
      })
    })
    it('is matched with the name that HR gave her, in small letters and capitals', async () => {
      Object.assign(bed.needs.accounts, { person: 'user-name' })
      const row = {
        ...{
          person_id: bed.anna.personId,
          client: 'kit',
          external_id_lookup: null,
          job_code: null,
        },
        ...{ user_name_lookup: userNameLookup('a.quartermaine', bed.core.needs.hrKey) },
        ...({
          attributes_sealed: Buffer.alloc(1),
          employment: 'active',
          department: null,
        } as const),
        ...{ division: null, cost_center: null, location: null, company: null, manager_id: null },
        ...{ sponsor_id: null, scim_roles: '[]', is_mapped: 1, created_ms: 1, changed_ms: 1 },
        ...{ deleted_ms: null, due_ms: null, version: 1 },
      }
      const query = bed.core.store.read.insertInto('person_hr').values(row).compile()
      await bed.core.store.commit({ kind: 'housekeeping', writes: [{ query }] })
      bed.claims({ staff: 'A.Quartermaine' })
      expect((await bed.withSignIn('enrol', unknown)).frame).toMatchObject({ step: 'confirm' })
      bed.claims({ staff: 'a.quartermaine@bed.hospital.example' })
      await refused()
    })
  })

  it('is not offered for a loaner, nor where the site has none', async () => {
    const without: SignInNeeds['accounts'] | undefined = undefined
    const frame = {
      ...({
        kind: 'errand',
        id: messageId.parse(randomUUID()),
        tapId: bed.core.newTapId(),
      } as const),
      ...({ errand: 'enrol', card: unknown, atMs: 1 } as const),
    }
    const none = { ...bed.needs, accounts: without }
    const done = await bed.core.needs.perform(() => beginErrandHere(frame, bed.here, none))
    expect(done.answer).toMatchObject({ step: 'witness-badge' })
    expect(done.answer).not.toHaveProperty('offersAccount')
    const asked = {
      ...({ kind: 'errand-answer', id: messageId.parse(randomUUID()) } as const),
      ...({ tapId: frame.tapId, answer: { by: 'sign-in' } } as const),
    }
    expect((await answerErrand(asked, bed.here, none)).answer).toMatchObject({
      step: 'witness-badge',
    })
    const lent: CardClaim = { technology: 'csn', canonical: '04000000000c01' }
    const { db, cardKey } = bed.core.needs
    const pool = { label: 'Loaner 1', technology: { name: 'csn', assurance: 1 } }
    const write = insertLoanerCard(db, {
      ...{ id: randomUUID(), ...pool, nowMs: bed.core.nowMs(), lookup: lookupOf(lent, cardKey) },
    })
    await bed.core.store.commit({ kind: 'housekeeping', writes: [write] })
    for (const kind of ['loaner', 'lost', 'change-pin'] as const) {
      const { id } = await bed.begin(kind, kind === 'loaner' ? lent : undefined)
      expect(await bed.answer(id, { by: 'sign-in' })).not.toMatchObject({ step: 'sign-in' })
      expect(await bed.answer(id, number('N-4711'))).not.toHaveProperty('offersAccount')
    }
  })
})
