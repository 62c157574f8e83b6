// The runtime's surroundings, for tests: each does what the test's hand does and remembers what it
// was asked. None of them decides anything.

import { randomUUID } from 'node:crypto'
import { messageId, tapId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import { HandClock } from '../../../test/kit/hand-clock.ts'
import { FakeDesktop } from '../desktop/fake/fake-desktop.ts'
import type { LaunchPort } from '../launch/launch-port.ts'
import type { Outgoing } from '../link/link.ts'
import type { ScreenInput, ScreenView } from '../machine/screen-view.ts'
import { Fault } from '../platform/fault.ts'
import type { Banner } from '../machine/screen-view.ts'
import type { Log, LogFields } from '../platform/log.ts'
import { SimulatedHand, simulatedSource } from '../readers/simulated/simulated-source.ts'
import { Agent } from './agent.ts'
import type { AgentNeeds, LinkPort } from './agent.ts'
import type { LinkEars } from './feed-link.ts'
import type { AgentStatus } from './status-file.ts'

/** Everything that was done, in its order: words to the broker, pictures and windows. */
export type Doings = string[]

export class FakeLaunch implements LaunchPort {
  readonly doings: Doings
  /** Sessions whose windows can be seen. */
  readonly visible = new Set<string>()
  /** What is to fail or to wait, by what is asked: `cover`, `launch`, `start` … */
  readonly fails = new Map<string, Error>()
  readonly waits = new Map<string, Promise<void>>()
  readonly banners: Banner['kind'][] = []
  /** Somebody's hands on a session's chart. */
  use: (sessionId: string) => void = () => undefined
  /** What the page before the lock screen says. */
  onPageSays: (id: string, what: 'ended' | 'emergency') => void = () => undefined
  #lost: (() => void)[] = []

  constructor(doings: Doings) {
    this.doings = doings
  }

  start(): Promise<void> {
    return this.#do('start')
  }

  async launch(sessionId: string): Promise<void> {
    await this.#do('launch')
    this.visible.add(sessionId)
  }

  async cover(sessionId: string): Promise<void> {
    await this.#do('cover')
    this.visible.delete(sessionId)
  }

  async reveal(sessionId: string): Promise<void> {
    await this.#do('reveal')
    this.visible.add(sessionId)
  }

  banner(_sessionId: string, banner: Banner): Promise<void> {
    this.banners.push(banner.kind)
    const failure = this.fails.get('banner')
    return failure ? Promise.reject(failure) : Promise.resolve()
  }

  async end(sessionId: string): Promise<void> {
    await this.#do('end')
    this.visible.delete(sessionId)
  }

  async openPage(id: string): Promise<void> {
    await this.#do('openPage')
    this.visible.add(id)
  }

  async closePage(id: string): Promise<void> {
    await this.#do('closePage')
    this.visible.delete(id)
  }

  onPage(listener: (id: string, what: 'ended' | 'emergency') => void): void {
    this.onPageSays = listener
  }

  onLost(listener: () => void): void {
    this.#lost.push(listener)
  }

  onUsed(listener: (sessionId: string) => void): void {
    this.use = listener
  }

  async close(): Promise<void> {
    await this.#do('close')
    this.visible.clear()
  }

  lose(): void {
    this.visible.clear()
    for (const listener of this.#lost) listener()
  }

  async #do(what: string): Promise<void> {
    this.doings.push(what)
    const failure = this.fails.get(what)
    if (failure) throw failure
    await this.waits.get(what)
  }
}

export class FakeLink implements LinkPort {
  readonly doings: Doings
  readonly ears: LinkEars
  readonly sent: Outgoing[] = []
  unnoted = 0
  /** What was sent under the id it had. */
  readonly whole: AgentFrame[] = []

  constructor(ears: LinkEars, doings: Doings) {
    this.ears = ears
    this.doings = doings
  }

  start(): void {
    this.ears.onState('connecting')
  }

  ask(frame: Outgoing): void {
    this.#send(frame)
  }

  tell(frame: Outgoing): boolean {
    this.#send(frame)
    return true
  }

  tellSurely(frame: Outgoing): void {
    this.#send(frame)
  }

  send(frame: AgentFrame): boolean {
    this.whole.push(frame)
    return true
  }

  stop(): Promise<void> {
    this.doings.push('link stopped')
    return Promise.resolve()
  }

  last<K extends AgentFrame['kind']>(kind: K): Extract<Outgoing, { kind: K }> | undefined {
    return this.sent.findLast((one): one is Extract<Outgoing, { kind: K }> => one.kind === kind)
  }

  #send(frame: Outgoing): void {
    this.sent.push(frame)
    const reason = 'reason' in frame ? frame.reason : undefined
    this.doings.push(reason === undefined ? frame.kind : `${frame.kind} ${reason}`)
  }
}

export class FakeScreen {
  readonly url = 'http://127.0.0.1:1/#secret=x'
  readonly views: ScreenView[] = []
  input: (input: ScreenInput) => void = () => undefined
  window: (isThere: boolean) => void = () => undefined

  show(view: ScreenView): void {
    this.views.push(view)
  }

  onInput(listener: (input: ScreenInput) => void): void {
    this.input = listener
  }

  onWindow(listener: (isThere: boolean) => void): void {
    this.window = listener
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  get scene(): ScreenView['scene'] | undefined {
    return this.views.at(-1)?.scene
  }
}

export class Bed {
  readonly clock = new HandClock()
  readonly doings: Doings = []
  readonly launch = new FakeLaunch(this.doings)
  readonly screen = new FakeScreen()
  readonly hand = new SimulatedHand()
  readonly desktop = new FakeDesktop(this.clock)
  readonly logged: (LogFields & { event: string })[] = []
  readonly bugs: unknown[] = []
  readonly statuses: AgentStatus[] = []
  journalled: ReturnType<AgentNeeds['journal']['find']>
  readonly agent: Agent
  #link: FakeLink | undefined

  constructor(change: Partial<AgentNeeds> = {}) {
    const { clock, doings, launch, screen, desktop, hand } = this
    const note = (event: string, fields: LogFields): void => {
      this.logged.push({ event, ...fields })
    }
    const log: Log = { info: note, warn: note, error: note }
    this.agent = new Agent({
      sources: [simulatedSource({ clock, commands: hand })],
      debounceMs: 1500,
      makeLink: (ears) => {
        this.#link = new FakeLink(ears, doings)
        return this.#link
      },
      launch,
      screen,
      desktop,
      journal: {
        find: () => this.journalled,
        note: (session) => {
          this.journalled = session
        },
      },
      statusFile: {
        write: (status) => {
          this.statuses.push(status)
        },
        remove: () => {
          this.statuses.length = 0
        },
      },
      clock,
      log,
      newId: randomUUID,
      agentVersion: '0.1.0',
      serviceDesk: '4455',
      onBug: (thrown) => {
        this.bugs.push(thrown)
      },
      ...change,
    })
  }

  get link(): FakeLink {
    if (!this.#link) throw new Error('no link yet')
    return this.#link
  }

  get phase(): string {
    return this.agent.state.phase.kind
  }

  /** Started, with everything it leans on in order. */
  async ready(): Promise<this> {
    this.agent.start()
    await this.clock.advance(0)
    this.screen.window(true)
    this.link.ears.onState('up')
    await this.clock.advance(10)
    this.doings.length = 0
    return this
  }

  says(frame: DistributiveOmit<BrokerFrame, 'id'>): Promise<void> {
    const id = messageId.parse(randomUUID())
    this.link.ears.onFrame({ ...frame, id })
    return this.clock.advance(0)
  }

  async taps(uid: string): Promise<string> {
    this.hand.do({ kind: 'tap', uid })
    await this.clock.advance(0)
    return this.link.last('tap')?.tapId ?? ''
  }

  async admits(tap: string, sessionId: SessionId): Promise<void> {
    await this.says({
      kind: 'admitted',
      tapId: tapId.parse(tap),
      sessionId,
      name: 'R. Santos',
      role: 'nurse',
      steps: [],
    })
  }

  async opens(uid: string, sessionId: SessionId): Promise<void> {
    await this.admits(await this.taps(uid), sessionId)
    await this.clock.advance(2000)
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export const died = new Fault('browser-died', 'transient')
