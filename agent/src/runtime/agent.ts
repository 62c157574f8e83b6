// The running agent: readers, link, browser, desktop and screen around the one loop. Built by main
// from parts that are ready; it starts them, feeds the loop with what they tell, and ends them in
// order.

import { sessionId, tapId } from '@wardkey/protocol/ids'
import type { SessionId, TapId } from '@wardkey/protocol/ids'
import type { LeaveReason } from '@wardkey/protocol/workstation/agent-frames'
import type { Desktop } from '../desktop/desktop.ts'
import type { LaunchPort } from '../launch/launch-port.ts'
import type { Link } from '../link/link.ts'
import type { Happening } from '../machine/event.ts'
import { initialState } from '../machine/initial.ts'
import { seatedOf } from '../machine/moves.ts'
import { pageOf } from '../machine/on/sign-in-page.ts'
import type { State } from '../machine/state.ts'
import type { AloneEars, AlonePort } from '../offline/alone-port.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { ReaderSource } from '../readers/reader.ts'
import { watchReaders } from '../readers/watch.ts'
import type { ReaderWatch } from '../readers/watch.ts'
import type { ScreenPort } from '../screen/screen-port.ts'
import { BrowserKeeper } from './browser-keeper.ts'
import { carryOut } from './carry-out.ts'
import { feedDesktop } from './feed-desktop.ts'
import type { DesktopFeed } from './feed-desktop.ts'
import { feedLink } from './feed-link.ts'
import type { LinkEars } from './feed-link.ts'
import { feedReaders } from './feed-readers.ts'
import { InventoryTeller } from './inventory-teller.ts'
import type { InventoryFacts } from './inventory-teller.ts'
import type { Journal } from './journal.ts'
import { Loop } from './loop.ts'
import { StageTimes } from './times/stage-times.ts'
import { StateFollower } from './state-follower.ts'
import type { AgentStatus, StatusFile } from './status-file.ts'
import { Windows } from './windows.ts'

/** What the runtime needs of a link; main makes it, since only the runtime knows who listens. */
export type LinkPort = Pick<
  Link,
  'start' | 'ask' | 'tell' | 'tellSurely' | 'send' | 'unnoted' | 'stop'
> &
  Partial<Pick<Link, 'probe'>>

/** Sensors before the screen, as far as the runtime needs them. */
export interface SensorPort {
  readonly status: NonNullable<AgentStatus['sensors']>
  /** Whether what was typed then was typed by a sensor. */
  hasTyped(atMs: number): boolean
  close(): Promise<void>
}

export interface SensorEars {
  readonly onBody: (isNear: boolean) => void
  readonly onLost: () => void
}

export interface AgentNeeds {
  readonly sources: readonly ReaderSource[]
  readonly debounceMs: number
  readonly makeLink: (ears: LinkEars) => LinkPort
  /** Absent where a workstation is not to decide anything by itself. */
  readonly makeAlone?: (ears: AloneEars) => AlonePort
  /** Absent where no sensor over USB is to be listened to. */
  readonly makeSensors?: (ears: SensorEars) => SensorPort
  readonly launch: LaunchPort
  readonly screen: ScreenPort
  /** Nothing on a system that we know nothing of: there only the zone's limits lock. */
  readonly desktop: Desktop | undefined
  readonly journal: Journal
  readonly statusFile: StatusFile
  readonly clock: Clock
  readonly log: Log
  readonly newId: () => string
  readonly agentVersion: string
  /** Absent where nobody is to be told what this machine is made of. */
  readonly inventory?: InventoryFacts | undefined
  readonly serviceDesk: string
  /** There is a new state, and all that follows from it is under way. Never waits or throws. */
  readonly onState?: () => void
  /** The machine itself failed. Whoever hears it ends the process by way of `crash`. */
  readonly onBug: (thrown: unknown) => void
}

/** A sensor over USB sees a body, whoever's it is: as much as a door, and more than a key. */
const sensorConfidence = 0.6
const hideWithinMs = 3000
const noteWithinMs = 2000
const lookEveryMs = 20

export class Agent {
  readonly #needs: AgentNeeds
  readonly #loop: Loop
  readonly #link: LinkPort
  readonly #alone: AlonePort | undefined
  readonly #windows: Windows
  readonly #keeper: BrowserKeeper
  readonly #stages = new StageTimes()
  readonly #follower: StateFollower
  readonly #inventory: InventoryTeller | undefined
  #watch: ReaderWatch | undefined
  #sensors: SensorPort | undefined
  #desktop: DesktopFeed | undefined
  #isEnding = false

  constructor(needs: AgentNeeds) {
    this.#needs = needs
    const { launch, screen, clock, log } = needs
    const post = (happening: Happening): void => {
      this.#loop.post(happening)
    }
    this.#alone = needs.makeAlone?.(feedAlone(post, (frame) => this.#link.send(frame)))
    const ears = feedLink({
      ...{ post, clock, openSession: () => this.#toldSession(), alone: this.#alone },
      onUp: (isUp) => this.#inventory?.linkChanged(isUp),
    })
    this.#link = needs.makeLink(ears)
    this.#inventory = this.#makeInventory()
    this.#keeper = new BrowserKeeper({
      launch,
      screenUrl: screen.url,
      clock,
      log,
      onBrowser: (browser) => {
        post({ kind: 'browser-changed', browser })
      },
      onWindow: (isThere) => {
        post({ kind: 'window-changed', isThere })
      },
    })
    launch.onUsed((used) => {
      // Where the desktop tells of hands, it tells of these as well, and of more.
      if (this.#desktop?.knowsHands === true) return
      post({ kind: 'chart-used', sessionId: sessionId.parse(used) })
    })
    launch.onPage((id, what) => {
      const page = tapId.parse(id)
      if (what === 'ended') post({ kind: 'page-ended', tapId: page })
      else if (pageOf(this.#loop.state.phase) === page) {
        const input = { kind: 'emergency-asked' } as const
        post({ kind: 'screen-said', input, tapId: tapId.parse(needs.newId()) })
      }
    })
    this.#windows = this.#makeWindows(post)
    this.#follower = new StateFollower({
      ...needs,
      stages: this.#stages,
      post,
      alone: () => this.#alone?.status,
      sensors: () => this.#sensors?.status,
    })
    const carry = {
      link: this.#link,
      alone: this.#alone,
      clock,
      windows: this.#windows,
      stages: this.#stages,
    }
    this.#loop = new Loop({
      initial: initialState(needs.serviceDesk),
      clock,
      onPicture: (now, nowMs) => {
        this.#follower.picture(now, nowMs)
      },
      onState: (now, before, nowMs) => {
        this.#alone?.follow(now)
        this.#follower.follow(now, before, nowMs)
        needs.onState?.()
      },
      carryOut: (effect) => {
        carryOut(effect, carry)
      },
      onBug: needs.onBug,
    })
  }

  /** Locked, whatever was before. Trouble of any part is shown and logged, never thrown. */
  start(): void {
    const { clock, screen, sources, debounceMs, desktop, log, newId } = this.#needs
    this.#alone?.start()
    this.#confessRestart()
    this.#follower.begin(this.#loop.state)
    const post = (happening: Happening): void => {
      this.#loop.post(happening)
    }
    screen.onInput((input) => {
      post({ kind: 'screen-said', input, tapId: tapId.parse(newId()) })
    })
    screen.onWindow((isThere) => {
      this.#keeper.window(isThere)
    })
    this.#keeper.start()
    this.#link.start()
    const onNoticed = (tapId: TapId, atMs: number): void => {
      this.#stages.notice(tapId, atMs, clock.monoMs())
    }
    const feed = feedReaders({ post, newId, onNoticed, log })
    this.#watch = watchReaders({
      sources,
      clock,
      debounceMs,
      onEvent: (event) => {
        this.#inventory?.hear(event)
        feed(event)
      },
      onAgain: (card) => {
        post({ kind: 'card-again', card })
      },
      onStatus: ({ kind }) => {
        post({ kind: 'reader-changed', reader: kind })
      },
    })
    this.#sensors = this.#needs.makeSensors?.({
      onBody: (isNear) => {
        this.noteBody(isNear, sensorConfidence)
      },
      onLost: () => {
        post({ kind: 'body-lost' })
      },
    })
    if (desktop) {
      const isOpen = (): boolean => this.#seated() !== undefined
      const isNobodys = (atMs: number): boolean => this.#sensors?.hasTyped(atMs) === true
      this.#desktop = feedDesktop({ desktop, clock, post, isOpen, isNobodys })
    }
  }

  get state(): State {
    return this.#loop.state
  }

  /** Whether a broker would answer a tap now; not where no line can ask that. */
  async probe(withinMs: number): Promise<boolean> {
    return (await this.#link.probe?.(withinMs)) ?? false
  }

  /** Somebody used this workstation where the desktop cannot see it: a demonstration's hands. */
  noteInput(): void {
    this.#loop.post({ kind: 'input-seen', agoMs: 0 })
  }

  /** A sensor says that somebody is before the screen, or nobody. */
  noteBody(isNear: boolean, confidence: number): void {
    this.#loop.post({ kind: 'body-sensed', isNear, confidence })
  }

  /** Locks, tells the broker why, and ends everything. Resolves when nothing of it is left. */
  async stop(reason: LeaveReason = 'shutdown'): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#loop.post({ kind: 'lock-now', reason })
    await this.#end()
  }

  /**
   * After a failure of our own: the loop is not trusted any more. The windows go with their
   * browser, and the broker hears that nobody sits here, as far as it can be reached.
   */
  async crash(): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    const sessionId = this.#seated()
    if (sessionId) this.#tellLeft(sessionId)
    await this.#end()
  }

  async #end(): Promise<void> {
    const { screen, desktop } = this.#needs
    // The queue is drained in a microtask; what it hides is then under way.
    await this.#for(0)
    await Promise.race([this.#windows.hidden(), this.#for(hideWithinMs)])
    await this.#keeper.stop()
    for (let ms = 0; this.#link.unnoted > 0 && ms < noteWithinMs; ms += lookEveryMs) {
      await this.#for(lookEveryMs)
    }
    this.#follower.stop()
    this.#inventory?.stop()
    this.#desktop?.stop()
    await Promise.all([
      this.#watch?.stop(),
      this.#sensors?.close(),
      this.#link.stop(),
      this.#alone?.close(),
      screen.close(),
      desktop?.close(),
    ])
  }

  #for(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#needs.clock.after(ms, resolve)
    })
  }

  #seated(): SessionId | undefined {
    return seatedOf(this.#loop.state.phase)?.sessionId
  }

  /** What a broker may be told is open here: of what was opened without one it does not know. */
  #toldSession(): SessionId | undefined {
    const seated = seatedOf(this.#loop.state.phase)
    return seated?.isAlone === true ? undefined : seated?.sessionId
  }

  /** What was open when we were last here: the broker must not believe that it still is. */
  #confessRestart(): void {
    const { journal, log } = this.#needs
    const sessionId = journal.find()
    if (!sessionId) return
    log.warn('agent.restarted', { sessionId })
    this.#tellLeft(sessionId)
  }

  #tellLeft(sessionId: SessionId): void {
    const atMs = this.#needs.clock.wallMs()
    const leave = { kind: 'leave', sessionId, reason: 'restart', atMs } as const
    if (this.#alone?.report(leave) !== true) this.#link.tellSurely(leave)
  }

  #makeInventory(): InventoryTeller | undefined {
    const { inventory: facts, agentVersion, clock } = this.#needs
    if (!facts) return undefined
    const tell: LinkPort['tell'] = (frame) => this.#link.tell(frame)
    return new InventoryTeller({ facts, agentVersion, clock, tell })
  }

  #makeWindows(post: (happening: Happening) => void): Windows {
    const { launch, clock, log } = this.#needs
    return new Windows({
      launch,
      clock,
      log,
      isWanted: (sessionId) => {
        const { phase } = this.#loop.state
        const isUp = phase.kind === 'opening' || phase.kind === 'open'
        return isUp && phase.seated.sessionId === sessionId
      },
      onStage: (sessionId, stage) => {
        this.#stages.mark(stage, clock.monoMs())
        post({ kind: 'launch-stage', sessionId, stage })
      },
      onShown: (sessionId) => {
        this.#stages.mark('first-paint', clock.monoMs())
        post({ kind: 'launch-shown', sessionId })
      },
      onFailed: (sessionId, isCut) => {
        post({ kind: 'launch-failed', sessionId, ...(isCut ? { isCut } : {}) })
      },
      isPageWanted: (tapId) => pageOf(this.#loop.state.phase) === tapId,
      onPageEnded: (tapId) => {
        post({ kind: 'page-ended', tapId })
      },
      onUncoverable: (reason) => {
        this.#keeper.fail(reason)
      },
    })
  }
}

function feedAlone(post: (happening: Happening) => void, send: AloneEars['send']): AloneEars {
  return {
    onFrame: (frame) => {
      post({ kind: 'broker-said', frame })
    },
    onOffline: (offline) => {
      post({ kind: 'offline-changed', ...(offline ? { offline } : {}) })
    },
    onConfirmed: (sessionId, isKept) => {
      post({ kind: 'alone-confirmed', sessionId, isKept })
    },
    send,
  }
}
