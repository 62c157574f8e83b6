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
      // What was opened here alone a broker counts as an opening of its own.
      for (const { sessionId, isKept, opening } of frame.sessions) {
        if (isKept) this.#set(sessionId, opening)
      }
      return
    }
    if (frame.kind === 'admitted' && frame.opening !== undefined) {
      this.#set(frame.sessionId, frame.opening)
    }
  }

  #set(id: SessionId, opening: number | undefined): void {
    const before = this.#latest.get(id) ?? 0
    // To the end: the one that was not heard of for longest gives way.
    this.#latest.delete(id)
    if (opening === undefined) return
    const oldest = this.#latest.keys().next()
    if (this.#latest.size >= openingsMax && oldest.done !== true) this.#latest.delete(oldest.value)
    // What is said again may be of one before the latest.
    this.#latest.set(id, Math.max(before, opening))
  }

  /** The frame as it is, or the leave of the opening that is known. */
  name(frame: AgentFrame): AgentFrame {
    if (frame.kind !== 'leave') return frame
    const opening = this.#latest.get(frame.sessionId)
    return opening === undefined ? frame : { ...frame, opening }
  }
}
