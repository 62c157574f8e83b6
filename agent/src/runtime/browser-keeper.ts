// Keeps one browser with the lock screen in it alive: starts it, waits for its window, starts it
// again when it is lost. A browser without its window is worse than none, and is ended.

import type { LaunchPort } from '../launch/launch-port.ts'
import type { Surroundings } from '../machine/screen-view.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { codeOf } from './windows.ts'
import { within } from './within.ts'

const startWithinMs = 30_000
const windowWithinMs = 10_000
/** A page that reloads is back sooner. */
const windowAwayMs = 3000
const closeWithinMs = 5000
const againMinMs = 250
const againMaxMs = 10_000
/** Somebody must install a browser, or change a policy, first. */
const hopelessMs = 15_000
/** A browser that lived this long had nothing wrong with how it starts. */
const settledMs = 60_000

type BrowserState = Surroundings['browser']

export interface BrowserKeeperNeeds {
  readonly launch: LaunchPort
  readonly screenUrl: string
  readonly clock: Clock
  readonly log: Log
  readonly onBrowser: (state: BrowserState) => void
  readonly onWindow: (isThere: boolean) => void
}

export class BrowserKeeper {
  readonly #needs: BrowserKeeperNeeds
  #phase: 'off' | 'starting' | 'awaiting-window' | 'ready' = 'off'
  #hasWindow = false
  #againMs = againMinMs
  #readyAtMs = 0
  #forgetTimer: () => void = () => undefined
  #isStopped = false

  constructor(needs: BrowserKeeperNeeds) {
    this.#needs = needs
    needs.launch.onLost(() => {
      this.#lost('died', 'browser-died')
    })
  }

  start(): void {
    void this.#start()
  }

  /** From the screen's door: its window came or went. */
  window(isThere: boolean): void {
    this.#hasWindow = isThere
    if (this.#isStopped) return
    this.#needs.onWindow(isThere)
    if (isThere) {
      if (this.#phase === 'awaiting-window') this.#ready()
      else if (this.#phase === 'ready') this.#forgetTimer()
    } else if (this.#phase === 'ready') {
      this.#after(windowAwayMs, () => {
        this.fail('window-lost')
      })
    }
  }

  /** Ends the browser with everything in it, and starts another. */
  fail(reason: string): void {
    if (this.#isStopped || this.#phase === 'off') return
    this.#needs.log.error('browser.failed', { reason })
    void this.#close().then(() => {
      this.#again()
    })
    this.#off('died')
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#forgetTimer()
    await this.#close()
  }

  async #start(): Promise<void> {
    const { launch, screenUrl, clock, log } = this.#needs
    this.#phase = 'starting'
    try {
      await within(launch.start(screenUrl), startWithinMs, clock)
    } catch (thrown) {
      const code = codeOf(thrown)
      log.error('browser.not-started', { code })
      await this.#close()
      this.#lost(stateFor(code), code)
      return
    }
    if (this.#isStopped || !this.#isStarting()) return
    this.#phase = 'awaiting-window'
    if (this.#hasWindow) this.#ready()
    else {
      this.#after(windowWithinMs, () => {
        this.fail('no-window')
      })
    }
  }

  /** It may have been lost while it was being started. */
  #isStarting(): boolean {
    return this.#phase === 'starting'
  }

  #ready(): void {
    this.#forgetTimer()
    this.#phase = 'ready'
    this.#readyAtMs = this.#needs.clock.monoMs()
    this.#needs.onBrowser('ready')
  }

  /** It is gone already, with everything that it showed. */
  #lost(state: BrowserState, reason: string): void {
    if (this.#isStopped || this.#phase === 'off') return
    this.#needs.log.warn('browser.lost', { reason })
    this.#off(state)
    this.#again(state === 'died' ? undefined : hopelessMs)
  }

  #off(state: BrowserState): void {
    this.#forgetTimer()
    const wasReady = this.#phase === 'ready'
    const livedMs = this.#needs.clock.monoMs() - this.#readyAtMs
    if (wasReady && livedMs > settledMs) this.#againMs = againMinMs
    this.#phase = 'off'
    this.#needs.onBrowser(state)
  }

  #again(afterMs = this.#againMs): void {
    this.#againMs = Math.min(againMaxMs, this.#againMs * 2)
    this.#after(afterMs, () => {
      if (!this.#isStopped) void this.#start()
    })
  }

  /** Never rejects: what cannot be closed has no window of ours any more. */
  async #close(): Promise<void> {
    const { launch, clock, log } = this.#needs
    try {
      await within(launch.close(), closeWithinMs, clock)
    } catch (thrown) {
      log.error('browser.not-closed', { code: codeOf(thrown) })
    }
  }

  #after(delayMs: number, run: () => void): void {
    this.#forgetTimer()
    this.#forgetTimer = this.#needs.clock.after(delayMs, run)
  }
}

function stateFor(code: string): BrowserState {
  if (code === 'browser-missing') return 'missing'
  return code === 'browser-blocked-by-policy' ? 'blocked' : 'died'
}
