// The whole agent with a real browser, a broker of the test's own that can be taken away, and what
// it opens without one: for tests that cut it off. It decides nothing by itself.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { ZoneRules } from '@wardkey/protocol/workstation/broker-frames'
import type { OfflineBundle, OfflinePerson } from '@wardkey/protocol/workstation/offline-bundle'
import { offlineEntry } from '@wardkey/protocol/workstation/offline-entries'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'
import { BareBroker, welcomeFor } from '../../../test/kit/bare-broker.ts'
import { BundleSigner, offlineBundleOf } from '../../../test/kit/offline-bundles.ts'
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

const hourMs = 3_600_000

export class WholeAgent {
  readonly logged: (LogFields & { event: string })[] = []
  readonly #root = mkdtempSync(join(tmpdir(), 'wardkey-alone-'))
  readonly #signer = new BundleSigner()
  readonly #authority: ThrowAwayAuthority
  readonly #downtime: Server
  readonly #downtimeUrl: string
  readonly #rules: Partial<ZoneRules>
  readonly settings: Settings
  readonly #port: number
  broker: BareBroker
  hand = new SimulatedHand()
  agent: RunningAgent | undefined
  #front: DevToolsSession | undefined
  #workstationId = ''

  private constructor(
    parts: { authority: ThrowAwayAuthority; downtime: Server; broker: BareBroker },
    browser: string,
    rules: Partial<ZoneRules>,
  ) {
    const { authority, downtime, broker } = parts
    this.#authority = authority
    this.#downtime = downtime
    const address = downtime.address()
    const at = typeof address === 'object' ? String(address?.port) : ''
    this.#downtimeUrl = `http://127.0.0.1:${at}`
    this.#rules = rules
    this.broker = broker
    // Known while it is there; it comes back at the same place.
    this.#port = broker.port
    const parsed = parseSettings(undefined, {
      'broker.addresses': `127.0.0.1:${String(broker.port)}`,
      dataDir: join(this.#root, 'data'),
      runtimeDir: join(this.#root, 'run'),
      'identity.store': 'file',
      'readers.pcsc': false,
      'readers.hid': false,
      'presence.hid': false,
      'readers.debounceMs': 200,
      'browser.path': browser,
      'browser.headless': true,
    })
    if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join())
    this.settings = parsed.settings
  }

  /** Enrolled, and not started yet. `rules` are the zone's, beside what the kit says. */
  static async open(browser: string, rules: Partial<ZoneRules> = {}): Promise<WholeAgent> {
    const authority = await ThrowAwayAuthority.make()
    const downtime = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<title>downtime</title><p id="ready">what works now</p>')
    })
    await new Promise<void>((resolve) => downtime.listen(0, '127.0.0.1', resolve))
    // The broker's greeting says what its agent is to be told: it is made with it.
    const told: { whole?: WholeAgent } = {}
    const broker = await openBroker(authority, () => told.whole)
    const whole = new WholeAgent({ authority, downtime, broker }, browser, rules)
    told.whole = whole
    const identity = await authority.identity()
    whole.#workstationId = identity.workstationId
    const sealed = openKeyFile(whole.settings.dataDir, 'workstation.key')
    openIdentityStore(whole.settings.dataDir, sealed).keep(identity)
    return whole
  }

  async close(): Promise<void> {
    await this.agent?.stop()
    this.agent = undefined
    await this.broker.close().catch(() => undefined)
    this.#downtime.closeAllConnections()
    this.#downtime.close()
    rmSync(this.#root, { recursive: true, force: true })
  }

  /** As it greets: it gives bundles, and lets its workstations be alone. */
  greeting(hello: AgentFrameOf<'hello'>): string {
    const welcome = z.looseObject({ rules: z.looseObject({}) }).parse(JSON.parse(welcomeFor(hello)))
    const rules = { ...welcome.rules, offlineMaxMs: 2 * hourMs, ...this.#rules }
    return JSON.stringify({ ...welcome, rules, bundleKey: this.#signer.bundleKey })
  }

  /** The broker is there again, at the same place. */
  async broughtBack(): Promise<void> {
    this.broker = await openBroker(this.#authority, () => this, this.#port)
  }

  async start(): Promise<RunningAgent> {
    const note = (event: string, fields: LogFields): void => {
      this.logged.push({ event, ...fields })
    }
    const log: Log = { info: note, warn: note, error: note }
    this.hand = new SimulatedHand()
    this.agent = await startAgent(this.settings, log, {
      sources: [simulatedSource({ clock: systemClock, commands: this.hand })],
      desktop: new FakeDesktop(systemClock),
      sandbox: unsafeNoSandbox,
      onFront: (session) => (this.#front = session),
    })
    const running = this.agent
    await this.until(() => {
      const { browser, reader } = running.state.surroundings
      return browser === 'ready' && reader === 'ready'
    }, 'ready')
    return running
  }

  /** Started, given a bundle with these people, and left without a broker. */
  async cutOff(people: OfflinePerson[], change: Partial<OfflineBundle> = {}): Promise<void> {
    await this.start()
    await this.until(() => this.agent?.state.surroundings.link === 'up', 'up')
    const url = this.#downtimeUrl
    const steps = [
      {
        kind: 'open-web' as const,
        url: `${url}/`,
        allowedOrigins: [url],
        readySelector: '#ready',
      },
    ]
    const bundle = offlineBundleOf(this.#workstationId, Date.now(), { people, steps, ...change })
    // Small parts, so that there are many.
    for (const frame of this.#signer.frames(bundle, 500)) this.broker.say(frame)
    await this.until(() => this.agent?.state.offline !== undefined, 'a bundle')
    const known = () => readStatus(this.settings.runtimeDir, Date.now())?.alone?.people
    await this.until(() => known() === people.length, 'status')
    await this.broker.close()
    await this.until(() => this.agent?.state.surroundings.link === 'down', 'down')
  }

  async until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const endMs = performance.now() + 20_000
    while (!(await holds())) {
      if (performance.now() > endMs) {
        const is = JSON.stringify(this.agent?.state.phase)
        throw new Error(`never: ${what}; ${JSON.stringify(this.logged)} ${is}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  get phase() {
    return this.agent?.state.phase.kind
  }

  /** What the page in front says to a script of the test's. */
  async inFront(expression: string): Promise<string> {
    const answer = await this.#front
      ?.send('Runtime.evaluate', { expression, returnByValue: true })
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Fault)) throw thrown
      })
    if (!answer) return ''
    return z.object({ result: z.object({ value: z.string().catch('') }) }).parse(answer).result
      .value
  }

  seen(text: string): Promise<void> {
    const holds = async () => (await this.inFront('document.body.innerText')).includes(text)
    return this.until(holds, `"${text}" on the screen`)
  }

  /** The button with these words, once it is there. */
  async pressed(words: string): Promise<void> {
    const is = `(one) => one.textContent.trim() === ${JSON.stringify(words)}`
    const press = `(() => {
      const found = [...document.querySelectorAll('button')].find(${is})
      found?.click()
      return String(found !== undefined)
    })()`
    await this.until(async () => (await this.inFront(press)) === 'true', `"${words}" to press`)
  }

  async type(keys: string): Promise<void> {
    // A new pad listens a moment after it can be seen; no hand is faster.
    await new Promise((resolve) => setTimeout(resolve, 300))
    for (const key of keys) {
      const text = key === '\r' ? { key: 'Enter', text: '\r' } : { key, text: key }
      await this.#front?.send('Input.dispatchKeyEvent', { type: 'keyDown', ...text })
      await this.#front?.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text.key })
    }
  }

  /** The session that is open; waits for it. */
  async opened(): Promise<string> {
    await this.until(() => this.phase === 'open', 'open')
    const is = this.agent?.state.phase
    if (is?.kind !== 'open') throw new Error('not open')
    return is.seated.sessionId
  }

  /** A link that was down for long takes its time to come back. */
  async toldLines(): Promise<AgentFrameOf<'offline-facts'>> {
    const hasCome = () => this.broker.frames.some(({ kind }) => kind === 'offline-facts')
    await this.until(hasCome, 'lines')
    return this.broker.next('offline-facts')
  }
}

export const entriesOf = ({ lines }: AgentFrameOf<'offline-facts'>): readonly OfflineEntry[] =>
  lines.map((line) => offlineEntry.parse(JSON.parse(line)))

function openBroker(
  authority: ThrowAwayAuthority,
  whole: () => WholeAgent | undefined,
  port?: number,
): Promise<BareBroker> {
  return BareBroker.open(authority, {
    isNoting: true,
    ...(port === undefined ? {} : { port }),
    greet: (socket, hello) => {
      const greeting = whole()?.greeting(hello)
      if (greeting !== undefined) socket.send(greeting)
    },
  })
}
