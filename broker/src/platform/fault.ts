// A Fault: something Wardkey leans on failed. It carries a code and a class, and keeps its cause
// for the operator; no text of it is ever shown to a person at a workstation.

import type { FaultCode } from '@wardkey/protocol/codes'

/**
 * `transient`: the other side cannot have acted, repeat. `ambiguous`: it may have, repeat only
 * under the same ids. `permanent`: never.
 */
export type FaultClass = 'transient' | 'ambiguous' | 'permanent'

export class Fault extends Error {
  readonly code: FaultCode
  readonly class: FaultClass

  constructor(code: FaultCode, faultClass: FaultClass, options: { cause?: unknown } = {}) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
    this.class = faultClass
  }
}
