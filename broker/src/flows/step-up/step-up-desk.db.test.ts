// A signature from question to end on both stores: who can give it, who cannot, and what the record
// says of each.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { messageId } from '@wardkey/protocol/ids'
import type { CeremonyId, SessionId, WorkstationId } from '@wardkey/protocol/ids'
import { BrokerCore, openCore } from '../../../../test/kit/broker-core.ts'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { findActiveHolder } from '../../identity/find-card-holder.ts'
import { lookupOf } from '@wardkey/protocol/workstation/card-lookup'
import { makeCheckPin } from '../check-pin.ts'
import { inVainMax, inVainMs } from './ask-budget.ts'
import { stepUpLifeMs } from './step-up-flows.ts'
import { StepUpDesk } from './step-up-desk.ts'

const detail = {
  type: 'wardkey_signature',
  description: 'Sign: x',
  hash: 'h'.repeat(43),
  hash_alg: 'sha-256',
} as const

for (const { engine, open, isHere } of engines) {
  describe.runIf(isHere)(`a signature on ${engine}`, () => {
    let core: BrokerCore
    let desk: StepUpDesk
    let at: WorkstationId
    let mira: KitPerson
    let ben: KitPerson
    let session: SessionId
    const uid = 'interaction-1'

    beforeEach(async () => {
      core = await openCore({ open })
      await core.addZone('4-west')
      at = await core.addWorkstation('4-west')
      mira = await core.addPerson({ given: 'Mira' })
      ben = await core.addPerson({ given: 'Ben' })
      session = await core.signIn(at, mira)
      const { needs } = core
      desk = new StepUpDesk({
        ...needs,
        activeHolder: (card) =>
          findActiveHolder(needs.db, lookupOf(card, needs.cardKey), needs.nowMs()),
        checkPin: makeCheckPin(needs),
        amr: ['pin', 'user'],
      })
    })
    afterEach(() => core.close())

    const askFor = (interaction: string, sessionId = session, where = at, who = mira) =>
      desk.ask(
        {
          sessionId,
          workstationId: where,
          personId: who.personId,
          clientId: 'ehr',
          application: 'Chart',
          description: detail.description,
          detail,
        },
        interaction,
      )
    const ask = async (interaction = uid): Promise<CeremonyId> => {
      const id = await askFor(interaction)
      if (id === undefined) throw new Error('asking rests')
      return id
    }
    const tap = async (id: CeremonyId, who: KitPerson, where = at) => {
      const frame = { kind: 'sign-tap', id: messageId.parse(randomUUID()), ceremonyId: id } as const
      return (await desk.tap(where, { ...frame, tapId: core.newTapId(), card: who.card, atMs: 1 }))
        .answer
    }
    const pin = async (id: CeremonyId, digits: string, where = at) => {
      const frame = { kind: 'sign-pin', id: messageId.parse(randomUUID()), ceremonyId: id } as const
      return (await desk.pin(where, { ...frame, pin: digits })).answer
    }

    it('is given with the own badge and PIN, once, and bound to what was asked', async () => {
      const id = await ask()
      expect(await ask()).toBe(id)
      expect(core.notices.filter(({ kind }) => kind === 'to-workstation')).toHaveLength(1)
      const waiting = desk.ended(uid, 5000)
      expect(await tap(id, mira)).toMatchObject({ kind: 'ask-signature-pin', again: false })
      expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'signed', isOver: true })
      expect(await waiting).toMatchObject({ outcome: 'signed', sessionId: session, detail })
      const facts = (await core.record()).filter(({ code }) => code.startsWith('SIG'))
      expect(facts.map(({ code }) => code)).toEqual(['SIG-001', 'SIG-003', 'SIG-002'])
      expect(JSON.stringify(facts)).not.toContain(detail.description)
    })

    describe('refuses', () => {
      it('a colleague’s badge, and goes on asking', async () => {
        const id = await ask()
        const answer = await tap(id, ben)
        expect(answer).toMatchObject({
          outcome: 'refused',
          isOver: false,
          code: 'step-up-wrong-person',
        })
        expect(await tap(id, mira)).toMatchObject({ kind: 'ask-signature-pin' })
      })
      it('a wrong PIN, and says how many tries are left', async () => {
        const id = await ask()
        await tap(id, mira)
        expect(await pin(id, '90909091')).toMatchObject({ again: true, triesLeft: 4 })
        expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'signed' })
      })
      it('a PIN before the badge', async () => {
        const id = await ask()
        expect(await pin(id, mira.pin)).toMatchObject({ kind: 'signature-ended', isOver: true })
        expect((await core.counts())['SIG-002']).toBeUndefined()
      })
      it('another workstation’s answers', async () => {
        const other = await core.addWorkstation('4-west')
        const id = await ask()
        expect(await tap(id, mira, other)).toMatchObject({ outcome: 'expired' })
        await tap(id, mira)
        expect(await pin(id, mira.pin, other)).toMatchObject({ outcome: 'expired' })
        expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'signed' })
      })
      it('a screen that locked while the PIN was typed', async () => {
        const id = await ask()
        await tap(id, mira)
        await core.leave(at, session)
        expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'refused', code: 'session-ended' })
        expect((await core.counts())['SIG-002']).toBeUndefined()
      })
      it('what was not answered in time', async () => {
        const id = await ask()
        await tap(id, mira)
        core.pass(stepUpLifeMs)
        expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'expired' })
        expect(await desk.ended(uid, 10)).toMatchObject({ outcome: 'expired' })
      })
      it('a signature after it was cancelled', async () => {
        const id = await ask()
        await tap(id, mira)
        const frame = { kind: 'sign-cancel', id: messageId.parse(randomUUID()) } as const
        await desk.cancel(at, { ...frame, ceremonyId: id, reason: 'not-me' })
        expect(await desk.ended(uid, 10)).toMatchObject({ outcome: 'cancelled' })
        expect(await pin(id, mira.pin)).toMatchObject({ kind: 'signature-ended' })
        expect((await core.counts())['SIG-002']).toBeUndefined()
      })
    })

    describe('that is asked for in vain', () => {
      const cancel = async (id: CeremonyId) => {
        const frame = { kind: 'sign-cancel', id: messageId.parse(randomUUID()) } as const
        await desk.cancel(at, { ...frame, ceremonyId: id, reason: 'not-me' })
      }
      const askInVain = async (times: number) => {
        for (let n = 0; n < times; n += 1) await cancel(await ask(`vain-${String(n)}`))
      }
      const shown = () => core.notices.filter(({ kind }) => kind === 'to-workstation').length

      it('is asked for no more after five times, and her screen shows nothing of it', async () => {
        await askInVain(inVainMax)
        for (let n = 0; n < 3; n += 1) expect(await askFor(`more-${String(n)}`)).toBeUndefined()
        expect(shown()).toBe(inVainMax)
        const rests = (await core.record()).filter(({ code }) => code === 'SIG-102')
        expect(rests).toHaveLength(1)
        expect(rests[0]).toMatchObject({ person: mira.personId, fields: { client: 'ehr' } })
        expect(JSON.stringify(rests)).not.toContain(detail.description)
      })
      it('is asked for no more after five that are still being asked, all at once', async () => {
        const all = await Promise.all(
          Array.from({ length: 12 }, (_, n) => askFor(`at-once-${String(n)}`)),
        )
        expect(all.filter((id) => id !== undefined)).toHaveLength(inVainMax)
        expect(shown()).toBe(inVainMax)
      })
      it('is asked for again once the first of them is long ago', async () => {
        await askInVain(inVainMax)
        core.pass(inVainMs - 1)
        expect(await askFor('too-early')).toBeUndefined()
        core.pass(1)
        const id = await ask('later')
        await tap(id, mira)
        expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'signed' })
      })
      it('does not count what she signed, however often', async () => {
        for (let n = 0; n < inVainMax + 3; n += 1) {
          const id = await ask(`signed-${String(n)}`)
          await tap(id, mira)
          expect(await pin(id, mira.pin)).toMatchObject({ outcome: 'signed' })
        }
      })
      it('is still asked for anew by the page of one that stands, and of a colleague', async () => {
        await askInVain(inVainMax - 1)
        const id = await ask('the-last')
        expect(await askFor('the-last')).toBe(id)
        expect(await askFor('one-more')).toBeUndefined()
        const other = await core.addWorkstation('4-west')
        const his = await core.signIn(other, ben)
        expect(await askFor('his', his, other, ben)).toBeDefined()
      })
      it('leaves her tap and her chart alone', async () => {
        await askInVain(inVainMax)
        await core.leave(at, session)
        await core.signIn(at, mira)
      })
    })
  })
}
