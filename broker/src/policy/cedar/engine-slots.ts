// Where the engine keeps policy sets that it has read: it never lets go of one by itself, so that
// each approved version would stay in its memory for good. It has a few places here; who has been
// asked longest ago gives hers up, and reads herself in again when she is asked. Pure: the engine
// only computes, and nobody comes between the reading and the asking.

import '../../platform/steady-webassembly.ts'
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type {
  AuthorizationAnswer,
  DetailedError,
  StatefulAuthorizationCall,
} from '@cedar-policy/cedar-wasm/nodejs'

/** A house has one set in force, and a few that are looked at or replayed. */
const slotsMax = 8

/** By place, whose policies the engine has there; the one that was asked last at the end. */
const slots = new Map<string, SlottedPolicies>()

type Call = Omit<StatefulAuthorizationCall, 'preparsedPolicySetId'>

export class SlottedPolicies {
  readonly #policies: Readonly<Record<string, string>>
  #slot = ''

  /** By id, each as its own text. */
  constructor(policies: Readonly<Record<string, string>>) {
    this.#policies = policies
  }

  /** What the engine says against them; nothing where it has them. */
  load(): readonly DetailedError[] | undefined {
    const slot = this.#hasSlot() ? this.#slot : freeSlot()
    if (!this.#hasSlot()) {
      // Under the same name the one before is let go of, so that the place is ours or nobody's.
      slots.delete(slot)
      const read = preparsePolicySet(slot, { staticPolicies: this.#policies })
      if (read.type === 'failure') return read.errors
      this.#slot = slot
    }
    slots.delete(slot)
    slots.set(slot, this)
    return undefined
  }

  /** Only ever by its own policies; a failure where the engine cannot read them any more. */
  ask(call: Call): AuthorizationAnswer {
    const errors = this.load()
    if (errors) return { type: 'failure', errors: [...errors], warnings: [] }
    return statefulIsAuthorized({ ...call, preparsedPolicySetId: this.#slot })
  }

  #hasSlot(): boolean {
    return this.#slot !== '' && slots.get(this.#slot) === this
  }
}

function freeSlot(): string {
  for (let n = 0; n < slotsMax; n++) {
    const name = `slot-${String(n)}`
    if (!slots.has(name)) return name
  }
  const [oldest] = slots.keys()
  return oldest ?? 'slot-0'
}
