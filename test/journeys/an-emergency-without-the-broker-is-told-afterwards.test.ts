// A nurse has forgotten her badge, the network is away, and a patient cannot wait: what her
// workstation knows lets her in or does not, and what it tells afterwards becomes a grant once.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { BundleDesk } from '@wardkey/broker/flows/bundles/bundle-desk'
import { markBadge } from '@wardkey/broker/flows/mark-badge'
import { mergeOffline } from '@wardkey/broker/flows/merge-offline'
import { revokePerson } from '@wardkey/broker/flows/revoke-person'
import { rulesFor } from '@wardkey/broker/policy/zone-settings'
import type { TapId, WorkstationId } from '@wardkey/protocol/ids'
import type { ReasonChoice, WhoClaim } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AloneBed, newTap } from '../../agent/src/offline/bed-for-tests.ts'
import { openCore } from '../kit/broker-core.ts'
import type { BrokerCore, KitPerson } from '../kit/broker-core.ts'
import { partsOf } from '../kit/offline-bundles.ts'

const minute = 60_000
const by = 'test'
const choice: ReasonChoice = { reason: 'patient-in-danger', tookMs: 900, position: 0, of: 5 }
const steps = [
  {
    kind: 'open-web' as const,
    url: 'http://127.0.0.1:1/',
    allowedOrigins: ['http://127.0.0.1:1'],
  },
]

describe('without the broker', () => {
  let core: BrokerCore
  let bed: AloneBed
  let here: WorkstationId
  let anna: KitPerson
  let ben: KitPerson
  const keys = generateKeyPairSync('ed25519')

  beforeEach(async () => {
    core = await openCore({ channels: ['webhook'] })
    bed = new AloneBed()
    // One time for both.
    core.pass(bed.clock.wallMs() - core.nowMs())
    // Nurses have no business in the pharmacy, until a patient needs it.
    const settings = { roles: ['pharmacist'], offlineMaxMs: 60 * minute, downtimeSteps: steps }
    await core.addZone('pharmacy', settings)
    here = await core.addWorkstation('pharmacy')
    anna = await core.addPerson({ staffNumber: 'N-4711' })
    ben = await core.addPerson({ given: 'Ben', staffNumber: 'N-4712' })
  })
  afterEach(async () => {
    await bed.close()
    await core.checkInvariants()
    await core.record()
    await core.close()
  })

  async function pass(ms: number): Promise<void> {
    core.pass(ms)
    await bed.clock.advance(ms)
  }
  async function welcome(): Promise<void> {
    const desk = new BundleDesk({
      ...core.needs,
      signKey: keys.privateKey,
      ...{ pinPepper: core.pinPepper, random: randomBytes, othersMax: 10 },
      findDowntimeKey: () => undefined,
    })
    const zones = await desk.zones()
    await desk.refresh(zones.values())
    const [view, zone] = [desk.viewOf('pharmacy'), zones.get('pharmacy')]
    const made = view && (await desk.make(here, view))
    if (!zone || !made) throw new Error('no bundle')
    bed.workstationId = here
    bed.rules = rulesFor(zone, { min: 8, max: 12 })
    bed.welcome({
      workstationId: here,
      bundleKey: keys.publicKey.export({ format: 'jwk' }).x ?? '',
      serverTimeMs: core.nowMs(),
    })
    for (const part of partsOf(made.text, made.issued.answer.sequence)) bed.hear(part)
    await bed.settled()
  }
  async function cutOff(): Promise<void> {
    await pass(minute)
    bed.alone.start()
    await welcome()
    bed.cut()
    await pass(minute)
  }
  /** The network is back: what was decided is told, and taken. */
  async function isBack(): Promise<BrokerFrame> {
    const keep = bed.sent.length
    bed.welcome({ workstationId: here, serverTimeMs: core.nowMs() })
    await bed.until(() => bed.sent.slice(keep).some(({ kind }) => kind === 'offline-facts'))
    const frame = bed.sent.findLast(({ kind }) => kind === 'offline-facts')
    if (frame?.kind !== 'offline-facts') throw new Error('nothing was told')
    const merge = () => core.needs.perform(() => mergeOffline(frame, here, core.needs))
    const { answer } = await merge()
    // Told again, as by a line that broke before the answer came.
    await merge()
    return answer
  }
  const ask = (tapId: TapId, who: WhoClaim): Promise<BrokerFrame> =>
    bed.answered(() => {
      bed.alone.ask({ kind: 'break-glass', tapId, who, choice, atMs: bed.clock.wallMs() })
    })
  const number = (staffNumber: string): WhoClaim => ({ by: 'staff-number', staffNumber })
  const badge = ({ card }: KitPerson): WhoClaim => ({ by: 'card', card })
  const vouch = (tapId: TapId, { card }: KitPerson): Promise<BrokerFrame> =>
    bed.answered(() => {
      bed.alone.ask({ kind: 'witness', tapId, card, atMs: bed.clock.wallMs() })
    })
  /** Number, PIN, and then the colleague. */
  async function byNumber(witness: KitPerson): Promise<BrokerFrame> {
    const tap = newTap()
    expect(await ask(tap, number('n-4711'))).toMatchObject({ kind: 'ask-pin' })
    expect(await bed.pin(tap, anna.pin)).toMatchObject({ kind: 'ask-witness' })
    return vouch(tap, witness)
  }
  const grants = () => core.store.read.selectFrom('emergency_grant').selectAll().execute()
  const notices = () => core.store.read.selectFrom('compliance_notice').selectAll().execute()
  const reviews = () => core.store.read.selectFrom('offline_review').selectAll().execute()
  const revoke = (who: KitPerson, status: 'suspended' | 'terminated') =>
    core.needs.perform(() => revokePerson({ personId: who.personId, status, by }, core.needs))

  it('staff number, PIN and a colleague open it; it goes on, and compliance is told once', async () => {
    await cutOff()
    const given = await byNumber(ben)
    expect(given).toMatchObject({
      ...{ kind: 'admitted', name: 'Rosa Santos', steps },
      emergency: { reason: 'A patient is in danger now', lastsMs: 30 * minute },
    })
    if (given.kind !== 'admitted') throw new Error(given.kind)
    const { sessionId } = given
    await pass(5 * minute)
    expect(await isBack()).toMatchObject({ sessions: [{ sessionId, isKept: true }] })
    expect(await grants()).toMatchObject([
      {
        ...{ person_id: anna.personId, witness_id: ben.personId, session_id: sessionId },
        ...{
          identity: 'number-and-pin',
          otherwise: 'role-not-in-zone',
          outcome: null,
          ended_ms: null,
        },
        from_ms: core.nowMs() - 5 * minute,
      },
    ])
    expect(await notices()).toMatchObject([{ channel: 'webhook', told_ms: null }])
    expect(await reviews()).toEqual([])
    expect(await core.counts()).toMatchObject({ 'BTG-002': 1, 'BTG-004': 1 })
  })

  it('a colleague who was suspended meanwhile could not be known; it is put up and ended', async () => {
    await cutOff()
    await revoke(ben, 'suspended')
    await pass(minute)
    expect(await byNumber(ben)).toMatchObject({ kind: 'admitted' })
    expect(await isBack()).toMatchObject({ sessions: [{ isKept: false }] })
    expect(await reviews()).toMatchObject([{ reasons: 'witness-not-active' }])
    expect(await grants()).toMatchObject([{ end_reason: 'network-back' }])
    expect(await notices()).toHaveLength(1)
  })

  describe('nobody is let in', () => {
    afterEach(async () => {
      await isBack()
      expect(await grants()).toEqual([])
      expect(await notices()).toEqual([])
      expect(await core.sessions()).toEqual([])
    })
    const refusal = (code: string) => ({ kind: 'refused', code })
    it('by speaking for herself', async () => {
      await cutOff()
      expect(await byNumber(anna)).toMatchObject({ kind: 'ask-witness', again: true })
    })
    it('who is gone, by badge or number', async () => {
      await revoke(anna, 'terminated')
      await cutOff()
      expect(await ask(newTap(), badge(anna))).toMatchObject(refusal('not-known-here'))
      const tap = newTap()
      expect(await ask(tap, number('N-4711'))).toMatchObject({ kind: 'ask-pin' })
      expect(await bed.pin(tap, anna.pin)).toMatchObject(refusal('not-identified'))
    })
    it('with a badge that was reported lost, nor by the number of whoever lost it', async () => {
      await core.needs.perform(() =>
        markBadge({ badgeId: anna.badgeId, status: 'lost', by }, core.needs),
      )
      await cutOff()
      expect(await ask(newTap(), badge(anna))).toMatchObject(refusal('not-known-here'))
      const tap = newTap()
      await ask(tap, number('N-4711'))
      expect(await bed.pin(tap, anna.pin)).toMatchObject(refusal('not-identified'))
    })
    it('by a number that the broker has closed after wrong PINs', async () => {
      for (let n = 0; n < 5; n++) {
        const id = core.newTapId()
        await core.breakGlass(here, { staffNumber: 'N-4711' }, { id })
        await core.pin(here, id, '31415926')
      }
      await cutOff()
      const tap = newTap()
      await ask(tap, number('N-4711'))
      expect(await bed.pin(tap, anna.pin)).toMatchObject(refusal('not-identified'))
    })
    it('with her PIN alone, without a colleague', async () => {
      await cutOff()
      const tap = newTap()
      await ask(tap, number('N-4711'))
      expect(await bed.pin(tap, anna.pin)).toMatchObject({ kind: 'ask-witness' })
    })
  })
})
