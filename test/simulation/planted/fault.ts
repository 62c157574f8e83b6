// A fault that is planted, and the ways to take hold of a rule of the product from outside.

import type { Happening } from '@wardkey/agent/machine/event'
import type { State } from '@wardkey/agent/machine/state'
import { step } from '@wardkey/agent/machine/step'
import type { Store, Unit } from '@wardkey/broker/store/store'
import type { Rules } from '../world/rules.ts'

export interface Planted {
  readonly name: string
  readonly rules: Partial<Rules>
  readonly brokers?: number
  /** A rule that seldom matters takes longer to be missed. */
  readonly seedsMax?: number
  /** Where the seeds begin; 1 unless one in hundreds has it, and these do. */
  readonly firstSeed?: number
}

export type Step = typeof step
type StepMaker = (state: State, happening: Happening, nowMs: number) => ReturnType<Step> | undefined

/** The machine's own step, but for what `other` has to say. */
export const stepBut =
  (other: StepMaker): Step =>
  (state, event) =>
    other(state, event.happening, event.nowMs) ?? step(state, event)

export function storeWith(real: Store, change: (unit: Unit) => Unit): Store {
  return {
    engine: real.engine,
    read: real.read,
    get waiting() {
      return real.waiting
    },
    commit: (unit) => real.commit(change(unit)),
    close: () => real.close(),
  }
}
