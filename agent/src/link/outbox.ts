// Frames that must arrive although the link broke: kept under their ids until the broker has noted
// them. Bounded; when it is full the oldest report gives way, but never a word that locks.

import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'

export const outboxMax = 256

export class Outbox {
  readonly #waiting = new Map<string, AgentFrame>()

  add(frame: AgentFrame): void {
    if (this.#waiting.size >= outboxMax) {
      const oldest = [...this.#waiting.values()].find(({ kind }) => kind !== 'leave')
      // Full of leaves alone: a newer leave says more about the screen than the oldest one.
      const gone = oldest?.id ?? this.#waiting.keys().next().value
      if (gone !== undefined) this.#waiting.delete(gone)
    }
    this.#waiting.set(frame.id, frame)
  }

  /** In the order in which they happened. */
  all(): readonly AgentFrame[] {
    return [...this.#waiting.values()]
  }

  /** A failure that may have done nothing is sent again at the next connection; others are over. */
  settle(id: string, by: BrokerFrameOf<'noted' | 'failed'>): void {
    if (by.kind === 'noted' || by.repeat === 'permanent') this.#waiting.delete(id)
  }
}
