// A cut-off workstation's journal, as it writes one: lines that each name the one before. It writes
// whatever a test says, true or not.

import { createHash, randomUUID } from 'node:crypto'
import { messageId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { OfflineEntry } from '@wardkey/protocol/workstation/offline-entries'

type Unchained<E> = E extends OfflineEntry ? Omit<E, 'seq' | 'previous'> : never

export class OfflineJournal {
  readonly journalId = randomUUID()
  readonly lines: string[] = []
  #told = 0

  write(entry: Unchained<OfflineEntry>): string {
    const before = this.lines.at(-1)
    const previous =
      before === undefined ? '0'.repeat(64) : createHash('sha256').update(before).digest('hex')
    const line = JSON.stringify({ ...entry, seq: this.lines.length + 1, previous })
    this.lines.push(line)
    return line
  }

  /** What was not told yet. */
  frame(isLast = true): AgentFrameOf<'offline-facts'> {
    const lines = this.lines.slice(this.#told)
    this.#told = this.lines.length
    return this.frameOf(lines, isLast)
  }

  frameOf(lines: readonly string[], isLast = true): AgentFrameOf<'offline-facts'> {
    const id = messageId.parse(randomUUID())
    return { kind: 'offline-facts', id, journalId: this.journalId, lines: [...lines], isLast }
  }
}
