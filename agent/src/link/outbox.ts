// Frames that must arrive although the link broke: kept under their ids until the broker has noted
// them. Bounded; when it is full the oldest report gives way, but never a word that locks.

import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { leftMax } from '@wardkey/protocol/workstation/version'

export const outboxMax = 256
/** A report that fails that often will fail again: kept for ever it would only be in the way. */
const triesMax = 5
/** A word that must arrive is said for as long as it takes: a disk may be full for an hour. */
const againMs = { first: 400, most: 20_000 } as const

/** Without these a screen would count as open, or a PIN from before a sleep would count. */
const mustArrive: ReadonlySet<AgentFrame['kind']> = new Set(['leave', 'resumed'])

export class Outbox {
  readonly #waiting = new Map<string, { frame: AgentFrame; tries: number }>()

  add(frame: AgentFrame): void {
    if (this.#waiting.size >= outboxMax) {
      const report = [...this.#waiting].find(([, { frame: kept }]) => !mustArrive.has(kept.kind))
      // Full of leaves alone: a newer leave says more about the screen than the oldest one.
      const gone = report?.[0] ?? this.#waiting.keys().next().value
      if (gone !== undefined) this.#waiting.delete(gone)
    }
    this.#waiting.set(frame.id, { frame, tries: 0 })
  }

  /**
   * A session was opened, and a leave of it that knew no opening still waits: it is of one before,
   * and says so from now on. Otherwise it would end the one that has just begun.
   */
  opened({ sessionId, opening = 0 }: BrokerFrameOf<'admitted'>): void {
    if (opening <= 1) return
    for (const kept of this.#waiting.values()) {
      const { frame } = kept
      const isOfNone = frame.kind === 'leave' && frame.opening === undefined
      if (isOfNone && frame.sessionId === sessionId) kept.frame = { ...frame, opening: opening - 1 }
    }
  }

  /** The newest leaves that say of which opening they are: a hello brings them. */
  left(): Pick<AgentFrameOf<'hello'>, 'left'> {
    const left = this.all().flatMap((frame) => {
      if (frame.kind !== 'leave' || frame.opening === undefined) return []
      const { id, sessionId, reason, opening, atMs } = frame
      return [{ id, sessionId, reason, opening, atMs }]
    })
    return left.length === 0 ? {} : { left: left.slice(-leftMax) }
  }

  /** Those that a hello brought and that are in the record by it. */
  noted(ids: readonly string[] = []): void {
    for (const id of ids) this.#waiting.delete(id)
  }

  /** In the order in which they happened. */
  all(): readonly AgentFrame[] {
    return [...this.#waiting.values()].map(({ frame }) => frame)
  }

  /** Milliseconds until it is sent again, under the same id; nothing where it is over. */
  settle(id: string, by: BrokerFrameOf<'noted' | 'failed'>): number | undefined {
    const kept = this.#waiting.get(id)
    if (!kept) return undefined
    kept.tries += 1
    const { frame, tries } = kept
    const isGivenUp = tries >= triesMax && !mustArrive.has(frame.kind)
    const isOver = by.kind === 'noted' || by.repeat === 'permanent' || isGivenUp
    if (isOver) this.#waiting.delete(id)
    const afterMs = Math.min(againMs.most, againMs.first * 2 ** Math.min(16, tries - 1))
    return isOver ? undefined : afterMs
  }

  /** As it is to be sent now. */
  find(id: string): AgentFrame | undefined {
    return this.#waiting.get(id)?.frame
  }

  get size(): number {
    return this.#waiting.size
  }
}
