// The link against something at the other end that does what it is told: real TLS with an authority
// made for the test, real sockets on loopback, and a broker that behaves or does not.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sessionId, tapId } from '@wardkey/protocol/ids'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { frameBytesMax } from '@wardkey/protocol/workstation/version'
import { BareBroker, welcomeFor } from '../../../test/kit/bare-broker.ts'
import { silenceFor } from './waits/silence.ts'
import type { BareBrokerSettings } from '../../../test/kit/bare-broker.ts'
import { ThrowAwayAuthority } from '../../../test/kit/throw-away-authority.ts'
import { systemClock } from '../platform/clock.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log, LogFields } from '../platform/log.ts'
import type { Unanswered } from './asks.ts'
import type { Identity } from './identity.ts'
import { Link } from './link.ts'
import type { LinkNeeds, LinkState } from './link.ts'

let authority: ThrowAwayAuthority
let identity: Identity
beforeAll(async () => {
  authority = await ThrowAwayAuthority.make()
  identity = await authority.identity()
})

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function broker(settings: BareBrokerSettings = {}, of = authority): Promise<BareBroker> {
  const one = await BareBroker.open(of, settings)
  opened.push(one)
  return one
}

/** A link that remembers what it was told, and waits for it. */
class Dialled {
  readonly link: Link
  readonly states: LinkState[] = []
  /** As told with the latest state. */
  silentMs = 0
  readonly frames: BrokerFrame[] = []
  readonly agesMs: (number | undefined)[] = []
  readonly unanswered: Unanswered[] = []
  readonly logged: LogFields[] = []
  openSession: ReturnType<LinkNeeds['openSession']>
  #wake: () => void = () => undefined

  constructor(brokers: readonly BareBroker[], change: Partial<LinkNeeds> = {}) {
    const wake = (): void => {
      this.#wake()
    }
    const note = (event: string, fields: LogFields): void => {
      this.logged.push({ kind: event, ...fields })
      wake()
    }
    const log: Log = { info: note, warn: note, error: note }
    this.link = new Link({
      addresses: brokers.map(({ port }) => ({ host: '127.0.0.1', port, serverName: '' })),
      identity: () => identity,
      bootId: 'b007-0001',
      agentVersion: '0.1.0',
      platform: 'linux',
      openSession: () => this.openSession,
      known: () => ({}),
      clock: systemClock,
      log,
      random: () => 0.02,
      newId: randomUUID,
      onFrame: (frame, ageMs) => {
        this.frames.push(frame)
        this.agesMs.push(ageMs)
        wake()
      },
      onUnanswered: (one) => {
        this.unanswered.push(one)
        wake()
      },
      onState: (state, silentMs = 0) => {
        this.states.push(state)
        this.silentMs = silentMs
        wake()
      },
      ...change,
    })
    opened.push({ close: () => this.link.stop() })
    this.link.start()
  }

  async until(isSo: () => boolean): Promise<void> {
    const endMs = performance.now() + 5000
    while (!isSo()) {
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => {
          reject(new Error(`it did not happen; states ${this.states.join()}`))
        }, endMs - performance.now())
        this.#wake = () => {
          clearTimeout(late)
          resolve()
        }
      })
    }
  }

  up(): Promise<void> {
    return this.until(() => this.states.at(-1) === 'up')
  }

  ended(reason: string): Promise<void> {
    return this.until(() => this.logged.some((line) => line.reason === reason))
  }
}

const card = { technology: 'csn', canonical: '04a1b2c3' } as const
const aTap = () => ({ kind: 'tap', tapId: tapId.parse(randomUUID()), card, atMs: 1 }) as const
const aLeave = () =>
  ({
    kind: 'leave',
    sessionId: sessionId.parse(randomUUID()),
    reason: 'tap-out',
    atMs: 1,
  }) as const

describe('a link', () => {
  it('comes up with its certificate, says hello and hears the welcome', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    expect(there.peers).toEqual([true])
    expect(await there.next('hello')).toMatchObject({ bootId: 'b007-0001', version: 1 })
    expect(here.frames[0]).toMatchObject({ kind: 'welcome', place: '4 West, station 2' })
  })
  it('says of a welcome how old its word may be, and of nothing else', async () => {
    const lateMs = 80
    const there = await broker({
      greet: (socket, hello) => {
        setTimeout(() => {
          socket.send(welcomeFor(hello))
        }, lateMs)
      },
    })
    const here = new Dialled([there])
    await here.up()
    here.link.ask(aTap(), 5000)
    await there.next('tap')
    const [welcome, ...others] = here.agesMs
    expect(welcome).toBeGreaterThanOrEqual(lateMs - 2)
    expect(others.every((ageMs) => ageMs === undefined)).toBe(true)
  })
  it('carries a question and its answer', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    const asked = aTap()
    here.link.ask(asked, 5000)
    expect(await there.next('tap')).toMatchObject({ tapId: asked.tapId, card })
    there.say({ kind: 'ask-pin', tapId: asked.tapId, again: false, answerWithinMs: 9000 })
    await here.until(() => here.frames.some(({ kind }) => kind === 'ask-pin'))
  })
  it('says at each hello what is open on the screen at that moment', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    expect((await there.next('hello')).openSessionId).toBeUndefined()
    here.openSession = sessionId.parse(randomUUID())
    there.drop()
    expect((await there.next('hello')).openSessionId).toBe(here.openSession)
  })
  it('comes back by a resumed TLS session', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    there.drop()
    await here.until(() => here.states.filter((state) => state === 'up').length === 2)
    expect(there.resumed).toEqual([false, true])
    expect(there.peers).toEqual([true, true])
  })
  it('does not resume what another certificate began', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    here.link.identityChanged()
    there.drop()
    await here.until(() => here.states.filter((state) => state === 'up').length === 2)
    expect(there.resumed).toEqual([false, false])
  })
  it('asks a tap again under its ids when the connection broke before the answer', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    const asked = aTap()
    here.link.ask(asked, 5000)
    const first = await there.next('tap')
    there.drop()
    const second = await there.next('tap')
    expect(second).toEqual(first)
    expect(here.unanswered).toEqual([])
  })
  it('sends what must arrive again under its id until it is noted, and then no more', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    here.link.tellSurely(aLeave())
    const first = await there.next('leave')
    there.drop()
    const second = await there.next('leave')
    expect(second).toEqual(first)
    there.say({ kind: 'noted', replyTo: first.id })
    await here.until(() => here.link.unnoted === 0)
    there.drop()
    await there.next('hello')
    await here.until(() => here.states.filter((state) => state === 'up').length === 3)
    expect(there.frames.filter(({ kind }) => kind === 'leave')).toEqual([])
  })
  it('keeps what was said without a connection, and sends it in its order before any tap', async () => {
    const there = await broker()
    const port = there.port
    const here = new Dialled([there])
    await here.up()
    await there.next('hello')
    await there.close()
    opened.splice(opened.indexOf(there), 1)
    await here.until(() => here.states.at(-1) === 'down')
    const leaves = [aLeave(), aLeave()]
    for (const leave of leaves) here.link.tellSurely(leave)
    here.link.ask(aTap(), 5000)
    const again = await broker({ port })
    await again.next('hello')
    const order = [await again.next('leave'), await again.next('leave')]
    expect(order.map((frame) => frame.sessionId)).toEqual(leaves.map((leave) => leave.sessionId))
    await again.next('tap')
  })
  it('asks again a little later where the broker could not just then', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    here.link.ask(aTap(), 5000)
    const first = await there.next('tap')
    const replyTo = first.id
    there.say({ kind: 'failed', replyTo, code: 'store-unavailable', repeat: 'transient' })
    expect(await there.next('tap')).toEqual(first)
  })
  it('goes to the next broker where the first does not answer, and stays there', async () => {
    const dead = await broker({ turnAway: 503 })
    const alive = await broker()
    const here = new Dialled([dead, alive])
    await here.up()
    expect(dead.peers).toHaveLength(1)
    alive.drop()
    await here.until(() => here.states.filter((state) => state === 'up').length === 2)
    expect(dead.peers).toHaveLength(1)
    expect(alive.peers).toHaveLength(2)
  })
  it('goes to a broker that the first one told it of', async () => {
    const second = await broker()
    const first = await broker({
      greet: (socket, hello) => {
        socket.send(welcomeFor(hello, [`127.0.0.1:${String(second.port)}`]))
      },
    })
    const here = new Dialled([first])
    await here.up()
    await first.close()
    opened.splice(opened.indexOf(first), 1)
    await second.next('hello')
  })
  it('goes to no other than those that it was given, where it is to know these alone', async () => {
    const second = await broker()
    const first = await broker({
      greet: (socket, hello) => {
        socket.send(welcomeFor(hello, [`127.0.0.1:${String(second.port)}`]))
      },
    })
    const here = new Dialled([first], { onlyThese: true })
    await here.up()
    first.drop()
    await here.until(() => here.states.filter((state) => state === 'up').length === 2)
    expect(first.peers).toHaveLength(2)
    expect(second.peers).toHaveLength(0)
  })
  it('waits longer each time where brokers welcome it and say goodbye at once, in turns', async () => {
    const { clock, waitsMs } = noting()
    const going: BareBrokerSettings = {
      greet: (socket, hello) => {
        socket.send(welcomeFor(hello))
        socket.close(1001)
      },
    }
    const brokers = [await broker(going), await broker(going)]
    const here = new Dialled(brokers, { clock })
    await here.until(() => waitsMs.length === 7)
    expect(waitsMs).toEqual([5, 10, 20, 40, 80, 160, 320])
    expect(brokers.map(({ peers }) => peers.length)).toEqual([4, 3])
  })
  it('goes to the other where one welcomes it twice and breaks off at once, without a word', async () => {
    const { clock } = noting()
    const broken = await broker({
      greet: (socket, hello) => {
        socket.send(welcomeFor(hello))
        setImmediate(() => {
          socket.terminate()
        })
      },
    })
    const whole = await broker()
    const here = new Dialled([broken, whole], { clock })
    await whole.next('hello')
    await here.up()
    expect([broken.peers.length, whole.peers.length]).toEqual([2, 1])
  })
  it('goes to the other at once where one says goodbye that was there for a while', async () => {
    const { clock, waitsMs, pass } = noting()
    const [first, second] = [await broker(), await broker()]
    const here = new Dialled([first, second], { clock })
    const ups = () => here.states.filter((state) => state === 'up').length
    await here.up()
    for (const [at, one] of [first, second, first, second].entries()) {
      pass(3000)
      one.drop(1001)
      await here.until(() => ups() === at + 2)
    }
    expect(waitsMs).toEqual([5, 5, 5, 5])
    expect([first.peers.length, second.peers.length]).toEqual([3, 2])
  })
})

describe('refuses', () => {
  it('a broker of another authority', async () => {
    const there = await broker({}, await ThrowAwayAuthority.make())
    const here = new Dialled([there])
    await here.ended('SELF_SIGNED_CERT_IN_CHAIN')
    expect(here.states).not.toContain('up')
    expect(there.frames).toEqual([])
  })
  it('a broker whose certificate is for another name', async () => {
    const there = await broker({ names: ['other.example'] })
    const here = new Dialled([there])
    await here.ended('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(there.frames).toEqual([])
  })
  it('a broker whose certificate is for the address, where settings name another', async () => {
    const there = await broker()
    const addresses = [{ host: '127.0.0.1', port: there.port, serverName: 'broker.example' }]
    const here = new Dialled([], { addresses })
    await here.ended('ERR_TLS_CERT_ALTNAME_INVALID')
  })
  it('TLS 1.2', async () => {
    const there = await broker({ tls: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } })
    const here = new Dialled([there])
    await here.until(() => here.logged.some(({ kind }) => kind === 'failed'))
    expect(there.frames).toEqual([])
    expect(here.states).not.toContain('up')
  })
  it('a certificate of its own that the broker does not know: it is not enrolled', async () => {
    for (const turnAway of [401, 403]) {
      const here = new Dialled([await broker({ turnAway })])
      await here.until(() => here.states.includes('not-enrolled'))
    }
  })
  it('to call itself unknown because a broker is busy', async () => {
    const here = new Dialled([await broker({ turnAway: 503 })])
    await here.until(() => here.states.includes('down'))
    expect(here.states).not.toContain('not-enrolled')
  })
  it('a broker that ends it as unknown after the hello', async () => {
    const there = await broker({
      greet: (socket) => {
        socket.close(4401)
      },
    })
    const here = new Dialled([there])
    await here.until(() => here.states.includes('not-enrolled'))
  })
  it('a broker that says it is a copy of another workstation', async () => {
    const there = await broker({
      greet: (socket) => {
        socket.close(4410)
      },
    })
    const here = new Dialled([there])
    await here.until(() => here.states.includes('copied'))
    expect(here.states).not.toContain('up')
  })
  it('another sub-protocol', async () => {
    const here = new Dialled([await broker({ protocol: 'wardkey.v9' })])
    await here.until(() => here.logged.some(({ kind }) => kind === 'failed'))
    expect(here.states).not.toContain('up')
  })
  it('a protocol version that it does not speak', async () => {
    const there = await broker({
      greet: (socket, hello) => {
        socket.send(welcomeFor(hello).replace('"version":1', '"version":2'))
      },
    })
    const here = new Dialled([there])
    await here.ended('version-not-spoken')
    expect(here.states).not.toContain('up')
  })
  it('a welcome to somebody else’s hello', async () => {
    const there = await broker({
      greet: (socket, hello) => {
        socket.send(welcomeFor({ ...hello, id: randomUUID() as typeof hello.id }))
        socket.send('not json')
      },
    })
    const here = new Dialled([there])
    await here.ended('frame-not-json')
    expect(here.states).not.toContain('up')
  })
  it('to hear anything before the welcome', async () => {
    const there = await broker({
      greet: (socket, hello) => {
        socket.send(
          JSON.stringify({
            kind: 'lock',
            id: randomUUID(),
            sessionId: randomUUID(),
            code: 'session-ended',
          }),
        )
        socket.send(welcomeFor(hello))
      },
    })
    const here = new Dialled([there])
    await here.up()
    expect(here.frames.map(({ kind }) => kind)).toEqual(['welcome'])
  })
  it.each([
    ['what is no JSON', 'frame-not-json', '{'],
    ['an unknown kind', 'frame-not-understood', JSON.stringify({ kind: 'open-up' })],
    ['a frame nested without end', 'frame-too-deep', '['.repeat(500)],
    ['a frame with a field too many', 'frame-not-understood', withExtra()],
    ['bytes instead of text', 'frame-not-json', Buffer.from('{}')],
  ])('%s, and ends the connection', async (_what, reason, text) => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    there.sayText(text)
    await here.ended(reason)
    expect(here.frames.map(({ kind }) => kind)).toEqual(['welcome'])
  })
  it('a frame that is too large, before it was read whole', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    there.sayText(JSON.stringify({ kind: 'x'.repeat(frameBytesMax) }))
    await here.ended('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
  })
  it('to wait for a broker that never welcomes it', async () => {
    const clock = hurried()
    const here = new Dialled([await broker({ greet: () => undefined })], { clock })
    await here.ended('no-welcome')
  })
  it('to believe in a broker that has gone silent', async () => {
    const clock = hurried()
    const there = await broker()
    const here = new Dialled([there], { clock })
    await here.up()
    // Answers no ping any more: as a machine does whose power went.
    there.pause()
    await here.ended('silent')
    // What a zone counts its limit from is the last word, not this moment.
    expect(here.silentMs).toBeGreaterThan(silenceFor(30_000).maxMs)
    expect(here.silentMs).toBeLessThan(30_000)
  })
  it('to let somebody wait at a broker that has gone silent: what is asked finds it out', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    there.pause()
    const askedMs = performance.now()
    here.link.ask(aTap(), 8000)
    await here.ended('silent')
    expect(performance.now() - askedMs).toBeLessThan(4000)
    expect(here.states.at(-1)).toBe('down')
  })
  it('to leave a broker that is slow with an answer, and there', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    here.link.ask(aTap(), 8000)
    const { tapId: asked } = await there.next('tap')
    await new Promise((resolve) => setTimeout(resolve, 4000))
    there.say({ kind: 'refused', tapId: asked, code: 'badge-unknown', quote: 'ABC-123' })
    await here.until(() => here.frames.some(({ kind }) => kind === 'refused'))
    expect(here.states).toEqual(['connecting', 'up'])
  })
  it('to ask a PIN twice: what broke meanwhile is given up at once', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    const asked = aTap()
    here.link.ask({ kind: 'pin', tapId: asked.tapId, pin: '12345679' }, 5000)
    await there.next('pin')
    there.drop()
    await here.until(() => here.unanswered.length === 1)
    expect(here.unanswered).toEqual([{ kind: 'tap', tapId: asked.tapId }])
    await there.next('hello')
    expect(there.frames.filter(({ kind }) => kind === 'pin')).toEqual([])
  })
  it('to go on asking what the broker will never answer', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    const asked = aTap()
    here.link.ask(asked, 5000)
    const { id: replyTo } = await there.next('tap')
    there.say({ kind: 'failed', replyTo, code: 'internal', repeat: 'permanent' })
    await here.until(() => here.unanswered.length === 1)
  })
  it('to connect without an identity, and says so', async () => {
    const there = await broker()
    const here = new Dialled([there], { identity: () => undefined })
    expect(here.states).toEqual(['connecting', 'not-enrolled'])
    expect(there.peers).toEqual([])
  })
  it('an identity that TLS cannot read', async () => {
    const broken = { ...identity, keyPem: identity.keyPem.replace(/[A-Z]/, '!') }
    const here = new Dialled([await broker()], { identity: () => broken })
    await here.until(() => here.states.includes('not-enrolled'))
  })
  it('to log anything of a card, a PIN or a session', async () => {
    const there = await broker()
    const here = new Dialled([there])
    await here.up()
    here.link.ask(aTap(), 5000)
    here.link.ask({ kind: 'pin', tapId: aTap().tapId, pin: '12345679' }, 5000)
    await there.next('pin')
    there.sayText(JSON.stringify({ kind: 'admitted', name: 'Rosa Santos' }))
    await here.ended('frame-not-understood')
    const lines = JSON.stringify(here.logged)
    expect(lines).not.toMatch(/12345679|04a1b2c3|Santos/)
  })
})

function withExtra(): string {
  return JSON.stringify({ kind: 'pong', id: randomUUID(), replyTo: randomUUID(), more: 1 })
}

/** Waits before another try, by the `random` of these tests, are shorter than any other deadline. */
function noting(): { clock: Clock; waitsMs: number[]; pass: (ms: number) => void } {
  const waitsMs: number[] = []
  let aheadMs = 0
  const clock: Clock = {
    monoMs: () => systemClock.monoMs() + aheadMs,
    wallMs: () => systemClock.wallMs(),
    after: (delayMs, run) => {
      if (delayMs < 500) waitsMs.push(delayMs)
      return systemClock.after(delayMs, run)
    },
  }
  const pass = (ms: number): void => {
    aheadMs += ms
  }
  return { clock, waitsMs, pass }
}

/** Deadlines come a hundred times sooner, so that nobody waits for them. */
function hurried(): Clock {
  return {
    monoMs: () => systemClock.monoMs() * 100,
    wallMs: () => systemClock.wallMs(),
    after: (delayMs, run) => systemClock.after(delayMs / 100, run),
  }
}
