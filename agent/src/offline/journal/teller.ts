// Tells a broker what the journal holds, once there is one: in order, one frame at a time, under
// one id until it is answered. Nothing is forgotten here but what the broker says is in the record.

import { messageId } from '@wardkey/protocol/ids'
import type { AgentFrame, AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import { frameBytesMax } from '@wardkey/protocol/workstation/version'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Journal } from './journal.ts'
import type { Line } from './journal-lines.ts'

export interface TellerNeeds {
  readonly journal: Journal
  readonly newId: () => string
  readonly clock: Clock
  readonly log: Log
  /** False where there is no line to a broker. */
  readonly send: (frame: AgentFrame) => boolean
  /** What the broker says of sessions that were opened without it. */
  readonly onSettled: (sessions: BrokerFrameOf<'offline-merged'>['sessions']) => void
}

type Told = AgentFrameOf<'offline-facts'>

const linesMax = 64
/** Room for the frame around the lines. */
const bytesMax = frameBytesMax - 512
/** A broker that has not answered by then is told again, under the same id. */
const answerMs = 15_000
const againMs = 1000
const againMaxMs = 30_000

export class Teller {
  readonly #needs: TellerNeeds
  #told: { readonly frame: Told; readonly lastSeq: number } | undefined
  #isUp = false
  /** The broker will not have it. It stays on the disk, and the next connection tries once more. */
  #isStuck = false
  #waitMs = againMs
  #forgetTimer: () => void = () => undefined

  constructor(needs: TellerNeeds) {
    this.#needs = needs
    needs.journal.onMore = () => {
      if (!this.#told) this.#tell()
    }
  }

  get isStuck(): boolean {
    return this.#isStuck
  }

  up(): void {
    this.#isUp = true
    this.#isStuck = false
    this.#waitMs = againMs
    this.#tell()
  }

  down(): void {
    this.#isUp = false
    this.#forgetTimer()
    // Told anew with what has happened since: a broker must not judge by a batch that was the last.
    this.#told = undefined
  }

  async merged(frame: BrokerFrameOf<'offline-merged'>): Promise<void> {
    const told = this.#told
    if (told?.frame.id !== frame.replyTo || told.frame.journalId !== frame.journalId) return
    this.#forgetTimer()
    // More than was told it cannot have.
    const upToSeq = Math.min(frame.upToSeq, told.lastSeq)
    const { journal } = this.#needs
    const before = journal.lines.length
    await journal.forget(frame.journalId, upToSeq)
    this.#told = undefined
    this.#needs.onSettled(frame.sessions)
    if (journal.lines.length < before) {
      this.#waitMs = againMs
      this.#tell()
    } else this.#again()
  }

  failed(frame: BrokerFrameOf<'failed'>): void {
    const told = this.#told
    if (told?.frame.id !== frame.replyTo) return
    this.#forgetTimer()
    if (frame.repeat !== 'permanent') {
      this.#again()
      return
    }
    this.#isStuck = true
    const count = this.#needs.journal.lines.length
    this.#needs.log.error('offline.not-merged', { code: frame.code, count })
  }

  stop(): void {
    this.#isUp = false
    this.#forgetTimer()
  }

  #tell(): void {
    if (!this.#isUp || this.#isStuck) return
    this.#told ??= this.#nextBatch()
    if (!this.#told) return
    this.#needs.send(this.#told.frame)
    this.#forgetTimer()
    this.#forgetTimer = this.#needs.clock.after(answerMs, () => {
      this.#tell()
    })
  }

  #again(): void {
    this.#forgetTimer()
    this.#forgetTimer = this.#needs.clock.after(this.#waitMs, () => {
      this.#tell()
    })
    this.#waitMs = Math.min(againMaxMs, this.#waitMs * 2)
  }

  #nextBatch(): { frame: Told; lastSeq: number } | undefined {
    const { journalId, lines } = this.#needs.journal
    const batch = firstOf(lines)
    const last = batch.at(-1)
    if (journalId === undefined || !last) return undefined
    const frame: Told = {
      kind: 'offline-facts',
      id: messageId.parse(this.#needs.newId()),
      journalId,
      lines: batch.map(({ text }) => text),
      isLast: batch.length === lines.length,
      clockMs: Math.round(this.#needs.clock.wallMs()),
    }
    return { frame, lastSeq: last.seq }
  }
}

/** As many as one frame holds, quoted as they will be. */
function firstOf(lines: readonly Line[]): readonly Line[] {
  let bytes = 0
  const batch: Line[] = []
  for (const line of lines.slice(0, linesMax)) {
    bytes += Buffer.byteLength(JSON.stringify(line.text)) + 1
    if (bytes > bytesMax) break
    batch.push(line)
  }
  return batch
}
