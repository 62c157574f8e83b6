// A workstation on a bench, for tests: it is told things one after the other and remembers what it
// wanted done. It uses nothing but step.

import { ceremonyId, messageId, sessionId, tapId } from '@wardkey/protocol/ids'
import type { SessionId } from '@wardkey/protocol/ids'
import type { ReasonChoice } from '@wardkey/protocol/workstation/agent-frames'
import type {
  BrokerFrame,
  BrokerFrameOf,
  ZoneRules,
} from '@wardkey/protocol/workstation/broker-frames'
import type { OpenWeb } from '@wardkey/protocol/launch-steps'
import { errandKinds } from '@wardkey/protocol/workstation/errands'
import type { ErrandStep } from '@wardkey/protocol/workstation/errands'
import type { Effect } from '../effect.ts'
import type { Happening } from '../event.ts'
import { initialState } from '../initial.ts'
import { settleMs, undoMs } from '../limits.ts'
import type { ScreenInput } from '../screen-view.ts'
import type { Card, State } from '../state.ts'
import { step } from '../step.ts'

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const tap = (n: number) => tapId.parse(uuid(n))
export const session = (n: number) => sessionId.parse(uuid(1000 + n))
export const ceremony = (n: number) => ceremonyId.parse(uuid(5000 + n))
export const anId = messageId.parse(uuid(9999))
export const rosa: Card = { technology: 'csn', canonical: '04a1b2c3' }
export const ben: Card = { technology: 'csn', canonical: '04d4e5f6' }

export class Bench {
  state: State
  nowMs = 1000
  readonly effects: Effect[] = []

  constructor() {
    this.state = initialState('4455')
    this.does({ kind: 'link-changed', link: 'up', wallMs: 0 })
    this.does({ kind: 'browser-changed', browser: 'ready' })
    this.does({ kind: 'reader-changed', reader: 'ready' })
    this.effects.length = 0
  }

  does(happening: Happening, afterMs = 0): this {
    this.nowMs += afterMs
    const result = step(this.state, { nowMs: this.nowMs, happening })
    this.state = result.state
    this.effects.push(...result.effects)
    return this
  }

  says(frame: BrokerFrame): this {
    return this.does({ kind: 'broker-said', frame })
  }

  taps(card: Card, n: number): this {
    return this.does({ kind: 'card-seen', card, tapId: tap(n), isShown: true })
  }

  admits(n: number, of = n): this {
    return this.says(admitted(n, of))
  }

  /** Open, and for long enough that the own badge means to leave. */
  opens(card: Card, n: number, of = n): this {
    return this.taps(card, n)
      .admits(n, of)
      .does({ kind: 'launch-shown', sessionId: session(of) })
      .does({ kind: 'card-gone' }, settleMs)
  }

  asksSignature(of = 1, ceremonyNumber = 1): this {
    return this.says(askSignature(of, ceremonyNumber))
  }

  /** By her own badge, and past the moment in which it takes that back. */
  signsOut(card: Card, n: number): this {
    return this.taps(card, n).does({ kind: 'tick' }, undoMs)
  }

  /** The zone as its broker tells it, other than it was. */
  ruled(change: Partial<ZoneRules>): this {
    const rules = { ...this.state.rules, ...change }
    return this.says({ kind: 'rules', id: anId, place: 'Ward', rules })
  }

  /** What a person does on the lock screen; `n` is the id of the question that begins by it. */
  presses(input: ScreenInput, n = 99): this {
    return this.does({ kind: 'screen-said', input, tapId: tap(n) })
  }

  get kind(): string {
    return this.state.phase.kind
  }

  since(mark: number): readonly Effect[] {
    return this.effects.slice(mark)
  }
}

export function admitted(n: number, of = n): BrokerFrameOf<'admitted'> {
  return {
    kind: 'admitted',
    id: anId,
    tapId: tap(n),
    sessionId: session(of),
    name: 'R. Santos',
    role: 'nurse',
    steps: [],
  }
}

export const choice: ReasonChoice = { reason: 'arrest', tookMs: 2000, position: 0, of: 2 }
export const emergencyRules: ZoneRules['emergency'] = {
  reasons: [
    { code: 'arrest', label: 'Cardiac arrest', asksNote: false },
    { code: 'other', label: 'Something else', asksNote: true },
  ],
}
export const askWitness = (n: number, again = false): BrokerFrameOf<'ask-witness'> => ({
  kind: 'ask-witness',
  id: anId,
  tapId: tap(n),
  again,
  answerWithinMs: 60_000,
})

export const allErrands: ZoneRules['errands'] = [...errandKinds]
export const signInPage: OpenWeb = {
  kind: 'open-web',
  url: 'https://broker.example/enrol/done',
  allowedOrigins: ['https://broker.example', 'https://id.example'],
}
export const askErrand = (n: number, step: ErrandStep): BrokerFrameOf<'ask-errand'> => ({
  kind: 'ask-errand',
  id: anId,
  tapId: tap(n),
  errand: 'enrol',
  step,
  isSecond: false,
  again: false,
  answerWithinMs: 60_000,
  ...(step === 'sign-in' ? { signIn: signInPage } : {}),
  ...(step === 'witness-badge' ? { offersAccount: true } : {}),
})
export const errandDone = (n: number): BrokerFrameOf<'errand-done'> => ({
  kind: 'errand-done',
  id: anId,
  tapId: tap(n),
  errand: 'enrol',
})

export function askSignature(of = 1, ceremonyNumber = 1): BrokerFrameOf<'ask-signature'> {
  return {
    kind: 'ask-signature',
    id: anId,
    ceremonyId: ceremony(ceremonyNumber),
    sessionId: session(of),
    description: 'Sign: x',
    application: 'Chart',
    answerWithinMs: 60_000,
  }
}

export const kinds = (effects: readonly Effect[]): string[] => effects.map(({ kind }) => kind)

/** The sessions whose windows can be seen after these effects, in order. */
export function visibleAfter(
  visible: ReadonlySet<SessionId>,
  effects: readonly Effect[],
): Set<SessionId> {
  const now = new Set(visible)
  for (const effect of effects) {
    if (effect.kind === 'launch' || effect.kind === 'reveal') now.add(effect.sessionId)
    if (effect.kind === 'cover' || effect.kind === 'end-launch') now.delete(effect.sessionId)
  }
  return now
}
