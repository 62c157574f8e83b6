// What is answered, and written down before it is answered: the one place where a frame leaves that
// a machine may open by. It decides nothing.

import { messageId } from '@wardkey/protocol/ids'
import type { PersonId, SessionId, TapId } from '@wardkey/protocol/ids'
import type { RefusalCode } from '@wardkey/protocol/codes'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Clock } from '../platform/clock.ts'
import { refusedFrame } from './answer-frames.ts'
import type { AnswerTo } from './answer-frames.ts'
import type { Knowledge, Usable } from './bundle/knowledge.ts'
import type { AloneDecision } from './decide-alone.ts'
import type { Journal } from './journal/journal.ts'
import type { NewEntry } from './journal/journal-lines.ts'

export interface AnswersNeeds {
  readonly knowledge: Knowledge
  readonly journal: Journal
  readonly newId: () => string
  readonly clock: Clock
  readonly say: (frame: BrokerFrame) => void
}

/** As much of a question as its line in the journal says. */
export interface Asked {
  readonly tapId: TapId
  readonly personId?: PersonId | undefined
  readonly witnessId?: PersonId | undefined
  readonly choice?: ReasonChoice | undefined
  readonly by?: 'card' | 'staff-number' | undefined
}

export type Refusal = Omit<Extract<AloneDecision, { kind: 'refuse' }>, 'kind'>
type Decided = Extract<NewEntry, { kind: 'decided' }>

export class Answers {
  readonly #needs: AnswersNeeds

  constructor(needs: AnswersNeeds) {
    this.#needs = needs
  }

  say(frame: BrokerFrame): void {
    this.#needs.say(frame)
  }

  to(tapId: TapId): AnswerTo {
    return { id: messageId.parse(this.#needs.newId()), tapId }
  }

  sayRefused(tapId: TapId, code: RefusalCode, retryAfterMs?: number): void {
    this.say(refusedFrame(this.to(tapId), code, retryAfterMs))
  }

  /** True once all of it is durable. Where it is not, that is the answer. */
  async record(tapId: TapId, entries: readonly NewEntry[]): Promise<boolean> {
    if (await this.#needs.journal.append(entries)) return true
    this.sayRefused(tapId, 'cannot-record')
    return false
  }

  async refuse(
    asked: Asked,
    { rule, code, retryAfterMs }: Refusal,
    entries: readonly NewEntry[] = [],
  ): Promise<void> {
    const line = this.decided(asked, 'refused', rule, { code })
    if (!(await this.record(asked.tapId, [...entries, line]))) return
    this.sayRefused(asked.tapId, code, retryAfterMs)
  }

  /** Of somebody who will not hear it: written, or not, as the disk will. */
  async note(entries: readonly NewEntry[]): Promise<void> {
    await this.#needs.journal.append(entries)
  }

  /** Written whenever the disk takes it: the screen is locked already. */
  left(sessionId: SessionId, reason: 'answered-late' | 'network-back'): void {
    this.#needs.journal.keep({ kind: 'left', atMs: this.#atMs(), sessionId, reason })
  }

  decided(
    { tapId, personId, witnessId, choice, by }: Asked,
    outcome: Decided['outcome'],
    rule: string,
    more: Pick<Decided, 'sessionId' | 'pinAtMs' | 'isResumed' | 'code'> = {},
    known: Usable | undefined = this.#needs.knowledge.usable(),
  ): Decided {
    return {
      kind: 'decided',
      atMs: this.#atMs(),
      tapId,
      outcome,
      rule,
      ...(personId === undefined ? {} : { personId }),
      ...(witnessId === undefined ? {} : { witnessId }),
      ...more,
      ...(choice ? { choice } : {}),
      ...(choice && by ? { by } : {}),
      bundleSequence: known?.bundle.sequence ?? 0,
      bundleAgeMs: known ? Math.max(0, known.nowMs - known.bundle.issuedMs) : 0,
    }
  }

  pinTried(
    tapId: TapId,
    personId: PersonId,
    outcome: Extract<NewEntry, { kind: 'pin-tried' }>['outcome'],
  ): NewEntry {
    return { kind: 'pin-tried', atMs: this.#atMs(), tapId, personId, outcome }
  }

  #atMs(): number {
    return Math.round(this.#needs.clock.wallMs())
  }
}
