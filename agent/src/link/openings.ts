// Which opening of each session this workstation heard of last. A leave that waited for the link or
// for the broker says which one it means, so that it never ends a later one. Bounded, in memory.

import type { SessionId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'

/** People who were here lately; a leave of somebody from before says nothing about the opening. */
const openingsMax = 64

export class Openings {
  readonly #latest = new Map<SessionId, number>()

  hear(frame: BrokerFrame): void {
    if (frame.kind === 'offline-merged') {
      // What was opened here alone a broker counts as an opening of its own, and says no number.
      for (const { sessionId } of frame.sessions) this.#latest.delete(sessionId)
      return
    }
    if (frame.kind !== 'admitted' || frame.opening === undefined) return
    // To the end: the one that was not heard of for longest gives way.
    this.#latest.delete(frame.sessionId)
    const oldest = this.#latest.keys().next()
    if (this.#latest.size >= openingsMax && oldest.done !== true) this.#latest.delete(oldest.value)
    this.#latest.set(frame.sessionId, frame.opening)
  }

  /** The frame as it is, or the leave of the opening that is known. */
  name(frame: AgentFrame): AgentFrame {
    if (frame.kind !== 'leave') return frame
    const opening = this.#latest.get(frame.sessionId)
    return opening === undefined ? frame : { ...frame, opening }
  }
}
