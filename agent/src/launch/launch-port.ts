// The launch as the runtime sees it: one browser that shows the lock screen and, covered by it or
// revealed, the windows of each session. What a session may see is the machine's to say.

import type { Banner } from '../machine/screen-view.ts'
import type { LaunchStage, LaunchStep, OpenWeb } from '@wardkey/protocol/launch-steps'

export interface LaunchPort {
  /**
   * Starts the browser with the lock screen on top. Throws Fault `browser-missing`,
   * `browser-blocked-by-policy` or `browser-died`.
   */
  start(screenUrl: string): Promise<void>
  /**
   * Opens a session's windows behind the lock screen and shows them when they can be used. Throws
   * Fault `launch-failed` or `launch-not-allowed`, or `sign-in-unreachable` where other steps may
   * lead there; nothing of the session is then left.
   */
  launch(
    sessionId: string,
    steps: readonly LaunchStep[],
    onStage: (stage: LaunchStage) => void,
  ): Promise<void>
  /** Hides everything of the session at once and stops its programs' windows; keeps its state. */
  cover(sessionId: string): Promise<void>
  /** Brings a covered session back as it was. Throws Fault `launch-failed` where it is gone. */
  reveal(sessionId: string): Promise<void>
  /** Says something over the session's windows; it takes no input and hides nothing for long. */
  banner(sessionId: string, banner: Banner): Promise<void>
  /** Ends the session's windows and programs and forgets all they kept. */
  end(sessionId: string): Promise<void>
  /**
   * Opens a page before the lock screen that is of no session, and shows it when it has loaded;
   * one at a time. Throws Fault `launch-failed` or `browser-died`; nothing of it is then left.
   */
  openPage(id: string, page: OpenWeb, hasEmergency: boolean): Promise<void>
  /** The lock screen in front, and nothing of the page left; also of one that is being opened. */
  closePage(id: string): Promise<void>
  /** The page is over, or emergency access was asked for on it. It stays until it is closed. */
  onPage(listener: (id: string, what: 'ended' | 'emergency') => void): void
  /** The browser is gone, and with it everything that was shown. Called once for each start. */
  onLost(listener: () => void): void
  /**
   * Keys, pointer, wheel or touch in a session's shown windows; nothing that a page does by itself.
   * At most about once a second for each frame.
   */
  onUsed(listener: (sessionId: string) => void): void
  close(): Promise<void>
}
