// What a workstation is given to decide with by itself, through the real door: it arrives in parts,
// is signed, says no more than it must, and is another one soon after somebody lost something.

import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { verifySync } from '@node-rs/argon2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Identity } from '@wardkey/agent/link/identity'
import { sessionId, tapId } from '@wardkey/protocol/ids'
import { openBroker } from '../../../../test/kit/broker.ts'
import type { Broker } from '../../../../test/kit/broker.ts'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import { nextBundle, nextBundleText, openBundle } from '../../../../test/kit/bundle-reader.ts'
import { OfflineJournal } from '../../../../test/kit/offline-journal.ts'
import { changePerson } from '../../flows/change-person.ts'
import { markBadge } from '../../flows/mark-badge.ts'
import { revokePerson } from '../../flows/revoke-person.ts'

type Running = Broker['running']

const hour = 3_600_000
const by = 'test'
const zones = [
  {
    id: '4-west',
    kind: 'nurse-station',
    label: '4 West',
    rules: {
      roles: ['nurse'],
      offlineMaxMs: hour,
      downtimeSteps: [
        { kind: 'open-web', url: 'http://127.0.0.1/down', allowedOrigins: ['http://127.0.0.1'] },
      ],
    },
  },
  { id: 'lobby', kind: 'lobby', label: 'Lobby', rules: { roles: ['nurse'] } },
]

describe('a workstation that may decide by itself', () => {
  let broker: Broker
  let identity: Identity
  let anna: KitPerson
  let carl: KitPerson

  beforeEach(async () => {
    broker = await openBroker({ zones })
    anna = await broker.addPerson()
    carl = await broker.addPerson({ given: 'Carl', roles: ['billing'] })
    identity = await broker.enrol('4-west', 'Station 1')
  })
  afterEach(() => broker.close())

  const given = async () =>
    (await broker.record()).filter(({ code }) => code === 'OFF-001').map(({ fields }) => fields)

  it('is given who may use it, and what each of them is known by, and nothing of others', async () => {
    const agent = await broker.connect(identity)
    const bundle = await nextBundle(agent)
    expect(bundle).toMatchObject({ sequence: 1, zoneId: '4-west', pinMode: 'grace' })
    expect(bundle.workstationId).toBe(identity.workstationId)
    expect(bundle.expiresMs - bundle.issuedMs).toBe(hour)
    expect(bundle.steps).toHaveLength(1)
    const her = bundle.people.find(({ personId }) => personId === anna.personId)
    const cardKey = Buffer.from(bundle.cardKey, 'base64url')
    const lookup = createHmac('sha256', cardKey).update(`csn:${anna.card.canonical}`).digest('hex')
    expect(her).toMatchObject({
      cards: [{ lookup, isEnoughAlone: true }],
      name: 'Rosa Santos',
      nameShown: 'R. Santos',
      role: 'nurse',
      mayBreakGlass: true,
    })
    expect(her?.refusal).toBeUndefined()
    const pepper = Buffer.from(her?.pin?.pepper ?? '', 'base64url')
    const peppered = (pin: string) => createHmac('sha256', pepper).update(pin).digest('base64url')
    expect(verifySync(her?.pin?.hash ?? '', peppered(anna.pin))).toBe(true)
    expect(verifySync(her?.pin?.hash ?? '', peppered('00000000'))).toBe(false)
    const him = bundle.people.find(({ personId }) => personId === carl.personId)
    expect(him).toMatchObject({ refusal: 'role-not-in-zone', mayBreakGlass: true })
    expect(JSON.stringify(bundle)).not.toContain(anna.card.canonical)
    expect(JSON.stringify(bundle)).not.toContain(anna.pin)
  })

  it('takes no bundle for the broker’s that was changed, or that another key signed', async () => {
    const agent = await broker.connect(identity)
    const { text } = await nextBundleText(agent)
    const key = agent.welcome?.bundleKey
    expect(openBundle(text, key).sequence).toBe(1)
    const [body = '', signature = ''] = text.split('.')
    const other = Buffer.from(body, 'base64url')
      .toString('utf8')
      .replace('"sequence":1', '"sequence":9')
    const forged = `${Buffer.from(other).toString('base64url')}.${signature}`
    expect(() => openBundle(forged, key)).toThrow('did not sign')
    expect(() => openBundle(text, 'A'.repeat(43))).toThrow()
  })

  it('is given it once for each sequence in the record, however many parts it has', async () => {
    for (let n = 0; n < 30; n++) await broker.addPerson({ given: `P${String(n)}` })
    const agent = await broker.connect(identity)
    const { parts } = await nextBundleText(agent)
    expect(parts).toBeGreaterThan(1)
    expect(await given()).toMatchObject([{ sequence: 1, people: 32 }])
  })

  it.each([
    [
      'is revoked',
      async ({ needs }: Running) => {
        const revocation = { personId: anna.personId, status: 'suspended', by } as const
        await needs.perform(() => revokePerson(revocation, needs))
      },
    ],
    [
      'loses her badge',
      async ({ needs }: Running) => {
        await needs.perform(() => markBadge({ badgeId: anna.badgeId, status: 'lost', by }, needs))
      },
    ],
    [
      'loses the role',
      async ({ needs }: Running) => {
        const change = { personId: anna.personId, roles: ['porter'], by }
        await needs.perform(() => changePerson(change, needs))
      },
    ],
  ])('is given another within seconds when somebody %s', async (_name, change) => {
    const agent = await broker.connect(identity)
    await nextBundle(agent)
    const changedMs = Date.now()
    await change(broker.running)
    const next = await nextBundle(agent)
    expect(Date.now() - changedMs).toBeLessThan(5000)
    expect(next.sequence).toBe(2)
    expect(next.issuedMs).toBeGreaterThanOrEqual(changedMs)
    const her = next.people.find(({ personId }) => personId === anna.personId)
    const mayUse = her && her.refusal === undefined && her.cards.length > 0
    expect(mayUse ?? false).toBe(false)
  })

  it('that has the newest is not sent it again, and one that has another is', async () => {
    const agent = await broker.connect(identity)
    await nextBundle(agent)
    agent.socket.close()
    await agent.closed()
    const again = await broker.connect(identity, undefined, { bundleSequence: 1 })
    await wait(2500)
    expect(await given()).toHaveLength(1)
    again.socket.close()
    await again.closed()
    const older = await broker.connect(identity, undefined, { bundleSequence: 7 })
    expect((await nextBundle(older)).sequence).toBe(2)
  })

  it('knows the window that a PIN opened in its zone, and not that of before its boot', async () => {
    const agent = await broker.connect(identity)
    await nextBundle(agent)
    await broker.signIn(agent, anna)
    agent.socket.close()
    await agent.closed()
    const same = await broker.connect(identity)
    const window = (await nextBundle(same)).people.find(
      ({ personId }) => personId === anna.personId,
    )
    expect(window?.grace?.pinAtMs).toBeGreaterThan(0)
    same.socket.close()
    await same.closed()
    const booted = await broker.connect(identity, undefined, { bootId: 'b007-0002' })
    const none = (await nextBundle(booted)).people.find(
      ({ personId }) => personId === anna.personId,
    )
    expect(none?.grace).toBeUndefined()
  })

  it('answers taps while a bundle is on its way', async () => {
    for (let n = 0; n < 60; n++) await broker.addPerson({ given: `P${String(n)}` })
    const agent = await broker.connect(identity)
    const tapId = agent.tap(anna.card)
    expect(await agent.next('ask-pin')).toMatchObject({ tapId })
    expect((await nextBundle(agent)).people.length).toBe(62)
  })

  it('in a zone that does not say so is given nothing', async () => {
    const lobby = await broker.enrol('lobby', 'Desk')
    const agent = await broker.connect(lobby)
    expect(agent.welcome?.rules.offlineMaxMs).toBe(0)
    await wait(2500)
    expect(await given()).toHaveLength(0)
  })

  describe('tells afterwards what it decided', () => {
    let agent: Awaited<ReturnType<Broker['connect']>>
    let journal: OfflineJournal
    const session = sessionId.parse(randomUUID())
    beforeEach(async () => {
      agent = await broker.connect(identity)
      const { sequence } = await nextBundle(agent)
      journal = new OfflineJournal()
      journal.write({
        ...{ kind: 'decided', atMs: Date.now(), tapId: tapId.parse(randomUUID()) },
        ...{ outcome: 'admitted', rule: 'badge-and-pin', personId: anna.personId },
        ...{ sessionId: session, bundleSequence: sequence, bundleAgeMs: 0 },
      })
    })
    const counts = async (code: string) =>
      (await broker.record()).filter((fact) => fact.code === code).length

    it('and hears what is in the record, and what may stay open; again the same', async () => {
      const { id: _id, ...frame } = journal.frame()
      for (const nth of [1, 2]) {
        const told = agent.say(frame)
        expect(await agent.next('offline-merged')).toMatchObject({
          ...{ replyTo: told, journalId: journal.journalId, upToSeq: 1 },
          sessions: [{ sessionId: session, isKept: true }],
        })
        expect([nth, await counts('OFF-002')]).toEqual([nth, 1])
      }
      agent.say({ kind: 'leave', sessionId: session, reason: 'idle', atMs: Date.now() })
      await agent.next('noted')
      expect(await counts('SES-003')).toBe(1)
    })
    it('and is refused what does not follow, or is another’s, and nothing else breaks', async () => {
      journal.write({ kind: 'left', atMs: Date.now(), sessionId: session, reason: 'idle' })
      const [, second = ''] = journal.lines
      const frame = journal.frameOf([second])
      agent.say({ ...frame })
      const refusal = { code: 'journal-does-not-follow', repeat: 'permanent' }
      expect(await agent.next('failed')).toMatchObject({ ...refusal, replyTo: frame.id })
      const other = await broker.connect(await broker.enrol('4-west', 'Station 2'))
      other.say({ ...journal.frameOf([second]) })
      expect(await other.next('failed')).toMatchObject(refusal)
      expect(await counts('OFF-101')).toBe(2)
      agent.say({ ...journal.frame() })
      expect(await agent.next('offline-merged')).toMatchObject({ upToSeq: 2, sessions: [] })
    })
    it('and is cut off with a frame that is too large', async () => {
      agent.say({ ...journal.frameOf(Array<string>(40).fill('x'.repeat(500))) })
      expect(await agent.closed()).toMatchObject({ code: 1009 })
    })
    it.each([
      ['more lines than a frame may have', () => Array(65).fill('{}')],
      ['a line that is too long', () => ['x'.repeat(2001)]],
      ['no line', () => []],
    ])('and is not understood with %s', async (_name, lines) => {
      const told = agent.say({
        ...{ kind: 'offline-facts', journalId: journal.journalId },
        ...{ lines: lines(), isLast: true },
      })
      expect(await agent.next('failed')).toMatchObject({ replyTo: told, repeat: 'permanent' })
      expect(await counts('OFF-002')).toBe(0)
    })
  })
})
