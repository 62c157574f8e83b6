// A probe over a real line: real TLS with an authority made for the test, and at the other end what
// answers it, does not, or does not know it.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BareBroker, welcomeFor } from '../../../../test/kit/bare-broker.ts'
import { ThrowAwayAuthority } from '../../../../test/kit/throw-away-authority.ts'
import { systemClock } from '../../platform/clock.ts'
import { Link } from '../link.ts'

let authority: ThrowAwayAuthority
beforeAll(async () => {
  authority = await ThrowAwayAuthority.make()
})
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

/** A broker, one of before where it knows no probe; and a line to it that is up. */
async function joined(knows = true) {
  const there = await BareBroker.open(authority, {
    greet: (socket, hello) => {
      const welcome = welcomeFor(hello)
      socket.send(knows ? welcome.replace('{', '{"probes":true,') : welcome)
    },
  })
  opened.push(there)
  const identity = await authority.identity()
  const up = Promise.withResolvers<undefined>()
  const logged: string[] = []
  const log = (event: string): void => {
    logged.push(event)
  }
  const link = new Link({
    addresses: [{ host: '127.0.0.1', port: there.port, serverName: '' }],
    identity: () => identity,
    ...{ bootId: 'b007-0001', agentVersion: '0.1.0', platform: 'linux' },
    openSession: () => undefined,
    known: () => ({}),
    clock: systemClock,
    log: { info: log, warn: log, error: log },
    random: () => 0.02,
    newId: randomUUID,
    onFrame: () => undefined,
    onUnanswered: () => undefined,
    onState: (state) => {
      if (state === 'up') up.resolve(undefined)
    },
  })
  opened.push({ close: () => link.stop() })
  link.start()
  await up.promise
  return { there, link, logged }
}
type Joined = Awaited<ReturnType<typeof joined>>
const longMs = 20_000
const notKnown = 'link.probe-not-known'

describe('a probe over a line', () => {
  it.each([true, false])(
    'is answered by its pong, by a broker that knows it: %s',
    async (knows) => {
      const { there, link, logged } = await joined(knows)
      const outcome = link.probe(longMs)
      const { id, probe } = await there.next('ping')
      expect(probe).toBe(true)
      there.say({ kind: 'pong', replyTo: id })
      expect(await outcome).toBe(true)
      expect(logged.filter((event) => event === notKnown)).toHaveLength(knows ? 0 : 1)
    },
  )
  it.each<[string, (at: Joined, replyTo: string) => unknown]>([
    [
      'the line breaks',
      ({ there }) => {
        there.drop()
      },
    ],
    ['the workstation goes', ({ link }) => link.stop()],
    [
      'the broker could not',
      ({ there }, replyTo) => {
        there.say({ kind: 'failed', replyTo, code: 'store-unavailable', repeat: 'transient' })
      },
    ],
    [
      'only another ping was answered',
      ({ there }) => {
        there.say({ kind: 'pong', replyTo: randomUUID() })
        there.drop()
      },
    ],
  ])('is not answered where %s', async (_what, act) => {
    const at = await joined()
    const outcome = at.link.probe(longMs)
    const { id } = await at.there.next('ping')
    await act(at, id)
    expect(await outcome).toBe(false)
    expect(at.logged).not.toContain(notKnown)
  })
  it('is not answered where nothing comes in its time', async () => {
    const { there, link } = await joined()
    const outcome = link.probe(50)
    await there.next('ping')
    expect(await outcome).toBe(false)
  })
})
