// One life of one agent: the product's machine, its link with outbox and questions, its windows and
// its browser's keeper, on a clock and a network that are handed in. The loop and the ticker are
// modelled here, so that idle ticks cost nothing; readers, desktop and screen are the people's.

import type { LinkPort } from '@wardkey/agent/runtime/agent'
import { BrowserKeeper } from '@wardkey/agent/runtime/browser-keeper'
import { carryOut } from '@wardkey/agent/runtime/carry-out'
import type { CarryOutNeeds } from '@wardkey/agent/runtime/carry-out'
import { feedLink } from '@wardkey/agent/runtime/feed-link'
import { StageTimes } from '@wardkey/agent/runtime/times/stage-times'
import { Windows } from '@wardkey/agent/runtime/windows'
import { Link } from '@wardkey/agent/link/link'
import type { Effect } from '@wardkey/agent/machine/effect'
import type { Happening } from '@wardkey/agent/machine/event'
import { initialState } from '@wardkey/agent/machine/initial'
import { seatedOf } from '@wardkey/agent/machine/moves'
import type { State } from '@wardkey/agent/machine/state'
import type { Alone } from '@wardkey/agent/offline/alone'
import type { Log } from '@wardkey/agent/platform/log'
import type { Sealer } from '@wardkey/agent/platform/seal'
import type { SessionId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { AgentDisk } from './alone/agent-disk.ts'
import { openAlone } from './alone/open-alone.ts'
import { QuickPinCheck } from './alone/quick-pin-check.ts'
import { SimulatedBrowser } from './browser.ts'
import { addressOf } from './net/network.ts'
import type { Network } from './net/network.ts'
import { nextDueMs } from './next-due.ts'
import type { Rules } from './rules.ts'
import type { Random } from './seeded.ts'
import type { ProcessClock } from './virtual-time.ts'

export interface AgentProcessNeeds {
  readonly index: number
  readonly clock: ProcessClock
  readonly random: Random
  readonly network: Network
  readonly rules: Rules
  readonly brokers: readonly number[]
  readonly bootId: string
  /** Which session was open when the process ended; kept by the place. */
  readonly journal: { openSession: SessionId | undefined }
  readonly workstationId: string
  readonly mayBeAlone: boolean
  readonly disk: AgentDisk
  readonly sealer: Sealer
  /** How long its operating system has been up. */
  readonly upMs: number
  /** Of a PIN that is checked here: before, and what came of it. */
  readonly onPinLook: (index: number, hash: string) => void
  readonly onPinLooked: (index: number, hash: string, isMatch: boolean) => void
  readonly onStep: (step: AgentStep) => void
  /** What can be seen on its screen has changed. */
  readonly onVisible: (index: number) => void
  readonly onSurely: (frame: Omit<AgentFrame, 'id'>) => void
  readonly onBug: (what: string) => void
}

export interface AgentStep {
  readonly agent: AgentProcess
  readonly before: State
  readonly now: State
  readonly happening: Happening
  readonly effects: readonly Effect[]
}

const busyTickMs = 100
const idleTickMs = 5000
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export class AgentProcess {
  readonly index: number
  readonly browser: SimulatedBrowser
  readonly clock: ProcessClock
  readonly link: LinkPort
  /** Nothing where no workstation may ever decide by itself. */
  readonly alone: Alone | undefined
  state: State = initialState('4455')
  readonly #needs: AgentProcessNeeds
  readonly #carry: CarryOutNeeds
  readonly #keeper: BrowserKeeper
  readonly #queue: Happening[] = []
  #isScheduled = false
  #forgetTick: () => void = () => undefined
  #tickDueMs: number | undefined

  constructor(needs: AgentProcessNeeds) {
    this.#needs = needs
    this.index = needs.index
    const { clock, random, rules } = needs
    this.clock = clock
    this.browser = new SimulatedBrowser(clock, random)
    this.alone = needs.mayBeAlone ? this.#openAlone() : undefined
    this.link = rules.link(this.#makeLink())
    const windows = this.#makeWindows()
    this.#keeper = new BrowserKeeper({
      launch: this.browser,
      screenUrl: 'https://screen.example/',
      clock,
      log: silent,
      onBrowser: (browser) => {
        this.post({ kind: 'browser-changed', browser })
      },
      onWindow: (isThere) => {
        this.post({ kind: 'window-changed', isThere })
      },
    })
    this.browser.onWindow = (isThere) => {
      this.#keeper.window(isThere)
    }
    this.browser.onVisible = () => {
      needs.onVisible(needs.index)
    }
    const { link, alone } = this
    this.#carry = {
      clock,
      windows,
      alone,
      stages: new StageTimes(),
      link: {
        ask: (frame, ms) => {
          link.ask(frame, ms)
        },
        tell: (frame) => link.tell(frame),
        tellSurely: (frame) => {
          needs.onSurely(frame)
          link.tellSurely(frame)
        },
      },
    }
  }

  /** As the product starts: what was open before is confessed first. */
  start(): void {
    const { journal, clock } = this.#needs
    this.alone?.start()
    const sessionId = journal.openSession
    if (sessionId !== undefined) {
      const atMs = clock.wallMs()
      const leave = { kind: 'leave', sessionId, reason: 'restart', atMs } as const
      if (this.alone?.report(leave) !== true) this.#carry.link.tellSurely(leave)
    }
    this.post({ kind: 'reader-changed', reader: 'ready' })
    this.#keeper.start()
    this.link.start()
  }

  /** Never runs anything at once, as the product's loop does not. */
  post(happening: Happening): void {
    if (!this.clock.isAlive) return
    this.#queue.push(happening)
    if (this.#isScheduled) return
    this.#isScheduled = true
    // As the loop's own microtask, without what Node keeps of each: there are millions of them.
    void Promise.resolve().then(() => {
      this.#isScheduled = false
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#take(next)
    })
  }

  get seated(): SessionId | undefined {
    return seatedOf(this.state.phase)?.sessionId
  }

  get nowMs(): number {
    return this.clock.monoMs()
  }

  #take(happening: Happening): void {
    if (!this.clock.isAlive) return
    const { rules, journal, onStep } = this.#needs
    const nowMs = this.nowMs
    const before = this.state
    this.#mustNotBePassedOver(nowMs)
    const { state, effects } = rules.step(before, { nowMs, happening })
    this.state = state
    journal.openSession = this.seated
    this.alone?.follow(state)
    onStep({ agent: this, before, now: state, happening, effects })
    for (const effect of effects) carryOut(effect, this.#carry)
    this.#scheduleTick(nowMs)
  }

  /** A tick before it is due changes nothing: otherwise `nextDueMs` has passed something over. */
  #mustNotBePassedOver(nowMs: number): void {
    const dueMs = nextDueMs(this.state, nowMs)
    if (dueMs !== undefined && nowMs >= dueMs) return
    const early = this.#needs.rules.step(this.state, { nowMs, happening: { kind: 'tick' } })
    if (early.state === this.state && early.effects.length === 0) return
    if (!isSameState(early.state, this.state) || early.effects.length > 0) {
      this.#needs.onBug(`a tick was passed over in ${this.state.phase.kind}`)
    }
  }

  #scheduleTick(nowMs: number): void {
    const dueMs = nextDueMs(this.state, nowMs)
    if (dueMs === this.#tickDueMs) return
    this.#tickDueMs = dueMs
    this.#forgetTick()
    if (dueMs === undefined) return
    const paceMs = this.state.phase.kind === 'locked' ? idleTickMs : busyTickMs
    const lateMs = this.#needs.random.int(0, paceMs)
    this.#forgetTick = this.clock.after(Math.max(0, dueMs - nowMs) + lateMs, () => {
      this.#tickDueMs = undefined
      this.post({ kind: 'tick' })
    })
  }

  #openAlone(): Alone {
    const { clock, random, disk, rules, index, onPinLook, onPinLooked } = this.#needs
    const check = new QuickPinCheck({
      wait: clock.wait,
      takesMs: () => random.int(20, 120),
      onLook: (hash) => {
        onPinLook(index, hash)
      },
      onLooked: (hash, isMatch) => {
        onPinLooked(index, hash, isMatch)
      },
    })
    const mounted = rules.agentDisk(disk.mount(clock))
    const needs = { ...this.#needs, disk: mounted, check, newId: random.uuid, log: silent }
    return openAlone(needs, {
      onFrame: (frame) => {
        this.post({ kind: 'broker-said', frame })
      },
      onOffline: (offline) => {
        this.post({ kind: 'offline-changed', ...(offline ? { offline } : {}) })
      },
      onConfirmed: (sessionId, isKept) => {
        this.post({ kind: 'alone-confirmed', sessionId, isKept })
      },
      send: (frame) => this.link.send(frame),
    })
  }

  #makeLink(): Link {
    const { clock, random, network, index, brokers, bootId } = this.#needs
    const ears = feedLink({
      clock,
      post: (happening) => {
        this.post(happening)
      },
      // Of what was opened without it a broker does not know.
      openSession: () => {
        const seated = seatedOf(this.state.phase)
        return seated?.isAlone === true ? undefined : seated?.sessionId
      },
      alone: this.alone,
    })
    const addresses = brokers.map(addressOf)
    return new Link({
      ...ears,
      addresses,
      identity: () => ({
        workstationId: '',
        certificatePem: '',
        caPem: '',
        notAfterMs: Infinity,
        keyPem: '',
      }),
      bootId,
      agentVersion: '0.1.0',
      platform: 'linux',
      clock,
      log: silent,
      random: random.next,
      newId: random.uuid,
      openSocket: (url) => {
        const { port } = new URL(url)
        return network.dial(index, { port: Number(port) })
      },
    })
  }

  #makeWindows(): Windows {
    const { clock } = this.#needs
    return new Windows({
      launch: this.browser,
      clock,
      log: silent,
      isWanted: (sessionId) => {
        const { phase } = this.state
        const isUp = phase.kind === 'opening' || phase.kind === 'open'
        return isUp && phase.seated.sessionId === sessionId
      },
      onStage: (sessionId, stage) => {
        this.post({ kind: 'launch-stage', sessionId, stage })
      },
      onShown: (sessionId) => {
        this.post({ kind: 'launch-shown', sessionId })
      },
      onFailed: (sessionId, isCut) => {
        this.post({ kind: 'launch-failed', sessionId, ...(isCut ? { isCut } : {}) })
      },
      isPageWanted: () => false,
      onPageEnded: () => undefined,
      onUncoverable: (reason) => {
        this.#keeper.fail(reason)
      },
    })
  }
}

/** A tick may make an equal state anew: of parts that are the same object nothing has to be read. */
function isSameState(one: State, other: State): boolean {
  const [mine, theirs] = [Object.entries(one), new Map(Object.entries(other))]
  if (mine.length !== theirs.size) return false
  return mine.every(([name, part]) => {
    const its: unknown = theirs.get(name)
    return its === part || JSON.stringify(its) === JSON.stringify(part)
  })
}
