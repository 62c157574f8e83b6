// What the desktop tells, as the machine's events: sleep, its own lock, and whether anybody is at
// the keys. Idle time is asked only while a screen is open.

import type { Desktop, DesktopEvent } from '../desktop/desktop.ts'
import type { Happening } from '../machine/event.ts'
import type { Clock } from '../platform/clock.ts'

const lookEveryMs = 1000

export interface FeedDesktopNeeds {
  readonly desktop: Desktop
  readonly clock: Clock
  readonly post: (happening: Happening) => void
  /** Whether it matters now if somebody is there. */
  readonly isOpen: () => boolean
  /** Whether input of that moment came from a device that types by itself. */
  readonly isNobodys: (atMs: number) => boolean
}

export interface DesktopFeed {
  /** Whether the desktop says when keys and pointer were last used. */
  readonly knowsHands: boolean
  stop(): void
}

export function feedDesktop(needs: FeedDesktopNeeds): DesktopFeed {
  const { desktop, clock, post } = needs
  let isStopped = false
  let knowsHands = false
  let forget: () => void = () => undefined
  const stopWatching = desktop.watch((event) => {
    const happening = happeningFor(event)
    if (happening) post(happening)
  })
  const look = async (): Promise<void> => {
    if (needs.isOpen()) {
      const idleMs = await desktop.idleMs()
      knowsHands = idleMs !== undefined
      const isTold = idleMs !== undefined && !isStopped
      if (isTold && !needs.isNobodys(clock.monoMs() - idleMs)) {
        post({ kind: 'input-seen', agoMs: idleMs })
      }
    }
    if (!isStopped) again()
  }
  const again = (): void => {
    forget = clock.after(lookEveryMs, () => {
      void look()
    })
  }
  again()
  return {
    get knowsHands() {
      return knowsHands
    },
    stop: () => {
      isStopped = true
      forget()
      stopWatching()
    },
  }
}

function happeningFor(event: DesktopEvent): Happening | undefined {
  switch (event.kind) {
    case 'sleeping':
      return { kind: 'lock-now', reason: 'sleep' }
    case 'resumed':
      return { kind: 'lock-now', reason: 'resume' }
    case 'clock-ran-ahead':
      return { kind: 'lock-now', reason: 'clock-ahead' }
    case 'clock-set-back':
      return { kind: 'lock-now', reason: 'clock-jump' }
    case 'stalled':
      // On Windows a sleep looks like this: what was proved before it counts no longer.
      return { kind: 'lock-now', reason: 'stalled' }
    case 'session-locked':
      return { kind: 'lock-now', reason: 'desktop-locked' }
    case 'session-unlocked':
      return undefined
  }
}
