// A Fault: something the agent leans on failed. It carries a code and a class and keeps its cause
// for the operator; no text of it is ever shown on the screen.

import type { FaultCode } from '@wardkey/protocol/codes'

export class Fault extends Error {
  readonly code: FaultCode
  /** `transient`: repeat. `ambiguous`: only under the same ids. `permanent`: never. */
  readonly class: 'transient' | 'ambiguous' | 'permanent'

  constructor(
    code: FaultCode,
    faultClass: 'transient' | 'ambiguous' | 'permanent',
    options: { cause?: unknown } = {},
  ) {
    super(code, options)
    this.name = 'Fault'
    this.code = code
    this.class = faultClass
  }
}
