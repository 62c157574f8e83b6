// The one writer of the workstation's state. Events queue up, bounded; each is taken whole, one at
// a time; what the machine wants done is handed on, and comes back as an event.

import type { Effect } from '../machine/effect.ts'
import type { Happening } from '../machine/event.ts'
import type { State } from '../machine/state.ts'
import { step } from '../machine/step.ts'
import type { Clock } from '../platform/clock.ts'

/** A person makes a few events a second. What comes faster is a fault, and ends in locked. */
const queueMax = 256

export interface LoopNeeds {
  readonly initial: State
  readonly clock: Clock
  /** The picture of what is so now, before anything is done about it: a cover shows it. */
  readonly onPicture: (now: State, nowMs: number) => void
  /**
   * What is so now, before anything but hiding is done about it: no chart waits for a disk to be
   * covered. This and the picture are called only when it has changed.
   */
  readonly onState: (now: State, before: State, nowMs: number) => void
  readonly carryOut: (effect: Effect) => void
  /** The machine itself failed: nothing that follows can be trusted. */
  readonly onBug: (thrown: unknown) => void
}

export class Loop {
  readonly #needs: LoopNeeds
  #state: State
  #queue: Happening[] = []
  #isScheduled = false
  #isBroken = false

  constructor(needs: LoopNeeds) {
    this.#needs = needs
    this.#state = needs.initial
  }

  get state(): State {
    return this.#state
  }

  /** Never runs anything at once: whoever tells an event is not in the middle of another. */
  post(happening: Happening): void {
    if (this.#isBroken) return
    if (this.#queue.length >= queueMax) this.#queue = [{ kind: 'lock-now', reason: 'overflow' }]
    else this.#queue.push(happening)
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#drain()
    })
  }

  #drain(): void {
    this.#isScheduled = false
    try {
      for (;;) {
        const happening = this.#queue.shift()
        if (!happening) return
        this.#take(happening)
      }
    } catch (thrown) {
      this.#isBroken = true
      this.#queue = []
      this.#needs.onBug(thrown)
    }
  }

  #take(happening: Happening): void {
    const { clock, onPicture, onState, carryOut } = this.#needs
    const nowMs = clock.monoMs()
    const before = this.#state
    const { state, effects } = step(before, { nowMs, happening })
    this.#state = state
    const isNew = state !== before
    if (isNew) onPicture(state, nowMs)
    const hiding = countHiding(effects)
    for (const effect of effects.slice(0, hiding)) carryOut(effect)
    if (isNew) onState(state, before, nowMs)
    for (const effect of effects.slice(hiding)) carryOut(effect)
  }
}

/** How many effects only hide, before the first that does anything else. */
function countHiding(effects: readonly Effect[]): number {
  const at = effects.findIndex(({ kind }) => kind !== 'cover' && kind !== 'end-launch')
  return at < 0 ? effects.length : at
}
