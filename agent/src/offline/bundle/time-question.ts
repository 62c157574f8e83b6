// What time it is, asked of the broker over the line that is up. An answer counts for the question
// that was asked last, and for no more than it can be sure of. It decides nothing.

import { messageId } from '@wardkey/protocol/ids'
import type { AgentFrame } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'
import type { Clock } from '../../platform/clock.ts'

export interface TimeQuestionNeeds {
  readonly clock: Pick<Clock, 'monoMs' | 'wallMs'>
  readonly newId: () => string
  /** False where there is no line to a broker. */
  readonly send: (frame: AgentFrame) => boolean
}

/** What was longer under way says too little of now. */
const answerMaxMs = 10_000

export class TimeQuestion {
  readonly #needs: TimeQuestionNeeds
  #asked: { readonly id: string; readonly monoMs: number; readonly wallMs: number } | undefined

  constructor(needs: TimeQuestionNeeds) {
    this.#needs = needs
  }

  /** False where nobody can be asked. */
  ask(): boolean {
    const { clock, newId, send } = this.#needs
    const id = messageId.parse(newId())
    this.#asked = { id, monoMs: clock.monoMs(), wallMs: clock.wallMs() }
    return send({ kind: 'ping', id })
  }

  /**
   * The latest that it can be by this answer, so that nobody gains time by holding it up: a sleep
   * shows on the wall's clock, everything else on the even one.
   */
  answered({ replyTo, serverTimeMs }: BrokerFrameOf<'pong'>): number | undefined {
    const asked = this.#asked
    if (asked?.id !== replyTo || serverTimeMs === undefined) return undefined
    this.#asked = undefined
    const { clock } = this.#needs
    const tookMs = Math.max(clock.monoMs() - asked.monoMs, clock.wallMs() - asked.wallMs)
    return tookMs > answerMaxMs ? undefined : serverTimeMs + Math.max(0, tookMs)
  }
}
