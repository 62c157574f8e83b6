// Questions to the broker that are under way: which answer belongs to which, what is asked again
// when the connection breaks, and what is given up. Holds frames for seconds, in memory only.

import type { CeremonyId, TapId } from '@wardkey/protocol/ids'
import type { AgentFrameOf } from '@wardkey/protocol/workstation/agent-frames'
import type { BrokerFrame, BrokerFrameOf } from '@wardkey/protocol/workstation/broker-frames'

export type Question = AgentFrameOf<
  | 'tap'
  | 'break-glass'
  | 'pin'
  | 'witness'
  | 'launch-again'
  | 'errand'
  | 'errand-answer'
  | 'sign-tap'
  | 'sign-pin'
>

/** What will not be answered any more, as the machine names it. */
export type Unanswered =
  | { readonly kind: 'tap'; readonly tapId: TapId }
  | { readonly kind: 'signature'; readonly ceremonyId: CeremonyId }

export type AfterFailure =
  | { readonly kind: 'ask-again'; readonly question: Question }
  | { readonly kind: 'give-up'; readonly unanswered: Unanswered }

/** One screen asks one thing at a time; what is beyond was superseded long ago. */
const asksMax = 8
const repeatsMax = 3

interface Ask {
  readonly question: Question
  readonly untilMs: number
  repeats: number
}

export class Asks {
  readonly #asks = new Map<string, Ask>()

  add(question: Question, untilMs: number): void {
    const oldest = this.#asks.keys().next()
    if (this.#asks.size >= asksMax && oldest.done !== true) this.#asks.delete(oldest.value)
    this.#asks.set(question.id, { question, untilMs, repeats: 0 })
  }

  /** An answer ends every question that it answers. */
  hear(frame: BrokerFrame): void {
    for (const [id, { question }] of this.#asks) {
      if (isAnswer(frame, question)) this.#asks.delete(id)
    }
  }

  /** Nothing where the failure is of no question that is still asked. */
  fail(frame: BrokerFrameOf<'failed'>, nowMs: number): AfterFailure | undefined {
    const ask = this.#asks.get(frame.replyTo)
    if (!ask) return undefined
    ask.repeats += 1
    const mayRepeat = frame.repeat === 'transient' || isRepeatable(ask.question, frame.repeat)
    if (mayRepeat && ask.repeats <= repeatsMax && nowMs < ask.untilMs) {
      return { kind: 'ask-again', question: ask.question }
    }
    this.#asks.delete(frame.replyTo)
    return { kind: 'give-up', unanswered: unansweredOf(ask.question) }
  }

  isAsked({ id }: Question, nowMs: number): boolean {
    const ask = this.#asks.get(id)
    return ask !== undefined && nowMs < ask.untilMs
  }

  /** The connection is gone. What may not be asked twice is given up at once, not left waiting. */
  lose(): readonly Unanswered[] {
    const lost = [...this.#asks.values()].filter(({ question }) => !isKnownAgain(question))
    for (const { question } of lost) this.#asks.delete(question.id)
    return lost.map(({ question }) => unansweredOf(question))
  }

  /** What is still worth asking on a new connection, under the ids it had. */
  again(nowMs: number): readonly Question[] {
    for (const [id, { untilMs }] of this.#asks) if (nowMs >= untilMs) this.#asks.delete(id)
    return [...this.#asks.values()].map(({ question }) => question)
  }
}

/**
 * A tap has an id of its own, by which the broker knows it again, and to ask for a chart's steps
 * twice opens nothing twice. A PIN has none: asked twice it
 * might be counted twice, and a right one could end as a locked one.
 */
export function isKnownAgain({ kind }: Pick<Question, 'kind'>): boolean {
  return kind === 'tap' || kind === 'break-glass' || kind === 'launch-again' || kind === 'errand'
}

function isRepeatable(question: Question, repeat: BrokerFrameOf<'failed'>['repeat']): boolean {
  return isKnownAgain(question) && repeat === 'ambiguous'
}

function unansweredOf(question: Question): Unanswered {
  switch (question.kind) {
    case 'tap':
    case 'break-glass':
    case 'pin':
    case 'witness':
    case 'launch-again':
    case 'errand':
    case 'errand-answer':
      return { kind: 'tap', tapId: question.tapId }
    case 'sign-tap':
    case 'sign-pin':
      return { kind: 'signature', ceremonyId: question.ceremonyId }
  }
}

function isAnswer(frame: BrokerFrame, question: Question): boolean {
  switch (frame.kind) {
    case 'ask-pin':
    case 'ask-witness':
    case 'ask-errand':
    case 'errand-done':
    case 'admitted':
    case 'refused':
      return 'tapId' in question && !('ceremonyId' in question) && question.tapId === frame.tapId
    case 'ask-signature-pin':
    case 'signature-ended':
      return 'ceremonyId' in question && question.ceremonyId === frame.ceremonyId
    case 'lock':
      return question.kind === 'launch-again' && question.sessionId === frame.sessionId
    case 'welcome':
    case 'rules':
    case 'ask-signature':
    case 'evidence':
    case 'bundle':
    case 'people-out':
    case 'offline-merged':
    case 'noted':
    case 'failed':
    case 'pong':
      return false
  }
}
