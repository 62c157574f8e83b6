// Stands in for the browser of a workstation, behind the runtime's own port: windows come up after
// a while, hide at once or late or never, and are gone with their browser. It knows which sessions
// can be seen at this moment.

import type { LaunchPort } from '@wardkey/agent/launch/launch-port'
import { Fault } from '@wardkey/agent/platform/fault'
import type { LaunchStage, LaunchStep } from '@wardkey/protocol/launch-steps'
import type { Random } from './seeded.ts'
import type { ProcessClock } from './virtual-time.ts'

/** What goes wrong the next time it is asked for. */
export type BrowserTrouble =
  | 'launch-fails'
  | 'launch-hangs'
  /** The broker that its page asks to sign in is not reached: other steps may bring the chart. */
  | 'way-is-cut'
  | 'cover-hangs'
  | 'reveal-fails'

export class SimulatedBrowser implements LaunchPort {
  readonly #visible = new Set<string>()
  readonly #clock: ProcessClock
  readonly #random: Random
  readonly #kept = new Set<string>()
  /** Sessions that are to stay hidden, whatever of theirs is still coming up. */
  readonly #covered = new Set<string>()
  readonly #troubles = new Set<BrowserTrouble>()
  #lost: (() => void)[] = []
  #life = 0
  #isUp = false
  onWindow: (isThere: boolean) => void = () => undefined
  /** What can be seen has changed. */
  onVisible: () => void = () => undefined

  constructor(clock: ProcessClock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Sessions that somebody in front of the screen can see. */
  get visible(): ReadonlySet<string> {
    return this.#visible
  }

  trouble(what: BrowserTrouble): void {
    this.#troubles.add(what)
  }

  async start(): Promise<void> {
    await this.#for(this.#random.int(200, 900))
    this.#isUp = true
    this.#life += 1
    this.#clock.after(this.#random.int(20, 200), () => {
      if (this.#isUp) this.onWindow(true)
    })
  }

  async launch(
    sessionId: string,
    _steps: readonly LaunchStep[],
    onStage: (stage: LaunchStage) => void,
  ): Promise<void> {
    this.#covered.delete(sessionId)
    if (this.#hits('way-is-cut')) {
      await this.#for(this.#random.int(50, 400))
      throw new Fault('sign-in-unreachable', 'transient')
    }
    if (this.#hits('launch-hangs')) await this.#for(60_000)
    await this.#for(this.#random.int(100, 1500))
    onStage('first-paint')
    await this.#for(this.#random.int(50, 900))
    this.#mustLive()
    if (this.#hits('launch-fails')) throw new Fault('launch-failed', 'transient')
    this.#kept.add(sessionId)
    if (!this.#covered.has(sessionId)) this.#show(sessionId)
  }

  async cover(sessionId: string): Promise<void> {
    this.#covered.add(sessionId)
    if (this.#hits('cover-hangs')) await this.#for(60_000)
    await this.#for(this.#random.int(2, 30))
    // Brought back meanwhile.
    if (this.#covered.has(sessionId)) this.#hide(sessionId)
    this.#mustLive()
  }

  async reveal(sessionId: string): Promise<void> {
    this.#covered.delete(sessionId)
    await this.#for(this.#random.int(5, 80))
    this.#mustLive()
    const isGone = !this.#kept.has(sessionId) || this.#hits('reveal-fails')
    if (isGone) throw new Fault('launch-failed', 'transient')
    if (!this.#covered.has(sessionId)) this.#show(sessionId)
  }

  banner(): Promise<void> {
    return Promise.resolve()
  }

  async end(sessionId: string): Promise<void> {
    this.#covered.add(sessionId)
    this.#kept.delete(sessionId)
    await this.#for(this.#random.int(5, 60))
    this.#hide(sessionId)
    this.#mustLive()
  }

  /** Nobody here has a hospital account. */
  openPage(): Promise<void> {
    return Promise.reject(new Fault('launch-failed', 'permanent'))
  }

  closePage(): Promise<void> {
    return Promise.resolve()
  }

  onPage(): void {
    return undefined
  }

  /** Its people's hands are told by their desktop. */
  onUsed(): void {
    return undefined
  }

  onLost(listener: () => void): void {
    this.#lost.push(listener)
  }

  async close(): Promise<void> {
    this.#goneAll()
    await this.#for(this.#random.int(10, 100))
  }

  /** It crashed. */
  die(): void {
    if (!this.#isUp) return
    this.#goneAll()
    for (const listener of this.#lost) listener()
  }

  /** Its workstation ended it, and nobody hears of it. */
  hideAll(): void {
    this.#visible.clear()
    this.onVisible()
  }

  #show(sessionId: string): void {
    this.#visible.add(sessionId)
    this.onVisible()
  }

  #hide(sessionId: string): void {
    this.#visible.delete(sessionId)
    this.onVisible()
  }

  #goneAll(): void {
    this.hideAll()
    this.#kept.clear()
    this.#life += 1
    if (this.#isUp) this.onWindow(false)
    this.#isUp = false
  }

  async #for(ms: number): Promise<void> {
    const life = this.#life
    await this.#clock.wait(ms)
    if (life !== this.#life) throw new Fault('browser-died', 'transient')
  }

  #mustLive(): void {
    if (!this.#isUp) throw new Fault('browser-died', 'transient')
  }

  #hits(what: BrowserTrouble): boolean {
    return this.#troubles.delete(what)
  }
}
