// Frames that must arrive although the link broke: kept under their ids until the broker has noted
// them. Bounded; when it is full the oldest report gives way, but never a word that locks.

import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'

export const outboxMax = 256
/** What fails that often will fail again: kept for ever it would only be in the way. */
const triesMax = 5

/** Without these a screen would count as open, or a PIN from before a sleep would count. */
const mustArrive: ReadonlySet<AgentFrame['kind']> = new Set(['leave', 'resumed'])

export class Outbox {
  readonly #waiting = new Map<string, { readonly frame: AgentFrame; tries: number }>()

  add(frame: AgentFrame): void {
    if (this.#waiting.size >= outboxMax) {
      const report = [...this.#waiting].find(([, { frame: kept }]) => !mustArrive.has(kept.kind))
      // Full of leaves alone: a newer leave says more about the screen than the oldest one.
      const gone = report?.[0] ?? this.#waiting.keys().next().value
      if (gone !== undefined) this.#waiting.delete(gone)
    }
    this.#waiting.set(frame.id, { frame, tries: 0 })
  }

  /** In the order in which they happened. */
  all(): readonly AgentFrame[] {
    return [...this.#waiting.values()].map(({ frame }) => frame)
  }

  /** True where the frame is to be sent again, under the same id. */
  settle(id: string, by: BrokerFrameOf<'noted' | 'failed'>): AgentFrame | undefined {
    const kept = this.#waiting.get(id)
    if (!kept) return undefined
    kept.tries += 1
    const isOver = by.kind === 'noted' || by.repeat === 'permanent' || kept.tries >= triesMax
    if (isOver) this.#waiting.delete(id)
    return isOver ? undefined : kept.frame
  }

  get size(): number {
    return this.#waiting.size
  }
}
