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

    const ask = (): Promise<CeremonyId> =>
      desk.ask(
        {
          sessionId: session,
          workstationId: at,
          personId: mira.personId,
          clientId: 'ehr',
          application: 'Chart',
          description: detail.description,
          detail,
        },
        uid,
      )
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
  })
}
