// The door from outside: real TLS, real sockets, and agents that behave. Those that do not are in
// the file about refusals.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { usualPin } from '../../../../test/kit/broker-core.ts'
import type { KitPerson } from '../../../../test/kit/broker-core.ts'
import { openWired } from '../../../../test/kit/wired-broker.ts'
import type { KitIdentity, WiredBroker } from '../../../../test/kit/wired-broker.ts'
import { sweep } from '../../flows/sweep.ts'

let wired: WiredBroker
let here: KitIdentity
let there: KitIdentity
let anna: KitPerson

beforeEach(async () => {
  wired = await openWired()
  await wired.core.addZone('4-west')
  here = await wired.addWorkstation('4-west')
  there = await wired.addWorkstation('4-west')
  anna = await wired.core.addPerson()
})
afterEach(async () => {
  await wired.core.checkInvariants()
  await wired.core.record()
  await wired.close()
})

describe('an emergency', () => {
  let pharmacy: KitIdentity
  const choice = { reason: 'patient-in-danger', tookMs: 1900, position: 0, of: 5 }
  const atMs = Date.now()

  beforeEach(async () => {
    await wired.core.addZone('pharmacy', { roles: ['pharmacist'] })
    pharmacy = await wired.addWorkstation('pharmacy')
  })

  it('opens with staff number, PIN and a colleague, and locks when its time is over', async () => {
    const carla = await wired.core.addPerson({ given: 'Carla', staffNumber: 'N-4711' })
    const agent = wired.dial({ identity: pharmacy })
    await agent.opened()
    agent.hello()
    const { rules } = await agent.next('welcome')
    expect(rules.emergency?.reasons.map(({ code }) => code)).toContain(choice.reason)
    const tapId = wired.core.newTapId()
    const who = { by: 'staff-number', staffNumber: 'N-4711' }
    agent.say({ kind: 'break-glass', tapId, who, choice, atMs })
    expect(Object.keys(await agent.next('ask-pin'))).not.toContain('name')
    agent.say({ kind: 'pin', tapId, pin: carla.pin })
    expect(await agent.next('ask-witness')).toMatchObject({ tapId, name: 'C. Santos' })
    agent.say({ kind: 'witness', tapId, card: carla.card, atMs })
    expect(await agent.next('ask-witness')).toMatchObject({ again: true })
    agent.say({ kind: 'witness', tapId, card: anna.card, atMs })
    const { sessionId, emergency } = await agent.next('admitted')
    expect(emergency).toEqual({ reason: 'A patient is in danger now', lastsMs: 1_800_000 })
    wired.core.pass(1_800_000)
    const lost = { list: () => [], settled: () => undefined }
    await sweep({ ...wired.core.needs, lost })
    expect(await agent.next('lock')).toMatchObject({ sessionId, code: 'emergency-over' })
  })

  it.each([
    ['a note with control characters', { choice: { ...choice, note: 'x\u0007y' } }],
    ['a note that turns text round', { choice: { ...choice, note: 'x\u202ey' } }],
    ['a note as long as a letter', { choice: { ...choice, note: 'x'.repeat(281) } }],
    ['a reason that is no word', { choice: { ...choice, reason: '<b>' } }],
    ['a staff number that is none', { who: { by: 'staff-number', staffNumber: "' or 1" } }],
    ['both ways to say who', { who: { by: 'card', card: {}, staffNumber: 'N-1' } }],
  ])('refuses %s', async (_name, change) => {
    const agent = await wired.connect(pharmacy)
    const who = { by: 'card', card: anna.card }
    agent.say({ kind: 'break-glass', tapId: wired.core.newTapId(), who, choice, atMs, ...change })
    expect(await agent.next('failed')).toMatchObject({ code: 'frame-not-understood' })
    expect(await wired.core.sessions()).toEqual([])
  })
})

describe('a workstation', () => {
  it('is welcomed, told its rules, and opens for badge and PIN', async () => {
    const agent = wired.dial({ identity: here })
    await agent.opened()
    agent.hello()
    expect(await agent.next('welcome')).toMatchObject({
      workstationId: here.id,
      rules: { zoneId: '4-west', nameShown: 'short', pinDigitsMin: 8 },
    })
    const tapId = agent.tap(anna.card)
    expect(await agent.any()).toMatchObject({ kind: 'ask-pin', tapId, name: 'R. Santos' })
    agent.say({ kind: 'pin', tapId, pin: usualPin })
    expect(await agent.any()).toMatchObject({ kind: 'admitted', tapId, name: 'Rosa Santos' })
  })

  it('is locked at once when its person taps in elsewhere', async () => {
    const first = await wired.connect(here)
    const second = await wired.connect(there)
    const tapId = first.tap(anna.card)
    first.say({ kind: 'pin', tapId, pin: usualPin })
    const { sessionId } = await first.next('admitted')
    second.tap(anna.card)
    expect(await first.next('lock')).toMatchObject({ sessionId, code: 'session-moved' })
    expect(await second.next('admitted')).toMatchObject({ sessionId })
  })

  it('is told what time it is on the broker’s clock', async () => {
    const agent = await wired.connect(here)
    const replyTo = agent.say({ kind: 'ping' })
    const serverTimeMs = wired.core.needs.nowMs()
    expect(await agent.next('pong')).toMatchObject({ replyTo, serverTimeMs })
  })

  it('gets its answers in the order of its questions', async () => {
    const agent = await wired.connect(here)
    const asked = Array.from({ length: 40 }, () => agent.say({ kind: 'ping' }))
    const heard: string[] = []
    while (heard.length < asked.length) heard.push((await agent.next('pong')).replyTo)
    expect(heard).toEqual(asked)
  })

  it('comes back with the certificate before, when it never got the new one', async () => {
    await wired.core.store.commit({
      kind: 'housekeeping',
      writes: [
        {
          query: wired.core.store.read
            .updateTable('workstation')
            .set((eb) => ({
              cert_previous_sha256: eb.ref('cert_sha256'),
              cert_sha256: 'f'.repeat(64),
            }))
            .where('id', '=', here.id)
            .compile(),
          expectRows: 1,
        },
      ],
    })
    await wired.connect(here)
  })

  it('comes back by a resumed TLS session, as itself', async () => {
    const first = await wired.connect(here)
    first.say({ kind: 'ping' })
    await first.next('pong')
    const { session } = first
    if (!session) throw new Error('no ticket came')
    first.socket.close()
    await first.closed()
    const second = await wired.connect(here, { session })
    expect(second.isResumed).toBe(true)
    second.tap(anna.card)
    expect(await second.any()).toMatchObject({ kind: 'ask-pin' })
  })

  it('keeps its screen over a lost connection when it still shows what is open', async () => {
    const session = await wired.core.signIn(here.id, anna)
    const agent = await wired.connect(here, { openSessionId: session })
    agent.say({ kind: 'ping' })
    expect(await agent.any()).toMatchObject({ kind: 'pong' })
    expect((await wired.core.sessions())[0]?.state).toBe('open')
  })

  it('has its session locked when it comes back and does not show it', async () => {
    await wired.core.signIn(here.id, anna)
    await wired.connect(here)
    expect((await wired.core.sessions())[0]?.state).toBe('locked')
    // Why it shows nothing only the workstation knows: nothing was started anew here.
    const locked = (await wired.core.record()).find(({ code }) => code === 'SES-003')
    expect(locked?.fields).toEqual({ reason: 'not-on-screen' })
  })

  it('is locked on hello when what it shows was moved meanwhile', async () => {
    const session = await wired.core.signIn(here.id, anna)
    await wired.core.signIn(there.id, anna)
    const agent = await wired.connect(here, { openSessionId: session })
    expect(await agent.next('lock')).toMatchObject({ sessionId: session, code: 'session-moved' })
  })

  it('hears a lock that was sent while it was being welcomed, after the welcome', async () => {
    const session = await wired.core.signIn(here.id, anna)
    const agent = wired.dial({ identity: here })
    await agent.opened()
    agent.hello({ openSessionId: session })
    await wired.core.signIn(there.id, anna)
    expect((await agent.any()).kind).toBe('welcome')
    expect(await agent.next('lock')).toMatchObject({ sessionId: session, code: 'session-moved' })
  })

  it('takes the place of its own older connection', async () => {
    const older = await wired.connect(here)
    const newer = await wired.connect(here)
    expect(await older.closed()).toMatchObject({ code: 4409, reason: 'replaced' })
    newer.say({ kind: 'ping' })
    expect(await newer.any()).toMatchObject({ kind: 'pong' })
    expect(wired.door.connections.size).toBe(1)
  })

  it('says hello anew where an older connection opened something after its hello', async () => {
    const older = await wired.connect(here)
    const tapId = older.tap(anna.card)
    await older.next('ask-pin')
    // The older one's PIN waits behind others; when its answer comes, nobody is there to hear it.
    const others = Array.from({ length: 20 }, async () =>
      wired.core.needs.hashing.reserve()?.hash(anna.personId, usualPin),
    )
    older.say({ kind: 'pin', tapId, pin: usualPin })
    const newer = await wired.connect(here)
    expect(await wired.core.sessions()).toEqual([])
    expect(await newer.closed()).toMatchObject({ code: 1013, reason: 'try-again' })
    await Promise.all(others)
    await wired.connect(here)
    expect((await wired.core.sessions())[0]?.state).toBe('locked')
  })

  it('tells its health, and the door remembers it', async () => {
    const agent = await wired.connect(here)
    agent.say({ kind: 'health', reader: 'unplugged', browser: 'ready' })
    await agent.next('noted')
    expect(wired.door.connections.find(here.id)?.health).toMatchObject({ reader: 'unplugged' })
  })
})

it.each([
  ['to other brokers', ['other.example:8443'], 25_000],
  ['for whoever looks after it was killed', [], 45_000],
])('says that it has a workstation, %s', { timeout: 60_000 }, async (_whom, brokers, timeout) => {
  const one = await openWired({ brokers })
  await one.core.addZone('4-west')
  const identity = await one.addWorkstation('4-west')
  await one.connect(identity)
  one.core.pass(60_000)
  expect(await reachedAt(one)).toBe(one.core.nowMs() - 60_000)
  await expect.poll(() => reachedAt(one), { timeout, interval: 500 }).toBe(one.core.nowMs())
  await one.close()
})

it('says with a goodbye when the last frame came, not when the line was given up', async () => {
  const agent = await wired.connect(here)
  wired.core.pass(60_000)
  agent.say({ kind: 'ping' })
  await agent.next('pong')
  const heardMs = wired.core.nowMs()
  agent.socket.terminate()
  await expect.poll(() => reachedAt(wired)).toBeGreaterThan(heardMs - 5000)
  expect(await reachedAt(wired)).toBeLessThanOrEqual(heardMs)
})

async function reachedAt({ core }: WiredBroker): Promise<number> {
  const rows = core.store.read.selectFrom('workstation').select('reached_ms')
  return Math.max(...(await rows.execute()).map(({ reached_ms }) => reached_ms ?? 0))
}

it('writes each coming and going into the record once', async () => {
  const agent = await wired.connect(here)
  agent.socket.close()
  await agent.closed()
  await wired.connect(there)
  await wired.door.close()
  const counts = await wired.core.counts()
  expect(counts).toMatchObject({ 'WKS-004': 2, 'WKS-005': 2 })
})
