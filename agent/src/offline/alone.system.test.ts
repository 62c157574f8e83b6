// The whole agent with a real browser, cut off from a broker that had given it a bundle: badge and PIN
// open what works without it, wrong PINs stay counted over a restart, and afterwards it is all told
// once.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import { offlineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'
import { BareBroker, welcomeFor } from '../../../test/kit/bare-broker.ts'
import {
  BundleSigner,
  offlineBundleOf,
  offlinePersonOf,
} from '../../../test/kit/offline-bundles.ts'
import { ThrowAwayAuthority } from '../../../test/kit/throw-away-authority.ts'
import { FakeDesktop } from '../desktop/fake/fake-desktop.ts'
import { unsafeNoSandbox } from '../launch/browser-process.ts'
import type { DevToolsSession } from '../launch/devtools.ts'
import { openIdentityStore } from '../link/identity.ts'
import { systemClock } from '../platform/clock.ts'
import { Fault } from '../platform/fault.ts'
import type { Log, LogFields } from '../platform/log.ts'
import { openKeyFile } from '../platform/sealed-storage.ts'
import { parseSettings } from '../platform/settings.ts'
import type { Settings } from '../platform/settings.ts'
import { SimulatedHand, simulatedSource } from '../readers/simulated/simulated-source.ts'
import { readStatus } from '../runtime/status-file.ts'
import { startAgent } from '../start-agent.ts'
import type { RunningAgent } from '../start-agent.ts'

const chromiumPath = process.env['WARDKEY_HAS_CHROMIUM']
const rosa = '04a1b2c3d4e501'
const ben = '04a1b2c3d4e502'
const rightPin = '27051846'
const hourMs = 3_600_000

describe.runIf(chromiumPath !== undefined)('the agent without a broker', () => {
  let root: string
  let authority: ThrowAwayAuthority
  let broker: BareBroker
  let port: number
  let downtime: Server
  let downtimeUrl: string
  let workstationId: string
  let settings: Settings
  let hand: SimulatedHand
  let agent: RunningAgent | undefined
  let front: DevToolsSession | undefined
  const signer = new BundleSigner()
  const logged: (LogFields & { event: string })[] = []
  const people = [
    offlinePersonOf({ uid: rosa }),
    offlinePersonOf({ uid: ben, name: 'Ben Okafor', nameShown: 'B. Okafor' }),
  ]

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'wardkey-alone-'))
    authority = await ThrowAwayAuthority.make()
    downtime = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<title>downtime</title><p id="ready">what works now</p>')
    })
    await new Promise<void>((resolve) => downtime.listen(0, '127.0.0.1', resolve))
    const address = downtime.address()
    downtimeUrl = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`
    broker = await openBroker()
    port = broker.port
    const parsed = parseSettings(undefined, {
      'broker.addresses': `127.0.0.1:${String(port)}`,
      dataDir: join(root, 'data'),
      runtimeDir: join(root, 'run'),
      'identity.store': 'file',
      'readers.pcsc': false,
      'readers.hid': false,
      'readers.debounceMs': 200,
      'browser.path': chromiumPath,
      'browser.headless': true,
    })
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
    settings = parsed.settings
    const identity = await authority.identity()
    ;({ workstationId } = identity)
    const sealed = openKeyFile(settings.dataDir, 'workstation.key')
    openIdentityStore(settings.dataDir, sealed).keep(identity)
    logged.length = 0
  })
  afterEach(async () => {
    await agent?.stop()
    agent = undefined
    await broker.close().catch(() => undefined)
    downtime.closeAllConnections()
    downtime.close()
    rmSync(root, { recursive: true, force: true })
  })

  /** One that gives bundles, says so in its welcome, and lets its workstations be alone. */
  function openBroker(at?: number): Promise<BareBroker> {
    return BareBroker.open(authority, {
      isNoting: true,
      ...(at === undefined ? {} : { port: at }),
      greet: (socket, hello) => {
        const welcome = z
          .looseObject({ rules: z.looseObject({}) })
          .parse(JSON.parse(welcomeFor(hello)))
        const rules = { ...welcome.rules, offlineMaxMs: 2 * hourMs }
        const { bundleKey } = signer
        socket.send(JSON.stringify({ ...welcome, rules, bundleKey }))
      },
    })
  }

  async function start(): Promise<RunningAgent> {
    const note = (event: string, fields: LogFields): void => {
      logged.push({ event, ...fields })
    }
    const log: Log = { info: note, warn: note, error: note }
    hand = new SimulatedHand()
    agent = await startAgent(settings, log, {
      sources: [simulatedSource({ clock: systemClock, commands: hand })],
      desktop: new FakeDesktop(systemClock),
      sandbox: unsafeNoSandbox,
      onFront: (session) => (front = session),
    })
    const running = agent
    await until(() => {
      const { browser, reader } = running.state.surroundings
      return browser === 'ready' && reader === 'ready'
    }, 'ready')
    return running
  }

  async function cutOff(): Promise<void> {
    await start()
    await until(() => agent?.state.surroundings.link === 'up', 'up')
    const steps = [
      {
        kind: 'open-web' as const,
        url: `${downtimeUrl}/`,
        allowedOrigins: [downtimeUrl],
        readySelector: '#ready',
      },
    ]
    const bundle = offlineBundleOf(workstationId, Date.now(), { people, steps })
    // Small parts, so that there are many.
    for (const frame of signer.frames(bundle, 500)) broker.say(frame)
    await until(() => agent?.state.offline !== undefined, 'a bundle')
    await until(() => readStatus(settings.runtimeDir, Date.now())?.alone?.people === 2, 'status')
    await broker.close()
    await until(() => agent?.state.surroundings.link === 'down', 'down')
  }

  async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const endMs = performance.now() + 20_000
    while (!(await holds())) {
      if (performance.now() > endMs) {
        throw new Error(
          `never: ${what}; ${JSON.stringify(logged)} ${JSON.stringify(agent?.state.phase)}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  const phase = () => agent?.state.phase.kind
  const textInFront = async (): Promise<string> => {
    const answer = await front
      ?.send('Runtime.evaluate', { expression: 'document.body.innerText', returnByValue: true })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Fault)) throw thrown
      })
    if (!answer) return ''
    return z.object({ result: z.object({ value: z.string() }) }).parse(answer).result.value
  }
  const seen = (text: string) =>
    until(async () => (await textInFront()).includes(text), `"${text}" on the screen`)

  async function type(keys: string): Promise<void> {
    // A new pad listens a moment after it can be seen; no hand is faster.
    await new Promise((resolve) => setTimeout(resolve, 300))
    for (const key of keys) {
      const text = key === '\r' ? { key: 'Enter', text: '\r' } : { key, text: key }
      await front?.send('Input.dispatchKeyEvent', { type: 'keyDown', ...text })
      await front?.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text.key })
    }
  }

  async function signIn(uid: string, name: string): Promise<string> {
    hand.do({ kind: 'tap', uid })
    await seen(name)
    await type(`${rightPin}\r`)
    await until(() => phase() === 'open', 'open')
    const is = agent?.state.phase
    if (is?.kind !== 'open') throw new Error('not open')
    return is.seated.sessionId
  }

  /** A link that was down for long takes its time to come back. */
  async function toldLines(): Promise<AgentFrameOf<'offline-facts'>> {
    await until(() => broker.frames.some(({ kind }) => kind === 'offline-facts'), 'lines')
    return broker.next('offline-facts')
  }

  const entriesOf = ({ lines }: AgentFrameOf<'offline-facts'>): readonly OfflineEntry[] =>
    lines.map((line) => offlineEntry.parse(JSON.parse(line)))

  it('opens what works without it, switches, and tells a broker all of it once', async () => {
    await cutOff()
    const hers = await signIn(rosa, 'R. Santos')
    await seen('what works now')
    const his = await signIn(ben, 'B. Okafor')
    expect(his).not.toBe(hers)
    broker = await openBroker(port)
    const facts = await toldLines()
    const entries = entriesOf(facts)
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
    const admitted = entries.filter((one) => one.kind === 'decided' && one.outcome === 'admitted')
    expect(admitted).toMatchObject([
      { sessionId: hers, personId: people[0]?.personId, rule: 'badge-and-pin' },
      { sessionId: his, personId: people[1]?.personId, rule: 'badge-and-pin' },
    ])
    const left = entries.filter(({ kind }) => kind === 'left')
    expect(left).toMatchObject([{ sessionId: hers, reason: 'other-badge' }])
    broker.say({
      kind: 'offline-merged',
      replyTo: facts.id,
      journalId: facts.journalId,
      upToSeq: entries.length,
      sessions: [{ sessionId: his, isKept: true }],
    })
    await until(() => {
      const is = agent?.state.phase
      return is?.kind === 'open' && !is.seated.isAlone
    }, 'confirmed')
    expect(broker.frames.filter(({ kind }) => kind === 'offline-facts')).toHaveLength(0)
    // Nothing of it is a broker's to hear twice, and the screen is the broker's from here on.
    await agent?.stop()
    expect(await broker.next('leave')).toMatchObject({ sessionId: his, reason: 'shutdown' })
    expect(JSON.stringify(logged)).not.toMatch(/27051846|04a1b2c3|Santos|Okafor/)
  }, 90_000)

  it('locks a screen that a broker does not keep', async () => {
    await cutOff()
    const hers = await signIn(rosa, 'R. Santos')
    broker = await openBroker(port)
    await until(() => broker.frames.some(({ kind }) => kind === 'hello'), 'a hello')
    expect((await broker.next('hello')).openSessionId).toBeUndefined()
    const facts = await toldLines()
    const { id: replyTo, journalId, lines } = facts
    const sessions = [{ sessionId: hers, isKept: false }]
    broker.say({ kind: 'offline-merged', replyTo, journalId, upToSeq: lines.length, sessions })
    await until(() => phase() === 'locked', 'locked')
    const [entry] = entriesOf(await toldLines())
    expect(entry).toMatchObject({ kind: 'left', sessionId: hers, reason: 'network-back' })
  }, 90_000)

  it('counts wrong PINs over its own restart, and locks them', async () => {
    await cutOff()
    hand.do({ kind: 'tap', uid: rosa })
    await seen('R. Santos')
    for (const left of [4, 3, 2]) {
      await type('31415926\r')
      await seen(`${String(left)} tries left`)
    }
    await agent?.stop()
    await start()
    await until(() => agent?.state.surroundings.link === 'down', 'down')
    hand.do({ kind: 'tap', uid: rosa })
    await seen('R. Santos')
    await seen('2 tries left')
    await type('31415926\r')
    await seen('One try left')
    await type('31415926\r')
    await until(() => phase() === 'refused', 'refused')
    expect(agent?.state.phase).toMatchObject({ code: 'pin-locked' })
    await type('\r')
    const his = await signIn(ben, 'B. Okafor')
    expect(his).not.toBe('')
  }, 90_000)
})
