// Whether a broker would answer a tap now: one ping that probes, over the line that is up. It asks
// once, and does not wait for another line: what is not answered in its time is not answered.

import { messageId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame } from '@wardkey/protocol/workstation/broker-frames'
import type { Clock } from '../../platform/clock.ts'

export interface TapProbeNeeds {
  readonly clock: Pick<Clock, 'after'>
  readonly newId: () => string
  /** False where there is no line to a broker. */
  readonly send: (ping: AgentFrameOf<'ping'>) => boolean
}

interface Asked {
  readonly id: string
  readonly outcome: Promise<boolean>
  readonly end: (isAnswered: boolean) => void
}

export class TapProbe {
  readonly #needs: TapProbeNeeds
  #asked: Asked | undefined

  constructor(needs: TapProbeNeeds) {
    this.#needs = needs
  }

  /** Whoever asks while one is under way hears of that one. Never throws. */
  ask(withinMs: number): Promise<boolean> {
    if (this.#asked) return this.#asked.outcome
    const { clock, newId, send } = this.#needs
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const ping = { kind: 'ping', id: messageId.parse(newId()), probe: true } as const
    const forget = clock.after(withinMs, () => {
      this.#end(false)
    })
    const end = (isAnswered: boolean): void => {
      forget()
      resolve(isAnswered)
    }
    this.#asked = { id: ping.id, outcome: promise, end }
    if (!send(ping)) this.#end(false)
    return promise
  }

  /** Only the answer to what was asked last. */
  hear(frame: BrokerFrame): void {
    if (frame.kind !== 'pong' && frame.kind !== 'failed') return
    if (frame.replyTo === this.#asked?.id) this.#end(frame.kind === 'pong')
  }

  lost(): void {
    this.#end(false)
  }

  #end(isAnswered: boolean): void {
    const asked = this.#asked
    this.#asked = undefined
    asked?.end(isAnswered)
  }
}
