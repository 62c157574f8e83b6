// The lock screen as the runtime sees it: pictures go out, what a person did comes in.

import type { ScreenInput, ScreenView } from '../machine/screen-view.ts'

export interface ScreenPort {
  /**
   * The address of the page with the per-start secret in its fragment, for the agent's own window
   * only. It is never logged: who has it can type PINs here.
   */
  readonly url: string
  /** Shows a picture at once; the newest one is kept and sent to a window that connects later. */
  show(view: ScreenView): void
  /** Called for each parsed act; the runtime queues it as an event. */
  onInput(listener: (input: ScreenInput) => void): void
  /** True while the agent's own window is connected. A screen that nobody can see is trouble. */
  onWindow(listener: (connected: boolean) => void): void
  close(): Promise<void>
}
