// Covering, revealing, launching and ending windows, in an order that shows nobody another's chart:
// a cover never waits, and nothing is brought up before every cover and end under way is done.

import type { SessionId, TapId } from '@wardkey/protocol/ids'
import type { LaunchStage, LaunchStep, OpenWeb } from '@wardkey/protocol/launch-steps'
import type { LaunchPort } from '../launch/launch-port.ts'
import { openMs } from '../machine/limits.ts'
import type { Banner } from '../machine/screen-view.ts'
import type { Clock } from '../platform/clock.ts'
import { Fault } from '../platform/fault.ts'
import type { Log } from '../platform/log.ts'
import { within } from './within.ts'

/** What is not covered by then is ended with its whole browser. */
const coverWithinMs = 2000
const endWithinMs = 5000
const revealWithinMs = 5000
const bannerWithinMs = 3000

export interface WindowsNeeds {
  readonly launch: LaunchPort
  readonly clock: Clock
  readonly log: Log
  /**
   * Whether this session is the one that is to be seen, or that is being opened, at this moment.
   */
  readonly isWanted: (sessionId: SessionId) => boolean
  readonly onStage: (sessionId: SessionId, stage: LaunchStage) => void
  readonly onShown: (sessionId: SessionId) => void
  /** `isCut`: the broker's web address did not answer. */
  readonly onFailed: (sessionId: SessionId, isCut: boolean) => void
  /** Whether the errand of that name waits for its page now. */
  readonly isPageWanted: (tapId: TapId) => boolean
  readonly onPageEnded: (tapId: TapId) => void
  /** Something could not be hidden: the browser must go. */
  readonly onUncoverable: (reason: string) => void
}

export class Windows {
  readonly #needs: WindowsNeeds
  /** Covers and ends that are under way. */
  readonly #hiding = new Set<Promise<void>>()
  /** Counts what is brought up: what became of an earlier one says nothing of the last. */
  #turn = 0

  constructor(needs: WindowsNeeds) {
    this.#needs = needs
  }

  cover(sessionId: SessionId): void {
    this.#hide(this.#needs.launch.cover(sessionId), coverWithinMs, 'cover-failed')
  }

  end(sessionId: SessionId): void {
    this.#hide(this.#needs.launch.end(sessionId), endWithinMs, 'end-failed')
  }

  reveal(sessionId: SessionId): void {
    void this.#bringUp(sessionId, () =>
      within(this.#needs.launch.reveal(sessionId), revealWithinMs, this.#needs.clock),
    )
  }

  /** Never before every cover and end under way is done, as with a chart. */
  openPage(tapId: TapId, page: OpenWeb, hasEmergency: boolean): void {
    const { launch, clock, log, isPageWanted, onPageEnded } = this.#needs
    const open = async (): Promise<void> => {
      await this.hidden()
      if (!isPageWanted(tapId)) return
      await within(launch.openPage(tapId, page, hasEmergency), openMs, clock)
    }
    open().catch((thrown: unknown) => {
      log.warn('launch.page-failed', { code: codeOf(thrown) })
      // It may come up later, where it did not come in time.
      this.closePage(tapId)
      onPageEnded(tapId)
    })
  }

  closePage(tapId: TapId): void {
    this.#hide(this.#needs.launch.closePage(tapId), coverWithinMs, 'page-not-closed')
  }

  /** Words over a chart. What cannot be said there is no reason to lock, and is logged. */
  banner(sessionId: SessionId, banner: Banner): void {
    const { launch, clock, log } = this.#needs
    within(launch.banner(sessionId, banner), bannerWithinMs, clock).catch((thrown: unknown) => {
      log.warn('launch.banner-failed', { code: codeOf(thrown), sessionId })
    })
  }

  launch(sessionId: SessionId, steps: readonly LaunchStep[]): void {
    const { launch, clock, onStage } = this.#needs
    void this.#bringUp(sessionId, () => {
      const stage = (one: LaunchStage): void => {
        onStage(sessionId, one)
      }
      return within(launch.launch(sessionId, steps, stage), openMs, clock)
    })
  }

  /** Resolves when nothing is being hidden any more. Never rejects. */
  async hidden(): Promise<void> {
    while (this.#hiding.size > 0) await Promise.allSettled(this.#hiding)
  }

  #hide(work: Promise<void>, withinMs: number, reason: string): void {
    const { clock, log, onUncoverable } = this.#needs
    const hiding = within(work, withinMs, clock)
      .catch((thrown: unknown) => {
        const code = codeOf(thrown)
        log.error('launch.hide-failed', { reason, code })
        // Of a browser that is gone nothing is to be seen; the next one never showed it.
        if (code !== 'browser-died') onUncoverable(reason)
      })
      .finally(() => this.#hiding.delete(hiding))
    this.#hiding.add(hiding)
  }

  /** Never rejects: what does not come up is told as failed. */
  async #bringUp(sessionId: SessionId, act: () => Promise<void>): Promise<void> {
    const { isWanted, onShown, onFailed, log } = this.#needs
    const turn = ++this.#turn
    // The same session may have been locked meanwhile, and be on its way once more.
    const isLast = (): boolean => turn === this.#turn
    await this.hidden()
    // While we waited the screen was locked, or is somebody else's.
    if (!isWanted(sessionId) || !isLast()) return
    try {
      await act()
    } catch (thrown) {
      const code = codeOf(thrown)
      log.warn('launch.failed', { code, sessionId })
      if (isLast()) onFailed(sessionId, code === 'sign-in-unreachable')
      return
    }
    // It was covered while it came up, and may have come up over the cover: covered again.
    if (!isWanted(sessionId)) this.cover(sessionId)
    else if (isLast()) onShown(sessionId)
  }
}

export function codeOf(thrown: unknown): string {
  return thrown instanceof Fault ? thrown.code : 'internal'
}
