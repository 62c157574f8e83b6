// Many workstations, on both stores: limited tokens, machines that were set up anew, identities
// ordered anew, and computers that ask without a token. More noes than yeses.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zoneId } from '@wardkey/protocol/ids'
import type { WorkstationId } from '@wardkey/protocol/ids'
import { fingerprintWords } from '@wardkey/protocol/workstation/fleet/fingerprint-words'
import { openCore } from '../../../../test/kit/broker-core.ts'
import type { BrokerCore } from '../../../../test/kit/broker-core.ts'
import { engines } from '../../../../test/kit/stores.ts'
import { showAsks, showEnrolTokens } from '../../doors/admin/fleet/show-enrolling.ts'
import { sweepRequests } from '../sweep-requests.ts'
import { askToEnrol, findWaiting, waitingMax } from './ask-to-enrol.ts'
import type { Ask } from './ask-to-enrol.ts'
import { decideAsk } from './decide-ask.ts'
import { enrolWorkstation } from './enrol-workstation.ts'
import type { EnrolOrder } from './enrol-workstation.ts'
import { mintToken, reissueToken } from './mint-token.ts'
import type { TokenOrder } from './mint-token.ts'
import { revokeEnrolToken } from './revoke-enrol-token.ts'
import { revokeWorkstation } from './revoke-workstation.ts'

const hour = 3_600_000
const west = zoneId.parse('4-west')
const by = 'token kit'
const board = 'a'.repeat(32)
const otherBoard = 'b'.repeat(32)
const keyOf = (n: number): ArrayBuffer => Uint8Array.from({ length: 91 }, () => n).buffer

describe.each(engines)('many workstations on $engine', ({ open, isHere }) => {
  let core: BrokerCore
  let connected: Set<string>

  beforeEach(async ({ skip }) => {
    if (!isHere) skip()
    connected = new Set()
    core = await openCore({ open })
    await core.addZone('4-west')
    await core.addZone('pharmacy')
  })
  afterEach(async () => {
    if (!isHere) return
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  const needs = () => ({
    ...core.needs,
    random: randomBytes,
    isConnected: (id: WorkstationId) => connected.has(id),
    issue: () => {
      const sha256 = randomBytes(32).toString('hex')
      return Promise.resolve({ pem: '', caPem: '', sha256, notAfterMs: core.nowMs() + 168 * hour })
    },
  })
  const mint = async (more: Partial<TokenOrder> = {}): Promise<string> => {
    const order = { zoneId: west, uses: 9, lifeMs: 24 * hour, by, ...more }
    const { answer } = await core.needs.perform(() => mintToken(order, needs()))
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer.token
  }
  const enrol = async (token: string, more: Partial<EnrolOrder> = {}) => {
    const order = { token, place: '4 West, 2', publicKey: keyOf(1), address: '10.20.0.7', ...more }
    return (await core.needs.perform(() => enrolWorkstation(order, needs()))).answer
  }
  const enrolled = async (token: string, more: Partial<EnrolOrder> = {}) => {
    const answer = await enrol(token, more)
    if (answer.kind === 'refused') throw new Error(answer.code)
    return answer
  }
  const ask = async (n: number, more: Partial<Ask> = {}) => {
    const order = { place: 'New cart', publicKey: keyOf(n), address: '10.20.0.7', ...more }
    return (await core.needs.perform(() => askToEnrol(order, needs()))).answer
  }
  const decide = async (askId: string, zone: string | undefined) => {
    const order = { askId, zoneId: zone === undefined ? undefined : zoneId.parse(zone), by }
    return (await core.needs.perform(() => decideAsk(order, needs()))).answer
  }
  const oneAsk = async (): Promise<string> => {
    const [one] = await showAsks(core.needs)
    if (!one) throw new Error('nobody asks')
    return one.askId
  }
  const rows = () => core.store.read.selectFrom('workstation').selectAll().execute()
  const reasons = async (): Promise<readonly string[]> =>
    (await core.record())
      .filter(({ code }) => code === 'WKS-101')
      .map(({ fields }) => (fields as { reason: string }).reason)

  describe('a token', () => {
    it('is good from its own addresses only, and keeps its use where it is refused', async () => {
      const token = await mint({ uses: 1, addresses: ['10.20.0.0/16'] })
      expect(await enrol(token, { address: '10.21.0.7' })).toMatchObject({
        code: 'token-not-valid',
      })
      expect(await enrol(token, { address: 'gone' })).toMatchObject({ code: 'token-not-valid' })
      await enrolled(token, { address: '::ffff:10.20.9.9' })
      expect(await reasons()).toEqual(['token-not-from-here', 'token-not-from-here'])
    })
    it('is listed with what is left of it, and never shown', async () => {
      const token = await mint({ uses: 3, addresses: ['10.0.0.0/8'] })
      await enrolled(token)
      const shown = await showEnrolTokens(core.needs)
      expect(shown).toMatchObject([
        { state: 'good', usesLeft: 2, uses: 3, zoneId: '4-west', addresses: ['10.0.0.0/8'] },
      ])
      expect(JSON.stringify(shown)).not.toContain(token.slice(4))
      core.pass(25 * hour)
      expect(await showEnrolTokens(core.needs)).toMatchObject([{ state: 'expired' }])
    })
    it('enrols nothing once it is taken back, and is taken back once', async () => {
      const token = await mint()
      const [shown] = await showEnrolTokens(core.needs)
      const order = { tokenId: shown?.tokenId ?? '', by }
      const revoke = async () =>
        (await core.needs.perform(() => revokeEnrolToken(order, needs()))).answer
      expect(await revoke()).toEqual({ kind: 'revoked' })
      expect(await enrol(token)).toMatchObject({ code: 'token-not-valid' })
      expect(await revoke()).toMatchObject({ code: 'enrol-token-unknown' })
      expect(await showEnrolTokens(core.needs)).toMatchObject([{ state: 'revoked' }])
      expect((await core.counts())['WKS-010']).toBe(1)
    })
  })

  describe('a machine that was set up anew', () => {
    it('takes its old place by its asset tag, and what it was known by is over', async () => {
      const token = await mint()
      const first = await enrolled(token, { assetTag: 'MED-17', hardware: [board] })
      const session = await core.signIn(first.workstationId, await core.addPerson())
      core.notices.length = 0
      connected.add(first.workstationId)
      // Its own hardware says so: it is not thrown out by somebody else.
      const second = await enrolled(token, { assetTag: 'MED-17', hardware: [board, otherBoard] })
      expect(second.workstationId).toBe(first.workstationId)
      expect(await rows()).toMatchObject([
        { cert_sha256: second.issued.sha256, cert_previous_sha256: null, status: 'active' },
      ])
      expect(core.notices).toMatchObject([
        { kind: 'to-workstation', frame: { kind: 'lock', sessionId: session } },
        { kind: 'session-left', because: 'revoked' },
        { kind: 'workstation-changed', isRevoked: true },
      ])
      expect(await core.counts()).toMatchObject({ 'WKS-001': 1, 'WKS-011': 1, 'SES-004': 1 })
    })
    it('takes it on other hardware once nobody is there any more', async () => {
      const token = await mint()
      const first = await enrolled(token, { assetTag: 'MED-17', hardware: [board] })
      const again = await enrolled(token, { assetTag: 'MED-17', hardware: [otherBoard] })
      expect(again.workstationId).toBe(first.workstationId)
    })
    it('is refused while another machine works under that tag, however that is seen', async () => {
      const token = await mint()
      const about = { assetTag: 'MED-17', hardware: [board] }
      const first = await enrolled(token, about)
      const refused = { kind: 'refused', code: 'asset-tag-in-use' }
      connected.add(first.workstationId)
      expect(await enrol(token, { assetTag: 'MED-17', hardware: [otherBoard] })).toEqual(refused)
      expect(await enrol(token, { assetTag: 'MED-17' })).toEqual(refused)
      connected.clear()
      await core.signIn(first.workstationId, await core.addPerson())
      expect(await enrol(token, { assetTag: 'MED-17', hardware: [otherBoard] })).toEqual(refused)
      expect(await showEnrolTokens(core.needs)).toMatchObject([{ usesLeft: 8 }])
      expect((await core.sessions())[0]).toMatchObject({ state: 'open' })
    })
    it('is refused with a token of another zone', async () => {
      await enrolled(await mint(), { assetTag: 'MED-17' })
      const other = await mint({ zoneId: zoneId.parse('pharmacy') })
      expect(await enrol(other, { assetTag: 'MED-17' })).toMatchObject({
        code: 'asset-tag-elsewhere',
      })
    })
    it('never takes a place without a token that is good', async () => {
      const token = await mint({ uses: 1 })
      const first = await enrolled(token, { assetTag: 'MED-17' })
      expect(await enrol(token, { assetTag: 'MED-17' })).toMatchObject({ code: 'token-not-valid' })
      expect(await rows()).toMatchObject([{ cert_sha256: first.issued.sha256 }])
    })
    it('stands beside one that was revoked, and never brings that back', async () => {
      const token = await mint()
      const first = await enrolled(token, { assetTag: 'MED-17' })
      const order = { workstationId: first.workstationId, by }
      await core.needs.perform(() => revokeWorkstation(order, needs()))
      const second = await enrolled(token, { assetTag: 'MED-17' })
      expect(second.workstationId).not.toBe(first.workstationId)
      expect((await rows()).map(({ status }) => status).sort()).toEqual(['active', 'revoked'])
    })
  })

  describe('an identity ordered anew', () => {
    const reissue = async (id: WorkstationId): Promise<string> => {
      const order = { workstationId: id, lifeMs: hour, by }
      const { answer } = await core.needs.perform(() => reissueToken(order, needs()))
      if (answer.kind === 'refused') throw new Error(answer.code)
      return answer.token
    }
    it('is the same workstation again, even one that was revoked, and once', async () => {
      const first = await enrolled(await mint(), { assetTag: 'MED-17' })
      const order = { workstationId: first.workstationId, by }
      await core.needs.perform(() => revokeWorkstation(order, needs()))
      const token = await reissue(first.workstationId)
      const second = await enrolled(token, { hardware: [otherBoard] })
      expect(second.workstationId).toBe(first.workstationId)
      expect(await rows()).toMatchObject([{ status: 'active', asset_tag: 'MED-17' }])
      expect(await enrol(token)).toMatchObject({ code: 'token-not-valid' })
    })
    it('is refused for a workstation that there is not', async () => {
      const id = (await enrolled(await mint())).workstationId
      await core.store.commit({
        kind: 'housekeeping',
        writes: [{ query: core.store.read.deleteFrom('workstation').compile() }],
      })
      await expect(reissue(id)).rejects.toThrow('workstation-unknown')
    })
  })

  describe('a computer that asks', () => {
    it('waits under the words of its key, and is let in where somebody says', async () => {
      const asked = await ask(1, { assetTag: 'MED-20' })
      if (asked.kind !== 'waits') throw new Error(asked.kind)
      const words = fingerprintWords(new Uint8Array(keyOf(1)), asked.waits.salt)
      expect(await showAsks(core.needs)).toMatchObject([{ state: 'waiting', words }])
      expect(await findWaiting({ publicKey: keyOf(1) }, core.needs)).toEqual(asked.waits)
      expect(await decide(await oneAsk(), '4-west')).toMatchObject({ outcome: 'approved' })
      expect(await findWaiting({ publicKey: keyOf(1) }, core.needs)).toBeUndefined()
      expect(await ask(1)).toMatchObject({ kind: 'certified' })
      expect(await rows()).toMatchObject([{ zone_id: '4-west', asset_tag: 'MED-20' }])
      expect(await core.counts()).toMatchObject({ 'WKS-008': 1, 'WKS-009': 1, 'WKS-001': 1 })
    })
    it('gets its identity again where the answer was lost, until it has used it', async () => {
      await ask(1)
      await decide(await oneAsk(), '4-west')
      const first = await ask(1)
      const second = await ask(1)
      if (first.kind !== 'certified' || second.kind !== 'certified') throw new Error('refused')
      expect(second.workstationId).toBe(first.workstationId)
      expect(await rows()).toMatchObject([{ cert_sha256: second.issued.sha256 }])
      const reached = core.store.read.updateTable('workstation').set({ reached_ms: core.nowMs() })
      await core.store.commit({ kind: 'housekeeping', writes: [{ query: reached.compile() }] })
      expect(await ask(1)).toMatchObject({ code: 'enrolment-refused' })
    })
    it('is known by its key: another one cannot take what was approved', async () => {
      await ask(1)
      await decide(await oneAsk(), '4-west')
      expect(await ask(2)).toMatchObject({ kind: 'waits' })
      expect(await rows()).toEqual([])
    })
    it('is turned away for good by a no, and decided about once', async () => {
      await ask(1)
      const id = await oneAsk()
      expect(await decide(id, undefined)).toMatchObject({ outcome: 'refused' })
      expect(await ask(1)).toMatchObject({ code: 'enrolment-refused' })
      expect(await decide(id, '4-west')).toMatchObject({ code: 'enrol-ask-decided' })
      expect(await rows()).toEqual([])
    })
    it('ends after four hours, and an approval that nobody fetches after an hour more', async () => {
      await ask(1)
      const id = await oneAsk()
      core.pass(4 * hour)
      expect(await showAsks(core.needs)).toEqual([])
      expect(await decide(id, '4-west')).toMatchObject({ code: 'enrol-ask-decided' })
      expect(await ask(1)).toMatchObject({ code: 'enrolment-refused' })
      await ask(2)
      await decide(await oneAsk(), '4-west')
      core.pass(4 * hour)
      expect(await ask(2)).toMatchObject({ code: 'enrolment-refused' })
      core.pass(25 * hour)
      await sweepRequests(core.store, core.nowMs())
      expect(await core.store.read.selectFrom('enrol_ask').selectAll().execute()).toEqual([])
    })
    it('is not approved for a zone that there is not, or under an id that nobody has', async () => {
      await ask(1)
      expect(await decide(await oneAsk(), 'nowhere')).toMatchObject({ code: 'zone-unknown' })
      expect(await decide(core.needs.newId(), '4-west')).toMatchObject({
        code: 'enrol-ask-unknown',
      })
    })
    it('takes the place of its asset tag only where that is free, approved or not', async () => {
      const first = await enrolled(await mint(), { assetTag: 'MED-17', hardware: [board] })
      connected.add(first.workstationId)
      await ask(1, { assetTag: 'MED-17', hardware: [otherBoard] })
      expect(await showAsks(core.needs)).toMatchObject([{ takesPlaceOf: '4 West, 2' }])
      await decide(await oneAsk(), '4-west')
      expect(await ask(1)).toMatchObject({ code: 'asset-tag-in-use' })
      connected.clear()
      expect(await ask(1)).toMatchObject({ workstationId: first.workstationId })
    })
    it('takes no place that came after the yes: nobody saw that it would', async () => {
      await ask(1, { assetTag: 'MED-17' })
      await decide(await oneAsk(), '4-west')
      core.pass(1000)
      await enrolled(await mint(), { assetTag: 'MED-17', hardware: [board] })
      const before = await rows()
      expect(await ask(1)).toMatchObject({ code: 'asset-tag-in-use' })
      expect(await rows()).toEqual(before)
    })
    it('gets nothing more of a place that another machine was given since', async () => {
      await ask(1, { assetTag: 'MED-17' })
      await decide(await oneAsk(), '4-west')
      expect(await ask(1)).toMatchObject({ kind: 'certified' })
      const other = await enrolled(await mint(), { assetTag: 'MED-17', hardware: [board] })
      expect(await ask(1)).toMatchObject({ code: 'enrolment-refused' })
      expect(await rows()).toMatchObject([{ cert_sha256: other.issued.sha256 }])
    })
    it('finds no room where too many wait from one address', async () => {
      for (let n = 0; n < waitingMax.ofAddress; n++) await ask(n)
      expect(await ask(200)).toEqual({ kind: 'full' })
      expect(await ask(201, { address: '10.20.0.8' })).toMatchObject({ kind: 'waits' })
      core.pass(4 * hour)
      expect(await ask(200)).toMatchObject({ kind: 'waits' })
    })
  })
})
